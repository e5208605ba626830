import pytest

from index.figures import Kind
from qa.checks.differing import find_figure
from qa.language.picking import ledger
from qa.language.subjects import Outcome, Source

SEATS = "图书馆座位由60个增加到90个。"
CARDS = "读者卡办理时间由9天压缩至3天。"
RANK = "图书馆在全省排第6位，比上年上升3位。"
RETURNED = "图书归还率99.5%，借阅册次增长8%。"
KINDS = "文学、历史和科技类图书分别占40.2%、25.3%和16.5%。"
GRANT = "每册图书补贴由5元提高到10元。"
ADVICE = "图书馆征求意见213条，采纳206条。"
WINDOWS = "大厅原有的52个专窗整合为18个综合窗口。"
SCHOOLS = "小学由30所增加到60所，中学由20所增加到25所。"
LOANS = "图书馆馆藏图书7900多册，借出图书97类6.4万册。"


def outcomes(claim: str, sentence: str) -> list[Outcome]:
    source = Source(0, sentence, "二〇二三年图书馆工作", "", frozenset({2023}))
    entries = [entry for entry in ledger(claim) if entry.figure.kind is not Kind.DATE]
    return [find_figure(entry, claim, frozenset(), [source]).outcome for entry in entries]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("图书馆的座位比原来多了30个。", "图书馆的座位比原来多了20个。", SEATS),
        ("大厅的窗口比原来少了34个。", "大厅的窗口比原来少了24个。", WINDOWS),
        ("读者卡办理时间砍掉了三分之二。", "读者卡办理时间砍掉了四分之三。", CARDS),
        ("上一年图书馆在全省排第9位。", "上一年图书馆在全省排第3位。", RANK),
        ("2022年图书馆在全省排第9位。", "2022年图书馆在全省排第3位。", RANK),
        ("没归还的图书不到1%。", "没归还的图书超过1%。", RETURNED),
        ("有7条意见没被采纳。", "有17条意见没被采纳。", ADVICE),
        ("文学、历史和科技合起来占八成多。", "文学、历史和科技合起来占九成多。", KINDS),
        ("每册图书的补贴翻了一番。", "每册图书的补贴翻了两番。", GRANT),
        ("图书馆的馆藏还没有满8000册。", "图书馆的馆藏还没有满7000册。", LOANS),
        ("借出的图书分97个类别。", "借出的图书分87个类别。", LOANS),
    ],
)
def test_figure_that_follows_from_others_is_borne_out_and_another_is_not(right: str, wrong: str, sentence: str) -> None:
    assert outcomes(right, sentence) == [Outcome.AGREES]
    assert outcomes(wrong, sentence)[0] is not Outcome.AGREES


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("借阅超时的图书不到1%。", RETURNED),  # what is not returned is another thing
        ("图书馆座位减少了30个。", SEATS),
        ("中学由20所增加到25所，数量翻了一番。", SCHOOLS),
        ("书桌比书架多40张。", "图书馆有书架120张、书桌80张。"),
        ("前年图书馆列全省第9位。", RANK),
        ("今年图书馆在全省排第9位。", RANK),
    ],
)
def test_what_is_worked_out_is_of_the_thing_the_way_and_the_year_that_are_told(claim: str, sentence: str) -> None:
    assert outcomes(claim, sentence)[-1] is not Outcome.AGREES
