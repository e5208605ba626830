"""A claim → supported, refuted, or not in the reports, with the sentence, the right figure and what differs.

Rules decide, no model: the figures of a claim are held against those that the nearest sentences give for the same thing
(`qa.checks.differing`), its words against theirs (`qa.checks.contradicting`, `qa.language.covering`). A claim is
supported only when every figure of it is borne out and the words around them stand in the sentences cited; what the
reports neither say nor contradict is not_enough_info. To call a false claim supported is the one error that must not
happen.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from index.figures import Figure, Kind, LedgerEntry, Role, ledger, supports
from index.lexical import normalise
from index.passage import Passage
from index.store import PassageIndex
from qa import prompts
from qa.answer import Citation
from qa.answering import ExtractiveAnswerer
from qa.checks.adding import adds
from qa.checks.aligning import is_altered
from qa.checks.binding import DONE, Fault, Unbound, bind, names_one
from qa.checks.claims import Claim, find_claims
from qa.checks.contradicting import (
    Contradiction,
    cleft_name,
    compare,
    compares,
    contradict,
    contrary_words,
    first_time,
    gist,
    is_exchanged,
    is_swapped,
    misattributed,
    of_the_rest,
    without_polarity,
)
from qa.checks.differing import find_figure, same_periods
from qa.checks.echoing import find_echo
from qa.checks.inquiring import may_follow, reckoned
from qa.checks.trending import trends
from qa.checks.vouching import unvouched
from qa.checks.weighing import bears, weigh
from qa.citing import Draft, cite
from qa.language.covering import Cover, cover, names
from qa.language.picking import SERVICE_NUMBER
from qa.language.sorts import is_of_another_sort
from qa.language.subjects import YEAR_BEFORE, Finding, Outcome, Source, without_figures
from qa.language.tense import speaks_ahead, year_in_force
from qa.questions.scope import GENERIC_PLACES, missing_place
from qa.retrieval import Retriever

LOOKED_AT = 6  # sentences found for a claim that it is held against
OWN = 0.6  # share of a claim without figures that the sentences themselves, with their headings, must hold
PREDICATE = 0.55  # where in a claim what it says of its subject begins, at the latest
LEAST = 4  # characters that a claim must share with a sentence for that to contradict it
HERE = 0.5  # share of them that it must hold itself, without its headings and what stands before it
SOUGHT = 20  # sentences found for a claim that is asked as a question
FOLLOWS = 0.5  # share of a claim's words that the sentences must hold whose figures come to the claim's
SAME = 0.75  # share of a claim's words with which a sentence speaks of the same thing


class Ruling(StrEnum):
    """What came of checking a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_INFO = "not_enough_info"
    NOTHING_TO_CHECK = "nothing_to_check"


@dataclass(frozen=True)
class Checked:
    """One figure of a claim, as written, with what came of it; `right` is the report's own where the two differ."""

    text: str
    start: int
    end: int
    verdict: Ruling
    right: str | None = None


