"""Passages → the sentences of an answer. The extractive answerer speaks in the report's own words.

What it adds to the retriever's order is whether a passage holds the kind of thing that was asked for: a question for a
number of 台 is answered by the sentence with such a figure, not by the one with the most words in common.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Protocol

from index.embedding import Embedder
from index.figures import Figure, Kind, LedgerEntry, same_value
from index.lexical import normalise
from index.passage import Hit, Passage, Report
from index.store import PassageIndex
from qa import prompts
from qa.answers import choosing
from qa.answers.fitting import Features, Seen, best_figure, candidates, fit_of
from qa.answers.fitting import weights as fitting_weights
from qa.answers.following import Following
from qa.answers.following import fit_of as following_fit_of
from qa.answers.listing import announced_after, rows, says_number, things_asked
from qa.answers.naming import of_another_place
from qa.answers.phrases import is_kind, names_row, pick_name
from qa.answers.premises import Correction, bears_on, confirms, find_correction
from qa.answers.reckoning import (
    NO_FIT,
    Operand,
    Reckoned,
    Sum,
    formerly,
    is_level,
    is_money,
    is_stated,
    reckon,
    reckonings,
)
from qa.answers.spans import best_span
from qa.answers.spans import candidates as stretches
from qa.answers.telling import tells
from qa.citing import Draft
from qa.conversation import Restated
from qa.language.asking import FIGURES, Ask, Asked, Wanted
from qa.language.kinds import BODIES
from qa.language.picking import EXTENTS, MEASURE, Likeness, Span, ledger, passage_weights
from qa.language.sorts import is_of_another_sort
from qa.language.speaking import (
    asks_remedy,
    gives_reason,
    gives_reason_of_that,
    speaks_as_asked,
    speaks_of_such,
    states_lack,
)
from qa.language.tense import asks_ahead, speaks_ahead, year_in_force
from qa.language.wording import weigh
from qa.questions.arithmetic import How, Plan, Side, asks_change, asks_difference, read_sums
from qa.questions.scope import missing_year


@dataclass(frozen=True)
class Sought:
    """One thing asked for and the passages found for it, best first; `restated`: how a talk led to it."""

    asked: Asked
    hits: Sequence[Hit]
    restated: Restated | None = None


@dataclass(frozen=True)
class Written:
    """What an answerer made of the passages: sentences, and the short answer where the question asks for one thing.

    No drafts: the passages do not answer. `missing` are the things asked for to which they hold nothing.
    """

    drafts: tuple[Draft, ...] = ()
    short: str | None = None
    missing: tuple[Asked, ...] = ()


class Answerer(Protocol):
    """Writes the sentences of an answer from the passages found."""

    name: str

    def write(self, sought: Sequence[Sought]) -> Written:
        """Write the answer to everything sought, as short as it can be."""
        ...


@dataclass(frozen=True)
class _Found:
    """A passage looked into for one thing asked: what it holds of it, and how well it fits in all."""

    passage: Passage
    score: float
    picks: tuple[Span | None, ...]
    told: bool = True  # whether it has words that may tell what is asked
    correction: Correction | None = None
    sum: Sum | None = None
    beside: tuple[Passage, ...] = ()  # what the sum rests on besides
    year: int | None = None  # the year it was computed for
    out_of_time: float = 0.0  # what it loses as a plan where none is asked for, and the other way round


CANDIDATES = 8  # passages looked into for each thing asked
NEAR = 0.5  # share of the best score that a passage needs to be looked into
FITS = 0.12  # what a fully fitting figure adds to a passage's share of the best score; a name adds half as much
LACKS = 0.35  # what a passage without the kind of figure asked for loses
STATED = 0.1  # what a figure that the question itself states adds where the passage has it
TURN = 0.7  # what a sentence adds that states a shortcoming, a plan or praise where one is asked for
ROW = 0.35  # what a sentence adds that names some of the kind asked for: 交通、教育等20个领域, where fields are
OF_NUMBER = (
    0.5  # what a sentence adds with a row of as many things as are asked for, 哪三项; half where it says no number
)
REASON = 0.3  # what a sentence adds that gives a reason in as many words where one is asked for
SURE_NAME = 3.0  # from this fit on a name is surely one of the kind asked for
OTHER_TIME = 0.3  # what a plan loses where the question asks of what was done, and the other way round
UNASKED = 0.1  # what a plan loses where the question does not say which
LEAST_SUM = -0.5  # mean fit that the figures of a sum need
CLEAR = 0.5  # nats by which two figures must fit better than the other way round
LEAST_FIT = -0.3  # nats over "none of them" that a figure needs to be an answer; what cannot be one is no candidate
BESIDE = -1.0  # the same where something else that the question asks is answered
_FULL_FIT = 6.0
_EVERY = re.compile(
    r"都有|都是|整份|全文|通篇|前后|各自|名字里|名称里|带有?“|"
    r"哪[几两二三四五六些]?[项件个处种]?(?:工作|事项|事|指标|方面|地方|领域)?(?:都|也)?(?:做到|达到|实现|提到|用到|是)"
)
_RANKS = re.compile(
    r"(?:各项|哪些|所有|全部|各种|都有)[^，。？]{0,6}(?:排名|名次|位次)|(?:排名|名次|位次)[^，。？]{0,4}(?:都|全|各)"
)
_QUOTED = re.compile(r"[“‘「『\"]([^”’」』\"]{2,20})[”’」』\"]")
_COMPARED = re.compile("(?<![同环占对])比(?![例重率较]|[上去前]年|年初)")
_ITEM = re.compile(r"(?:^|[，,：:；;。])(?:第?[一二三四五六七八九]是|其[一二三四五六]，)")
_ANNOUNCES = re.compile(
    r"[二两三四五六七八九十0-9](?:件(?:大|实|要)?事情?|[项个大条](?:方面|重点|任务|工作|原则|举措|行动|工程|要求|目标)?)[。；;]$"
)
_HEADING = re.compile(
    r"(?:\d+(?:\.\d+)+|第?[一二三四五六七八九十]+[、部章节]|[（(][一二三四五六七八九十]+[)）])[^，。；;！？]{1,30}|[一-鿿“”、]{2,12}"
)
"""A heading that stands as a passage: it says what follows is about, and nothing of it."""
_GOAL = re.compile("目标(?!完成)|原定|计划(?=数|任务|完成)|任务(?=数|是|有)")
_REACHED = re.compile("(?:完成|达到?|超过?|实现)[^，,。；;]{0,6}(?:目标|计划|任务)数?的?")
"""完成年度目标的107.2% tells how far the goal was reached, and not what it was."""
_OPENING = 200  # characters with which a report tells whose it is
_REACH = 40  # passages looked at for the headings that a colon announces
MOST_EVERY = 5  # passages that a question for every mention may get


class ExtractiveAnswerer:
    """Answers with the best sentence of the report, and with more where the question asks for more than one holds."""

    name = "extractive"

    def __init__(self, index: PassageIndex, embedder: Embedder) -> None:
        self._index = index
        self._like: Likeness = lru_cache(maxsize=4096)(partial(_cosine, embedder))
        self._embedder = embedder
        self._weigher = partial(_weights, index.words.idf)

    def write(self, sought: Sequence[Sought]) -> Written:
        """Choose one sentence for each thing asked, in that order; a question for every mention gets them all.

        What the question takes for granted is corrected first; a sum that it asks for stands last.
        """
        found: list[_Found] = []
        missing: list[Asked] = []
        computes = [self._computed(one) for one in sought]
        mentions = [_every_mention(one) for one in sought]
        whole = [not computed and not every for computed, every in zip(computes, mentions, strict=True)]
        chosen = self._choose([one if alone else None for one, alone in zip(sought, whole, strict=True)])
        for one, computed, every, best in zip(sought, computes, mentions, chosen, strict=True):
            if computed:
                found += computed
            elif best is not None and not (len(sought) > 1 and self._is_of_another_year(one.asked, best.passage)):
                going_on = (_Found(passage, 0.0, ()) for passage in self._going_on(one.asked, best.passage))
                found += sorted([self._in_short(one.asked, best), *going_on], key=lambda f: f.passage.position)
            elif every:
                found += (_Found(passage, 0.0, ()) for passage in sorted(every, key=lambda p: p.position))
            else:
                missing.append(one.asked)
        names = any(one.asked.wanted is Wanted.NAMES for one in sought)
        passages = dict.fromkeys(f.passage for f in found)
        corrections = {f.correction.text: f for f in found if f.correction is not None}
        sums = {f.sum.shown: f for f in found if f.sum is not None}
        years = {f.passage.position: f.year for f in found}
        drafts = (
            *(Draft(text, (f.passage,)) for text, f in corrections.items()),
            *(replace(d, year=years[p.position]) for p in passages for d in self._with_items(p, names)),
            *(Draft(prompts.COMPUTED.format(sum=shown), (f.passage, *f.beside), f.year) for shown, f in sums.items()),
        )
        return Written(drafts, _short(found), tuple(missing))

    def _choose(self, sought: Sequence[Sought | None]) -> list[_Found | None]:
        """The passage that answers each thing asked best; two things are seldom answered by one figure.

        Of two, the one that it fits less looks for another; what is asked beside something that is answered needs less.
        """
        best = [one and self._best(one) for one in sought]
        if any(best):
            best = [found or (one and self._best(one, BESIDE)) for one, found in zip(sought, best, strict=True)]
        for i, (one, found) in enumerate(zip(sought, best, strict=True)):
            figure = _figure(found) if found is not None else None
            if one is None or found is None or figure is None:
                continue
            rivals = [other.score for other in (*best[:i], *best[i + 1 :]) if other and _place(other) == _place(found)]
            if rivals and found.score <= max(rivals):
                other = self._best(replace(one, asked=replace(one.asked, told=(*one.asked.told, figure))))
                best[i] = other if other is not None and _place(other) != _place(found) else found
        return best

    def _computed(self, sought: Sought) -> list[_Found]:
        """The passages that what is asked for is computed from, the sum with the first; [] where nothing is."""
        for plan in read_sums(sought.asked):
            operands = [self._operands(side, plan, sought) for side in plan.sides]
            reckoned, former = reckon(plan, operands), formerly(plan, operands[0])
            told = former is not None and any(same_value(former.figure, f) for f in sought.asked.told)
            if former is not None and not told and former.fit >= max(reckoned.fit if reckoned else NO_FIT, LEAST_SUM):
                span = Span(former.figure.start, former.figure.end, former.fit)
                return [_Found(former.passage, former.fit, (span,), year=plan.year)]
            if reckoned is None or reckoned.fit < LEAST_SUM or self._is_stated(plan, reckoned, sought):
                continue
            first, *others = (_Found(passage, 0.0, ()) for passage in reckoned.passages)
            added = [s for s in sought.asked.stated if not any(same_value(s, o) for o in reckoned.sum.operands)]
            taken = replace(sought.asked, stated=tuple(added))  # what is computed with stands in the report
            correction = None if others else find_correction(taken, first.passage.text)
            beside = tuple(found.passage for found in others)
            return [replace(first, sum=reckoned.sum, year=plan.year, beside=beside, correction=correction), *others]
        return []

    def reckoned(self, sought: Sought) -> tuple[Plan, Reckoned] | None:
        """The sum that is asked for, of figures that fit, and how it was read; None where there is none, or where which
        figure is whose is not clear.

        Which of two is said to be more does not help to tell them apart, nor whether the report states the sum.
        """
        for plan in read_sums(sought.asked):
            operands = [self._operands(side, plan, sought) for side in plan.sides]
            found = sorted(reckonings(replace(plan, more=None), operands), key=lambda one: -one.fit)
            other = next((one.fit for one in found if one.less is not found[0].less), NO_FIT)
            if found and found[0].fit >= LEAST_SUM:
                return (plan, found[0]) if found[0].fit - other >= CLEAR else None
        return None

    def _operands(self, side: Side, plan: Plan, sought: Sought) -> list[Operand]:
        """The figures that may answer one side of a sum."""
        hits = [hit for hit in sought.hits if not self._of_another_place(hit.passage, sought)]
        if side.stated is not None:
            entries = [(hit.passage, entry) for hit in hits for entry in ledger(hit.passage.text)]
            return [Operand(p, e, _FULL_FIT) for p, e in entries if same_value(e.figure, side.stated)]
        if plan.year is not None:
            hits = [hit for hit in hits if self._is_year_after(plan.year, hit.passage)]
        asks = [ask for ask in side.asked.asks if ask.wanted in FIGURES]
        if not asks or not hits:
            return []
        figures = self.figures(asks[-1], Sought(side.asked, hits))
        return [
            Operand(passage, entry, fit_of(features))
            for passage, entry, features in figures
            if asks[-1].wanted is not Wanted.MONEY or is_money(entry)
        ]

    def _is_year_after(self, year: int, passage: Passage) -> bool:
        """Whether a passage speaks of the year after one, and of that one only as what is compared with."""
        told = re.search(rf"(?<![比较]){year}年", passage.text) is not None
        return not told and year_in_force(self._index.report(passage.document), passage.start) == year + 1

    def _is_stated(self, plan: Plan, reckoned: Reckoned, sought: Sought) -> bool:
        """Whether the report itself states the change, total, mean, share or rest that would be computed."""
        if plan.how not in (How.CHANGE, How.REST, How.TOTAL, How.MEAN, How.SHARE):
            return False
        if plan.how is How.TOTAL and all(side.stated is not None for side in plan.sides):
            return False
        shares = (entry for passage in reckoned.passages for entry in ledger(passage.text))
        if plan.how is How.SHARE and any(is_stated(plan.how, entry) for entry in shares):
            return True
        stated = [
            fit_of(features)
            for ask in sought.asked.asks
            if ask.wanted in FIGURES
            for _, entry, features in self.figures(ask, sought)
            if is_stated(plan.how, entry)
            and entry.figure not in reckoned.sum.operands
            and (not ask.unit or entry.figure.unit == ask.unit)
            and (ask.wanted is not Wanted.POINTS or entry.figure.kind is Kind.POINTS)  # 涨了8%, 几个点 or not
        ]
        return max(stated, default=NO_FIT) >= reckoned.fit

    def _is_of_another_year(self, asked: Asked, passage: Passage) -> bool:
        return missing_year(asked, passage, self._index.report(passage.document)) is not None

    def _of_another_place(self, passage: Passage, sought: Sought) -> bool:
        """Whether a question for a figure names a place or body of which the passage does not speak."""
        before = [p.text for p in self._paragraph(passage) if p.position <= passage.position]
        found = [hit.passage.text for hit in sought.hits]
        return of_another_place(sought.asked, "".join((*passage.section, *before)), found, self._own(passage.document))

    def _own(self, document: str) -> str:
        """The title and the first words of a document, which name the place that it is about."""
        return self._index.title(document) + self._index.report(document).text[:_OPENING]

    def figures(self, ask: Ask, sought: Sought) -> list[tuple[Passage, LedgerEntry, Features]]:
        """Every figure of the passages looked into that may answer an ask, with its features: what is learned from."""
        found: list[tuple[Passage, LedgerEntry, Features]] = []
        for hit in _looked_into(sought.hits, sought.restated):
            words = self._weigher(sought.asked.question, hit.passage.text)
            entries = candidates(ask, sought.asked, self._seen(hit, sought), words, self._like)
            found += ((hit.passage, entry, features) for entry, features in entries)
        return found

    def follow_ups(self, ask: Ask, sought: Sought) -> list[tuple[Passage, LedgerEntry, Features]]:
        """The same for a follow-up, with how each figure stands to the talk; [] where the question stands alone."""
        following = self._following(sought)
        if following is None:
            return []
        found: list[tuple[Passage, LedgerEntry, Features]] = []
        for passage, entry, features in self.figures(ask, sought):
            report = self._index.report(passage.document)
            found.append((passage, entry, following.features(sought.asked, passage, report, entry, fit_of(features))))
        return found

    def _seen(self, hit: Hit, sought: Sought) -> Seen:
        """A passage as it is judged by, whatever is asked for."""
        passage, asked = hit.passage, sought.asked
        report = self._index.report(passage.document)
        readings = {
            "stated": _stated_fit(asked, passage.text),
            "quoted": _quoted_fit(hit, sought),
            "premise": _premise_fit(asked, passage.text),
            "out_of_time": _out_of_time(asked, passage, report),
            "other_place": self._of_another_place(passage, sought),
        }
        around = "".join((*passage.section, *(p.text for p in self._paragraph(passage))))
        return Seen(passage.text, _share(hit, sought), hit.rank, around, readings)

    def _pick(self, ask: Ask, sought: Sought, passage: Passage, seen: Seen, weights: dict[str, float]) -> Span | None:
        asked = sought.asked
        if ask.wanted not in FIGURES:
            return pick_name(ask, asked, seen.text, weights)
        barred = is_level if asks_change(asked) else None
        following, report = self._following(sought), self._index.report(passage.document)

        def fits(entry: LedgerEntry, features: Features) -> float:
            fit = fit_of(features)
            return (
                fit if following is None else following_fit_of(following.features(asked, passage, report, entry, fit))
            )

        return best_figure(ask, asked, seen, weights, self._like, barred, fits)

    def _following(self, sought: Sought) -> Following | None:
        return Following.of(sought.restated, self._index.words.idf, self._like)

    def _in_short(self, asked: Asked, found: _Found) -> _Found:
        """A passage with the stretches of it that answer in short, where no figure does."""
        text = found.passage.text
        words = self._weigher(asked.question, text)
        pairs = zip(asked.asks, found.picks, strict=True) if asked.asks else [(None, None)]
        picks = (
            pick if ask is not None and ask.wanted in FIGURES else best_span(ask, asked, text, words, pick)
            for ask, pick in pairs
        )
        return replace(found, picks=tuple(picks))

    def spans(self, asked: Asked, passage: Passage) -> list[tuple[Span, Features]]:
        """Every stretch of a passage that may be the short answer, with its features: what is learned from."""
        words = self._weigher(asked.question, passage.text)
        ask = asked.asks[0] if asked.asks else None
        named = pick_name(ask, asked, passage.text, words) if ask else None
        found = stretches(ask, asked, passage.text, words, named)
        return [(Span(start, end, 0.0), features) for start, end, features in found]

    def _going_on(self, asked: Asked, passage: Passage) -> list[Passage]:
        """What goes on stating what was asked for: shortcomings or plans side by side, 二是… after 一是…, 之所以…."""
        names = asked.wanted is Wanted.NAMES
        if names and _ITEM.search(passage.text):
            return [p for p in self._paragraph(passage) if _ITEM.search(p.text)][:MOST_EVERY]
        reason = self._after(passage)[:1] if not gives_reason(asked.question, passage.text) else []
        if any(gives_reason_of_that(asked.question, p.text) for p in reason):
            return reason
        if not _speaks(asked, passage.text):
            return []
        around = [p for p in self._paragraph(passage) if abs(p.position - passage.position) == 1]
        return [p for p in around if _speaks(asked, p.text)]

    def _paragraph(self, passage: Passage) -> list[Passage]:
        """The passages of a passage's paragraph, in order."""
        first = last = passage.position
        while first and self._index.passage(first - 1).paragraph == passage.paragraph:
            first -= 1
        while last + 1 < len(self._index) and self._index.passage(last + 1).paragraph == passage.paragraph:
            last += 1
        return [self._index.passage(position) for position in range(first, last + 1)]

    def _with_items(self, passage: Passage, names: bool) -> list[Draft]:
        """A passage with the items or headings that it announces: by a colon; for names asked for, by 抓好四件事."""
        own = Draft(passage.text, (passage,))
        if names and (rest := announced_after(passage.text)):  # 抓好三件事：甲；乙；丙。
            return [own, *(Draft(p.text, (p,)) for p in self._after(passage)[:rest])]
        colon = passage.text.endswith(("：", ":"))
        if not colon and not (names and _ANNOUNCES.search(passage.text)):
            return [own]
        announced = next((e.figure.value for e in reversed(ledger(passage.text)) if e.figure.kind is Kind.COUNT), None)
        most = min(int(announced), MOST_EVERY) if announced is not None else 3
        last = min(passage.position + most, len(self._index) - 1)
        after = [self._index.passage(position) for position in range(passage.position + 1, last + 1)]
        items = [p for p in after if colon and p.document == passage.document and p.section == passage.section]
        return [own, *(Draft(p.text, (p,)) for p in items)] if items else [own, *self._announced(passage)[:most]]

    def _after(self, passage: Passage) -> list[Passage]:
        return [p for p in self._paragraph(passage) if p.position > passage.position]

    def _announced(self, passage: Passage) -> list[Draft]:
        """The headings that follow upon a passage ending in a colon, each cited by its first sentence."""
        drafts: dict[tuple[str, ...], Draft] = {}
        for position in range(passage.position + 1, min(passage.position + 1 + _REACH, len(self._index))):
            below = self._index.passage(position)
            depth = len(passage.section) + 1
            if below.document != passage.document or below.section[: depth - 1] != passage.section:
                break
            if len(below.section) >= depth:
                drafts.setdefault(below.section[:depth], Draft(f"{_unnumbered(below.section[depth - 1])}。", (below,)))
        return list(drafts.values())

    def _best(self, sought: Sought, least_fit: float = LEAST_FIT) -> _Found | None:
        """The passage that answers best; None when none holds what was asked for."""
        candidates = self._candidates(sought)
        best = self._likeliest(sought, candidates)
        if best is not None and best.correction is not None:
            others = [found.passage.text for found in candidates if found.passage != best.passage]
            if any(confirms(sought.asked, text, best.correction.stated) for text in others):
                best = replace(best, correction=None)
        if best is None or best.correction is not None:
            return best
        return best if best.told and not _lacks_pick(sought.asked, best, least_fit) else None

    def _candidates(self, sought: Sought) -> list[_Found]:
        """The passages that may answer, looked into."""
        hits = [hit for hit in sought.hits if not _HEADING.fullmatch(hit.passage.text)]
        least = 0.0 if sought.asked.wanted in FIGURES else NEAR * hits[0].score
        near = [hit for hit in _looked_into(hits, sought.restated) if hit.score >= least]
        near += [hit for hit in hits if hit not in near and _speaks(sought.asked, hit.passage.text)]
        near += [hit for hit in hits[:CANDIDATES] if hit not in near and _row_fit(sought.asked, hit.passage.text)]
        confirming = [hit for hit in near if confirms(sought.asked, hit.passage.text)]
        if confirming and any(needs_pick(ask) and ask.wanted not in FIGURES for ask in sought.asked.asks):
            near = confirming  # the names asked for are those of the very things that the question counts
        return _with_names_first(sought.asked, [self._look_into(hit, sought) for hit in near])

    def _likeliest(self, sought: Sought, candidates: Sequence[_Found]) -> _Found | None:
        """The candidate that answers: by the rules alone for a figure, and in a follow-up, whose words are few."""
        if not candidates:
            return None
        by_rule = sought.asked.wanted in FIGURES or (sought.restated is not None and sought.restated.follows)
        fits = [f.score for f in candidates] if by_rule else choosing.fits(self._readings(sought.asked, candidates))
        return max(zip(fits, candidates, strict=True), key=lambda pair: (pair[0], -pair[1].passage.position))[1]

    def _readings(self, asked: Asked, candidates: Sequence[_Found]) -> list[Features]:
        """What `qa.answers.choosing` reads of candidates, at least one."""
        seen = [
            choosing.Candidate(
                found.passage,
                found.score,
                max((pick.fit for pick in found.picks if pick is not None), default=0.0),
                found.out_of_time,
                found.correction is not None,
            )
            for found in candidates
        ]
        return choosing.read(asked.question, seen, self._embedder)

    def passages(self, sought: Sought) -> list[tuple[Passage, Features]]:
        """The passages that may answer where no figure does, with their readings: what is learned from."""
        candidates = self._candidates(sought) if sought.asked.wanted not in FIGURES else []
        readings = self._readings(sought.asked, candidates) if candidates else []
        return [(found.passage, features) for found, features in zip(candidates, readings, strict=True)]

    def _look_into(self, hit: Hit, sought: Sought) -> _Found:
        text, asked = hit.passage.text, sought.asked
        weights = self._weigher(asked.question, text)
        seen = self._seen(hit, sought)
        between = asks_difference(asked) and not _COMPARED.search(text)
        told = tells(asked, text)
        barren = between or not told or seen.readings["other_place"] or is_of_another_sort(asked.question, text)
        picks = tuple(None if barren else self._pick(ask, sought, hit.passage, seen, weights) for ask in asked.asks)
        correction = find_correction(asked, text)
        if asked.wanted in FIGURES:
            return _Found(hit.passage, _figures_score(picks), picks, told, correction)
        score = seen.share
        for ask, pick in zip(asked.asks, picks, strict=True):
            if needs_pick(ask) and pick is None:
                score -= LACKS
            elif pick is not None:
                score += FITS / 2 * min(pick.fit, _FULL_FIT) / _FULL_FIT
        score += seen.readings["stated"] + seen.readings["quoted"]
        score += ROW * any(ask.wanted is Wanted.NAMES and names_row(ask.noun, text) for ask in asked.asks)
        score += _row_fit(asked, text, picks[0] if picks else None)
        statistics = asked.wanted in (Wanted.YES_NO, Wanted.MANNER) and correction is None and _is_statistics(text)
        score -= LACKS * (statistics or not told)
        score += ROW * speaks_of_such(asked.question, text)
        score += REASON * gives_reason(asked.question, text)
        score -= LACKS * (asks_remedy(asked.question) and states_lack(text))
        if asked.stated and self._is_of_another_year(asked, hit.passage):
            score -= LACKS
        out_of_time = seen.readings["out_of_time"]
        score -= out_of_time
        score += TURN if _speaks(asked, text) else 0.0
        score += seen.readings["premise"]
        return _Found(hit.passage, score, picks, told, correction, out_of_time=out_of_time)


