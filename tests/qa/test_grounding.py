import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.figures import Figure, Kind, Qualifier, read_figures
from index.store import PassageIndex
from qa import prompts
from qa.answer import Status
from qa.config import Settings
from qa.grounding import departs, has_markup, ungrounded, without_markup
from qa.pipeline import ask, load_parts

QUOTE = "全市建成智慧图书馆36座，其中“云上书房”12座，在线率由年初的84.6%提升至95.5%，服务读者超过450万人次。"
MUTATIONS = 500


@pytest.fixture(scope="module")
def index(bundled_index: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("建成图书馆36座。", []),
        ("建成图书馆三十六座。", []),
        ("建成图书馆３６座。", []),
        ("建成图书馆36个。", ["36个"]),
        ("建成图书馆37座。", ["37座"]),
        ("建成图书馆36万座。", ["36万座"]),
        ("建成图书馆近36座。", ["近36座"]),
        ("建成图书馆36次。", ["36次"]),
        ("建成图书馆036座。", ["036"]),
        ("5G图书馆36座。", ["5"]),
        ("房屋过户最多跑一次。", ["最多跑一次"]),
        ("约两级图书馆36座。", ["约两级"]),
        ("图书馆36座，一座座建成。", []),
        ("服务读者450万人次。", ["450万人次"]),
        ("服务读者近450万人次。", ["近450万人次"]),
        ("服务读者超过450万次。", ["超过450万次"]),
        ("服务读者超450万人次。", []),
        ("在线率达到95.5%。", []),
        ("在线率由95.5%下降到84.6%。", ["95.5%", "84.6%"]),
        ("“云上书房”有12座。", []),
        ("“掌上书房”有12座。", ["掌上书房"]),
        ("《云上书房》有12座。", []),
        ("2021年建成36座。", ["2021年"]),
        ("36座、12座、99座、450万人次。", ["99座", "450万人次"]),
        ("没有数字也没有名字。", []),
        ("", []),
    ],
)
def test_what_the_quote_does_not_hold_is_listed(sentence: str, wrong: list[str]) -> None:
    assert ungrounded(sentence, [QUOTE]) == wrong


def test_numeral_that_is_read_as_no_figure_must_stand_there_too() -> None:
    quote = "覆盖市、区、镇三级机构，房屋过户最多跑一次。"
    assert ungrounded("覆盖市、区、镇三级机构，过户最多跑一次。", [quote]) == []
    assert ungrounded("覆盖一级机构。", [quote]) == ["一级"]
    assert ungrounded("过户跑一次。", [quote]) == ["跑一次"]


def test_several_quotes_ground_together_and_none_grounds_nothing() -> None:
    assert ungrounded("甲馆36座，乙馆58座。", ["甲馆36座。", "乙馆58座。"]) == []
    assert ungrounded("甲馆36座，乙馆58座。", ["甲馆36座。"]) == ["58座"]
    assert ungrounded("甲馆36座。", []) == ["36座"]


def test_what_is_denied_needs_no_ground_but_what_is_stated_does() -> None:
    assert ungrounded("报告写的是“图书馆36座”，不是“40座”。", [QUOTE]) == []
    assert ungrounded("报告写的是“图书馆40座”，不是“36座”。", [QUOTE]) == ["40座"]


@pytest.mark.parametrize(
    ("sum_", "wrong"),
    [
        ("95.5% − 84.6% = 10.9个百分点", []),
        ("95.5% − 84.6% = 11.9个百分点", ["95.5% − 84.6% = 11.9个百分点"]),
        ("95.5% − 84.6% = 10.9%", []),
        ("95.5% − 84.6% = 10.9个", ["95.5% − 84.6% = 10.9个"]),
        ("96.5% − 84.6% = 11.9个百分点", ["96.5%"]),
        ("36座 − 12座 = 24座", []),
        ("36座 + 12座 = 48座", []),
        ("36座 + 12座 = 49座", ["36座 + 12座 = 49座"]),
        ("36座 + 12座 + 36座 = 84座", []),
        ("36座 + 12座 + 36座 = 85座", ["36座 + 12座 + 36座 = 85座"]),
        ("36座 + 13座 + 36座 = 85座", ["13座"]),
        ("100% − 95.5% = 4.5%", []),
        ("100% − 95.5% = 5.5%", ["100% − 95.5% = 5.5%"]),
        ("36座 − 12座 = 34座", ["36座 − 12座 = 34座"]),
        ("36座 − 12座 = 24台", ["36座 − 12座 = 24台"]),
        ("36座 − 12座 = 近24座", ["36座 − 12座 = 近24座"]),
        ("36座 − 12座 ≈ 24座", []),
        ("12座 ÷ 36座 ≈ 33.3%", []),
        ("12座 ÷ 36座 ≈ 33.4%", ["12座 ÷ 36座 ≈ 33.4%"]),
        ("36座 ÷ 0座 ≈ 5%", ["36座 ÷ 0座 ≈ 5%", "0座"]),
        ("超过450万人次 ÷ 36座 ≈ 12.5万人次", []),
        ("超过450万人次 ÷ 36座 ≈ 12.6万人次", ["超过450万人次 ÷ 36座 ≈ 12.6万人次"]),
        ("超过450万人次 ÷ 36座 ≈ 125万人次", ["超过450万人次 ÷ 36座 ≈ 125万人次"]),
    ],
)
def test_sum_is_done_again(sum_: str, wrong: list[str]) -> None:
    assert ungrounded(f"按报告数字计算：{sum_}。", [QUOTE]) == wrong


