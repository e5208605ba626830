from pathlib import Path

import pytest

from index.build import build
from index.store import PassageIndex
from qa.language.asking import read_question
from qa.language.tense import asks_ahead, speaks_ahead, year_in_force, years_asked
from tests.fakes import HashEmbedder

REPORT = """云溪县文化工作报告
一、2022年工作回顾
建成书屋53家。
二、存在问题
力争早日补上短板。
三、下一步工作安排
新建书屋15家。
四、2023年重点工作
2023年,新建文化馆2座。
1.惠民书屋：指免费开放的书屋。
"""


@pytest.fixture
def index(tmp_path: Path) -> PassageIndex:
    (tmp_path / "yunxi.txt").write_text(REPORT, encoding="utf-8")
    build([tmp_path / "yunxi.txt"], tmp_path / "index", HashEmbedder())
    return PassageIndex.open(tmp_path / "index")


def test_plans_are_told_by_year_by_heading_and_by_their_own_words(index: PassageIndex) -> None:
    report = index.report("yunxi")
    ahead = {index.passage(i).text: speaks_ahead(index.passage(i), report) for i in range(len(index))}
    assert ahead == {
        "建成书屋53家。": False,
        "力争早日补上短板。": True,
        "新建书屋15家。": True,
        "2023年,新建文化馆2座。": True,
        "1.惠民书屋：指免费开放的书屋。": False,  # what a word means is no plan
    }


@pytest.mark.parametrize(
    ("question", "ahead"),
    [
        ("2023年书屋有多少家？", True),
        ("2022年书屋有多少家？", False),
        ("2023年的书屋比2022年多多少家？", None),
        ("打算再建几家书屋？", True),
        ("明年还开书屋吗？", True),
        ("今年要新建多少家书屋？", True),
        ("“书香计划”办到哪些村？", None),
        ("原来计划是几家？", None),
        ("主要建了哪些书屋？", False),
        ("书屋建了多少家？", False),
        ("举办过哪些活动？", False),
        ("第四过江通道多长？", None),
        ("书屋开放到几点？", None),
    ],
)
def test_question_asks_of_plans_or_of_what_was_done(index: PassageIndex, question: str, ahead: bool | None) -> None:
    assert asks_ahead(read_question(question), index.report("yunxi")) is ahead


def test_years_of_a_question() -> None:
    assert years_asked(read_question("2023年的书屋比2022年多多少家？")) == [2023, 2022]
    assert years_asked(read_question("2023想建多少家书屋？")) == [2023]  # typed in a hurry
    assert years_asked(read_question("5月建了多少家书屋？")) == []


def test_year_in_force_is_the_last_that_began_a_sentence_or_heading(index: PassageIndex) -> None:
    report = index.report("yunxi")
    assert year_in_force(report, report.text.index("建成书屋53家")) == 2022
    assert year_in_force(report, report.text.index("惠民书屋")) == 2023
    assert year_in_force(report, 0) == 2022  # the report's own


def test_earlier_year_amid_a_paragraph_holds_to_its_end(tmp_path: Path) -> None:
    text = "云溪县2022年文化工作报告\n一、书屋\n建成书屋53家。2021年度办证率为94%。借书21万册次。\n新馆开放。\n"
    (tmp_path / "yunxi.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "yunxi.txt"], tmp_path / "index", HashEmbedder())
    report = PassageIndex.open(tmp_path / "index").report("yunxi")
    years = [year_in_force(report, report.text.index(words)) for words in ("建成书屋", "借书21万", "新馆")]
    assert years == [2022, 2021, 2022]


@pytest.mark.parametrize(("question", "ahead"), [("今年建了多少家书屋？", True), ("去年建了多少家书屋？", False)])
def test_this_year_of_a_speech_is_the_year_that_it_was_held_in(tmp_path: Path, question: str, ahead: bool) -> None:
    spoken = "政府工作报告\n——2023年1月9日在云溪县第八届人民代表大会上\n一、2022年工作回顾\n建成书屋53家。\n"
    (tmp_path / "speech.txt").write_text(spoken, encoding="utf-8")
    build([tmp_path / "speech.txt"], tmp_path / "index", HashEmbedder())
    report = PassageIndex.open(tmp_path / "index").report("speech")
    assert asks_ahead(read_question(question), report) is ahead
