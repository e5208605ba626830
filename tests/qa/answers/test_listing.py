import pytest

from qa.answers.listing import announced_after, rows, says_number, things_asked
from qa.language.asking import read_question


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("书屋统一了哪三样东西？", 3),
        ("读者抱怨最多的四件事是什么？", 4),
        ("明年要抓的两件大事是哪些？", 2),
        ("落下的是哪两项？", 2),
        ("书屋有哪些？", None),
        ("书屋有多少家？", None),
        ("2022年12月的事是什么？", None),
    ],
)
def test_question_says_how_many_things_it_asks_for(question: str, number: int | None) -> None:
    assert things_asked(read_question(question)) == number


@pytest.mark.parametrize(
    ("sentence", "lengths"),
    [
        ("书屋的牌子、桌椅、灯光统一更换。", {3}),
        ("读者最盼的是延时开放、通借通还和送书上门，分别占三成。", {2, 3}),
        ("建成“云上书房”“书香驿站”“亲子书屋”。", {3}),
        ("新建惠民书屋15家。", set()),
    ],
)
def test_things_side_by_side_are_counted(sentence: str, lengths: set[int]) -> None:
    assert rows(sentence) == lengths


def test_sentence_says_how_many_it_lists() -> None:
    assert says_number(4, "藏书、借阅、活动、讲座四大板块全部上网。")
    assert says_number(2, "书屋、驿站2项任务结转。")
    assert not says_number(2, "书屋、驿站12项任务结转。")


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [("重点抓好三件大事：建成新馆；", 2), ("重点抓好三件大事。", 0), ("重点抓好三件大事：建馆、购书、培训。", 0)],
)
def test_announced_things_follow(sentence: str, rest: int) -> None:
    assert announced_after(sentence) == rest
