import csv
import json
import multiprocessing
import os
import re
import signal
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qa import audit
from qa.answer import Answer, Citation, Sentence, Status
from qa.audit import BEARING, FIRST, AuditLog, Verified, code_version, keyed, linked
from qa.checking import Ruling, Verdict
from qa.config import Settings
from qa.conversation import Conversation
from qa.errors import AuditError

CITED = Citation(1, "qingdao-2021", "报告", ("一、政务",), "qingdao-2021:529-580", 529, 580, "城市云脑接入41个单位。")
ANSWER = Answer(
    id="ba811a8a2fb1766d",
    question="城市云脑接入了多少个单位？",
    standalone_question="城市云脑接入了多少个单位？",
    status=Status.ANSWERED,
    short="41个单位",
    sentences=(Sentence("城市云脑接入41个单位。", (1,)),),
    citations=(CITED,),
    index="gen-0123456789abcdef",
    embedder="embedded",
    answerer="extractive",
    timings_ms={"total": 3.4},
)
VERDICTS = (
    Verdict("a", "接入14个单位。", Ruling.REFUTED, 0, 8, "数值不符", "接入41个单位。", citations=(CITED,)),
    Verdict("b", "共有9个机场。", Ruling.NOT_ENOUGH_INFO, 8, 15),
)


class _Embedder:
    name = "embedded"


class _Retriever:
    embedder = _Embedder()
    documents: tuple[str, ...] = ()


class _Index:
    generation = "gen-0123456789abcdef"


class FakeParts:
    """What a check is recorded with: the names of index and model."""

    index = _Index()
    retriever = _Retriever()


PARTS: Any = FakeParts()


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(audit=folder / "log", **more)


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(settings(tmp_path))


def rows(log: AuditLog) -> list[tuple[int, dict[str, Any], str]]:
    with sqlite3.connect(log.folder / "records.sqlite") as file:
        return [(number, json.loads(body), chain) for number, body, chain in file.execute("SELECT * FROM records")]


def tamper(log: AuditLog, statement: str, *values: Any) -> None:
    file = sqlite3.connect(log.folder / "records.sqlite")
    with file:
        file.execute(statement, values)
    file.close()


def fill(log: AuditLog, count: int = 5) -> list[str]:
    """Some records; gives the chain after each."""
    for number in range(count):
        log.record_answer(replace(ANSWER, question=f"问题{number}？"))
    return [chain for _, _, chain in rows(log)]


def test_answer_is_recorded_with_what_made_it_and_without_its_text(log: AuditLog) -> None:
    assert log.record_answer(ANSWER) == 1
    [(number, body, _)] = rows(log)
    key = (log.folder / "key").read_bytes()
    assert (number, len(key)) == (1, 32)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body.pop("time"))
    assert re.fullmatch("[0-9a-f]{64}", body.pop("words"))
    assert re.fullmatch("[0-9a-f]{64}", body.pop("rest"))
    assert body == {
        "number": 1,
        "kind": "ask",
        "answer": keyed(key, "ba811a8a2fb1766d"),
        "question": keyed(key, "城市云脑接入了多少个单位？"),
        "conversation": None,
        "status": "answered",
        "cited": [{"document": "qingdao-2021", "start": 529, "end": 580}],
        "generation": "gen-0123456789abcdef",
        "embedder": "embedded",
        "answerer": "extractive",
        "settings": {name: getattr(log._settings, name) for name in BEARING},
        "code": code_version(),
    }
    data = b"".join(path.read_bytes() for path in log.folder.iterdir())
    assert "城市云脑".encode() not in data
    assert b"ba811a8a2fb1766d" not in data


def test_check_is_recorded_with_every_verdict(log: AuditLog) -> None:
    assert log.record_check("接入14个单位。共有9个机场。", VERDICTS, PARTS) == 1
    assert log.record_claim("接入14个单位。", VERDICTS[0], PARTS) == 2
    (_, check, _), (_, claim, _) = rows(log)
    spans = [{"document": "qingdao-2021", "start": 529, "end": 580}]
    assert (check["kind"], check["status"], check["cited"]) == ("check", "not_enough_info 1, refuted 1", spans)
    assert check["verdicts"] == [
        {"start": 0, "end": 8, "verdict": "refuted", "cited": spans},
        {"start": 8, "end": 15, "verdict": "not_enough_info", "cited": []},
    ]
    assert (claim["kind"], claim["status"]) == ("claim", "refuted 1")
    assert "机场".encode() not in (log.folder / "records.sqlite").read_bytes()