def _looked_into(hits: Sequence[Hit], restated: Restated | None) -> list[Hit]:
    """The first passages found, and in a follow-up those of the paragraphs just cited."""
    just = restated.last.passages if restated is not None and restated.last is not None else ()
    cited = {hit.passage.paragraph for hit in hits if hit.passage.passage_id in just}
    return [hit for i, hit in enumerate(hits) if i < CANDIDATES or hit.passage.paragraph in cited]


def _share(hit: Hit, sought: Sought) -> float:
    """A passage's score over that of the best; 1 for the best where none stands out too, as in a report of one line."""
    best = sought.hits[0]
    return hit.score / best.score if best.score > 0 else float(hit.rank == best.rank)


def _figures_score(picks: Sequence[Span | None]) -> float:
    """How well a passage answers a question for figures, in shares of the best retrieval score."""
    fits = [pick.fit if pick is not None else NO_FIT for pick in picks]
    return sum(fits) / len(fits) / fitting_weights()["retrieved"]


def _row_fit(asked: Asked, text: str, pick: Span | None = None) -> float:
    """Prefer a sentence with a row of as many things as are asked for, in what was picked of it where something was."""
    number = things_asked(asked)
    if number not in rows(text[pick.start : pick.end] if pick else text):
        return 0.0
    return OF_NUMBER if says_number(number, text) else OF_NUMBER / 2