@dataclass(frozen=True)
class Verdict:
    """A claim with its verdict and its proof; pasted[start:end] == claim, and so for its figures.

    `difference` says in Chinese what differs, `correction` is the claim rewritten as the report has it; both are None
    unless refuted. A claim supported or refuted cites the exact sentences.
    """

    id: str
    claim: str
    verdict: Ruling
    start: int
    end: int
    difference: str | None = None
    correction: str | None = None
    citations: tuple[Citation, ...] = ()
    figures: tuple[Checked, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON knows them."""
        return asdict(self)


class Checker:
    """Checks claims against the reports of an index. The same text gets the same verdicts every time."""

    def __init__(self, index: PassageIndex, retriever: Retriever) -> None:
        self._index = index
        self._retriever = retriever
        self._answerer = ExtractiveAnswerer(index, retriever.embedder)

    def check(self, text: str) -> tuple[Verdict, ...]:
        """Check every claim of a text, in order; headings, greetings and opinions come as nothing_to_check."""
        return tuple(self.check_each(text))

    def check_each(self, text: str) -> Iterator[Verdict]:
        """As `check`, one verdict at a time."""
        for claim in find_claims(_whole_characters(text)):
            yield self._judge(claim)

    def check_claim(self, claim: str) -> Verdict:
        """Check a text as one claim: refuted when any sentence of it is, supported when all that say anything are."""
        claim = _whole_characters(claim)
        parts = [self._judge(part) for part in _sentences(claim)]
        rulings = {part.verdict for part in parts} - {Ruling.NOTHING_TO_CHECK}
        if not rulings:
            return self._verdict(Claim(claim, 0, len(claim)), Ruling.NOTHING_TO_CHECK)
        ruling = next(r for r in (Ruling.REFUTED, Ruling.NOT_ENOUGH_INFO, Ruling.SUPPORTED) if r in rulings)
        if len(parts) == 1:
            return replace(parts[0], claim=claim, start=0, end=len(claim))
        wrong = [part for part in parts if part.verdict is Ruling.REFUTED]
        correction = claim
        for part in reversed(wrong):
            correction = correction[: part.start] + (part.correction or part.claim) + correction[part.end :]
        shown = wrong or (parts if ruling is Ruling.SUPPORTED else [])
        citations = {c.passage_id: c for part in shown for c in part.citations}
        return replace(
            self._verdict(Claim(claim, 0, len(claim)), ruling),
            difference="；".join(part.difference or "" for part in wrong) or None,
            correction=correction if wrong else None,
            citations=tuple(replace(c, mark=mark) for mark, c in enumerate(citations.values(), 1)),
            figures=tuple(figure for part in parts for figure in part.figures),
        )

    # --- one claim ----------------------------------------------------------------------------------------------------

    def _judge(self, claim: Claim) -> Verdict:
        if not claim.checkable:
            return self._verdict(claim, Ruling.NOTHING_TO_CHECK)
        whole = claim.context + claim.text
        hits = self._retriever.retrieve(whole, LOOKED_AT)
        passages = [hit.passage for hit in hits]
        sources = [self._source(number, passage) for number, passage in enumerate(passages)]
        entries = [e for e in ledger(whole) if e.figure.start >= len(claim.context)]
        stated = [e for e in entries if e.figure.kind is not Kind.DATE and not _is_first(e.figure)]
        stated = [e for e in stated if not SERVICE_NUMBER.fullmatch(e.figure.text)]
        stated = [e for e in stated if not YEAR_BEFORE.search(whole[: e.figure.start + 2])]
        years = frozenset(int(y) for y in re.findall("((?:19|20)[0-9]{2})年", whole))
        if missing_place(whole, self._retriever.mentions) is not None or not sources:
            return self._verdict(claim, Ruling.NOT_ENOUGH_INFO)

        comparison = compare(claim.text, sources)
        if comparison is not None:
            ruling = Ruling.SUPPORTED if comparison.true else Ruling.REFUTED
            verdict = self._verdict(claim, ruling, [passages[n] for n in comparison.sources])
            if comparison.true:
                return verdict
            told = prompts.DIFFERENT_ORDER.format(right=comparison.told)
            return replace(verdict, difference=told, correction=comparison.told + "。")

        moved = trends(claim.text, sources)
        if moved is not None:
            wrong_way = [trend for trend in moved if not trend.true]
            shown = list(dict.fromkeys(passages[trend.source] for trend in wrong_way or moved))
            if not wrong_way:
                return self._verdict(claim, Ruling.SUPPORTED, shown)
            told = "；".join(prompts.DIFFERENT_POLARITY.format(stated=t.said, right=t.right) for t in wrong_way)
            right = "；".join(t.right for t in wrong_way) + "。"
            return replace(self._verdict(claim, Ruling.REFUTED, shown), difference=told, correction=right)

        findings = [find_figure(entry, whole, years, sources) for entry in stated]
        dates = [_of_the_day(e, whole) for e in entries if e.figure.kind is Kind.DATE and not e.figure.relative]
        if any(finding.outcome is not Outcome.AGREES for finding in findings):
            findings = self._echoed(claim, whole, stated, findings, sources, years, dates) or findings
        outcomes = {finding.outcome for finding in findings}
        if outcomes - {Outcome.AGREES}:
            told = self._reckoned(claim, whole, stated, findings, passages, dates)
            if told:
                verdict = self._verdict(claim, Ruling.SUPPORTED, told)
                agreed = (replace(f, outcome=Outcome.AGREES, right="") for f in findings)
                return replace(verdict, figures=tuple(_checked(finding, claim) for finding in agreed))
        figures = tuple(_checked(finding, claim) for finding in findings)
        wrong = [finding for finding in findings if finding.outcome is Outcome.DIFFERS]
        if wrong:
            used = [passages[n] for n in dict.fromkeys(n for finding in wrong for n in finding.sources)]
            verdict = self._verdict(claim, Ruling.REFUTED, used)
            told = "；".join(dict.fromkeys(finding.difference for finding in wrong))
            return replace(verdict, difference=told, correction=_corrected(claim, wrong), figures=figures)

        spoken = "\n".join(source.held for source in sources[:3])
        absent = any(f.outcome is Outcome.ABSENT and not _is_known_span(f.stated, spoken) for f in findings)
        used, fault = ([], None) if absent else self._bearing(claim, findings, sources, years, dates)
        if compares(claim.text, "\n".join(sources[n].text for n in used)):
            used = []  # which of two is more must be told
        contradiction = self._contradiction(claim, sources, findings, absent)
        if used and contradiction is not None:
            told = without_figures(gist(claim.text))
            for_it, against = (
                max(cover(told, sources[n].text).share for n in numbers) for numbers in (used, contradiction.sources)
            )
            contradiction = contradiction if against > for_it else None
        if used and contradiction is None:
            return replace(self._verdict(claim, Ruling.SUPPORTED, [passages[n] for n in used]), figures=figures)
        contradiction = contradiction or self._other_date(claim, whole, dates, stated, sources)
        contradiction = contradiction or (_misplaced(claim, fault, self._index.mentions) if fault else None)
        if contradiction is None and Outcome.ABSENT not in outcomes and any(map(may_follow, findings)):
            told = self._reckoned(claim, whole, stated, findings, passages, dates)
            if told:
                return replace(self._verdict(claim, Ruling.SUPPORTED, told), figures=figures)
        if contradiction is None:
            return replace(self._verdict(claim, Ruling.NOT_ENOUGH_INFO), figures=figures)
        verdict = self._verdict(claim, Ruling.REFUTED, [passages[n] for n in contradiction.sources])
        return replace(verdict, difference=contradiction.difference, correction=contradiction.right, figures=figures)

    def _echoed(
        self,
        claim: Claim,
        whole: str,
        stated: Sequence[LedgerEntry],
        findings: Sequence[Finding],
        sources: Sequence[Source],
        years: frozenset[int],
        dates: Sequence[LedgerEntry],
    ) -> list[Finding] | None:
        """The findings with figures of the same value for those that seem wrong or absent, where the sentences that
        give them bear the claim out; else None."""
        echoed: list[Finding] = []
        for entry, finding in zip(stated, findings, strict=True):
            if finding.outcome is not Outcome.AGREES:
                echo = find_echo(entry, whole, years, sources, [*findings, *echoed])
                if echo is None:
                    return None
                finding = echo
            echoed.append(finding)
        return echoed if self._bearing(claim, echoed, sources, years, dates)[0] else None

    def _reckoned(
        self,
        claim: Claim,
        whole: str,
        stated: Sequence[LedgerEntry],
        findings: Sequence[Finding],
        passages: Sequence[Passage],
        dates: Sequence[LedgerEntry],
    ) -> list[Passage]:
        """The passages that a claim follows from where those of its figures that were not found are worked out of the
        report's, and nothing else that it says is wrong; none where it does not follow."""
        used: dict[Passage, None] = {}
        for entry, finding in zip(stated, findings, strict=True):
            told: Sequence[Passage] = [passages[number] for number in finding.sources]
            if may_follow(finding):
                told = reckoned(entry, whole, self._answerer, lambda words: self._retriever.retrieve(words, SOUGHT))
            if not told:
                return []
            used.update(dict.fromkeys(told))
        held = [self._source(number, passage) for number, passage in enumerate(used)]
        share = _covered(claim, held).share
        by_each = replace(claim, text=re.sub("平均每(?![天日月年])", "", claim.text))  # a mean that was worked out
        if (
            share < FOLLOWS
            or _is_forbidden(by_each, held, dates)
            or is_exchanged(claim.text, held, self._index.mentions)
        ):
            return []
        return [] if any(contradict(claim.text, source, self._index.mentions) for source in held) else list(used)

    def _contradiction(
        self, claim: Claim, sources: Sequence[Source], findings: Sequence[Finding], absent: bool
    ) -> Contradiction | None:
        told = without_figures(gist(claim.text))
        found = [cover(told, source.held) for source in sources]
        covers = [one.share if one.held >= LEAST else 0.0 for one in found]
        resting = {n for finding in findings for n in finding.sources}
        best = max(covers)
        name = cleft_name(claim.text)
        known = name is not None and self._retriever.mentions(name)
        for source, share in zip(sources, covers, strict=True):
            rests = source.number in resting
            if not rests and ((resting and not absent) or share < SAME or share < best - 0.05):
                continue
            if not rests and cover(told, source.text).share < HERE:
                continue
            found = contradict(claim.text, source, self._index.mentions) or misattributed(claim.text, source, known)
            if found is not None:
                return found
        return None

    def _other_date(
        self,
        claim: Claim,
        whole: str,
        dates: Sequence[LedgerEntry],
        stated: Sequence[LedgerEntry],
        sources: Sequence[Source],
    ) -> Contradiction | None:
        """The date that the sentence itself gives where the claim, right in all else, gives another."""
        for source in sources[:3]:
            own = [e.figure for e in ledger(source.text) if e.figure.kind is Kind.DATE and e.figure.value]
            if not dates or not own or _covered(claim, [source]).share < SAME:
                continue
            others = [find_figure(entry, whole, frozenset(), [source]) for entry in stated]
            if any(finding.outcome is not Outcome.AGREES for finding in others):
                continue
            for entry in dates:
                base = re.search("[比较跟与和]$", whole[: entry.figure.start])
                if base or _is_known_date(entry.figure, own, source.years):
                    continue
                peers = [f for f in own if f.unit == entry.figure.unit or (_month(f) and _month(entry.figure))]
                if peers:
                    at = entry.figure.start - len(claim.context)
                    right = claim.text[:at] + peers[0].text + claim.text[at + len(entry.figure.text) :]
                    told = prompts.DIFFERENT_DATE.format(stated=entry.figure.text, right=peers[0].text)
                    return Contradiction(told, right, (source.number,))
        return None

    def _bearing(
        self,
        claim: Claim,
        findings: Sequence[Finding],
        sources: Sequence[Source],
        years: frozenset[int],
        dates: Sequence[LedgerEntry],
    ) -> tuple[list[int], Unbound | None]:
        """The numbers of the sentences that bear a claim out whose figures are right, none where none do; what is wrong
        where one holds all its words and yet does not."""
        fault: Unbound | None = None
        resting = list(dict.fromkeys(n for finding in findings for n in finding.sources))
        tries = [resting] if resting else [[source.number] for source in sources[:3]]
        for used in tries:
            held = [sources[n] for n in used]
            if years and not any(years & source.years for source in held):
                continue
            if _is_of_year_before(claim.text, findings):
                continue
            agreed = [(f.stated, f.figure, f.sources[0]) for f in findings if f.figure is not None and f.sources]
            if _is_forbidden(claim, held, dates) or any(
                contradict(claim.text, source, self._index.mentions) for source in held
            ):
                continue
            follows = frozenset(f.stated.start for f in findings if f.follows)
            if follows and is_exchanged(claim.text, held, self._index.mentions):
                continue
            left = frozenset(f.stated.start for f in findings if f.left)
            bond = bind(claim.text, claim.context, held, agreed, follows, left)
            if not bears(weigh(claim.text, held, bond, agreed, self._index.mentions)):
                continue
            found = bond.fault or unvouched(
                claim.text, claim.context, bond.rests, agreed, held, self._index.mentions, left
            )
            if found is not None:
                fault = fault or found
            elif follows or not (is_altered(claim.text, held) or adds(claim.text, held)):
                return used, None
        return [], fault

    # --- what a claim is held against --------------------------------------------------------------------------------

    def _source(self, number: int, passage: Passage) -> Source:
        report = self._index.report(passage.document)
        paragraph = next((p for p in report.paragraphs if p.start <= passage.start < p.end), None)
        before = report.text[paragraph.start : passage.start] if paragraph else ""
        headings = "\n".join((*passage.section, report.title))
        ahead = speaks_ahead(passage, report) or _is_under_plans(report.text, passage.start, report.year)
        planned = ahead and not re.search("至今|仍|尚未|目前", passage.text)
        years = {year_in_force(report, passage.start + 1)}
        years |= {int(y) for y in re.findall("((?:19|20)[0-9]{2})年", "\n".join((*passage.section[-1:], passage.text)))}
        return Source(number, passage.text, headings, before, frozenset(years - {0}), planned)

    def _verdict(self, claim: Claim, ruling: Ruling, passages: Sequence[Passage] = ()) -> Verdict:
        seed = f"{self._index.generation}\n{claim.start}\n{claim.context}\n{claim.text}"
        citations: tuple[Citation, ...] = ()
        if passages:
            citations = cite([Draft(claim.text, tuple(passages))], self._index)[1]
        identity = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:16]
        return Verdict(identity, claim.text, ruling, claim.start, claim.end, citations=citations)


