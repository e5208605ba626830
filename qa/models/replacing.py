"""A language model's sentences take the place of the extractive answer: what stays, what goes, and how it may end.

    wrote something that holds       answered (or partial, as the extractive answer was)
    found no answer in the passages  not_in_report
    wrote nothing that holds         not_in_report, its reason being the model; the extractive answer with `fallback`
    failed, was busy                 error, overloaded; or the extractive answer with `fallback`
    was stopped                      partial with what was verified so far; the extractive answer where that is nothing

An extractive answer that stands in says so in its `reason`, whatever its status.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.figures import Kind, read_figures
from index.lexical import normalise
from index.store import PassageIndex
from qa import prompts
from qa.answer import Answer, Status, Withheld
from qa.answers.absence import of_other_year
from qa.citing import Draft, cite
from qa.errors import ModelBusyError, ModelFailedError
from qa.language.asking import FIGURES, Asked
from qa.models.composing import Composed

_CORRECTION, _SUM = (words.partition("{")[0] for words in (prompts.CORRECTION, prompts.COMPUTED))


def put_in_place(
    extractive: Answer, drafts: Sequence[Draft], asked: Sequence[Asked], composed: Composed, index: PassageIndex
) -> Answer:
    """Give the answer with the model's sentences so far in place of the report's, `drafts`.

    What the program worked out stays: that a question is wrong stands first, a sum last.
    """
    shown: list[Draft] = []
    withheld = list(composed.withheld)
    for draft in composed.shown:
        reason = of_other_year(asked, draft, index)
        if reason is None:
            shown.append(draft)
        else:
            withheld.append(Withheld(draft.text, reason))
    corrections = [draft for draft in drafts if draft.text.startswith(_CORRECTION)]
    sums = [draft for draft in drafts if draft.text.startswith(_SUM)]
    sentences, citations = cite([*corrections, *shown, *sums], index)
    partial = extractive.status is Status.PARTIAL
    return replace(
        extractive,
        status=Status.PARTIAL if partial else Status.ANSWERED,
        reason=extractive.reason if partial else None,
        short=_short("".join(sentence.text for sentence in sentences), extractive.short, asked),
        sentences=sentences,
        citations=citations,
        withheld=tuple(withheld),
    )


def conclude(answer: Answer, extractive: Answer, composed: Composed, fallback: bool, stopped: bool) -> Answer:
    """Give the last answer, when the model has come to its end or was stopped."""
    if answer.sentences:
        return replace(answer, status=Status.PARTIAL, reason=prompts.STOPPED) if stopped else answer
    if stopped:
        return extractive
    if fallback and not composed.absent:
        return stand_in(replace(extractive, withheld=answer.withheld))
    reason = prompts.NOT_IN_REPORT if composed.absent else prompts.NONE_HELD
    return replace(answer, status=Status.NOT_IN_REPORT, reason=reason, short=None)


def fail(extractive: Answer, failure: ModelFailedError, name: str, fallback: bool) -> Answer:
    """Give the answer where the model failed: why, in Chinese, or the extractive one where it may stand in."""
    if fallback:
        return stand_in(extractive)
    status = Status.OVERLOADED if isinstance(failure, ModelBusyError) else Status.ERROR
    return replace(
        extractive, status=status, reason=failure.reason, short=None, sentences=(), citations=(), answerer=name
    )


def stand_in(extractive: Answer) -> Answer:
    """Mark an extractive answer as standing in for the model's; a refusal says enough as it is."""
    if extractive.status is Status.ANSWERED:
        return replace(extractive, reason=prompts.FALLBACK)
    if extractive.status is Status.PARTIAL:
        return replace(extractive, reason=f"{extractive.reason or ''}{prompts.FALLBACK}")
    return extractive


def _short(text: str, extractive: str | None, asked: Sequence[Asked]) -> str | None:
    """The extractive short answer where the text says it too; where there is none, the one figure asked for."""
    said = normalise(text)
    if extractive is not None and all(_says(said, normalise(part)) for part in extractive.split("、")):
        return extractive
    figures = [figure for figure in read_figures(text) if figure.kind is not Kind.DATE]
    asks = [ask for one in asked for ask in one.asks if ask.wanted in FIGURES]
    if extractive is None and len(asks) == len(figures) == 1 and asks[0].unit == figures[0].unit != "":
        return figures[0].text
    return None  # the two disagree, or nothing tells which figure is meant


def _says(text: str, words: str) -> bool:
    """Whether words stand in a text, and not within a longer figure: 5个 does not stand in 45个."""
    return re.search(rf"(?<![0-9.]){re.escape(words)}(?![0-9千万亿])", text) is not None
