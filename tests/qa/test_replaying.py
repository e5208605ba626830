import json
import shutil
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.embedding import load_embedder
from index.errors import IndexMissingError
from index.store import PassageIndex
from qa import audit, replaying
from qa.audit import AuditLog, code_version
from qa.config import Settings
from qa.conversation import Conversation
from qa.errors import AuditError
from qa.pipeline import Parts, ask, load_parts
from qa.replaying import Change, Replay, replay

QUESTION = "城市云脑接入了多少个单位？"
DRAFT = "城市云脑接入41个单位的191个业务系统。"


@pytest.fixture
def folder(bundled_index: Path, tmp_path: Path) -> Path:
    """An index of its own, to be changed."""
    return Path(shutil.copytree(bundled_index, tmp_path / "index"))


def opened(folder: Path, **more: Any) -> Parts:
    return load_parts(Settings(index=folder, audit=folder.parent / "log", **more))


def record(parts: Parts, question: str = QUESTION, talk: Conversation | None = None) -> None:
    assert parts.audit is not None
    parts.audit.record_answer(ask(question, parts, talk), talk)


def rebuilt(folder: Path, text: str) -> str:
    """Put another report in force."""
    report = folder.parent / "qingdao-2021.txt"
    report.write_text(text)
    return build([report], folder, load_parts(Settings(index=folder)).retriever.embedder)


def changed(folder: Path, **fields: Any) -> None:
    """Make the last record say something else."""
    with sqlite3.connect(folder.parent / "log" / "records.sqlite") as rows:
        number, raw = rows.execute("SELECT number, body FROM records ORDER BY number DESC").fetchone()
        rows.execute(
            "UPDATE records SET body = ? WHERE number = ?", (json.dumps({**json.loads(raw), **fields}), number)
        )


