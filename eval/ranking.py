"""Figures of a ranking: recall@k, Success@k, reciprocal rank, nDCG@k. Pure functions; they know no file and no index.

`qrels` says which items are relevant to a question, and how much: {question: {item: relevance}}, 0 is not relevant.
`run` says what came back: {question: {item: score}}, higher is better. As in trec_eval, only scores count, never the
order in the mapping, and equal scores are ordered by item name, the greater name first: give a ranking that has its
own order for ties scores that fall with the rank.

Each function gives one value a question of `qrels`, so that intervals and comparisons can be made of them. A question
that the run does not answer counts 0 and never disappears; one that `qrels` does not know is left out.
"""

import math
from collections.abc import Mapping

Qrels = Mapping[str, Mapping[str, int]]
Run = Mapping[str, Mapping[str, float]]


def recall_at_k(qrels: Qrels, run: Run, k: int) -> dict[str, float]:
    """Give the share of a question's relevant items that stand among the first k, 0 to 1.

    trec_eval's recall_k (Buckley & Voorhees), R@k of ir-measures. The trap: with more than k relevant items it cannot
    reach 1, and with several it is not `success_at_k`, which others also call recall.
    """
    return {
        question: _share(sum(item in relevant for item in best), len(relevant))
        for question, best, relevant in _ranked(qrels, run, k)
    }


def success_at_k(qrels: Qrels, run: Run, k: int) -> dict[str, float]:
    """Give 1 where any relevant item stands among the first k, else 0.

    trec_eval's success_k, Success@k of ir-measures; "hit rate" and "top-k accuracy" elsewhere. The trap: one of ten
    needed passages is a success.
    """
    return {
        question: float(any(item in relevant for item in best)) for question, best, relevant in _ranked(qrels, run, k)
    }


def reciprocal_rank(qrels: Qrels, run: Run, k: int | None = None) -> dict[str, float]:
    """Give 1 / rank of the first relevant item, ranks from 1; 0 where none stands among the first k (None: anywhere).

    Kantor & Voorhees 2000, TREC-5 confusion track; RR@k of ir-measures, its mean is MRR@k. The traps: MRR without a
    cut-off and MRR@10 are two figures; and ir-measures computes RR@k as MS MARCO does, with the lesser name first among
    equal scores, while everything else there, RR included, puts the greater first.
    """
    return {
        question: next((1 / rank for rank, item in enumerate(best, 1) if item in relevant), 0.0)
        for question, best, relevant in _ranked(qrels, run, k)
    }


def ndcg_at_k(qrels: Qrels, run: Run, k: int) -> dict[str, float]:
    """Give the discounted gain of the first k over that of the best possible first k, 0 to 1.

    Järvelin & Kekäläinen 2002, with the discount of trec_eval's ndcg_cut_k, 1 / log2(rank + 1), and the relevance
    itself as gain; nDCG@k of ir-measures. The trap: Burges et al. 2005 gain 2^relevance - 1, which is the same only
    while relevance is 0 or 1.
    """
    values: dict[str, float] = {}
    for question, best, relevant in _ranked(qrels, run, k):
        ideal = sorted(relevant.values(), reverse=True)[:k]
        values[question] = _share(_gain([relevant.get(item, 0) for item in best]), _gain(ideal))
    return values


def mean(values: Mapping[str, float]) -> float:
    """Average over all questions, the unanswered among them.

    Raises:
        ValueError: there is no question.
    """
    if not values:
        raise ValueError("no question to average over")
    return math.fsum(values.values()) / len(values)


def _ranked(qrels: Qrels, run: Run, k: int | None) -> list[tuple[str, list[str], dict[str, int]]]:
    """Each question of qrels with its first k items, best first, and its relevant items."""
    ranked: list[tuple[str, list[str], dict[str, int]]] = []
    for question, judged in qrels.items():
        scores = run.get(question, {})
        best = sorted(scores, key=lambda item: (scores[item], item), reverse=True)[:k]
        ranked.append((question, best, {item: relevance for item, relevance in judged.items() if relevance > 0}))
    return ranked


def _gain(relevances: list[int]) -> float:
    return math.fsum(relevance / math.log2(rank + 1) for rank, relevance in enumerate(relevances, 1))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
