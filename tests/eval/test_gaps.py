"""What people asked in vain: from real audit records and votes, grouped and masked."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.errors import RunError
from eval.gaps import find_gaps, read_dislikes, read_records
from index.embedding import load_embedder
from qa.audit import AuditLog
from qa.config import Settings
from qa.pipeline import ask, load_parts
from qa.web.feedback import Feedback


def body(question: str, status: str = "not_in_report", **changes: Any) -> dict[str, Any]:
    text = {"question": question, "conversation": []}
    return {"kind": "ask", "answer": "x", "status": status, "time": "2026-05-01T08:00:00Z", "text": text, **changes}


def test_alike_questions_are_one_group_the_most_frequent_first():
    gaps = find_gaps(
        [
            body("地铁几号线通车了"),
            body("城市云脑花了多少钱？"),
            body("城市云脑花了多少钱", time="2026-05-03T08:00:00Z"),
            body("城市云脑投资多少", status="partial"),
            body("城市云脑接入了多少个单位？", status="answered"),
            body("", kind="check"),
        ],
        load_embedder(None),
    )
    assert (gaps.asked, gaps.unreadable) == (5, 0)
    assert [(gap.count, gap.questions) for gap in gaps.groups] == [
        (3, (("城市云脑花了多少钱", 2), ("城市云脑投资多少", 1))),
        (1, (("地铁几号线通车了", 1),)),
    ]
    assert gaps.groups[0].why == {"not_in_report": 2, "partial": 1}
    assert gaps.groups[0].last == "2026-05-03T08:00:00Z"


def test_personal_numbers_are_masked_and_follow_ups_stand_behind_their_question():
    turn = {"standalone": "城市云脑接入了多少个单位？"}
    follow = body("那花了多少？电话13800138000")
    follow["text"]["conversation"] = [turn]
    gap = find_gaps([follow], load_embedder(None)).groups[0]
    assert gap.questions[0][0] == "城市云脑接入了多少个单位？ → 那花了多少？电话＊"


def test_records_without_text_are_counted():
    gaps = find_gaps([body("x", text=None), body("x", text=None, status="answered")], load_embedder(None))
    assert (gaps.asked, gaps.unreadable, gaps.groups) == (2, 1, ())


@pytest.fixture
def kept(bundled_index: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Audit records and votes as the program itself writes them."""
    settings = Settings(index=bundled_index, audit=tmp_path / "audit", audit_text=True)
    parts, log, votes = load_parts(settings), AuditLog(settings), Feedback(tmp_path / "votes.sqlite")
    for question in ("青岛地铁有几条线？", "城市云脑接入了多少个单位？"):
        answer = ask(question, parts)
        log.record_answer(answer)
    row = votes.add(answer.id, answer.index, up=False)
    votes.change(row, up=False, reason="不是我要的，打我电话13800138000")
    return tmp_path / "audit", tmp_path / "votes.sqlite"


def test_votes_against_an_answer_count_as_a_gap(kept: tuple[Path, Path]):
    audit, votes = kept
    gaps = find_gaps(read_records(audit), load_embedder(None), dislikes=read_dislikes(votes, audit))
    assert {gap.questions[0][0]: dict(gap.why) for gap in gaps.groups} == {
        "青岛地铁有几条线？": {"not_in_report": 1} if "not_in_report" in gaps.groups[0].why else {"out_of_scope": 1},
        "城市云脑接入了多少个单位？": {"disliked": 1},
    }
    disliked = next(gap for gap in gaps.groups if gap.reasons)
    assert disliked.reasons == ("不是我要的，打我电话＊",)


def test_command_lists_the_gaps(kept: tuple[Path, Path]):
    audit, votes = kept
    done = CliRunner().invoke(app, ["gaps", "--audit", str(audit), "--feedback", str(votes)])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "共 2 次提问，没有答好的 2 次，归为 2 类")
    table = CliRunner().invoke(app, ["gaps", "--audit", str(audit), "--csv"]).stdout.splitlines()
    heading = "count,question,others,not_in_report,partial,out_of_scope,disliked,reasons,last"
    assert (table[0], table[1].split(",")[:2]) == (heading, ["1", "青岛地铁有几条线？"])


def test_missing_records_are_said(tmp_path: Path):
    with pytest.raises(RunError, match=r"records\.sqlite does not exist"):
        list(read_records(tmp_path))
    with pytest.raises(RunError, match="key cannot be read"):
        read_dislikes(tmp_path / "votes.sqlite", tmp_path)
    (tmp_path / "records.sqlite").write_text("nothing of the kind, but long enough to be looked at" * 20)
    with pytest.raises(RunError, match="is not such a file"):
        list(read_records(tmp_path))
