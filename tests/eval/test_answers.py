"""Figures of single answers, worked out by hand; EM and F1 on cases with the values of CMRC's own evaluator."""

import json
from pathlib import Path

import pytest

from eval.answers import (
    character_f1,
    citation_precision,
    corrected,
    evidence_recall,
    exact_match,
    full,
    grounded,
    group_recall,
    label_f1,
    short_right,
)
from eval.gold import Span

CASES = [json.loads(line) for line in Path(__file__).with_name("cmrc_cases.jsonl").open(encoding="utf-8")]
GROUPS = [["41", "四十一"], ["121"]]


def test_em_and_f1_are_those_of_the_public_evaluator():
    # The expected values come from the steps of cmrc2018_evaluate.py with nltk's word cutter, not from our code.
    assert len(CASES) >= 200
    for case in CASES:
        assert exact_match(case["answers"], case["said"]) == case["em"], case
        assert character_f1(case["answers"], case["said"]) == pytest.approx(case["f1"], abs=1e-9), case


def test_f1_counts_the_longest_run_in_common():
    # 城市云脑 in 城市的云脑: the longest run is 2 of 4 and of 5 characters, 2 × 2 / (4 + 5).
    assert character_f1(["城市云脑"], "城市的云脑") == pytest.approx(4 / 9)
    assert character_f1(["大数据", "城市云脑"], "云脑") == pytest.approx(2 * 2 / (4 + 2))
    assert character_f1(["城市云脑"], "") == 0


def test_full_wants_every_group_and_recall_counts_them():
    assert full(GROUPS, "接入四十一个单位的121个业务系统") == 1
    assert full(GROUPS, "接入41个单位") == 0
    assert group_recall(GROUPS, "接入41个单位") == 0.5


def test_short_answer_is_full_and_short():
    assert short_right([["41"]], "41个单位") == 1
    assert short_right([["41"]], "") == 0
    assert short_right([["41"]], "接入41个单位" + "的许多业务系统和场景以及指标" * 3) == 0


def test_citations_are_judged_by_overlap():
    evidence = [[Span("a", 10, 20)], [Span("a", 50, 60), Span("b", 5, 9)]]
    cited = [Span("a", 19, 30), Span("a", 20, 30), Span("b", 8, 10)]
    assert citation_precision(cited, evidence) == (2, 3)
    assert citation_precision([], evidence) == (0, 0)
    assert evidence_recall(cited, evidence) == 1
    assert evidence_recall(cited[:2], evidence) == 0.5


def test_spans_of_different_documents_never_overlap():
    assert not Span("a", 0, 5).overlaps(Span("b", 0, 5))
    assert not Span("a", 0, 5).overlaps(Span("a", 5, 6))
    assert Span("a", 0, 5).overlaps(Span("a", 4, 6))


def test_figures_stand_in_the_quotes_or_the_question():
    assert grounded("2021年接入41个单位", ["接入41个单位的121个业务系统"], "2021年接入多少？") == 1
    assert grounded("接入42个单位", ["接入41个单位"], "多少？") == 0


def test_correction_holds_a_figure_of_the_true_statement():
    assert corrected("接入41个单位", "报告写的是41个") == 1
    assert corrected("接入41个单位", "报告写的是121个") == 0
    assert corrected("不是首次进入", "") == 1


def test_a_claim_adds_to_the_f1_of_its_label_and_of_its_verdict():
    assert label_f1("refuted", "refuted", "refuted") == (2, 2)
    assert label_f1("refuted", "refuted", "supported") == (0, 1)
    assert label_f1("supported", "refuted", "supported") == (0, 1)
    assert label_f1("supported", "refuted", "refuted") == (0, 0)
