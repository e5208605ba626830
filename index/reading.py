"""File → Report. Reads .txt and .md in UTF-8, UTF-16 with a byte order mark, or GB18030."""

import codecs
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadingError
from index.headings import outline
from index.passage import Report

SUFFIXES = (".txt", ".md")


@dataclass(frozen=True)
class _About:
    """What a report's .toml says of it."""

    title: str | None = None
    year: int | None = None


def find_reports(paths: Iterable[Path]) -> list[Path]:
    """List the report files among the paths; a folder stands for the .txt and .md files in it, sorted by name.

    Raises:
        ReadingError: a path does not exist, a folder holds no report, or two files share one document name.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                raise ReadingError(f"{path} holds no .txt or .md file; name the report files themselves")
            files += inside
        else:
            files.append(path)
    names: dict[str, Path] = {}
    for file in files:
        if file.stem in names:
            raise ReadingError(f"{file} and {names[file.stem]} share the document name {file.stem!r}; rename one")
        names[file.stem] = file
    return files


def read_report(path: Path) -> Report:
    """Read one report; the document name is the file name without its suffix.

    A file of the same name ending in .toml may give `title` and `year`; without it the title is the first line where
    that looks like one, else the file name, and the year is that of the title, else the first that begins a
    sentence or a heading.

    Raises:
        ReadingError: the file is missing, empty, of another kind, or in an encoding that cannot be told.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ReadingError(f"{path} is not one of {', '.join(SUFFIXES)}; save it as plain text in UTF-8")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadingError(f"{path} cannot be read: {error.strerror}") from error
    text = decode(data, str(path))
    if not text.strip():
        raise ReadingError(f"{path} holds no text ({len(data)} bytes)")
    about = _read_about(path.with_suffix(".toml"))
    return as_report(path.stem, text, about.title, about.year)


def as_report(document: str, text: str, title: str | None = None, year: int | None = None) -> Report:
    """Find headings and paragraphs in a text; title and year too, as `read_report`, where they are not given."""
    found, sections, paragraphs = outline(text)
    return Report(
        document=document,
        title=title or found or document,
        text=text,
        sections=sections,
        paragraphs=paragraphs,
        year=year or _first_year(title or found, text),
    )


YEAR_BEGINS = re.compile(r"(?:^|[\n。！？])[第一二三四五六七八九十部分章节、（）()\s]*((?:19|20)[0-9]{2})年(?![0-9前])")
"""A year that begins a sentence or a heading: what follows speaks of it."""


def _first_year(title: str, text: str) -> int | None:
    match = re.search("((?:19|20)[0-9]{2})年", title) or YEAR_BEGINS.search(text)
    return int(match.group(1)) if match else None


def decode(data: bytes, name: str) -> str:
    """Decode a report's bytes; line ends become \\n and a byte order mark goes.

    Raises:
        ReadingError: not UTF-8, not UTF-16 with a byte order mark, and not plausible GB18030.
    """
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decode_gb18030(data, name)
    control = next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\r\t\f\v\x1a"), None)
    if control is not None:
        raise ReadingError(f"{name} holds the control character U+{ord(control):04X}: not a text file")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decode_gb18030(data: bytes, name: str) -> str:
    """Decode GB18030 and check that it reads as Chinese: nearly any bytes decode, to rare characters and noise."""
    refusal = f"{name} is neither UTF-8, UTF-16 with a byte order mark, nor GB18030; save it as UTF-8"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ReadingError(f"{refusal} (byte {error.start} of {len(data)})") from error
    foreign = [c for c in text if ord(c) > 127]
    common = sum(_is_common(c) for c in foreign)
    if common < 0.8 * len(foreign):
        raise ReadingError(f"{refusal} (only {common} of {len(foreign)} characters would be common Chinese)")
    return text


def _is_common(char: str) -> bool:
    """Whether GB 2312 lists the character among its symbols or its 3,755 most common Chinese characters."""
    try:
        first = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return first <= 0xA3 or 0xB0 <= first <= 0xD7


def _read_about(path: Path) -> _About:
    if not path.is_file():
        return _About()
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadingError(f"{path} is not TOML with title and year: {error}") from error
    title, year = fields.get("title"), fields.get("year")
    if not isinstance(title, str | None):
        raise ReadingError(f'{path}: title is {title!r}; write it in quotes, as in title = "政府工作报告"')
    if year is not None and not (type(year) is int and 1 <= year <= 9999):
        raise ReadingError(f"{path}: year is {year!r}; write four figures without quotes, as in year = 2021")
    return _About(title, year)
