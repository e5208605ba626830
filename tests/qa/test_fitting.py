import pytest

from index.figures import ledger
from qa.arithmetic import default_weigher
from qa.asking import read_question
from qa.fitting import Seen, best_figure, candidates, fit_of, weights
from qa.picking import unlike

SENTENCE = "全市新建公园12座，累计建成86座，其中口袋公园35座，绿化率由38.5%提高到41.2%。"
READINGS = {"stated": 0.0, "quoted": 0.0, "premise": 0.0, "out_of_time": 0.0, "other_place": False}


def seen(text: str, **readings: float) -> Seen:
    return Seen(text, 1.0, 1, text, READINGS | readings)


def best(question: str, text: str = SENTENCE) -> str | None:
    asked = read_question(question)
    words = default_weigher(lambda term: 1.0)(asked.question, text)
    span = best_figure(asked.asks[0], asked, seen(text), words, unlike)
    return text[span.start : span.end] if span is not None else None


def features(question: str, at: int, text: str = SENTENCE, **readings: float) -> dict[str, float]:
    asked = read_question(question)
    words = default_weigher(lambda term: 1.0)(asked.question, text)
    entry = ledger(text)[at]
    found = candidates(asked.asks[0], asked, seen(text, **readings), words, unlike)
    return dict(next(these for one, these in found if one.figure == entry.figure))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("今年新建了多少座公园？", "12座"),
        ("公园累计建成多少座？", "86座"),
        ("口袋公园有多少座？", "35座"),
        ("现在的绿化率是多少？", "41.2%"),
        ("年初的绿化率是多少？", "38.5%"),
        ("绿化率排第几？", None),
        ("建了多少条绿道？", None),
    ],
)
def test_the_figure_of_what_is_asked_for_fits_best(question: str, answer: str | None) -> None:
    assert best(question) == answer


def test_a_figure_that_the_question_states_is_no_candidate() -> None:
    assert best("新建了12座公园，累计多少座？") == "86座"


def test_fit_is_the_weighted_sum_over_none() -> None:
    known = weights()
    assert fit_of({}) == -known["none"]
    assert fit_of({"retrieved": 0.5, "only": True, "not a feature": 9.0}) == pytest.approx(
        0.5 * known["retrieved"] + known["only"] - known["none"]
    )


def test_readings_of_unit_and_noun() -> None:
    of_parks, of_rate = features("口袋公园有多少座？", 2), features("绿化率是多少？", 4)
    assert (of_parks["unit_same"], of_parks["unit_other"], of_parks["noun"]) == (True, False, 1.0)
    assert (of_rate["rate_asked"], of_rate["kind_main"], of_rate["change_unasked"]) == (True, True, True)


def test_words_about_one_figure_speak_against_its_neighbours() -> None:
    own, neighbour = features("口袋公园有多少座？", 2), features("口袋公园有多少座？", 0)
    assert own["own"] > 0.4 > 0.2 > neighbour["own"]
    assert own["lost"] < 0.1 < 0.2 < neighbour["lost"]


def test_readings_of_the_passage_are_handed_on() -> None:
    assert features("口袋公园有多少座？", 2, out_of_time=0.3)["out_of_time"] == 0.3
