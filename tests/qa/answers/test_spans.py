import pytest

from qa.answers.phrases import pick_name
from qa.answers.spans import LONGEST_SHORT, best_span, candidates
from qa.language.asking import read_question
from qa.language.picking import Span, passage_weights
from qa.language.wording import weigh

MOVED = "文献中心整体迁至湖滨公园，建成集阅读、展览于一体的场所。"
ORDERS = "全县书店受线上折扣冲击影响，全年营业收入下降3.1%，行业协会通过网上预售、直播荐书挽回损失260万元。"
OPEN = "图书馆免费开放，周一闭馆。"
BUS = "流动书车由县文化馆牵头开行，每周三进村。"


def short(question: str, text: str) -> str | None:
    asked = read_question(question)
    words = passage_weights(weigh(question), text)
    ask = asked.asks[0] if asked.asks else None
    named = pick_name(ask, asked, text, words) if ask else None
    span = best_span(ask, asked, text, words, named)
    return text[span.start : span.end] if span else None


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("流动书车由哪个部门牵头？", BUS, "县文化馆"),
        ("文献中心迁到了什么地方？", MOVED, "湖滨公园"),
        ("新馆在哪儿？", "新馆位于湖东路，面积8600平方米。", "湖东路"),
        ("书店收入为什么下降？", ORDERS, "线上折扣冲击"),
        ("书店怎么挽回损失的？", ORDERS, "网上预售、直播荐书"),
        ("图书馆免费吗？", OPEN, "图书馆免费开放"),
        ("图书馆门票", OPEN, "图书馆免费开放"),
    ],
)
def test_short_answer_holds_what_is_asked_for(question: str, text: str, expected: str) -> None:
    said = short(question, text)
    assert said is not None
    assert expected in said
    assert len(said) <= len(expected) + 15


def test_stretches_are_short_whole_and_cut_at_no_number() -> None:
    text = "“湖畔读”等12.5万册（次）图书由市图书馆负责外借，" + "很" * 40 + "。"
    asked = read_question("哪个单位负责外借？")
    found = [text[start:end] for start, end, _ in candidates(asked.asks[0], asked, text, {}, None)]
    assert "市图书馆" in found
    assert all(2 <= len(words) <= LONGEST_SHORT for words in found)
    assert all(words.count("“") == words.count("”") and words.count("（") == words.count("）") for words in found)
    text = "数据平台由“平台商”向“服务商”转变。"
    found = [text[start:end] for start, end, _ in candidates(asked.asks[0], asked, text, {}, None)]
    assert "服务商" in found
    assert "平台商”向“服务商" not in found
    assert not any(words.startswith(("2.5", ".5", "5万")) or words.endswith(("12", "12.")) for words in found)


def test_names_too_long_for_a_short_answer_stay_whole() -> None:
    text = "开展" + "、".join(f"项目{number}号" for number in "一二三四五六七八九") + "等工作。"
    named = Span(2, len(text) - 4, 2.0)
    asked = read_question("开展了哪些工作？")
    assert best_span(asked.asks[0], asked, text, {}, named) == named


def test_a_passage_without_a_stretch_gives_none() -> None:
    asked = read_question("谁牵头？")
    assert best_span(asked.asks[0], asked, "。", {}, None) is None
