import re
import sqlite3
import threading
from pathlib import Path

import pytest

from qa.web.feedback import LONGEST, Feedback


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "feedback.sqlite"


def rows(path: Path) -> list[tuple[object, ...]]:
    return sqlite3.connect(path).execute('SELECT answer, "index", up, reason FROM feedback').fetchall()


def test_vote_is_one_row(path: Path):
    votes = Feedback(path)
    votes.add("a1", "gen-1", up=True)
    votes.add("a2", "gen-1", up=False)
    assert rows(path) == [("a1", "gen-1", 1, ""), ("a2", "gen-1", 0, "")]


def test_vote_is_changed_in_its_row(path: Path):
    votes = Feedback(path)
    row = votes.add("a1", "gen-1", up=True)
    votes.add("a2", "gen-1", up=True)
    votes.change(row, up=False, reason=" 数字\n不对 \t")
    assert rows(path) == [("a1", "gen-1", 0, "数字 不对"), ("a2", "gen-1", 1, "")]


def test_reason_is_masked_before_it_is_cut(path: Path):
    votes = Feedback(path)
    number = "13800000000"
    votes.change(votes.add("a1", "gen-1", up=False), up=False, reason="长" * (LONGEST - 5) + number)
    reason = str(rows(path)[0][3])
    assert (len(reason), reason[-2:]) == (LONGEST - 4, "长＊")


def test_time_is_that_of_the_vote_in_utc(path: Path):
    Feedback(path).add("a1", "gen-1", up=True)
    (time,) = sqlite3.connect(path).execute("SELECT time FROM feedback").fetchone()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time)


def test_store_is_opened_again(path: Path):
    Feedback(path).add("a1", "gen-1", up=True)
    Feedback(path).add("a2", "gen-1", up=True)
    assert [row[0] for row in rows(path)] == ["a1", "a2"]


def test_no_vote_is_lost_when_many_write_at_once(path: Path):
    def vote(name: str) -> None:
        votes = Feedback(path)
        for number in range(20):
            votes.add(f"{name}{number}", "gen-1", up=True)

    threads = [threading.Thread(target=vote, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row[0] for row in rows(path)} == {f"{name}{number}" for name in "abcd" for number in range(20)}


def test_figures_of_a_reason_stay(path: Path):
    votes = Feedback(path)
    reason = "应为1018次、7900多项，由84.6%提升至95.5%，不是930余项"
    votes.change(votes.add("a1", "gen-1", up=False), up=False, reason=reason)
    assert rows(path)[0][3] == reason
