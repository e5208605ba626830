"""Report → passages, cut at the ends of sentences inside the paragraphs that the headings leave.

A passage is one sentence. Measured on the development questions, larger passages find as much and cite worse; the
figures stand in eval/README.md.
"""

import re

from index.passage import Passage, Report

SHORTEST = 8  # characters; a shorter sentence joins the one before it in its paragraph
_SENTENCE = re.compile(r"[^。！？!?；;]+(?:[。！？!?；;]+[”’」』）)】》]*)?|[。！？!?；;]+")


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text as half-open spans, blanks around them left out.

    Sentences end at 。！？； and their half-width forms, closing quotes included. A stop inside quotes or brackets ends
    a sentence too: official prose quotes slogans, not speeches.

    >>> sentences("累计放款206亿。 经验“先行先试”；各方面的效果都好！")
    [(0, 9), (10, 19), (19, 28)]
    """
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        piece = match.group()
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.end() - (len(piece) - len(piece.rstrip()))
        if start >= end:
            continue
        if spans and end - start < SHORTEST:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def chunk(report: Report, position: int = 0, paragraph: int = 0) -> list[Passage]:
    """Cut a report into its passages, in reading order.

    `position` and `paragraph` are the numbers that the first passage and the first paragraph get.
    """
    passages: list[Passage] = []
    for number, block in enumerate(report.paragraphs, paragraph):
        for first, last in sentences(report.text[block.start : block.end]):
            start, end = block.start + first, block.start + last
            passages.append(
                Passage(
                    passage_id=f"{report.document}:{start}-{end}",
                    document=report.document,
                    section=block.section,
                    start=start,
                    end=end,
                    text=report.text[start:end],
                    position=position + len(passages),
                    paragraph=number,
                )
            )
    return passages