_TITLE = re.compile("(?m)^[^。；，\n]{2,24}$")
_DATED = re.compile("20[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?")
"""When a report was held or published: a line that opens nothing."""
_PLANS = re.compile("打算|计划|安排|目标任务|展望|往后|今后|接下来|下一步|下一?阶段")


def _is_under_plans(text: str, at: int, year: int | None) -> bool:
    """Whether the last short line of its own before a place opens plans: 附二 2024年打算, 往后怎么干."""
    lines = [match.group() for match in _TITLE.finditer(text, 0, at) if not _DATED.search(match.group())]
    if not lines:
        return False
    later = any(year is not None and int(named) > year for named in re.findall("(20[0-9]{2})年", lines[-1]))
    return later or (_PLANS.search(lines[-1]) is not None and not re.search("完成|情况|回顾|总结", lines[-1]))


def _whole_characters(text: str) -> str:
    """The text with ? for halves of characters, which no model reads; its length stays."""
    return text.encode("utf-8", "replace").decode()


def _sentences(text: str) -> list[Claim]:
    """The sentences of a text that is one claim."""
    spans = [
        m.span() for m in re.finditer(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)】》]*", text) if m.group().strip()
    ]
    return [
        Claim(text[start:end], start, end, checkable=re.search("[一-鿿]", text[start:end]) is not None)
        for start, end in spans
    ]


