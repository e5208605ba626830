"""Does the question take something for granted that the report contradicts?

A figure that the question states is held against the figure that the passage gives for the same thing; a direction
(掉到, 涨到) against the passage's; 推进得很快 against 进度不快.
"""

import re
from dataclasses import dataclass

from index.figures import Direction, Figure, Kind, LedgerEntry, Role, same_figure, same_value, supports
from qa import prompts
from qa.language.asking import Asked
from qa.language.picking import SERVICE_NUMBER, ledger, made_of_two

_NOUN = 6  # characters of what is counted that name it
SAME_THING = 0.5  # share of what a figure is said of that the question must name


@dataclass(frozen=True)
class Correction:
    """What the question stated and what the passage says instead; [start, end) is the passage's own wording."""

    stated: str
    text: str
    start: int
    end: int


def find_correction(asked: Asked, passage: str) -> Correction | None:
    """Find the first statement of the question that the passage contradicts; None where it contradicts none."""
    entries = ledger(passage)
    for stated in ledger(asked.question):
        if not any(stated.figure.start == f.start for f in asked.stated if not _is_year(f)):
            continue
        if _points(stated.figure, asked.question):
            continue
        correct = _correct_date if stated.figure.kind is Kind.DATE else _correct_figure
        correction = correct(asked.question, stated, entries, passage)
        if correction is not None:
            return correction
    return _correct_manner(asked.question, passage)


_WHO_IS = re.compile("的?(?:[是叫]|[一-鿿]{0,3}是)?(?:哪|谁|什么|啥)")
_REST = re.compile("(?:另外?|其余|剩下|余下)的?那?$")


def _points(stated: Figure, question: str) -> bool:
    """Whether a figure only points at what is asked for, and asserts nothing: 第1名是哪个市, 另外4个, 12315收到的."""
    ranked = stated.kind is Kind.RANK and _WHO_IS.match(question, stated.end)
    return bool(ranked or _REST.search(question[: stated.start]) or SERVICE_NUMBER.fullmatch(stated.text))


def confirms(asked: Asked, passage: str, only: str | None = None) -> bool:
    """Whether a passage bears out a figure that the question states, of the very thing; `only` names one of them."""
    entries = ledger(passage)
    return any(
        supports(entry.figure, stated.figure) and _same_thing(stated, entry) >= SAME_THING
        for stated in ledger(asked.question)
        if stated.figure in asked.stated and only in (None, stated.figure.text)
        for entry in entries
    )


def bears_on(asked: Asked, passage: str) -> bool:
    """Whether a passage gives a figure for the very thing for which the question states one."""
    entries = ledger(passage)
    return any(
        _comparable(stated.figure, entry.figure) and _same_thing(stated, entry) >= SAME_THING
        for stated in ledger(asked.question)
        if stated.figure in asked.stated and stated.figure.kind is not Kind.DATE
        for entry in entries
    )


def _correct_figure(question: str, stated: LedgerEntry, entries: list[LedgerEntry], passage: str) -> Correction | None:
    rivals = [e for e in entries if _comparable(stated.figure, e.figure)]
    if not rivals:
        return None
    alike = [e for e in rivals if e.figure.unit == stated.figure.unit]
    if any(same_value(e.figure, stated.figure) for e in alike):
        rivals = alike  # 18家 that stands there is not contradicted by 206亿 without a unit
    ties = [(_same_thing(stated, e), -abs(i), e) for i, e in enumerate(rivals)]
    best, _, entry = max(ties, key=lambda tie: tie[:2])
    agreeing = [tie for tie in ties if same_value(tie[2].figure, stated.figure)]
    pair = None
    turned = _turned(stated.figure, question, agreeing[0][2].figure) if agreeing else False
    if turned:
        pair = next(
            (e for e in entries if e.figure.role is Role.TO and e.figure.start > agreeing[0][2].figure.start), None
        )
        entry = pair or agreeing[0][2]
    elif any(supports(e.figure, stated.figure) and tie >= best for tie, _, e in ties):
        return None
    elif agreeing and max(tie[0] for tie in agreeing) >= best:
        loose = (
            same_figure(agreeing[0][2].figure, stated.figure)
            or stated.figure.qualifier is agreeing[0][2].figure.qualifier
        )
        if loose or stated.figure.qualifier.value == "exact":
            return None
    elif best < SAME_THING:
        return None
    if not turned and (same_value(entry.figure, stated.figure) or _follows(stated.figure, entries)):
        return None
    said = _said(entry, passage)
    figure = entry.figure
    if turned and pair is None:
        moved = question[_verb_before(stated.figure, question) : stated.figure.end]
        text = prompts.CORRECTION.format(said=said, stated=moved)
        return Correction(stated.figure.text, text, figure.end - len(said), figure.end)
    text = prompts.CORRECTION.format(said=said, stated=stated.figure.text + _CLOSING.sub("", stated.figure.counted[:8]))
    return Correction(stated.figure.text, text, figure.start, figure.end)


def _follows(stated: Figure, entries: list[LedgerEntry]) -> bool:
    """Whether a count is what two of a passage's make together, or what they leave: 3项未整改 of 42项 and 39项."""
    counts = (e.figure.value for e in entries if e.figure.kind is Kind.COUNT)
    return stated.kind is Kind.COUNT and made_of_two(stated.value, counts)


