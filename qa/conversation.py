"""A follow-up becomes a question that stands alone: 那业务系统呢？ → 城市云脑，业务系统有多少？"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Answer, Status
from qa.asking import FIGURES, Asked, Wanted, read_question

MOST_TURNS = 8  # turns kept; older ones are forgotten
_NAMED = 4  # characters in a row that a question shares with the report when it names its subject
_LONG = 14  # characters; a longer question without pronoun says itself what it is about


@dataclass(frozen=True)
class Turn:
    """One question as it stood alone, and what its answer was: the short answer and the quoted passages."""

    standalone: str
    short: str | None
    quotes: tuple[str, ...]
    passages: tuple[str, ...]
    answered: bool
    subject: str


@dataclass(frozen=True)
class Conversation:
    """The latest turns of one person's talk, oldest first."""

    turns: tuple[Turn, ...] = ()

    def after(self, answer: Answer) -> "Conversation":
        """Give the conversation with one more turn; questions that were none leave it as it is."""
        if answer.status in (Status.INVALID_INPUT, Status.OUT_OF_SCOPE, Status.OVERLOADED, Status.ERROR):
            return self
        quotes = tuple("".join((*c.section[-1:], c.quote)) for c in answer.citations)
        before = self.turns[-1].subject if self.turns else ""
        turn = Turn(
            answer.standalone_question,
            answer.short,
            quotes,
            tuple(c.passage_id for c in answer.citations),
            answer.status in (Status.ANSWERED, Status.PARTIAL),
            before if before and before in answer.standalone_question else _subject(answer.standalone_question, quotes),
        )
        return Conversation((*self.turns, turn)[-MOST_TURNS:])


_LEAD = re.compile(r"^(?:那么|那(?!个|些|家|座|种|边|里)|嗯|哦|噢|好的?[，,]|请问|再问一下|对了)[，,]?")
_PRONOUN = re.compile(
    r"它们|他们|她们|它|(?:这|那)(?:个|些|家|项|套|座|份|件|次|两个|几个)(?!数)|(?<![一-鿿])(?:这|那)(?:里|边)|其中|前者|后者|上面|上述|该(?!不该)"
)
_BARE = re.compile(r"(?P<thing>.+?)(?:又|都)?呢[？?。]?$")
_DOUBT = re.compile(r"^(?:不对吧?|错了吧?|不是吧|真的吗?|你确定吗?|确定吗?|搞错了吧?)")
_BOTH = re.compile(r"(?:这|那)?(?:两|2)(?:个数|个数字|者|项|个|样)|(?:它|他)们?(?:俩|两)")


def standalone(question: str, conversation: Conversation, nearby: Sequence[str]) -> str:
    """Write a question out so that it is understood without the turns before; one that stands alone stays as it is.

    `nearby` are the texts of the passages that the question finds by itself.
    """
    earlier = [turn for turn in conversation.turns if turn.answered] or list(conversation.turns)
    if not earlier:
        return question
    asked = read_question(question)
    words = _LEAD.sub("", question).strip()
    last = earlier[-1]
    if _DOUBT.search(words):
        return f"{_without_end(last.standalone)}，{_DOUBT.sub('', words).strip('，,。 ') or '对吗'}"
    if not is_follow_up(words, asked, nearby):
        return question
    subject = last.subject
    if _BOTH.search(words) and len(earlier) > 1:
        both = [turn.short for turn in earlier[-2:] if turn.short]
        if len(both) == 2:
            rest = _BOTH.sub("", words).lstrip("按照用拿的").strip("，, ")
            return (
                f"{subject}，{both[1]}和{both[0]}{rest}" if "占" in rest else f"{subject}，{both[0]}和{both[1]}{rest}"
            )
    bare = _BARE.fullmatch(words)
    if bare is not None and not read_question(bare["thing"]).asks:
        words = bare["thing"].strip("的，, ") + _predicate(bare["thing"], read_question(last.standalone))
    pronoun = _PRONOUN.search(words)
    if pronoun is not None and pronoun.group() not in ("其中", "上面", "上述"):
        return f"{words[: pronoun.start()]}{subject}{words[pronoun.end() :]}"
    return words if subject in words else f"{subject}，{words}"


def is_follow_up(words: str, asked: Asked, nearby: Sequence[str]) -> bool:
    """Whether a question leans on the one before: a pronoun, no predicate, or no subject that the report knows."""
    if _PRONOUN.search(words) or _BOTH.search(words):
        return True
    bare = _BARE.fullmatch(words)
    if bare is not None and not read_question(bare["thing"]).asks:
        return True
    rest = words
    for ask in reversed(read_question(words).asks):
        rest = f"{rest[: ask.start]}\n{rest[ask.end - len(ask.noun) :]}"
    pieces = [rest[i : i + _NAMED] for i in range(len(rest) - _NAMED + 1)]
    if any(piece in text for piece in pieces if re.fullmatch(r"[^\s，。？?、]+", piece) for text in nearby):
        return False
    return len(words) < _LONG


def _predicate(thing: str, before: Asked) -> str:
    """What 呢 stands for: the kind of question asked before."""
    if re.search(r"(?:率|比例|占比|同比|环比|比重|增幅|增速)$", thing):
        return "是多少？"
    if before.wanted is Wanted.RANK:
        return "排第几？"
    if before.wanted in FIGURES:
        return "有多少？"
    return "是什么情况？" if before.wanted is not Wanted.NAMES else "有哪些？"


def _without_end(question: str) -> str:
    return question.rstrip("？?。！! ")


def _subject(question: str, quotes: Sequence[str]) -> str:
    """What a turn was about: a quoted name of its question, else the words it shares with its answer."""
    quoted = re.findall(r"“[^“”]{2,20}”", question)
    if quoted:
        return quoted[0]
    for ask in reversed(read_question(question).asks):
        question = f"{question[: ask.start]}\n{question[ask.end :]}"
    best = ""
    for size in range(min(len(question), 16), 2, -1):
        for start in range(len(question) - size + 1):
            piece = question[start : start + size]
            if re.fullmatch(r"[一-鿿A-Za-z0-9·]+", piece) and any(piece in quote for quote in quotes):
                best = piece
                break
        if best:
            break
    best = re.sub(r"^(?:今年以来|目前|全市的?|已经|的|了)+", "", best)
    start = re.split(r"了|有|是|在|被|把|共|能|会|还|都|现在|目前|累计|已|\n|，", question.lstrip("\n"))[0]
    return best if len(best) > 3 or len(start) < 3 else start
