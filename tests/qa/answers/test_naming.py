import pytest

from index.figures import ledger
from qa.answers.naming import counts_other, of_another_place
from qa.language.asking import read_question

PARKS = "全县建成社区公园36处，改造老旧小区12个。"
RATES = "孕妇建册率为98.2%，婴儿建册率为95.1%，结婚登记下降4.3%。"


def unlike(one: str, other: str) -> float:
    return 0.0


def is_other(question: str, text: str, at: int) -> bool:
    asked = read_question(question)
    return counts_other(asked.asks[0], asked, ledger(text)[at], text, unlike)


@pytest.mark.parametrize(
    ("question", "text", "at", "other"),
    [
        ("建成多少处公园？", PARKS, 0, False),
        ("新建了多少处停车场？", PARKS, 0, True),
        ("停车场建了多少处？", PARKS, 0, True),
        ("公园建了多少处？", PARKS, 0, False),
        ("全县建成多少处？", PARKS, 0, False),
        ("学校的公园里游泳池有多少处？", PARKS, 0, True),
        ("婴儿建册率是多少？", RATES, 1, False),
        ("孕妇建册率是多少？", RATES, 1, True),
        ("结婚率是多少？", RATES, 2, True),
        ("门票收入是多少钱？", "旅馆收入320万元。", 0, True),
        ("旅馆收入是多少钱？", "旅馆收入320万元。", 0, False),
    ],
)
def test_figure_of_another_thing_is_told(question: str, text: str, at: int, other: bool) -> None:
    assert is_other(question, text, at) is other


@pytest.mark.parametrize(
    ("question", "spoken_of", "other"),
    [
        ("青石区签约了多少人？", "全市签约2.3万人。", True),
        ("青石区签约了多少人？", "青石区签约2300人。", False),
        ("云溪县签约了多少人？", "全县签约2300人。", False),
        ("2023年青石区签约了多少人？", "全市签约2.3万人。", True),
        ("2023年云溪县签约了多少人？", "全市签约2.3万人。", False),
        ("城区签约了多少人？", "全市签约2.3万人。", False),
        ("青石区怎么样？", "全市签约2.3万人。", False),
    ],
)
def test_place_that_is_asked_about_must_be_spoken_of(question: str, spoken_of: str, other: bool) -> None:
    found = ["青石区、白石区各设一处。", "全市签约2.3万人。"]
    assert of_another_place(read_question(question), spoken_of, found, "云溪县2023年工作报告") is other
