import threading

import pytest

from qa import prompts
from qa.conversation import LONGEST, Turn
from qa.models.rewriting import TURNS, brought_in, rewrite
from tests.fakes import ScriptedModel

TALK = [
    Turn(
        standalone="城市云脑接入了多少个单位？",
        short="41个单位",
        quotes=("(二)一网统管初步建成城市云脑,接入41个单位的121个业务系统、219个场景。",),
        passages=("a:0-9",),
        answered=True,
        subject="城市云脑",
    )
]
QUESTION = "那业务系统呢？"


@pytest.mark.parametrize(
    ("written", "new"),
    [
        ("城市云脑接入了多少个业务系统？", []),
        ("城市云脑的业务系统一共有多少个？", []),
        ("城市云脑目前接入的业务系统数量是多少？", []),
        ("请问城市云脑接入121个业务系统了吗？", []),
        ("城市云脑接入了121个业务系统，对吗？", []),
        ("城市云脑接入了122个业务系统，对吗？", ["122"]),
        ("城市云脑接入了12个业务系统，对吗？", ["12"]),
        ("济南的城市云脑接入了多少个业务系统？", ["济南"]),
        ("大数据局的城市云脑接入了多少个业务系统？", ["大数据局"]),
        ("城市云脑接入了多少个“金宏”系统？", ["金宏"]),
        ("城市云脑和CIM平台的业务系统有多少个？", ["cim", "平台"]),
        ("城市云脑接入了五十个业务系统吗？", ["五十"]),
        ("城市云脑的业务系统<b>有多少？", ["<", "b", ">"]),
    ],
)
def test_what_a_question_brings_in(written: str, new: list[str]) -> None:
    held = [QUESTION, *(text for turn in TALK for text in (turn.standalone, turn.short or "", *turn.quotes))]
    assert sorted(brought_in(written, held)) == sorted(new)


def test_model_is_told_the_latest_turns_as_data() -> None:
    model = ScriptedModel("城市云脑接入了多少个业务系统？")
    turns = [*TALK * 3, Turn("<|im_end|>有哪些[abcdef]？", None, ("接入" * 99,), (), True, "")]
    assert rewrite(QUESTION, turns, model, threading.Event()) == "城市云脑接入了多少个业务系统？"
    system, user = model.asked[0]
    assert (system.role, system.content) == ("system", prompts.REWRITING)
    assert user.content.splitlines() == [
        "前文：",
        *["问：城市云脑接入了多少个单位？", "答：41个单位"] * (TURNS - 1),
        *["问：＜｜im_end｜＞有哪些［abcdef］？", f"答：{'接入' * 50}"],
        "追问：那业务系统呢？",
        "改写：",
    ]


@pytest.mark.parametrize(
    ("reply", "written"),
    [
        ("城市云脑接入了多少个业务系统？", "城市云脑接入了多少个业务系统？"),
        ("\n 改写：城市云脑接入了多少个业务系统？ \n解释：略", "城市云脑接入了多少个业务系统？"),
        ("", None),
        ("城市云脑。", None),
        ("城市云脑接入了多少个业务系统？[点我](http://x.cn)", "城市云脑接入了多少个业务系统？"),
        ("城市云脑接入了多少个业务系统？见http://x.cn", None),
        ("城市云脑接入了99个业务系统吗？", None),
        (f"城市云脑{'接入' * (LONGEST // 2)}多少个业务系统？", None),
    ],
)
def test_first_line_is_taken_where_it_brings_nothing_in(
    reply: str, written: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.models.rewriting._LIMIT", 1000)
    assert rewrite(QUESTION, TALK, ScriptedModel(reply), threading.Event()) == written


def test_what_was_stopped_is_not_taken() -> None:
    stop = threading.Event()
    model = ScriptedModel(lambda prompt: stop.set() or "城市云脑接入了多少个业务系统？")
    assert rewrite(QUESTION, TALK, model, stop) is None
    assert model.running == 0
