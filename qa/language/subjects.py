"""Of what is a figure said, which way does it go, and what stands about it in its sentence?

What a claim and a sentence of a report have in common to be compared by: the sentence with what is understood in it
(`Source`), what came of comparing a figure (`Finding`), and the readings of a figure's surroundings.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from index.figures import Direction, Figure, LedgerEntry, Role
from qa.language.covering import cover
from qa.language.picking import ledger

ALIKE = 0.6  # share of what one figure counts that the other must name for both to be said of the same thing
NOUN = 8  # characters of what is counted that name it


@dataclass(frozen=True)
class Source:
    """A sentence of a report with what is understood in it and the years it is of."""

    number: int  # its place among the sentences found, 0 the nearest
    text: str
    headings: str  # and the title of its report
    before: str  # the sentences before it in its paragraph
    years: frozenset[int]
    planned: bool = False  # whether it speaks of a year after the report's own

    @property
    def context(self) -> str:
        """What is understood in the sentence."""
        return f"{self.headings}\n{self.before}"

    @property
    def held(self) -> str:
        """The sentence and what is understood in it."""
        return f"{self.text}\n{self.context}"


class Outcome(Enum):
    """What came of holding a figure of the claim against the report."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True)
class Finding:
    """The outcome for one figure of a claim; `right` is what the report has in its place, "" where it agrees.

    `difference` says in Chinese how the two differ. `sources` are the numbers of the sentences it rests on. `follows`:
    the report does not state the figure, it is worked out of the report's own (`qa.checks.computing`); `left`: it is
    what is left of them, 没通过的6人, so that the claim denies what the report says.
    """

    stated: Figure
    outcome: Outcome
    right: str = ""
    difference: str = ""
    sources: tuple[int, ...] = ()
    figure: Figure | None = None
    follows: bool = False
    left: bool = False


# --- readings ---------------------------------------------------------------------------------------------------------


_RATE = re.compile("(?:增幅|增速|涨幅|降幅|同比|环比|增长(?:率|目标|速度|预期|幅度))[^，,]{0,4}$")


_LISTED = re.compile("(?:[0-9.]+%[、和与及])+$")


def grows(entry: LedgerEntry) -> bool:
    """Whether a percentage is one of growth (增长5%) and not a share or rate, wherever that moved to (提高到63.5%)."""
    before = entry.sentence[: entry.figure.start - entry.sentence_start]
    before = _LISTED.sub("", before)  # 增长5.4%和7.6%
    if role_of(entry) is not Role.NONE or re.search("[到至为]了?(?:约|近|超过?)?$", before):
        return False
    return way_of(entry) is not Direction.NONE or _RATE.search(before) is not None


PLAIN_UNITS = {"", "个", "人", "名", "位", "户", "元", "项", "条", "件"}


_OPENS = re.compile("(?<![理自缘])(?:由|从)[^由从，。；,;]{0,14}$")


_CLOSES = re.compile("(?:[至到成]|(?<![作因以])为)了?$")


def role_of(entry: LedgerEntry) -> Role:
    """The place of a figure in 由A至B, whatever the verb: 由17家整合为5家, 从95.5%跌到84.6%."""
    text, at = entry.sentence, entry.figure.start - entry.sentence_start
    before, after = text[:at], text[at + len(entry.figure.text) :]
    if entry.figure.role is not Role.NONE:
        return entry.figure.role
    if _OPENS.search(before) and re.match("[^，。；,;]{0,14}(?:[至到成]|为)", after):
        return Role.FROM
    opened = re.search(
        "(?<![理自缘])(?:由|从)[^由从，。；,;]*[0-9一二三四五六七八九十百千万亿%][^由从，。；,;]*$", before
    )
    return Role.TO if _CLOSES.search(before) and opened else Role.NONE


def clause_before(entry: LedgerEntry) -> str:
    """The words of the clause before a figure of a report, with those that it shares with the clause before it."""
    text, at = entry.sentence, entry.figure.start - entry.sentence_start
    start = max(text.rfind(mark, 0, at) for mark in "，,；;。：:") + 1
    return "".join(entry.figure.aspect) + text[start:at]


