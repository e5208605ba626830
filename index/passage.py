"""What a report is made of. Offsets count characters of the document as read, half-open.

These types know nothing of files, models or questions.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading and all that stands under it, sub-sections included.

    `path` is the way down from the outermost heading, the own one last; `level` counts from 0 (chapter);
    [start, end) begins at the heading itself.
    """

    path: tuple[str, ...]
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Paragraph:
    """One line of body text, headings cut off, with the path of the headings above it."""

    start: int
    end: int
    section: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A document as read. `year` is the year the report speaks of when it says 今年, where known."""

    document: str
    title: str
    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    year: int | None = None


@dataclass(frozen=True)
class Passage:
    """One citable stretch of a report, usually a sentence: `report.text[start:end] == text`.

    `position` counts the passages of an index from 0; neighbours in a report have neighbouring positions.
    `paragraph` counts the paragraphs of an index from 0.
    """

    passage_id: str
    document: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    position: int
    paragraph: int


def contextual_text(passage: Passage) -> str:
    """Give what stands for a passage before a model: its sentence, led by its own heading."""
    return "".join(passage.section[-1:]) + "\n" + passage.text


def with_headings(passage: Passage) -> str:
    """Give what stands for a passage where word pieces are met one by one: its sentence and all headings above it."""
    return " ".join((passage.text, *passage.section))


@dataclass(frozen=True)
class Hit:
    """A passage found for a question; `score`: higher is better; `rank` counts from 1."""

    passage: Passage
    score: float
    rank: int
