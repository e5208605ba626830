import doctest
import hashlib
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passage import Report
from index.reading import read_report
from qa.answer import Citation
from qa.web import anchoring
from qa.web.anchoring import Anchor, Found, Spot, anchor, anchor_of, locate, read_anchor

BUNDLED = Path(__file__).parents[3] / "index" / "report" / "qingdao-2021.txt"
TEXT = "开头。接入41个单位。𠮷祥如意。接入41个单位。结尾。"
REPORT = Report("甲 2021", "甲市报告", TEXT, (), ())
FIRST, SECOND = TEXT.index("接入"), TEXT.rindex("接入")


def changed(text: str) -> Report:
    return replace(REPORT, text=text)


def test_link_names_its_characters_and_is_read_back():
    link = anchor(REPORT, FIRST, FIRST + 8)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()[:8]
    assert link.written == f"%E7%94%B2%202021/3-11/{link.quoted}-{digest}"
    assert read_anchor(link.written) == link


def test_same_report_gives_the_same_characters():
    assert locate(anchor(REPORT, SECOND, SECOND + 8), REPORT) == Spot(SECOND, SECOND + 8, Found.SAME)


def test_link_without_fingerprints_stands_for_its_offsets():
    assert locate(Anchor("甲 2021", 3, 11), REPORT) == Spot(3, 11, Found.SAME)
    assert locate(Anchor("甲 2021", 3, 999), REPORT) == Spot(3, 3, Found.GONE)


def test_link_of_a_citation_is_made_from_its_quote_alone():
    link = anchor_of(Citation(1, "甲 2021", "甲市报告", (), "", FIRST, FIRST + 8, TEXT[FIRST : FIRST + 8]))
    assert link == replace(anchor(REPORT, FIRST, FIRST + 8), report="")
    assert read_anchor(link.written) == link
    assert locate(link, REPORT) == Spot(FIRST, FIRST + 8, Found.SAME)
    assert locate(link, changed("一" + TEXT)) == Spot(FIRST + 1, FIRST + 9, Found.KEPT)


def test_characters_that_moved_are_found_where_they_stand_now():
    assert locate(anchor(REPORT, FIRST, FIRST + 8), changed("新加的一段。" + TEXT)) == Spot(9, 17, Found.KEPT)


def test_characters_that_stayed_in_a_changed_report_are_said_to_be_kept():
    assert locate(anchor(REPORT, FIRST, FIRST + 8), changed(TEXT + "附。")) == Spot(FIRST, FIRST + 8, Found.KEPT)


def test_of_two_copies_the_nearer_is_taken():
    now = changed("一" + TEXT)
    assert locate(anchor(REPORT, SECOND, SECOND + 8), now) == Spot(SECOND + 1, SECOND + 9, Found.KEPT)


def test_changed_characters_are_gone_and_the_old_place_is_shown():
    assert locate(anchor(REPORT, FIRST, FIRST + 8), changed(TEXT.replace("41", "42"))) == Spot(3, 3, Found.GONE)
    assert locate(anchor(REPORT, SECOND, SECOND + 8), changed("短。")) == Spot(2, 2, Found.GONE)
    assert locate(anchor(REPORT, FIRST, FIRST + 8), changed("")) == Spot(0, 0, Found.GONE)


@pytest.mark.parametrize(
    "written",
    ["", "甲", "甲/3", "甲/3-", "甲/11-3", "甲/3-3", "甲/3-11/xyz", "甲/乙/3-11", "甲/3-11/" + "0" * 25, "/3-11"],
)
def test_what_is_not_a_link_is_refused(written: str):
    with pytest.raises(ValueError, match="not a link"):
        read_anchor(written)


def test_every_sentence_of_the_bundled_report_is_found_after_edits_elsewhere():
    report = read_report(BUNDLED)
    chosen = random.Random(0)
    for paragraph in report.paragraphs:
        link = anchor(report, paragraph.start, paragraph.end)
        before = chosen.randrange(paragraph.start + 1)
        now = replace(report, text=f"{report.text[:before]}插入的话。{report.text[before:]}")
        assert locate(link, now) == Spot(paragraph.start + 5, paragraph.end + 5, Found.KEPT)


@given(st.text(min_size=1), st.text(max_size=40), st.text())  # a longer name makes no link
def test_any_text_is_found_among_any_other(quoted: str, before: str, after: str):
    link = anchor(Report("甲", "", quoted, (), ()), 0, len(quoted))
    spot = locate(link, Report("甲", "", before + quoted + after, (), ()))
    assert (before + quoted + after)[spot.start : spot.end] == quoted
    assert read_anchor(replace(link, document=before + "甲").written).document == before + "甲"


def test_examples_in_the_docstrings_are_true():
    assert doctest.testmod(anchoring).failed == 0