_YEAR_BEFORE = re.compile("(?<![比较与同跟和超是])(?:上一?年|前一年)(?!同期|相?比|[末底])")


def _is_of_year_before(claim: str, findings: Sequence[Finding]) -> bool:
    """Whether a claim says of the year before what the report says of its own: 上年有53个 of 建成53个."""
    told = [f.figure for f in findings if f.outcome is Outcome.AGREES and not f.follows and f.figure is not None]
    if any(f.follows for f in findings):
        return False  # what was then is worked out: 列第3位，上年是第5位
    return _YEAR_BEFORE.search(claim) is not None and bool(told) and all(f.role is not Role.FROM for f in told)


def _is_first(figure: Figure) -> bool:
    """首次 and 第一次 say that something is new: `first_time` looks after them."""
    once = figure.unit in ("次", "回") and figure.value == 1
    return figure.kind is Kind.RANK and (once or (figure.text.startswith("首") and figure.text not in ("首位", "首名")))


_AFTER_NOON = re.compile("(?:下午|傍晚|晚上?|夜里)[^，,；;。]{0,2}$")
_NOON = 1200  # as the grammar of figures writes the hour


def _of_the_day(entry: LedgerEntry, text: str) -> LedgerEntry:
    """晚上9点 as 21时."""
    figure = entry.figure
    late = _AFTER_NOON.search(text[: figure.start]) and figure.unit == "时" and 0 < (figure.value or 0) < _NOON
    return replace(entry, figure=replace(figure, value=(figure.value or 0) + _NOON)) if late else entry