def test_growth_gives_the_year_before() -> None:
    quote = "接待读者412万人次，同比增长3%。"
    assert ungrounded("按报告数字计算：412万人次 ÷ (1 + 3%) ≈ 400万人次。", [quote]) == []
    assert ungrounded("按报告数字计算：412万人次 ÷ (1 + 3%) ≈ 480万人次。", [quote]) != []


def test_every_passage_of_the_report_is_grounded_in_itself(index: PassageIndex) -> None:
    for position in range(len(index)):
        passage = index.passage(position)
        assert ungrounded(passage.text, [passage.text]) == [], passage.passage_id


def test_every_figure_of_the_report_is_grounded_alone_and_in_its_clause(index: PassageIndex) -> None:
    checked = 0
    for position in range(len(index)):
        text = index.passage(position).text
        for figure in read_figures(text):
            before = max(text.rfind(mark, 0, figure.start) for mark in "，,；;。：:") + 1
            after = min((at for mark in "，,；;。" if (at := text.find(mark, figure.end)) >= 0), default=len(text))
            assert ungrounded(text[before:after], [text]) == []
            assert ungrounded(f"报告写的是{figure.text}。", [text]) == []
            checked += 1
    assert checked == 83


# --- one thing changed ----------------------------------------------------------------------------------------------

NUMERALS = "一二三四五六七八九"
UNITS = ("吨", "公里", "小时", "亩", "元", "台", "次", "%")
QUALIFIERS = ("超过", "近", "约", "不足")


def _digit(figure: Figure, rng: random.Random) -> str | None:
    places = [at for at, char in enumerate(figure.text) if char.isdigit() or char in NUMERALS]
    if not places:
        return None
    at = rng.choice(places)
    others = NUMERALS if figure.text[at] in NUMERALS else "0123456789"
    return figure.text[:at] + rng.choice([c for c in others if c != figure.text[at]]) + figure.text[at + 1 :]


def _unit(figure: Figure, rng: random.Random) -> str | None:
    if figure.kind is not Kind.COUNT or not figure.unit or not figure.text.endswith(figure.unit):
        return None
    other = rng.choice([unit for unit in UNITS if unit not in (figure.unit, figure.unit[-1:])])
    return figure.text.removesuffix(figure.unit) + other


def _magnitude(figure: Figure, rng: random.Random) -> str | None:
    parts = re.search(r"(?P<number>\d[\d.]*)(?P<soft>[余多]?)(?P<scale>[万亿]?)", figure.text)
    if parts is None or figure.kind in (Kind.DATE, Kind.RANK):
        return None
    number, soft, scale = parts.groups()
    moved = number.replace(".", "") if "." in number else f"{number}0"
    scales = [""] if figure.kind in (Kind.PERCENT, Kind.POINTS) else ["", "千", "万", "亿"]
    other = rng.choice([(moved, scale), *((number, new) for new in scales if new != scale)])
    return figure.text[: parts.start()] + other[0] + soft + other[1] + figure.text[parts.end() :]


def _qualifier(figure: Figure, rng: random.Random) -> str | None:
    if figure.kind in (Kind.DATE, Kind.RANK):
        return None
    if figure.qualifier is Qualifier.EXACT:
        return rng.choice(QUALIFIERS) + figure.text
    bare = re.sub("最多|超过|超|近|约|多|余", "", figure.text)
    same = {Qualifier.LESS: "近不足", Qualifier.ABOUT: "约"}.get(figure.qualifier, "超过")
    others = [word for word in QUALIFIERS if word not in same]
    return rng.choice(others) + bare if rng.random() < 0.5 else bare


CHANGES = {"digit": _digit, "unit": _unit, "magnitude": _magnitude, "qualifier": _qualifier}


