"""A follow-up written out by a language model, and whether that brings in anything that the talk does not hold."""

import re
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import cast

from index.lexical import normalise
from qa import prompts
from qa.conversation import LONGEST, Turn
from qa.language.asking import read_question
from qa.language.wording import FUNCTION_CHARACTERS
from qa.llm import LanguageModel, Message
from qa.models.composing import as_data
from qa.questions.screening import clean

TURNS = 3  # turns that the model is told
_TOLD = 100  # characters told of an answer that has no short one
_LIMIT = 96  # tokens; a question written out has 20 to 60
_CODE = re.compile(r"[a-z0-9]+(?:[.,:/%-]+[a-z0-9]+)*%?")
_ASKING = re.compile(
    "情况|目前|现在|数量|一共|总共|分别|具体|内容|方面|报告|相比|其中|以及|包括|是否|有没有|哪里|问题|请问|[对是]吗|[的了]"
)
_FOREIGN = re.compile(r"[^一-鿿a-z0-9\s“”‘’《》（）()、，,。.？?！!：:；;·%+\-]")


def rewrite(question: str, turns: Sequence[Turn], model: LanguageModel, stop: threading.Event) -> str | None:
    """Write a follow-up out with a language model; None where what it wrote may not stand for what was asked.

    Raises:
        ModelFailedError: The model fails.
    """
    told = [f"问：{as_data(turn.standalone)}\n答：{as_data(_reply(turn))}" for turn in turns[-TURNS:]]
    user = prompts.TALK.format(turns="\n".join(told), question=as_data(question))
    messages = (Message("system", prompts.REWRITING), Message("user", user))
    with closing(cast("Generator[str]", model.generate(messages, _LIMIT, stop))) as pieces:
        written = clean("".join(pieces).strip().partition("\n")[0])
    written = written.removeprefix(prompts.TALK.rpartition("\n")[2]).strip()
    held = [question, *(text for turn in turns for text in (turn.standalone, turn.short or "", *turn.quotes))]
    asks = len(written) <= LONGEST and read_question(written).asks
    return written if asks and not stop.is_set() and not brought_in(written, held) else None


def _reply(turn: Turn) -> str:
    return turn.short or "".join(turn.quotes[:1])[:_TOLD] or prompts.NOT_IN_REPORT


def brought_in(question: str, held: Sequence[str]) -> list[str]:
    """List what a question says that none of some texts does: figures, names, any word of two characters or more.

    Words that only ask (多少, 情况, 一共) may be new.

    >>> brought_in("济南的城市云脑接入了多少个单位？", ["城市云脑接入了多少个单位？", "那业务系统呢？"])
    ['济南']
    """
    known = normalise("\n".join(held))
    asked = normalise(question)
    codes = set(_CODE.findall(known))
    new = _FOREIGN.findall(asked) + [code for code in _CODE.findall(asked) if code not in codes]
    for run in re.findall("[一-鿿]+", asked):
        left = _without_known(run, known)
        words = re.findall("[一-鿿]{2,}", _ASKING.sub(" ", left))
        new += (word for word in words if not FUNCTION_CHARACTERS.issuperset(word))
    return new


def _without_known(run: str, known: str) -> str:
    """A run of characters with a blank for each stretch of two or more that some text holds, longest first."""
    left = ""
    at = 0
    while at < len(run):
        size = next((n for n in range(len(run) - at, 1, -1) if run[at : at + n] in known), 0)
        left += " " if size else run[at]
        at += size or 1
    return left