def _month(date: Figure) -> int:
    """The month of a date, 0 where it names none."""
    return int(date.value or 0) // 100 % 100 if date.unit in ("月", "日") else 0


def _is_known_date(date: Figure, known: Sequence[Figure], years: Collection[int]) -> bool:
    """Whether a date is one of those known, or a year, or a day of a year, that is in force: 2022年9月 of 9月."""
    if any(supports(other, date) for other in known):
        return True
    year, day = divmod(int(date.value or 0), 10000)
    spans = (f for f in known if f.upper and f.unit == date.unit)
    if not year and any(int(f.value or 0) % 10000 <= day <= int(f.upper or 0) % 10000 for f in spans):
        return True
    if year not in years:
        return False
    within = replace(date, value=Decimal(day))
    return date.unit == "年" or any(
        int(f.value or 0) < 10000 and (supports(f, within) or (f.upper and (f.value or 0) <= day <= f.upper))
        for f in known
    )


def _is_known_span(figure: Figure, spoken: str) -> bool:
    """Whether the sentences know a figure in the same words, as a span of time (十年间) or in a name (“十件实事”)."""
    named = len(figure.counted) > 1 and f"{figure.text}{figure.counted[:2]}" in spoken
    return named or (figure.unit in ("年", "个月", "天", "周年") and figure.text in spoken)