def test_text_is_kept_where_asked_for_with_personal_numbers_covered(tmp_path: Path) -> None:
    log = AuditLog(settings(tmp_path, audit_text=True))
    log.record_answer(replace(ANSWER, question="我的电话13800138000，接入多少个？"))
    log.record_check("接入14个单位。", VERDICTS[:1], PARTS)
    first, second = (body for _, body, _ in rows(log))
    assert first["text"] == {"question": "我的电话＊，接入多少个？", "conversation": []}
    assert second["text"] == {"question": "接入14个单位。"}
    assert log.readable(log.find("1")) is None
    assert log.readable(log.find("2")) == ("接入14个单位。", Conversation())


def test_talk_before_a_question_is_kept_with_its_text_alone(tmp_path: Path) -> None:
    talk = Conversation().after(ANSWER)
    log = AuditLog(settings(tmp_path, audit_text=True))
    log.record_answer(replace(ANSWER, question="业务系统呢？"), talk)
    assert log.readable(log.find("1")) == ("业务系统呢？", talk)
    bare = AuditLog(settings(tmp_path))
    bare.record_answer(replace(ANSWER, question="业务系统呢？"), talk)
    assert "text" not in bare.find("2").body
    assert bare.find("2").body["conversation"] == bare.find("1").body["conversation"] is not None


def test_half_characters_do_not_stop_the_record(tmp_path: Path) -> None:
    log = AuditLog(settings(tmp_path, audit_text=True))
    log.record_check("接入\ud83d", (), PARTS)
    assert log.find("1").body["text"] == {"question": "接入?"}


def test_same_outcome_has_the_same_digests_whenever_and_wherever_it_is_given(log: AuditLog) -> None:
    fill(log, 1)
    again = replace(ANSWER, id="x", timings_ms={"total": 9.9}, index="gen-2")
    assert log.outcome(ANSWER) == log.outcome(again)
    assert log.outcome(ANSWER)["words"] != log.outcome(replace(ANSWER, short="41个"))["words"]
    changed = log.outcome(replace(ANSWER, suggestions=("放款多少？",)))
    assert (changed["words"] == log.outcome(ANSWER)["words"], changed["rest"] == log.outcome(ANSWER)["rest"]) == (
        True,
        False,
    )
    assert log.outcome(VERDICTS) != log.outcome(VERDICTS[:1])


def test_record_is_found_by_its_number_and_by_the_answer_s_id(log: AuditLog) -> None:
    fill(log, 3)
    assert log.find("2").number == 2
    assert log.find(ANSWER.id).number == 3
    for reference in ("4", "ffffffffffffffff", "", "-1", "1 OR 1=1"):
        with pytest.raises(AuditError, match=f"没有编号为“{reference}”的审计记录"):
            log.find(reference)


def test_chain_is_what_the_module_says(log: AuditLog) -> None:
    fill(log, 3)
    before = FIRST
    with sqlite3.connect(log.folder / "records.sqlite") as file:
        for _, raw, chain in file.execute("SELECT * FROM records"):
            assert chain == linked(before, raw)
            before = chain


def test_sound_records_verify_and_give_their_end(log: AuditLog) -> None:
    chains = fill(log)
    assert log.verify() == Verified(1, 5, 5, chains[4])
    assert log.verify((3, chains[2])) == Verified(1, 5, 5, chains[4])
    assert log.verify().as_text() == (
        f"审计记录完好：第1至5号，共5条。\n末端：5:{chains[4]}\n"
        "请把这一行另外存放；以后用--head核对，可以发现末尾被删或整本被重写。"
    )


@pytest.mark.parametrize("field", ["time", "kind", "status", "generation", "question", "cited", "settings", "number"])
def test_every_changed_field_is_found(log: AuditLog, field: str) -> None:
    fill(log)
    body = rows(log)[2][1]
    body[field] = 9 if field == "number" else "x"
    tamper(log, "UPDATE records SET body = ? WHERE number = 3", json.dumps(body))
    assert log.verify().faults == ("第3号记录被改动，或换了位置。",)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"number":3}'])
def test_row_that_is_no_record_any_more_is_found(log: AuditLog, body: str) -> None:
    fill(log)
    tamper(log, "UPDATE records SET body = ? WHERE number = 3", body)
    assert log.verify().faults == ("第3号记录被改动，或换了位置。",)


def test_change_covered_by_a_chain_made_anew_is_found_at_the_next_row(log: AuditLog) -> None:
    chains = fill(log)
    body = json.dumps({**rows(log)[2][1], "status": "x"})
    tamper(log, "UPDATE records SET body = ?, chain = ? WHERE number = 3", body, linked(chains[1], body))
    assert log.verify().faults == ("第4号记录被改动，或换了位置。",)