def _verb_before(stated: Figure, question: str) -> int:
    """Where the verb begins that lets a figure of the question rise or fall."""
    start = max(0, stated.start - _VERB)
    verb = _UP.search(question, start, stated.start) or _DOWN.search(question, start, stated.start)
    return verb.start() if verb else stated.start


def _is_year(figure: Figure) -> bool:
    """Whether a date is a mere year: that tells when a question asks of, and asserts nothing."""
    return figure.kind is Kind.DATE and figure.unit == "年"


_HAPPENS = 8  # characters before and after a date that say what happens then


def _correct_date(question: str, stated: LedgerEntry, entries: list[LedgerEntry], passage: str) -> Correction | None:
    """The day that the passage gives for what the question says of another: 6月30日启用, 是7月30日启用的吧."""
    dates = [e.figure for e in entries if e.figure.kind is Kind.DATE and e.figure.unit == stated.figure.unit]
    if len(dates) != 1 or same_value(dates[0], stated.figure) or dates[0].value is None or stated.figure.value is None:
        return None
    day = dates[0]
    said = _CLOSING.sub("", re.sub("[的了]", "", question[stated.figure.end : stated.figure.end + _HAPPENS]))
    happens = re.split("[，,；;。]", passage[day.end :])[0]
    if not any(said[i : i + 2] in happens for i in range(len(said) - 1)) and not (said and said[0] in happens):
        return None
    text = prompts.CORRECTION.format(said=day.text + happens, stated=stated.figure.text)
    return Correction(stated.figure.text, text, day.start, day.end)


_CLOSING = re.compile(r"(?:了|的|吧|吗|呢|啊|对|是|没错|就|到底|究竟).*$")


def _comparable(stated: Figure, other: Figure) -> bool:
    counts = {Kind.COUNT, Kind.MONEY}
    if stated.kind is not other.kind and not {stated.kind, other.kind} <= counts:
        return False
    loose = {"", "个", "家", "名", "位", "项", "所", "座", "处", "件", "条", "种", "类"}
    return stated.unit == other.unit or not stated.unit or not other.unit or {stated.unit, other.unit} <= loose


def _same_thing(stated: LedgerEntry, entry: LedgerEntry) -> float:
    """How far two figures are said of the same thing, 0 to 1."""
    theirs = stated.figure.counted + stated.subject
    shares = [_share(words, theirs) for words in (entry.figure.counted[:_NOUN], entry.subject) if words]
    named = _GENERIC.sub("", stated.subject)
    if len(named) >= _NAMED:
        shares.append(_share(named, entry.subject))
    return max(shares, default=0.0)


_GENERIC = re.compile(
    "全市|全省|我市|[市省县]里的?|咱们?|这儿|[跌突]破|超过|[涨掉降升跌]到|本市|目前|现在|今年|一共|总共|已经|听说|不是|是不是|[有是了吧的]"
)
_NAMED = 3  # characters with which a question names what it states a figure for


def _share(words: str, within: str) -> float:
    words = re.sub(r"[^一-鿿A-Za-z0-9]", "", words)
    pairs = [words[i : i + 2] for i in range(len(words) - 1)] or [words]
    return sum(pair in within for pair in pairs) / len(pairs)


_DOWN = re.compile("下降|下跌|掉|降|跌|下滑|减|缩|落|少了")
_UP = re.compile("上升|上涨|增长|增加|升|涨|增|提高|扩|多了")


_VERB = 6  # characters before a figure in which its verb stands


def _turned(stated: Figure, question: str, found: Figure) -> bool:
    """Whether the question lets a rate end where the passage lets it begin, or fall where the passage lets it rise."""
    before = question[max(0, stated.start - _VERB) : stated.start]
    if found.role is Role.FROM and re.search("[到至为]了?$", before):
        return True
    if found.direction is Direction.UP and _DOWN.search(before):
        return True
    return found.direction is Direction.DOWN and _UP.search(before) is not None


_SHORT_NOUN = re.compile(r"[^“”《》（）()和与及]{0,12}")


def _said(entry: LedgerEntry, passage: str) -> str:
    """The report's own words around a figure: its subject where nothing is counted after it."""
    figure = entry.figure
    if figure.counted and figure.role is Role.NONE:
        return figure.text + (_SHORT_NOUN.match(figure.counted) or [""])[0]
    start = max(passage.rfind(mark, 0, figure.start) for mark in "，,；;。：:、（(") + 1
    return passage[start : figure.end].strip()


_ADJECTIVES = "快高大多好强足够畅严"
_ASSERTED = re.compile(
    rf"(?<![不没未欠])(?:得|已经|都|很|太|挺|非常|十分)+(?P<word>[{_ADJECTIVES}])(?![{_ADJECTIVES}不少小慢低])"
)


def _correct_manner(question: str, passage: str) -> Correction | None:
    asserted = _ASSERTED.search(question)
    if asserted is None:
        return None
    denied = re.search(rf"[^，,；;。、]*(?:不|不够|不太|未){asserted['word']}", passage)
    if denied is None or _share(question[max(0, asserted.start() - 8) : asserted.start()], denied.group()) < SAME_THING:
        return None
    text = prompts.CORRECTION.format(said=denied.group().strip(), stated=asserted.group())
    return Correction(asserted.group(), text, denied.start(), denied.end())