_RULINGS = {
    Outcome.AGREES: Ruling.SUPPORTED,
    Outcome.DIFFERS: Ruling.REFUTED,
    Outcome.ABSENT: Ruling.NOT_ENOUGH_INFO,
}


def _checked(finding: Finding, claim: Claim) -> Checked:
    shift = claim.start - len(claim.context)
    figure = finding.stated
    return Checked(
        figure.text, figure.start + shift, figure.end + shift, _RULINGS[finding.outcome], finding.right or None
    )


def _corrected(claim: Claim, wrong: Sequence[Finding]) -> str:
    """The claim with the report's figures in place of its own."""
    text = claim.text
    for finding in sorted(wrong, key=lambda finding: -finding.stated.start):
        at = finding.stated.start - len(claim.context)
        text = text[:at] + finding.right + text[at + len(finding.stated.text) :]
    return text


def _misplaced(claim: Claim, found: Unbound, mentions: Callable[[str], bool]) -> Contradiction | None:
    """What a sentence says instead of a claim whose words it holds; None where it leaves the matter open."""
    told, right = prompts.DIFFERENT_NAME.format(stated=found.stated, right=found.right), found.clause
    match found.fault:
        case Fault.FIGURE:
            told = "；".join(prompts.DIFFERENT_VALUE.format(stated=a.text, right=b.text) for a, b in found.figures)
            right = claim.text
            for stated, other in sorted(found.figures, key=lambda pair: -pair[0].start):
                at = stated.start - len(claim.context)
                right = right[:at] + other.text + right[at + len(stated.text) :]
        case Fault.CONTRARY:
            told = prompts.DIFFERENT_POLARITY.format(stated=found.stated, right=found.right)
        case Fault.REACH if not found.right and _WHOLE.fullmatch(found.stated):
            told, right = prompts.OVERSTATED.format(stated=found.stated, right=found.clause), found.clause
        case Fault.SUBJECT if not names_one(found.right) or len(found.stated) > len(found.right) + 8:
            return None  # what governs a clause was not told from what it does
        case Fault.SUBJECT if re.search(".*".join(map(re.escape, found.right)), found.stated):
            return None  # 县公安局 for 县局
        case Fault.SUBJECT if not mentions(found.stated):
            return None  # another word for it, not another thing of the reports
        case Fault.SUBJECT | Fault.REACH if found.right:
            right = claim.text.replace(found.stated, found.right, 1)
        case Fault.PLAN if DONE.search(claim.text):
            told = prompts.ONLY_PLANNED.format(right=found.clause)
        case Fault.DEED:
            told = prompts.ALREADY_DONE.format(right=found.clause)
        case _:
            return None
    return Contradiction(told, right, (found.number,))


