from dataclasses import replace

import numpy as np
import pytest

from index.embedding import embedded
from index.passage import Passage
from qa.answers.choosing import Candidate, fits, read, weights


def candidate(text: str, *headings: str) -> Candidate:
    return Candidate(Passage("p", "city", headings, 0, len(text), text, 0, 0), 0.8, 0.0, 0.0, False)


QUESTION = "老人坐公交车要不要钱？"
FREE = candidate("65周岁及以上老年人凭“敬老卡”免费乘车，60至64周岁半价。", "二、惠民政策")
PARKS = candidate("公园实行错时开放，厕所统一翻新。", "三、公交车")


class Whole:
    """An embedder that knows no word pieces, and nothing else either."""

    name, digest, dim, query_prompt = "whole", "0", 2, ""

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.ones((len(texts), 2), dtype=np.float32) / np.sqrt(2)

    embed_queries = embed


def best(*candidates: Candidate) -> int:
    return int(np.argmax(fits(read(QUESTION, candidates, embedded()))))


def test_of_passages_that_the_rules_hold_equal_the_nearer_one_is_chosen():
    assert (best(FREE, PARKS), best(PARKS, FREE)) == (0, 1)


def test_what_the_rules_make_of_a_passage_outweighs_likeness():
    assert best(FREE, replace(PARKS, score=FREE.score + 0.5)) == 1


def test_a_plan_where_none_is_asked_for_loses_and_a_contradiction_gains():
    assert best(replace(FREE, out_of_time=0.3), FREE) == 1
    assert best(FREE, replace(FREE, corrects=True)) == 1
    assert best(FREE, replace(FREE, fit=4.0)) == 1


def test_readings_are_of_the_question_beside_each_passage_with_its_headings():
    free, parks = read(QUESTION, [FREE, PARKS], embedded())
    asked, row = embedded().embed([QUESTION, f"二、惠民政策\n{FREE.passage.text}"])
    assert free["likeness"] == pytest.approx(float(asked @ row), abs=1e-6)
    alone = read(QUESTION, [candidate(PARKS.passage.text)], embedded())[0]
    assert parks["pieces"] > alone["pieces"]  # 公交车 is in the heading


def test_embedder_without_word_pieces_gives_way_to_the_one_that_the_weights_were_learned_with():
    assert read(QUESTION, [FREE, PARKS], Whole()) == read(QUESTION, [FREE, PARKS], embedded())


@pytest.mark.parametrize("name", ["score", "fit", "corrects", "likeness", "pieces"])
def test_of_two_passages_that_differ_in_one_reading_the_higher_is_chosen(name: str):
    known = read(QUESTION, [FREE], embedded())[0]
    lower, higher = fits([known, {**known, name: known[name] + 0.1}])
    assert higher > lower


def test_every_reading_has_a_weight():
    assert set(weights()) == set(read(QUESTION, [FREE], embedded())[0])
