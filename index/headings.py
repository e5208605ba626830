"""The grammar of headings in Chinese official prose.

    level 0   第一章 …   第一部分 …   # …        4   1. …   1、…
          1   第一节 …   ## …                    5   （1）…
          2   一、…      ### …   附件一：…   壹 …
          3   （一）…     #### …   1.1 …

Full and half width brackets and points are the same. A heading stands alone on its line, or runs in: it shares the
line with its paragraph and ends at the first full stop, as in 「(一)深入推进政务服务“一网通办”。“爱山东…」.
A numbered line with nothing under it is an item of a list, not a heading: its words stay body text. Where every
run-in heading has just the paragraph on its line, further lines after the last one close the report, outside all
sections.
"""

import re
from dataclasses import dataclass, replace

from index.passage import Paragraph, Section

_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
_NUMBER = rf"(?:{_NUMERAL}|\d{{1,2}})"
_MARKERS = (
    (0, re.compile(rf"第\s*(?:{_NUMERAL}|\d{{1,3}})\s*(?:章|编|篇|部分)[\s　:：、]*")),
    (1, re.compile(rf"第\s*(?:{_NUMERAL}|\d{{1,3}})\s*节[\s　:：、]*")),
    (2, re.compile(rf"{_NUMERAL}[、.．][\s　]*")),
    (2, re.compile(rf"附[件录]\s*(?:{_NUMBER}[.．、：:]?|[：:](?!\s*\d)|(?=[\s　]|$))[\s　]*")),
    (2, re.compile(rf"附{_NUMBER}?(?:[：:]|[\s　](?=[\s　]*(?:\D|20\d\d年)))[\s　]*")),
    (2, re.compile(r"[壹贰叁肆伍陆柒捌玖拾]{1,3}(?:[、.．]|[\s　])[\s　]*")),
    (3, re.compile(rf"[（(]\s*{_NUMERAL}\s*[)）][、.．]?[\s　]*")),
    (3, re.compile(r"\d{1,2}[.．]\d{1,2}[\s　]+(?=\D)")),
    (4, re.compile(r"\d{1,2}(?:[.．](?!\d)|、)[\s　]*")),
    (5, re.compile(r"[（(]\s*\d{1,2}\s*[)）][、.．]?[\s　]*")),
)
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+")
_STOP = re.compile(r"[。！？；;!?]")
_LONGEST_RUN_IN = 40  # characters after the marker; longer first sentences are body text
_LONGEST_ALONE = 60
_LONGEST_TITLE = 50


@dataclass(frozen=True)
class _Line:
    """One line: an optional heading [start, body) and what follows it [body, end)."""

    start: int
    body: int
    end: int
    level: int | None
    heading: str


def outline(text: str) -> tuple[str, tuple[Section, ...], tuple[Paragraph, ...]]:
    """Split a text into its title ("" where it has none), its sections and its paragraphs, in reading order.

    >>> _, sections, paragraphs = outline("一、总体情况\\n(一)保障有力。投入3亿元。")
    >>> sections[1].path, paragraphs[0].start
    (('一、总体情况', '(一)保障有力'), 15)
    """
    lines = _demote_items([_read_line(text, start, end) for start, end in _line_spans(text)])
    closing = _closing(lines)
    title = ""
    if len(lines) > 1 and lines[0].level is None and _is_title(text[lines[0].start : lines[0].end]):
        title = text[lines[0].start : lines[0].end]
        lines = lines[1:]
    open_sections: list[Section] = []
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    for line in lines:
        if line.level is not None or line is closing:
            while open_sections and (line.level is None or open_sections[-1].level >= line.level):
                sections.append(replace(open_sections.pop(), end=line.start))
        if line.level is not None:
            path = (*(open_sections[-1].path if open_sections else ()), line.heading)
            open_sections.append(Section(path, line.level, line.start, len(text)))
        if line.body < line.end:
            paragraphs.append(Paragraph(line.body, line.end, open_sections[-1].path if open_sections else ()))
    sections += open_sections
    return title, tuple(sorted(sections, key=lambda s: (s.start, s.level))), tuple(paragraphs)


def _line_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            first = start + line.index(stripped)
            spans.append((first, first + len(stripped)))
        start += len(line) + 1
    return spans


def _read_line(text: str, start: int, end: int) -> _Line:
    line = text[start:end]
    body = _Line(start, start, end, None, "")
    markdown = _MARKDOWN.match(line)
    if markdown:
        return _Line(start, end, end, min(len(markdown.group(1)) - 1, 5), line[markdown.end() :].strip("# "))
    for level, marker in _MARKERS:
        match = marker.match(line)
        if match is None or not _is_begun(text, match):
            continue
        stop = _STOP.search(line, match.end())
        if stop is None:
            alone = len(line) - match.end() <= _LONGEST_ALONE and line[-1] not in "，,、"
            return _Line(start, end, end, level, line.rstrip("：:")) if alone else body
        if stop.group() not in "。" or stop.start() - match.end() > _LONGEST_RUN_IN or stop.start() == match.end():
            return body
        rest = stop.end() + len(line[stop.end() :]) - len(line[stop.end() :].lstrip())
        return _Line(start, start + rest, end, level, line[: stop.start()])
    return body


def _is_begun(text: str, match: re.Match[str]) -> bool:
    """Whether a series of rare marks has a first one: 壹 before 伍, 2.1 before 2.4; a decimal or a name has none."""
    first = _FIRST.match(match.group())
    if first is None:
        return True
    major = first["major"]
    return re.search(rf"(?m)^[\s　]*{major}[.．]1[\s　]" if major else r"(?m)^[\s　]*壹[、.．\s　]", text) is not None


_FIRST = re.compile(r"(?P<major>\d{1,2})[.．]\d|[壹贰叁肆伍陆柒捌玖拾]")


def _demote_items(lines: list[_Line]) -> list[_Line]:
    """Turn headings with nothing under them, and run-in headings that hold a figure, back into body text."""
    kept: list[_Line] = []
    following: _Line | None = None  # as it was read: an item of a list is nothing under the item before it
    for line in reversed(lines):
        read = line
        if line.level is not None:
            empty = line.body >= line.end and (
                following is None or (following.level is not None and following.level <= line.level)
            )
            runs_in = line.body < line.end
            if (empty and line.level >= 2) or (runs_in and re.search(r"\d", line.heading[3:])):
                line = _Line(line.start, line.start, line.end, None, "")
        kept.append(line)
        following = read
    return kept[::-1]


def _closing(lines: list[_Line]) -> _Line | None:
    """Find the line with which the closing words begin, after the last of several one-paragraph run-in sections."""
    run_in = [i for i, line in enumerate(lines) if line.level is not None and line.body < line.end]
    if len(run_in) < 3 or run_in[-1] + 1 == len(lines):
        return None
    one_each = all(lines[i + 1].level is not None for i in run_in[:-1])
    return lines[run_in[-1] + 1] if one_each and lines[run_in[-1] + 1].level is None else None


def _is_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and line[-1] not in "。！？；，、：,.!?;:"