def _is_statistics(text: str) -> bool:
    """Whether every clause of a sentence ends in a figure: it tells how many there are, and nothing that is done."""
    clauses = [clause for clause in re.split("[，,；;。]", text) if clause]
    ends = {figure.end for figure in _figures(text)}
    at, told = 0, 0
    for clause in clauses:
        at = text.index(clause, at) + len(clause)
        told += at in ends
    return told == len(clauses)


def _premise_fit(asked: Asked, text: str) -> float:
    """Prefer the passage with a figure for what the question states one for; insist where it asks nothing else."""
    if not any(figure.kind is not Kind.DATE for figure in asked.stated):
        return 0.0
    if bears_on(asked, text):
        return STATED
    return 0.0 if any(ask.wanted is not Wanted.YES_NO for ask in asked.asks) else -LACKS / 2


def _out_of_time(asked: Asked, passage: Passage, report: Report) -> float:
    """What a plan loses where the question asks of what was done, and the other way round."""
    planned, wants = speaks_ahead(passage, report), asks_ahead(asked, report)
    goal = _GOAL.search(asked.question)
    if goal is not None and goal.group() in _REACHED.sub("", passage.text):
        return 0.0  # 优于3.5%的年度目标 tells what the goal was
    if wants is None:
        return UNASKED if planned else 0.0
    return OTHER_TIME if planned != wants else 0.0


