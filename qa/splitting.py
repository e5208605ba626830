"""One question, several things asked: it is split into questions that stand alone, each sought by itself."""

import re
from dataclasses import replace

from qa.asking import Asked, Wanted, implied, read_question

_EACH = re.compile(
    r"(?:数量上|上)?(?:又)?(?:分别|各自|各)(?=是|有|为|达|占|往|提|写|讲|[一-鿿]{0,3}(?:多少|几)|说|指|属|由)|(?:两者|二者)(?:分别|各)?"
)
_JOINED = re.compile(r"[，,]?(?:和|与|以及|及|跟|同)|、|[，,](?=[^，,]{3,}[，,]?(?:数量上|上)?(?:分别|各))")


_STEPS = re.compile(
    r"从(?P<steps>[^，。？、]{2,6}(?:、[^，。？、]{2,6})*)、?(?:再)?(?:到|直到)(?P<last>[^，。？、]{2,6}?)(?=[，,]|都)"
)


def split_question(asked: Asked) -> list[Asked]:
    """Split a question that asks about several things into one question for each; most questions stay whole.

    A的数量和B的数量分别是多少 asks about A and about B; 第一个在哪，第二个有多少 asks in each of its clauses.
    """
    if not asked.asks:
        return [replace(asked, asks=tuple(implied(asked.question)))]
    each = _EACH.search(asked.question)
    if each is not None:
        things = _things(asked.question[: each.start()])
        rest = asked.question[each.end() :]
        if len(things) > 1:
            return [read_question(f"{thing}{rest}") for thing in things]
    steps = _STEPS.search(asked.question)
    if steps is not None and asked.wanted in (Wanted.NAMES, Wanted.MANNER):
        before, after = asked.question[: steps.start()], asked.question[steps.end() :]
        return [read_question(f"{before}{step}{after}") for step in (*steps["steps"].split("、"), steps["last"])]
    clauses = _asking_clauses(asked)
    if len(clauses) < 2 or all(ask.wanted is Wanted.YES_NO for ask in asked.asks):
        return [asked]
    topic = _without_asks(asked, clauses[0])
    first, *others = (_cut(asked, span) for span in clauses)
    return [read_question(c) for c in (first, *(c if _speaks_for_itself(c) else _under(topic, c) for c in others))]


def _under(topic: str, clause: str) -> str:
    """A clause with what it is about before it; its own time replaces the year of the topic."""
    return f"{_YEAR.sub('', topic) if _OTHER_TIME.search(clause) else topic}，{clause}"


_YEAR = re.compile(r"(?:19|20)\d\d年?")
_OTHER_TIME = re.compile(r"(?:19|20)\d\d|下一步|接下来|今后|打算|计划|目标|[明今去]年")


_TOGETHER = re.compile("(?:这|那)?[两二2](?:处|块|方面|个方面|个地方|项|者)$")
_OWNERS = 7  # characters; what is shorter and stands side by side has the noun that follows in common


def _things(words: str) -> list[str]:
    """The things that stand side by side before 分别: 甲的户数和人数 → 甲的户数, 甲的人数."""
    things = [piece.strip("，, ") for piece in _JOINED.split(words)]
    if any(len(thing) < 2 for thing in things) or ("“" in words and any(t.count("“") != t.count("”") for t in things)):
        return [words]
    first, last = things[0], _TOGETHER.sub("", things[-1])
    things[-1] = last
    lead, at, own = first.rpartition("，在")  # 教育方面，在改革和应用两处
    if at and len(own) > 1:
        return [f"{lead}，{thing}" for thing in (own, *things[1:])]
    if "的" not in first and "的" in last and len(first) < _OWNERS:  # 门诊和住院的次均费用
        return [*(f"{thing}{last[last.find('的') :]}" for thing in things[:-1]), last]
    shared = first[: first.rfind("的") + 1]
    return [first, *(thing if len(thing) > 6 or "的" in thing else f"{shared}{thing}" for thing in things[1:])]


def _asking_clauses(asked: Asked) -> list[tuple[int, int]]:
    """Spans of the question, cut at commas and question marks, that each hold an interrogative; what leads up to one
    belongs to it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in re.finditer(r"[，,？?；;]|$", asked.question):
        if any(start <= ask.start < match.start() for ask in asked.asks):
            spans.append((start, match.start()))
            start = match.end()
    return spans


def _cut(asked: Asked, span: tuple[int, int]) -> str:
    return asked.question[span[0] : span[1]].strip("，, ")


def _without_asks(asked: Asked, span: tuple[int, int]) -> str:
    start, end = span
    words = "".join(
        char
        for at, char in enumerate(asked.question[start:end], start)
        if not any(ask.start <= at < ask.end for ask in asked.asks)
    )
    return words.strip("，, 有是为现")


_WHEN = "下一步|接下来|今后|打算|计划|目标|力争|明年|今年|去年|现在|目前|原来|之前|想|要|再|到|冲"


def _speaks_for_itself(clause: str) -> bool:
    """Whether a clause names what it asks about, so that it is understood without the one before."""
    rest = clause
    for ask in reversed(read_question(clause).asks):
        rest = rest[: ask.start] + rest[ask.end :]
    rest = re.sub(rf"(?:19|20)\d{{2}}年?|{_WHEN}", "", rest)
    return len(re.sub(r"[的了是在有又也还都和与，,其它他们这那再合计共总一属分中同时\s]", "", rest)) >= 5
