"""Eight judged lines with the sums on paper, then agreement with ir-measures."""

import random

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG

from eval.ranking import Qrels, Run, mean, ndcg_at_k, recall_at_k, reciprocal_rank, success_at_k

# 城市云脑 has two relevant passages, one of them twice as relevant; 放款 has one; 就医 has none that came back.
QRELS: Qrels = {
    "云脑": {"a": 2, "b": 1, "c": 0},
    "放款": {"d": 1},
    "就医": {"e": 1},
}
RUN: Run = {
    "云脑": {"x": 4.0, "b": 3.0, "a": 2.0, "c": 1.0},
    "放款": {"d": 1.0},
    "没问": {"d": 1.0},
}

# 云脑 ranks x b a c. 1 / log2(rank + 1) is 1, 0.6309297536, 0.5 for ranks 1 to 3.
#   recall@2   1 of 2 = 0.5             放款 1   就医 0   mean 0.5
#   recall@3   2 of 2 = 1               放款 1   就医 0   mean 2/3
#   success@1  x is not relevant: 0     放款 1   就医 0   mean 1/3
#   RR         b at rank 2: 0.5         放款 1   就医 0   mean 0.5
#   nDCG@3     (1 × 0.6309 + 2 × 0.5) / (2 × 1 + 1 × 0.6309) = 1.6309297536 / 2.6309297536 = 0.6199062333
EXPECTED_NDCG = 1.6309297535714573 / 2.6309297535714573


def test_recall_is_the_share_of_relevant_items_found():
    assert recall_at_k(QRELS, RUN, 2) == {"云脑": 0.5, "放款": 1.0, "就医": 0.0}
    assert recall_at_k(QRELS, RUN, 3) == {"云脑": 1.0, "放款": 1.0, "就医": 0.0}


def test_success_is_any_relevant_item_found():
    assert success_at_k(QRELS, RUN, 1) == {"云脑": 0.0, "放款": 1.0, "就医": 0.0}
    assert success_at_k(QRELS, RUN, 2) == {"云脑": 1.0, "放款": 1.0, "就医": 0.0}


def test_reciprocal_rank_ends_at_the_cut_off():
    assert reciprocal_rank(QRELS, RUN) == {"云脑": 0.5, "放款": 1.0, "就医": 0.0}
    assert reciprocal_rank(QRELS, RUN, 1) == {"云脑": 0.0, "放款": 1.0, "就医": 0.0}


def test_ndcg_gains_the_relevance_itself():
    assert ndcg_at_k(QRELS, RUN, 3) == pytest.approx({"云脑": EXPECTED_NDCG, "放款": 1.0, "就医": 0.0}, abs=1e-12)


def test_unanswered_question_counts_zero_and_unknown_one_not_at_all():
    assert mean(reciprocal_rank(QRELS, RUN)) == 0.5


def test_equal_scores_are_ordered_by_name_the_greater_first():
    run = {"放款": {"c": 1.0, "e": 1.0, "d": 1.0}}
    assert reciprocal_rank({"放款": {"d": 1}}, run) == {"放款": 0.5}


def test_question_without_relevant_item_counts_zero():
    qrels = {"无": {"a": 0}}
    run = {"无": {"a": 1.0}}
    assert [f(qrels, run, 5)["无"] for f in (recall_at_k, success_at_k, reciprocal_rank, ndcg_at_k)] == [0, 0, 0, 0]


def test_mean_of_no_question_is_refused():
    with pytest.raises(ValueError, match="no question"):
        mean({})


def _random_qrels_and_run(seed: int, ties: bool) -> tuple[Qrels, Run]:
    rng = random.Random(seed)
    items = [f"p{number}" for number in range(30)]
    qrels = {f"q{n}": {i: rng.choice([0, 1, 1, 2, 3]) for i in rng.sample(items, 6)} for n in range(40)}
    run = {"q-unknown": {"p1": 1.0}}
    for number, question in enumerate(qrels):
        if number % 5:  # every fifth goes unanswered
            scores = rng.choices(range(8), k=20) if ties else rng.sample(range(1000), 20)
            run[question] = {item: score / 4 for item, score in zip(rng.sample(items, 20), scores, strict=True)}
    return qrels, run


def _assert_agrees(ours: dict[ir_measures.Measure, dict[str, float]], qrels: Qrels, run: Run) -> None:
    measures = list(ours)
    theirs = {(m.measure, m.query_id): m.value for m in ir_measures.iter_calc(measures, qrels, run)}
    flat = {(measure, question): value for measure, values in ours.items() for question, value in values.items()}
    assert flat == pytest.approx(theirs, abs=1e-9)
    means = ir_measures.calc_aggregate(measures, qrels, run)
    assert {measure: mean(values) for measure, values in ours.items()} == pytest.approx(means, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("ties", [True, False])
def test_agrees_with_ir_measures_on_random_runs(seed: int, ties: bool):
    qrels, run = _random_qrels_and_run(seed, ties)
    ours = {
        **{R @ k: recall_at_k(qrels, run, k) for k in (1, 5, 10)},
        **{Success @ k: success_at_k(qrels, run, k) for k in (1, 5, 10)},
        RR: reciprocal_rank(qrels, run),
        **{nDCG @ k: ndcg_at_k(qrels, run, k) for k in (1, 5, 10)},
    }
    _assert_agrees(ours, qrels, run)


@pytest.mark.parametrize("seed", range(5))
def test_cut_reciprocal_rank_agrees_with_ir_measures_where_no_scores_tie(seed: int):
    qrels, run = _random_qrels_and_run(seed, ties=False)
    _assert_agrees({RR @ k: reciprocal_rank(qrels, run, k) for k in (1, 5, 10)}, qrels, run)