def _speaks(asked: Asked, text: str) -> bool:
    """Whether a sentence states a shortcoming, a plan or praise that is asked for; a figure is asked for otherwise."""
    return asked.wanted not in FIGURES and speaks_as_asked(asked.question, text)


def _unnumbered(heading: str) -> str:
    return re.sub(r"^[（(]?[0-9一二三四五六七八九十]+[)）]?[、.．]?\s*", "", heading)


def _stated_fit(asked: Asked, text: str) -> float:
    """Prefer a passage with the figures and the year that the question states, to one of another year."""
    here = _figures(text)
    fit = STATED * sum(
        figure.kind is not Kind.DATE and any(same_value(figure, other) for other in here) for figure in asked.stated
    )
    years, theirs = (_years(figures) for figures in (asked.stated, here))
    if years and theirs:
        fit += STATED if years & theirs else -STATED
    return fit


def _figure(found: _Found) -> Figure | None:
    """The figure that was picked in a passage."""
    starts = {span.start for span in found.picks if span is not None}
    return next((figure for figure in _figures(found.passage.text) if figure.start in starts), None)


def _place(found: _Found) -> tuple[str, int] | None:
    """Where the figure that was picked stands."""
    figure = _figure(found)
    return (found.passage.passage_id, figure.start) if figure is not None else None


