"""Editions of one report, of several years: a question that names no year gets the figure of each, with its year.

Two reports are editions of one where their titles differ in nothing but the year. Each is asked by itself, for its own
year; what it says stays in its own words.
"""

import re
from collections.abc import Callable, Sequence

from index.figures import Figure, Kind, read_figures, same_value
from index.store import PassageIndex
from qa import prompts
from qa.answering import Sought, Written
from qa.answers.absence import of_other_year
from qa.language.asking import FIGURES, Asked
from qa.language.tense import asks_ahead, years_asked
from qa.retrieval import Retriever

MOST = 4  # editions asked, the newest ones; each costs as much as the question itself
ALIKE = 0.7  # share of the best edition's score that another's sentence needs to be an answer to the same question
_YEAR = re.compile("(?:(?:19|20)[0-9]{2}|[一二][〇○零一二三四五六七八九]{3})年度?")
_OTHER_TIME = re.compile("[今去明来前上下][一]?年|年度?报告?之?间|历年|各年|每年|哪一?年")

Asker = Callable[[str, str], tuple[Sequence[Sought], Written]]
"""Asks one document alone (its name, the question): what was found in it, and what was made of that."""


def side_by_side(sought: Sequence[Sought], written: Written, retriever: Retriever, ask: Asker) -> Written:
    """Put the figures that the editions of a report give for one question beside each other, newest first.

    `written`, what all reports together answered, stays where there are no other editions, where the question names
    a year or asks for more than one figure, and where only one edition answers. Equal figures are given once.
    """
    if len(retriever.index.document_names) < 2 or not _asks_one_figure(sought) or _figure(written) is None:
        return written
    document = written.drafts[0].sources[0].document
    editions = editions_of(document, retriever)
    if len(editions) < 2 or asks_ahead(sought[0].asked, retriever.index.report(document)):
        return written
    answers: dict[int, tuple[float, Figure, Written]] = {}
    for year, edition in editions[:MOST]:
        found, theirs = ask(edition, f"{year}年{sought[0].asked.question}")
        figure = _figure(theirs)
        if figure is not None and not _is_of_other_year([one.asked for one in found], theirs, retriever.index):
            answers[year] = _score(found, theirs), figure, theirs
    best = max((score for score, _, _ in answers.values()), default=0.0)
    first = _figure(written)
    answers = {
        year: (score, figure, theirs)
        for year, (score, figure, theirs) in answers.items()
        if score >= ALIKE * best and first is not None and (figure.kind, figure.unit) == (first.kind, first.unit)
    }
    if len(answers) < 2:
        return written
    (_, newest, latest), *others = answers.values()
    if all(same_value(newest, figure) for _, figure, _ in others):
        return latest
    drafts = tuple(draft for _, _, theirs in answers.values() for draft in theirs.drafts)
    shorts = [prompts.EDITION.format(short=theirs.short, year=year) for year, (_, _, theirs) in answers.items()]
    return Written(drafts, "、".join(shorts))


def editions_of(document: str, retriever: Retriever) -> list[tuple[int, str]]:
    """Give year and name of the editions of a report, itself among them, newest first; [] where its year is not known.

    Only those that the retriever is kept to. Of two of the same year the one named, else the first one added.
    """
    index = retriever.index
    title = _without_year(document, index)
    found: dict[int, str] = {}
    for other in (document, *(retriever.documents or index.document_names)):
        year = index.year(other)
        if year is not None and _without_year(other, index) == title:
            found.setdefault(year, other)
    return sorted(found.items(), reverse=True) if document in found.values() else []


def _without_year(document: str, index: PassageIndex) -> str:
    return _YEAR.sub("", index.title(document))


def _asks_one_figure(sought: Sequence[Sought]) -> bool:
    """Whether a question asks for one figure and names no year."""
    asked: list[Asked] = [one.asked for one in sought]
    if len(asked) != 1 or len(asked[0].asks) != 1 or asked[0].wanted not in FIGURES:
        return False
    return not years_asked(asked[0]) and _OTHER_TIME.search(asked[0].question) is None


def _figure(written: Written) -> Figure | None:
    """The one figure that an answer gives in the report's own words; None for what was computed or corrected."""
    own = bool(written.drafts) and all(d.text == d.sources[0].text and len(d.sources) == 1 for d in written.drafts)
    figures = [figure for figure in read_figures(written.short or "") if figure.kind is not Kind.DATE]
    return figures[0] if own and len(figures) == 1 and not written.missing else None


def _is_of_other_year(asked: Sequence[Asked], written: Written, index: PassageIndex) -> bool:
    return any(of_other_year(asked, draft, index) is not None for draft in written.drafts)


def _score(sought: Sequence[Sought], written: Written) -> float:
    """How well the best of the passages that an answer rests on was found."""
    rests = {draft.sources[0].passage_id for draft in written.drafts}
    return max((hit.score for one in sought for hit in one.hits if hit.passage.passage_id in rests), default=0.0)
