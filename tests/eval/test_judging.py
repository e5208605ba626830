"""A judge that plays a queue of replies: marks are read, averaged, and kept apart from the figures."""

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from eval.gold import read_gold
from eval.judging import judge_run, read_marks
from eval.report import write_report
from eval.run import run_gold
from qa.config import Settings
from qa.llm import Message


class QueuedModel:
    """Says one thing after another, whatever it is asked."""

    name, context = "queued", 4096

    def __init__(self, replies: Sequence[str]) -> None:
        self.replies = list(replies)
        self.asked: list[str] = []

    def count(self, text: str) -> int:
        return len(text)

    def generate(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        self.asked.append(messages[-1].content)
        yield self.replies.pop(0)


def test_marks_stand_at_the_end_of_a_reply():
    assert read_marks("都有依据。\n忠实=5 切题=4") == (5, 4)
    assert read_marks("忠实：2，切题：1。不对，忠实=3 切题=3") == (3, 3)
    assert read_marks("我觉得很好") is None
    assert read_marks("忠实=6 切题=5") is None


def test_answers_are_marked_three_times_and_the_figures_stay_as_they_were(bundled_index: Path, tmp_path: Path):
    gold = read_gold(Path("eval/gold/qingdao-2021"))
    few = replace(gold, questions=gold.questions[:2], dialogues=(), claims=(), attacks=())
    run = run_gold(few, Settings(index=bundled_index), tmp_path)
    summary = (run / "summary.json").read_bytes()
    model = QueuedModel(["忠实=5 切题=5", "忠实=4 切题=5", "忠实=3 切题=5", "忠实=5 切题=5", "看不懂", "忠实=5 切题=4"])
    judge_run(run, model)
    judged = json.loads((run / "judge.json").read_text(encoding="utf-8"))
    assert judged["marks"] == {"d001": [[5, 5], [4, 5], [3, 5]], "d002": [[5, 5], None, [5, 4]]}
    faithful, relevant = judged["figures"]["忠实"], judged["figures"]["切题"]
    assert (faithful["value"], faithful["spread"], faithful["n"]) == (4.5, 1.0, 2)
    assert (relevant["value"], relevant["spread"]) == (4.75, 0.5)
    assert "问题：青岛网上办事的服务能力" in model.asked[0]
    assert (run / "summary.json").read_bytes() == summary
    assert "模型评分（不计入以上指标）" in write_report(run).read_text(encoding="utf-8")