def _figures(text: str) -> list[Figure]:
    return [entry.figure for entry in ledger(text)]


def _quoted_fit(hit: Hit, sought: Sought) -> float:
    """Hold back a passage that says nothing of the name that the question quotes, where other passages do."""
    paragraph = "".join(h.passage.text for h in sought.hits if h.passage.paragraph == hit.passage.paragraph)
    spoken_of = normalise("".join(hit.passage.section) + paragraph)
    names = [normalise(match.group(1)) for match in _QUOTED.finditer(sought.asked.question)]
    known = [name for name in names if any(name in normalise(h.passage.text) for h in sought.hits)]
    return -LACKS if any(name not in spoken_of for name in known) else 0.0


def _years(figures: Sequence[Figure]) -> set[int]:
    return {
        int(f.value) // 10000 for f in figures if f.kind is Kind.DATE and f.value is not None and f.value >= 19000000
    }


def _with_names_first(asked: Asked, candidates: list[_Found]) -> list[_Found]:
    """Hold back what names none of a kind that names are told by (哪个平台) where others name one."""
    typed = [
        i for i, ask in enumerate(asked.asks) if ask.wanted is Wanted.NAME and is_kind(ask.noun) and not needs_pick(ask)
    ]
    if not any((pick := found.picks[i]) is not None and pick.fit >= SURE_NAME for found in candidates for i in typed):
        return candidates
    lacking = [all(found.picks[i] is None for i in typed) for found in candidates]
    return [replace(f, score=f.score - LACKS) if lacks else f for f, lacks in zip(candidates, lacking, strict=True)]


