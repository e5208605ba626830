"""What the answerer drew on → citations with marks and exact offsets. Marks count from 1, converted here alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.passage import Passage
from index.store import PassageIndex
from qa.answer import Citation, Sentence


@dataclass(frozen=True)
class Draft:
    """One sentence as an answerer wrote it, with the passages it drew on.

    `year`: the year it speaks of where they speak of another, as what was computed for the year before does.
    """

    text: str
    sources: tuple[Passage, ...]
    year: int | None = None


def cite(drafts: Sequence[Draft], index: PassageIndex) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Number the passages in order of first use; two sentences that rest on one passage share its mark."""
    marks: dict[str, int] = {}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for draft in drafts:
        for passage in draft.sources:
            if passage.passage_id not in marks:
                marks[passage.passage_id] = len(marks) + 1
                citations.append(_citation(marks[passage.passage_id], passage, index))
        sentences.append(Sentence(draft.text, tuple(marks[p.passage_id] for p in draft.sources)))
    return tuple(sentences), tuple(citations)


def _citation(mark: int, passage: Passage, index: PassageIndex) -> Citation:
    return Citation(
        mark=mark,
        document=passage.document,
        title=index.title(passage.document),
        section=passage.section,
        passage_id=passage.passage_id,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
    )