def test_missing_rows_are_found(log: AuditLog) -> None:
    fill(log)
    tamper(log, "DELETE FROM records WHERE number IN (2, 3)")
    assert log.verify().faults == ("缺第2至3号记录。",)


def test_missing_row_closed_up_is_found(log: AuditLog) -> None:
    fill(log)
    tamper(log, "DELETE FROM records WHERE number = 3")
    tamper(log, "UPDATE records SET number = 3 WHERE number = 4")
    tamper(log, "UPDATE records SET number = 4 WHERE number = 5")
    faults = log.verify().faults
    assert faults[:2] == ("第3号记录被改动，或换了位置。", "第4号记录被改动，或换了位置。")
    assert faults[2] == "末尾的记录被删：应到第5号，只到第4号。"


def test_rows_that_changed_places_are_found(log: AuditLog) -> None:
    fill(log)
    for before, after in ((2, 99), (3, 2), (99, 3)):
        tamper(log, "UPDATE records SET number = ? WHERE number = ?", after, before)
    assert "第2号记录被改动，或换了位置。" in log.verify().faults
    assert "第3号记录被改动，或换了位置。" in log.verify().faults


def test_row_put_in_at_the_end_is_found(log: AuditLog) -> None:
    chains = fill(log)
    tamper(log, "INSERT INTO records VALUES (6, ?, ?)", '{"number":6}', linked(chains[4], '{"number":6}'))
    assert log.verify().faults == ("与另外存放的末端不符：第6号。",)


def test_rows_cut_off_at_the_end_are_found(log: AuditLog) -> None:
    fill(log)
    tamper(log, "DELETE FROM records WHERE number > 3")
    assert log.verify().faults == ("末尾的记录被删：应到第5号，只到第3号。",)


def test_rows_cut_off_at_the_start_are_found(log: AuditLog) -> None:
    chains = fill(log)
    tamper(log, "DELETE FROM records WHERE number < 3")
    assert log.verify().faults == ("缺第1至2号记录。",)
    tamper(log, "INSERT INTO ends VALUES ('start', 2, ?)", chains[1])
    assert log.verify().faults == ("开头的记录被删，不是到期清理。",)


def test_cut_that_hides_its_traces_is_found_against_an_end_kept_elsewhere(log: AuditLog) -> None:
    chains = fill(log)
    tamper(log, "DELETE FROM records WHERE number > 3")
    tamper(log, "UPDATE ends SET number = 3, chain = ? WHERE name = 'end'", chains[2])
    assert log.verify().faults == ()
    assert log.verify((5, chains[4])).faults == ("末尾的记录被删：应到第5号，只到第3号。",)


def test_chain_made_wholly_anew_is_found_against_an_end_kept_elsewhere(log: AuditLog) -> None:
    chains = fill(log)
    before = FIRST
    for number, body, _ in rows(log):
        raw = json.dumps({**body, "status": "x"})
        before = linked(before, raw)
        tamper(log, "UPDATE records SET body = ?, chain = ? WHERE number = ?", raw, before, number)
    tamper(log, "UPDATE ends SET chain = ? WHERE name = 'end'", before)
    assert log.verify().faults == ()
    assert log.verify((3, chains[2])).faults == ("与另外存放的末端不符：第3号。",)


def test_old_rows_go_and_the_chain_still_holds(log: AuditLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chains = fill(log, 3)
    later = datetime.now(UTC) + timedelta(days=9, hours=1)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return later

    monkeypatch.setattr(audit, "datetime", Later)
    fill(log, 2)
    kept = AuditLog(settings(tmp_path, audit_days=9))
    kept.record_answer(ANSWER)
    assert [number for number, _, _ in rows(log)] == [1, 2, 3, 4, 5, 6]  # not a day late yet
    later += timedelta(days=1)
    assert kept.record_answer(ANSWER) == 8
    body = rows(log)[3][1]
    assert [number for number, _, _ in rows(log)] == [4, 5, 6, 7, 8]
    assert (body["kind"], body["to"], body["chain"]) == ("prune", 3, chains[2])
    found = kept.verify()
    assert (found.first, found.last, found.count, found.faults) == (4, 8, 5, ())
    assert kept.verify((3, chains[2])).faults == ()
    assert kept.verify((3, chains[1])).faults == ("与另外存放的末端不符：第3号。",)
    assert kept.verify((2, chains[1])).faults == ("另外存放的末端（第2号）已到期清理，无从核对。",)
    tamper(log, "DELETE FROM records WHERE number = 4")
    assert kept.verify().faults == ("缺第4至4号记录。",)
    later += timedelta(days=60)
    assert kept.record_answer(ANSWER) == 10
    assert [number for number, _, _ in rows(log)] == [9, 10]


def test_export_is_a_table_in_which_the_chain_can_be_followed(tmp_path: Path) -> None:
    log = AuditLog(settings(tmp_path, audit_text=True))
    log.record_answer(ANSWER)
    log.record_check("=接入14个单位。", VERDICTS, PARTS)
    assert log.export(tmp_path / "out.csv") == 2
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["number"], first["kind"], first["status"]) == ("1", "ask", "answered")
    assert first["cited"] == '[{"document":"qingdao-2021","end":580,"start":529}]'
    assert second["text"] == '{"question":"=接入14个单位。"}'
    assert first["chain"] == linked(FIRST, first["body"])
    assert second["chain"] == linked(first["chain"], second["body"])