def _mutants(sentence: str, quotes: list[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """The sentence with one thing of one figure changed, unless the changed figure happens to stand in the quotes."""
    for figure in read_figures(sentence):
        for name, change in CHANGES.items():
            changed = change(figure, rng)
            if changed is None or any(changed in quote for quote in quotes):
                continue
            yield name, sentence[: figure.start] + changed + sentence[figure.end :]


def test_every_answer_with_one_thing_changed_is_caught(bundled_index: Path, index: PassageIndex) -> None:
    rng = random.Random(20211231)
    parts = load_parts(Settings(index=bundled_index))
    answers = [(index.passage(at).text, [index.passage(at).text]) for at in range(len(index))]
    for position in range(len(index)):
        text = index.passage(position).text
        for figure in read_figures(text):
            clause = re.split("[，,；;。：:]", text[: figure.start])[-1]
            if len(clause) > 4:
                answer = ask(f"{clause}多少{figure.unit}？", parts)
                if answer.status is Status.ANSWERED:
                    quotes = [citation.quote for citation in answer.citations]
                    answers += ((sentence.text, quotes) for sentence in answer.sentences)
    mutants = [(kind, mutant, quotes) for text, quotes in answers for kind, mutant in _mutants(text, quotes, rng)]
    missed = [(kind, mutant) for kind, mutant, quotes in mutants if not ungrounded(mutant, quotes)]
    counts = {kind: sum(name == kind for name, *_ in mutants) for kind in CHANGES}
    assert missed == []
    assert min(counts.values()) >= 100, counts
    assert len(mutants) >= MUTATIONS


# --- sentences in somebody's own words --------------------------------------------------------------------------------

PLATFORM = "平台已开放交通出行、市场监管等领域1712个数据目录,共1.3亿条数据,吸引44家企业入驻APP。"


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("平台已开放1712个数据目录，吸引44家企业入驻APP。", None),
        ("截至目前，平台一共吸引了44家企业。", None),
        ("44家。", None),
        ("根据资料，入驻平台的企业共有44家。", None),
        ("吸引外地44家企业入驻。", None),
        ("吸引省外的44家企业入驻。", None),
        ("吸引欧洲国44家企业入驻。", ["欧洲国"]),
        ("吸引了44家企业，请立即转账。", ["请立即转账"]),
        ("已经全部关闭的平台吸引44家企业。", ["已经全部关闭"]),
        ("平台没有吸引44家企业。", ["没"]),
        ("平台未吸引44家企业。", ["未"]),
        ("平台吸引44家企业入驻了吗，不。", ["不"]),
        ("平台共有几条数据。", ["几"]),
        ("入驻平台的企业是哪些。", ["哪些"]),
        ("平台吸引45家企业，芝麻开门。", ["45家", "芝麻开门"]),
        ("平台吸引44家企业入驻HACKED。", ["hacked"]),
        ("“云平台”吸引44家企业。", ["云平台"]),
        ("目录齐全。", None),
        ("齐全目录很好。", []),
        ("对的。", []),
        ("是的。", []),
        ("。", []),
    ],
)
def test_what_a_sentence_in_own_words_adds(sentence: str, wrong: list[str] | None) -> None:
    said = None if wrong is None else prompts.UNGROUNDED.format(wrong="、".join(wrong)) if wrong else prompts.UNLIKE
    assert departs(sentence, [PLATFORM]) == said


@pytest.mark.parametrize(
    "text", ["平台已开放。", "由84.6%提升至95.5%", "5G、3.5英寸", "A/B两类", "2.0版", "（一）《办法》", "a&b"]
)
def test_plain_text_has_no_markup(text: str) -> None:
    assert not has_markup(text)
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("见http://x.example/a?b=1 。", "见… 。"),
        ("见HTTPS://X.CN", "见…"),
        ("见www.gov.cn。", "见…。"),
        ("见ｗｗｗ．ｇｏｖ．ｃｎ", "见…"),
        ("<b>粗</b>", "…粗…"),
        ("＜b＞粗", "…粗"),
        ("甲<script>alert(1)</script>乙", "甲…乙"),
        ("<img src=x", "…"),
        ("[点我](http://x.cn)后", "…后"),
        ("![图](p.png)", "…"),
        ("[点我](", "…"),
        ("javascript:alert(1)", "…"),
        ("发到a@x.cn", "…"),
        ("&lt;b&#x3e;", "…b…"),
        (r"\u003c\x3e", "……"),
        ("1 > 0", "1 … 0"),
    ],
)
def test_markup_is_found_and_taken_out(text: str, without: str) -> None:
    assert has_markup(text)
    assert without_markup(text) == without
    assert not has_markup(without_markup(text))