def _lacks_pick(asked: Asked, found: _Found, least_fit: float) -> bool:
    """Whether only figures or names answer a question and a passage has none of them that fits."""
    needed = [(ask, pick) for ask, pick in zip(asked.asks, found.picks, strict=True) if needs_pick(ask)]
    return bool(needed) and all(
        pick is None or (ask.wanted in FIGURES and pick.fit < least_fit) for ask, pick in needed
    )


def needs_pick(ask: Ask) -> bool:
    """Whether only a figure or a name of a known kind answers an ask: 多少, 哪家公司, 哪些银行; not 什么规定."""
    if ask.unit in EXTENTS and not MEASURE.search(ask.noun):
        return False
    return ask.wanted in FIGURES or (ask.wanted in (Wanted.NAME, Wanted.NAMES) and ask.noun in BODIES)


def _weights(idf: Callable[[str], float], question: str, passage: str) -> dict[str, float]:
    """Weigh the terms of a question inside a passage by their rarity in the index and in the passage."""
    return passage_weights({term: weight * idf(term) for term, weight in weigh(question).items()}, passage)


def _cosine(embedder: Embedder, a: str, b: str) -> float:
    first, second = embedder.embed([a, b])
    return float(first @ second)


def _short(found: Sequence[_Found]) -> str | None:
    """The answer itself: what was computed, else what was corrected, else what was picked."""
    parts: list[str] = []
    for one in found:
        text = one.passage.text
        if one.sum is not None:
            parts.append(one.sum.result)
        elif one.correction is not None:
            parts.append(text[one.correction.start : one.correction.end])
        else:
            parts += (text[span.start : span.end] for span in one.picks if span is not None)
    return "、".join(dict.fromkeys(parts)) or None


