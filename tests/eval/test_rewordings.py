"""Invented reports and what is said of them in other words: every outcome is counted where it belongs."""

import json
from pathlib import Path

import pytest

from eval.errors import GoldError
from eval.rewordings import measure, read_records
from qa.config import load_settings

RECORDS = (
    {
        "report": "z1",
        "sentence": "全县新建村级卫生室18所。",
        "questions": ["新建了多少所村级卫生室？"],
        "answers": ["18所"],
        "unanswered": ["村级卫生室花了多少钱？"],
        "true": ["新建村级卫生室18所。"],
        "false": ["新建村级卫生室81所。"],
        "unsaid": ["县里的图书馆周末也开门。"],
    },
    {
        "report": "z2",
        "sentence": "家庭医生签约率达到71.5%。",
        "questions": ["家庭医生签约率是多少？"],
        "answers": ["71.5%"],
        "unanswered": ["你好"],
        "true": [],
        "false": [],
        "unsaid": [],
    },
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in RECORDS), encoding="utf-8")
    return path


def test_outcomes_are_counted_by_kind(file: Path) -> None:
    tally = measure(read_records(file), load_settings())
    assert {kind: dict(outcomes) for kind, outcomes in tally.counts.items()} == {
        "questions": {"cited": 2},
        "unanswered": {"refused": 2},
        "true": {"supported": 1},
        "false": {"refuted": 1},
        "unsaid": {"not_enough_info": 1},
    }
    assert tally.render().splitlines()[0] == "questions      2   cited 1.000"


def test_only_reports_that_are_named(file: Path) -> None:
    assert list(read_records(file, "z2")) == ["z2"]
    with pytest.raises(GoldError, match="begins with 'y'"):
        read_records(file, "y")