def test_nothing_recorded_is_said_so(log: AuditLog, tmp_path: Path) -> None:
    for look in (log.verify, lambda: log.find("1"), lambda: log.export(tmp_path / "out.csv")):
        with pytest.raises(AuditError, match="没有审计记录："):
            look()
    with pytest.raises(AuditError, match="没有开启审计记录：请用--audit指定文件夹，或设置QINGWEN_AUDIT。"):
        AuditLog(Settings())
    assert not log.folder.exists()


def test_lost_key_is_not_made_anew(log: AuditLog) -> None:
    fill(log, 2)
    (log.folder / "key").unlink()
    with pytest.raises(AuditError, match="密钥文件不见了"):
        log.record_answer(ANSWER)
    assert log.verify().faults == ()


def test_file_that_is_no_database_is_an_error(log: AuditLog) -> None:
    fill(log, 2)
    (log.folder / "records.sqlite").write_bytes(b"x" * 4096)
    for use in (log.verify, lambda: log.record_answer(ANSWER)):
        with pytest.raises(AuditError, match="审计记录不能使用（file is not a database）"):
            use()


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(AuditError, match="审计记录不能使用"):
        AuditLog(settings(tmp_path)).record_answer(ANSWER)


def test_folder_is_its_owner_s_alone(log: AuditLog) -> None:
    fill(log, 1)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (log.folder, *log.folder.iterdir())}
    assert (modes["log"], modes["key"], modes["records.sqlite"]) == (0o700, 0o600, 0o600)


def _write(folder: Path, count: int) -> None:
    log = AuditLog(settings(folder))
    for _ in range(count):
        log.record_answer(ANSWER)


def test_many_writers_at_once_make_one_chain(log: AuditLog, tmp_path: Path) -> None:
    """Four processes and four threads begin a new log together."""
    start = multiprocessing.get_context("spawn")
    workers: list[Any] = [start.Process(target=_write, args=(tmp_path, 20)) for _ in range(4)]
    workers += [threading.Thread(target=_write, args=(tmp_path, 20)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = log.verify()
    assert (found.first, found.last, found.count, found.faults) == (1, 160, 160, ())
    assert sorted(path.name for path in log.folder.iterdir() if path.name.startswith("key")) == ["key"]


def test_a_copy_without_its_lock_is_read(log: AuditLog) -> None:
    fill(log, 3)
    (log.folder / "LOCK").unlink()
    assert (log.verify().count, log.verify().faults) == (3, ())


def _write_on(folder: Path) -> None:
    _write(folder, 1_000_000)


def test_writer_that_is_killed_leaves_a_sound_chain(log: AuditLog, tmp_path: Path) -> None:
    fill(log, 1)
    start = multiprocessing.get_context("fork")
    for attempt in range(10):
        before = log.verify().count
        worker = start.Process(target=_write_on, args=(tmp_path,), daemon=True)
        worker.start()
        while log.verify().count < before + 2:
            time.sleep(0.003 + attempt / 1000)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        assert log.verify().faults == ()
        log.record_answer(ANSWER)
        assert log.verify().faults == ()


def test_every_setting_is_known_to_bear_on_answers_or_not() -> None:
    """A new setting: does it change what an answer or a verdict says? Then it belongs into BEARING."""
    besides = {"index", "api_key", "audit", "audit_text", "audit_days"}
    besides |= {"host", "port", "origin", "mcp", "contact", "feedback", "most", "pace", "staff", "staff_origin"}
    assert set(Settings.model_fields) == besides | set(BEARING)