def _names_ending_so(sought: Sought) -> list[Passage]:
    """The passages with names that end in what a question for names quotes: 哪些“一件事” → “就医付费一件事”, …"""
    if sought.asked.wanted is not Wanted.NAMES:
        return []
    for match in _QUOTED.finditer(sought.asked.question):
        longer = re.compile(f"“[^“”]{{2,20}}{re.escape(match.group(1))}”")
        passages = [hit.passage for hit in sought.hits if longer.search(hit.passage.text)]
        if len(passages) > 1:
            return passages[:MOST_EVERY]
    return []


def _every_mention(sought: Sought) -> list[Passage]:
    """The passages that hold the quoted words or the figure of a question for every mention; [] for other questions."""
    asked = sought.asked
    if asked.wanted not in (Wanted.NAME, Wanted.NAMES, Wanted.RANK):
        return []
    endings = _names_ending_so(sought)
    if endings:
        return endings
    if _RANKS.search(asked.question):
        ranked = [hit.passage for hit in sought.hits if any(f.kind is Kind.RANK for f in _figures(hit.passage.text))]
        return ranked[:MOST_EVERY] if len(ranked) > 1 else []
    if not _EVERY.search(asked.question):
        return []
    quoted = [normalise(match.group(1)) for match in _QUOTED.finditer(asked.question)]
    stated = [figure for figure in asked.stated if figure.kind not in (Kind.DATE, Kind.COUNT)]
    if not quoted and not stated:
        return []
    passages = [
        hit.passage
        for hit in sought.hits
        if all(words in normalise(hit.passage.text) for words in quoted)
        and all(any(same_value(f, other) for other in _figures(hit.passage.text)) for f in stated)
    ]
    return passages[:MOST_EVERY] if len(passages) > 1 else []