_WHOLE = re.compile(
    "首个|首家|首创|首批|首例|率先|唯一|独家|仅此|全部|所有|全都|悉数|一律|无一例外|个个|每个|每一|所有人|人人|完全|彻底|只有|仅有?"
)


def _covered(claim: Claim, sources: Sequence[Source]) -> Cover:
    return cover(
        without_polarity(without_figures(claim.text)),
        "\n".join(source.held for source in sources),
    )


def _of_another(claim: str, sentence: str) -> bool:
    """Whether a sentence says so of another thing that it names beside the claim's: 甲获评A，乙入选B."""
    clauses = [clause.strip() for clause in re.split("[，,；;。]", sentence) if clause.strip()]
    subject, predicate = claim[: int(_SUBJECT * len(claim))], claim[int(PREDICATE * len(claim)) :]
    said = max(clauses, key=lambda clause: names(predicate, clause), default="")
    if names(subject, said) >= 0.5 or names(said[:4], claim) >= 0.5:
        return False
    return any(names(clause[:4], claim) >= 1 and names(subject, clause) >= SAME for clause in clauses if clause != said)


_PLACE = re.compile("(?:(?![每各个一两几该本全这那])[一-鿿]){2}(?:县|区|镇|街道)(?!域|委|级|里|长|县|间)")


def _is_of_another_place(claim: str, sources: Sequence[Source]) -> bool:
    """Whether a claim has the name of one county or town in the place of that of another: 云坪县 of 雁坪县."""
    text = "\n".join(f"{source.text}\n{source.headings}" for source in sources)
    mine, theirs = (
        [name for name in _PLACE.findall(words) if not name.endswith(GENERIC_PLACES)] for words in (claim, text)
    )
    return any(
        name not in text and any(other[-1] == name[-1] and other not in claim for other in theirs) for name in mine
    )


_SUBJECT = 0.4  # share of a claim that names its subject
_EXAGGERATION = re.compile(
    "对半|五五|平分|均分|各半|成倍|过半|大半|多数|少数|唯一|独家|首个|首创|首家|首批|史上|最[大多快高早好优强佳少小低慢晚差短](?![一-鿿]?[0-9一二两三四五六七八九十百])|最[受为具热]|只有|仅有(?!的?[0-9两二三四五六七八九十])|仅此|[只仅](?=[在限对面])|率先|领先|遥遥|前所未有|绝无仅有|"
    "全球|世界|国际|全国|全省|从来|永远|永久|翻番|翻倍|倍增|长期"
)
_NAME = re.compile("“([^“”]{2,40})”|《([^《》]{2,80})》")


def _is_forbidden(claim: Claim, sources: Sequence[Source], dates: Sequence[LedgerEntry]) -> bool:
    """Whether a claim says something that no likeness of words makes good: a name, a date, 首次, 最, by the day."""
    held = "\n".join(source.held for source in sources)
    texts = "\n".join(source.text for source in sources)
    folded = normalise(held)
    text = claim.text
    for match in _EXAGGERATION.finditer(text):
        if cover(match.group(), held).share < 1 and normalise(match.group()) not in folded:
            return True
    if first_time(text) is not None and first_time(text) != first_time(texts.replace("首届", "首次")):
        return True
    for match in _NAME.finditer(text):
        if cover(match.group(1) or match.group(2), held).missing:
            return True
    known = [e.figure for source in sources for e in ledger(source.held) if e.figure.value]
    dated, years = [figure for figure in known if figure.kind is Kind.DATE], {y for s in sources for y in s.years}
    if not all(_is_known_date(entry.figure, dated, years) for entry in dates):
        return True
    figures = any(entry.figure.kind is not Kind.DATE for entry in ledger(text))
    if not same_periods(text, held) or (figures and of_the_rest(text, held)):
        return True
    if any(is_swapped(text, source.text) for source in sources) or is_of_another_sort(text, held):
        return True
    if _is_of_another_place(text, sources):
        return True
    return not figures and (contrary_words(text, texts) or any(_of_another(text, source.text) for source in sources))