def test_question_that_was_kept_to_one_report_is_asked_of_that_one_again(tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    paths[0].write_text("2022年松山县工作报告\n全县新建村级卫生室9所,新建停车场3处。", encoding="utf-8")
    paths[1].write_text("2022年云溪县工作报告\n全县新建村级卫生室7所,新建公园2座。", encoding="utf-8")
    build(paths, tmp_path / "index", load_embedder(None))
    parts = opened(tmp_path / "index", audit_text=True)
    kept = parts.only(["b"])
    assert parts.audit is not None
    answer = ask("新建村级卫生室多少所？", kept)
    parts.audit.record_answer(answer, None, ["b"])
    assert answer.short == "7所"
    assert replay("1", parts.settings, None).came_out == ()


def test_answer_check_and_claim_come_out_the_same(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    assert parts.audit is not None
    record(parts)
    parts.audit.record_check(DRAFT, parts.checker.check(DRAFT), parts)
    parts.audit.record_claim(DRAFT, parts.checker.check_claim(DRAFT), parts)
    for number in (1, 2, 3):
        assert replay(str(number), parts.settings) == Replay(number, (), ())
        assert replay(str(number), parts.settings).as_text() == f"第{number}号记录：重放结果与当时逐字一致。"


def test_follow_up_is_replayed_with_the_talk_before_it(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    talk = Conversation().after(ask(QUESTION, parts))
    record(parts, "那业务系统呢？", talk)
    assert replay("1", parts.settings).same
    assert ask("那业务系统呢？", parts, talk) != ask("那业务系统呢？", parts)


def test_text_that_was_not_kept_is_asked_for_and_must_be_the_one(folder: Path) -> None:
    parts = opened(folder)
    record(parts)
    with pytest.raises(AuditError, match="第1号记录没有保存原文，请用--question给出当时的原文"):
        replay("1", parts.settings)
    with pytest.raises(AuditError, match="给出的原文与第1号记录的摘要不符"):
        replay("1", parts.settings, QUESTION + " ")
    assert replay("1", parts.settings, QUESTION).same


def test_covered_text_is_asked_for(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    question = "电话13800138000，城市云脑接入了多少个单位？"
    record(parts, question)
    with pytest.raises(AuditError, match="第1号记录保存的原文遮盖了个人号码"):
        replay("1", parts.settings)
    assert replay("1", parts.settings, question).same


def test_follow_up_without_its_talk_cannot_be_replayed(folder: Path) -> None:
    parts = opened(folder)
    record(parts, "那业务系统呢？", Conversation().after(ask(QUESTION, parts)))
    with pytest.raises(AuditError, match="第1号记录是一次追问，没有完整保存前文，不能重放"):
        replay("1", parts.settings, "那业务系统呢？")


def test_pruning_cannot_be_replayed(folder: Path) -> None:
    parts = opened(folder)
    record(parts)
    changed(folder, kind="prune")
    with pytest.raises(AuditError, match="第1号记录是一次到期清理"):
        replay("1", parts.settings, QUESTION)


def test_generation_of_the_record_is_used_while_it_is_kept(folder: Path) -> None:
    record(opened(folder, audit_text=True))
    rebuilt(folder, "2021年，城市云脑接入14个单位。")
    assert replay("1", opened(folder).settings) == Replay(1, (), ())


def test_generation_that_is_gone_is_named_with_what_changed(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    record(parts)
    for text in ("2021年，城市云脑接入15个单位。", "2021年，城市云脑接入14个单位。"):
        generation = rebuilt(folder, text)
    replayed = replay("1", parts.settings)
    assert replayed.came_out[:2] == (Change("words"), Change("cited"))
    assert replayed.made_by == (Change("index", parts.index.generation, generation),)
    shown = replayed.as_text().splitlines()
    assert shown[:3] == ["第1号记录：重放结果与当时不同。", "  文字不同", "  引用不同"]
    assert shown[-1] == f"  索引（当时的已打不开，改用现在的）：{parts.index.generation} → {generation}"
    with pytest.raises(IndexMissingError, match="no generation 'gen-0123456789abcdef'"):
        PassageIndex.open(folder, "gen-0123456789abcdef")
    with pytest.raises(IndexMissingError, match="no generation"):
        PassageIndex.open(folder, "../index")


def test_settings_of_the_record_are_used(folder: Path) -> None:
    record(opened(folder, audit_text=True, retrieve_k=1))
    used: list[int] = []

    def noting(settings: Settings, generation: str | None = None) -> Parts:
        used.append(settings.retrieve_k)
        return load_parts(settings, generation)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replaying, "load_parts", noting)
        assert replay("1", opened(folder).settings).same
    assert used == [1]


def test_other_code_and_settings_no_longer_known_are_named(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    record(parts)
    kept = parts.audit and parts.audit.find("1").body["settings"]
    changed(folder, code="0.0.9+abc", answerer="Qwen/Qwen3-1.7B@x", settings={**(kept or {}), "warmth": 0.7})
    replayed = replay("1", parts.settings)
    assert replayed.same
    assert replayed.made_by == (
        Change("answerer", "Qwen/Qwen3-1.7B@x", "extractive"),
        Change("code", "0.0.9+abc", code_version()),
        Change("settings", "warmth=0.7", "—"),
    )
    assert replayed.as_text().splitlines()[2:] == [
        f"  程序版本：0.0.9+abc → {code_version()}",
        "  设置：warmth=0.7 → —",
    ]


def test_other_status_is_named(folder: Path) -> None:
    parts = opened(folder, audit_text=True)
    record(parts)
    changed(folder, status="not_in_report")
    assert replay("1", parts.settings).came_out == (Change("status", "not_in_report", "answered"),)


def test_code_version_follows_every_source_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("qa", "index"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("")
    monkeypatch.setattr(audit, "__file__", str(tmp_path / "qa" / "audit.py"))
    code_version.cache_clear()
    before = code_version()
    code_version.cache_clear()
    (tmp_path / "index" / "a.py").write_text("x = 1")
    assert before != code_version()
    assert before.startswith(f"{version('qingwen')}+")
    code_version.cache_clear()


def test_log_belongs_to_the_parts_that_the_settings_ask_it_for(folder: Path) -> None:
    assert isinstance(opened(folder).audit, AuditLog)
    assert load_parts(Settings(index=folder)).audit is None
