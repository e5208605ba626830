import pytest

from qa.questions.topics import all_asked, thing_counted, thing_found, thing_named

BUS = "开出“流动书车”，走进87个偏远村。"
LIST = "编制读者服务首问清单156项，据此办理投诉2340件。"
BANKS = "18家合作书店利用借阅数据开展订购。"


@pytest.mark.parametrize(
    ("question", "quotes", "thing"),
    [
        ("“家门口办”有多少项？", (), "“家门口办”"),
        ("社区图书馆建了多少个？", (), "社区图书馆"),
        ("流动书车走了多少个村？", (BUS,), "流动书车"),
        ("首问清单编了多少项？", (LIST,), "首问清单"),
        ("这一年社区书屋改造了多少间？", ("全年改造社区书屋34间。",), "社区书屋"),
        ("湖畔直达平台里一共有多少条？", ("开通湖畔直达平台，上线860条。",), "湖畔直达平台"),
        ("用借阅数据给读者荐书的合作书店有多少家？", (BANKS,), "合作书店"),
        ("靠那个监测系统找到了多少次？", ("监测系统预警3925条。",), "监测系统"),
        ("年初的时候设备完好率是多少？", ("图书馆设备完好率由年初的84%升到95%。",), "设备完好率"),
        ("2021年的流动书车走了多少个村？", (BUS,), "流动书车"),
        ("馆藏余额到年底是多少？", ("年末馆藏余额48万册。",), "馆藏余额"),
        ("有多少家书店在用？", (), ""),
    ],
)
def test_thing_is_named_in_the_words_of_the_report(question: str, quotes: tuple[str, ...], thing: str):
    assert thing_named(question, quotes) == thing


def test_thing_counted_keeps_what_the_answer_says_of_it():
    assert thing_counted("一共有多少家老年书屋？", ("全区有老年书屋35家。",)) == "老年书屋"


@pytest.mark.parametrize(
    ("question", "short", "thing"),
    [
        ("借得最多的书是哪本？", "《湖滨志》", "《湖滨志》"),
        ("办得最快的“一件事”是哪个？", "借书证一件事", "借书证一件事"),
        ("哪位馆员得了奖？", "周小满", "周小满"),
        ("最早在哪个县办的？", "湖东县", ""),
        ("办得最快的“一件事”是哪个？", "借书证、阅览证", ""),
        ("办得最快的“一件事”是哪个？", None, ""),
    ],
)
def test_which_one_it_is_stands_in_the_answer(question: str, short: str | None, thing: str):
    assert thing_found(question, short) == thing


@pytest.mark.parametrize(
    ("question", "subject", "topic"),
    [
        ("图书馆通借通还系统服务了多少读者？", "图书馆通借通还系统", "图书馆通借通还系统服务的读者"),
        ("社区图书馆建了多少？", "社区图书馆", "社区图书馆"),
        ("图书借阅量排第几？", "图书借阅量", "图书借阅量"),
    ],
)
def test_all_that_a_question_asks_for(question: str, subject: str, topic: str):
    assert all_asked(question, subject) == topic
