"""Why the reports do not answer: they speak of another place or another year, or give no such figure."""

from collections.abc import Sequence

from index.store import PassageIndex
from qa import prompts
from qa.answers.telling import tells
from qa.citing import Draft
from qa.language.asking import FIGURES, Asked, Wanted
from qa.language.tense import years_asked
from qa.questions.scope import missing_member, missing_officer, missing_place, missing_year
from qa.retrieval import Retriever


def absence(question: str, asked: Sequence[Asked], drafts: Sequence[Draft], retriever: Retriever) -> str | None:
    """Say which place or year that is asked about the reports do not speak of; None where there is none such."""
    place = missing_place(question, retriever.mentions)
    if place is not None:
        return prompts.NO_PLACE.format(place=place)
    if all(one.wanted is Wanted.YES_NO for one in asked) and missing_member(question, retriever.mentions) is not None:
        return prompts.NOT_IN_REPORT
    if missing_officer(question, (draft.text for draft in drafts)):
        return prompts.NOT_IN_REPORT
    for one in asked:
        years = [_missing_year(one, draft, retriever.index) for draft in drafts]
        if years and all(years):
            return prompts.NO_YEAR.format(year=years[0])
    return None


def of_other_year(asked: Sequence[Asked], draft: Draft, index: PassageIndex) -> str | None:
    """Say that a sentence rests on what was written of another year than any that is asked about; None if it does not.

    None as well where no year is asked about.
    """
    years = [_missing_year(one, draft, index) for one in asked]
    return prompts.NO_YEAR.format(year=years[0]) if years and all(years) else None


def lacking(asked: Sequence[Asked], nearest: Sequence[str]) -> str:
    """Say what is not there: such a figure where one is asked for, what is asked of a thing that the nearest sentences
    speak of, else anything of it."""
    wanted = next((a.wanted for one in asked for a in one.asks if a.wanted in FIGURES), None)
    if wanted is not None:
        return prompts.NO_FIGURE.format(wanted=prompts.WANTED[wanted.value])
    untold = any(not tells(one, sentence) for one in asked for sentence in nearest)
    return prompts.NOT_TOLD if untold else prompts.NOT_IN_REPORT


def _missing_year(asked: Asked, draft: Draft, index: PassageIndex) -> int | None:
    source = draft.sources[0]
    if draft.year is not None and draft.year in years_asked(asked):
        return None
    return missing_year(asked, source, index.report(source.document))
