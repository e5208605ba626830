import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.lexical import K1, B, LexicalIndex, normalise, terms

TEXTS = [
    "城市云脑接入41个单位的121个业务系统。",
    "全年召开视频会议1018次，参会人数4万余人次。",
    "视频监控资源在线率由84.6%提升至95.5%。",
    "——",
    "城市城市城市",
]


def bm25(texts: list[str], weights: Mapping[str, float]) -> list[float]:
    """Robertson & Zaragoza 2009, equation 3.15 without its (k1 + 1), in plain Python."""
    bags = [terms(text) for text in texts]
    mean = sum(len(bag) for bag in bags) / len(bags)
    scores: list[float] = []
    for bag in bags:
        score = 0.0
        for term, weight in weights.items():
            df = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - df + 0.5) / (df + 0.5))
            tf = bag.count(term)
            score += weight * idf * tf / (tf + K1 * (1 - B + B * len(bag) / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("城市云脑", ["城", "市", "云", "脑", "城市", "市云", "云脑"]),
        ("ＡＢ４１％", ["ab", "41%"]),
        ("95.5%和7", ["95.5%", "和", "7"]),
        ("青e办", ["青", "e", "办"]),
        ("一、(二)", ["一", "二"]),
        ("。…—", []),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_normalise_folds_width_and_capitals() -> None:
    assert normalise("“ＡＢ”１２％（㎡）") == "“ab”12%(m2)"


@pytest.mark.parametrize(
    "weights",
    [
        {"城": 1.0},
        {"城市": 1.0, "云脑": 1.0, "41": 1.0},
        {"视频": 2.5, "次": 0.1, "人": 1.0},
        {"城市": 1.0, "没有的词": 9.0},
        dict.fromkeys(terms("视频会议开了多少次？"), 1.0),
    ],
)
def test_scores_agree_with_bm25_by_hand(weights: Mapping[str, float]) -> None:
    scores = LexicalIndex.build(TEXTS).scores(weights)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, bm25(TEXTS, weights), rtol=0, atol=1e-6)


def test_weight_scales_the_score() -> None:
    index = LexicalIndex.build(TEXTS)
    np.testing.assert_allclose(index.scores({"视频": 3.0}), 3 * index.scores({"视频": 1.0}), rtol=1e-6)


def test_unknown_terms_and_no_terms_score_nothing() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.scores({"龘": 1.0}).tolist() == [0.0] * 5
    assert index.scores({}).tolist() == [0.0] * 5


def test_idf_counts_the_texts_that_hold_a_term() -> None:
    index = LexicalIndex.build(TEXTS)
    assert index.idf("城市") == pytest.approx(math.log(1 + 3.5 / 2.5), abs=1e-12)
    assert index.idf("云脑") == pytest.approx(math.log(1 + 4.5 / 1.5), abs=1e-12)
    assert index.idf("龘") == pytest.approx(math.log(1 + 5.5 / 0.5), abs=1e-12)


def test_saved_index_scores_the_same(tmp_path: Path) -> None:
    built = LexicalIndex.build(TEXTS)
    built.save(tmp_path / "words")
    loaded = LexicalIndex.load(tmp_path / "words")
    assert loaded.size == 5
    weights = dict.fromkeys(terms("城市视频人次"), 1.0)
    assert loaded.scores(weights).tolist() == built.scores(weights).tolist()
    assert loaded.idf("城市") == built.idf("城市")