def about(entry: LedgerEntry) -> str:
    """The words that say what a figure is said of."""
    subject = entry.subject
    counted = _PREDICATE.split(entry.figure.counted)[0][: 2 * NOUN]
    owner, _, owned = counted.partition("的")
    counted = owner if len(owner) > 1 and owned else counted  # 41个单位的业务系统 counts 单位
    if counted:
        subject = without_figures(subject).partition("\n")[0]  # 接入41个单位的 is said of the units
    return f"{subject} {counted}"


def lead_of(entry: LedgerEntry) -> str:
    """What a change is of that its own clause does not name: 总产量12.9万吨，连续十年增产3%."""
    named = bool(entry.figure.counted or cover(noun_of(entry), "").missing)  # 总数 and 占比 alone name nothing
    if named and entry.figure.direction is Direction.NONE and way_of(entry) is Direction.NONE:
        return ""
    before = entry.sentence[: entry.figure.start - entry.sentence_start]
    clauses = re.split("[，,；;：:]", before)
    return without_figures(clauses[-2])[-2 * NOUN :] if len(clauses) > 1 else ""


def noun_of(entry: LedgerEntry) -> str:
    """What a figure counts: the words after it, else the last before it; of a named thing its sort (“一件事”事项)."""
    counted = _QUOTED.sub("", entry.figure.counted) or entry.figure.counted
    counted = _PREDICATE.split(re.split("[和与及的、，,]", counted)[0])[0][:NOUN]
    if len(counted) > 1:
        return counted
    subject = _EDGE.sub("", re.split("[，,、]", entry.subject)[-1].strip())
    last = subject.rpartition("的")[2]
    return (last if len(last) > 1 else subject)[-NOUN:]


_QUOTED = re.compile("“[^“”]*”")


_PREDICATE = re.compile("都|均|已|是(?!否)|里|中(?![国心小医等])|(?<!所)有(?!关|效|机|线)|纳入|入驻")


_EDGE = re.compile("(?:[已达到为是至有共约的了]|排名?第?|位列|位居|累计|同比|达到|评为|获评|整合)+$")


YEAR_BEFORE = re.compile("[上前同]一年$")
"""比前一年多了三成 compares with a year and counts none."""


NOT_REACHED = re.compile("(?:还|仍|尚)?(?:没有?|未|不)(?:到|满|超过|达到?)$")
"""没有满8000项 says 不到8000项, and denies nothing."""


@lru_cache(maxsize=4096)
def without_figures(text: str) -> str:
    """A text with a break in place of each figure."""
    for entry in reversed(ledger(text)):
        if YEAR_BEFORE.search(text[: entry.figure.start + 2]):
            continue
        under = NOT_REACHED.search(text[: entry.figure.start])
        text = f"{text[: under.start() if under else entry.figure.start]}\n{text[entry.figure.end :]}"
    return text


def entry_years(entry: LedgerEntry, source: Source) -> frozenset[int]:
    """The years that a figure of a report is of: those its clause names, else those of its sentence."""
    named = re.findall("((?:19|20)[0-9]{2})年", clause_before(entry))
    return frozenset(int(year) for year in named[-1:]) or source.years


_WAYS = re.compile(
    "(?:(?P<up>多出|多(?=了$)|高出|高(?=了$)|扩增|增至|增长|增加|净增|提高|提升|上升|上涨|升|涨|扩大|延长|跃升|攀升|前移|前进|进(?=了$))|"
    "(?P<down>少(?=了$)|低(?=了$)|下降|减少|净减|降低|降|下滑|回落|跌|压减|压缩|缩短|缩小|滑落|后移|后退|倒退|掉(?=了$)|退(?=了$)|跌(?=了$)|削减|精简))(?:了|到|至|为|达|近|约|超过|超|逾|不足|不到|分别|均)*$"
)


def way_of(entry: LedgerEntry) -> Direction:
    """Which way the verb just before a figure lets it go."""
    way = _WAYS.search(_LISTED.sub("", entry.sentence[: entry.figure.start - entry.sentence_start]))
    if way is None:
        return entry.figure.direction
    return Direction.UP if way["up"] else Direction.DOWN
