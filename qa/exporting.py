"""Verdicts for people: plain text, a table for a spreadsheet, marks in a Word file. Always labelled in words."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from qa import prompts
from qa.answer import Citation
from qa.checking import Ruling, Verdict
from qa.drafts import Manuscript, mark_manuscript, printable
from qa.showing import place

_SIGNS = {Ruling.SUPPORTED: "√", Ruling.REFUTED: "×", Ruling.NOT_ENOUGH_INFO: "？", Ruling.NOTHING_TO_CHECK: "－"}
_COLOURS = {Ruling.SUPPORTED: "BRIGHT_GREEN", Ruling.REFUTED: "RED", Ruling.NOT_ENOUGH_INFO: "YELLOW"}


def as_text(verdicts: Sequence[Verdict]) -> str:
    """Draw verdicts for a terminal: each claim under its label, what differs, the corrected sentence, the source."""
    lines: list[str] = []
    for verdict in verdicts:
        lines.append(f"{_SIGNS[verdict.verdict]} 【{prompts.RULINGS[verdict.verdict]}】{verdict.claim}")
        lines += (f"    {line}" for line in _remarks(verdict))
    return printable("\n".join((*lines, "", tally(verdicts), prompts.CHECKED_LABEL)))


def tally(verdicts: Sequence[Verdict]) -> str:
    """Count the verdicts in words: 共3处：与报告一致2处，与报告不符1处。"""
    counts = Counter(verdict.verdict for verdict in verdicts)
    parts = [f"{prompts.RULINGS[ruling]}{counts[ruling]}处" for ruling in Ruling if counts[ruling]]
    return prompts.TALLY.format(total=len(verdicts), parts="：" * bool(parts) + "，".join(parts))


def as_csv(verdicts: Sequence[Verdict]) -> bytes:
    """Give verdicts as a table, in UTF-8 with the byte order mark by which Excel knows it."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(prompts.CHECKED_COLUMNS)
    for number, verdict in enumerate(verdicts, 1):
        row = (
            number,
            prompts.RULINGS[verdict.verdict],
            guarded(verdict.claim),
            verdict.start + 1,
            verdict.end,
            guarded(verdict.difference or ""),
            guarded(verdict.correction or ""),
            guarded("\n".join(citation.quote for citation in verdict.citations)),
            guarded("\n".join(_place(citation) for citation in verdict.citations)),
        )
        writer.writerow(row)
    return table.getvalue().encode("utf-8-sig", "replace")


def guarded(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula (OWASP, CSV injection): a leading ' makes it text.

    >>> guarded("=HYPERLINK(1)"), guarded("接入41个")
    ("'=HYPERLINK(1)", '接入41个')
    """
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(("\t", "\r", "\n")) else cell


_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_docx(manuscript: Manuscript, verdicts: Sequence[Verdict]) -> bytes:
    """Give the manuscript as a .docx, every claim highlighted, its verdict in a comment, the words unchanged.

    What needs no check is not marked. The first line carries a comment with the count and the meaning of the colours.

    Raises:
        DraftError: the .docx cannot be opened within the bounds.
    """
    from qa.wordfile import Mark

    begins = len(manuscript.text) - len(manuscript.text.lstrip())
    line = manuscript.text.find("\n", begins)
    legend = prompts.LEGEND.format(tally=tally(verdicts)) + prompts.CHECKED_LABEL
    marks = [Mark(begins, line if line >= 0 else len(manuscript.text), None, legend)]
    for verdict in verdicts:
        if verdict.verdict in _COLOURS:
            comment = "\n".join((f"【{prompts.RULINGS[verdict.verdict]}】", *_remarks(verdict)))
            marks.append(Mark(verdict.start, verdict.end, _COLOURS[verdict.verdict], comment))
    return mark_manuscript(manuscript, marks)


def _remarks(verdict: Verdict) -> list[str]:
    lines = [verdict.difference] if verdict.difference else []
    if verdict.correction:
        lines.append(prompts.CORRECTED.format(correction=verdict.correction))
    return lines + [prompts.SOURCE.format(**_source(citation)) for citation in verdict.citations]


def _source(citation: Citation) -> dict[str, str | int]:
    return {"quote": citation.quote, "place": place(citation), "start": citation.start + 1, "end": citation.end}


def _place(citation: Citation) -> str:
    return f"{place(citation)}（第{citation.start + 1}–{citation.end}字）"
