"""A link to a few characters of a report, that finds them again when the report has been indexed anew.

    qingdao-2021/812-869/9f3c1a2b04d7e6f1-5b0c77aa      document / characters / mark of the quote - of the whole report

The quote is known by its Karp-Rabin fingerprint (IBM J. Res. Dev. 31(2), 1987), which is compared with that of every
window of its length at once; the report by the beginning of its SHA-256. Either mark may be lacking: a link without
marks stands for its offsets alone.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import NDArray

from index.passage import Report
from qa.answer import Citation

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no character is lost modulo 2**64
_WRITTEN = re.compile(r"([^/]{1,600})/(\d{1,9})-(\d{1,9})(?:/([0-9a-f]{16})(?:-([0-9a-f]{8}))?)?")


@dataclass(frozen=True)
class Anchor:
    """Characters [start, end) of a document, and by what to know them and the whole report again; "" is unknown.

    >>> Anchor("青岛 2021", 812, 869, "9f3c1a2b04d7e6f1", "5b0c77aa").written
    '%E9%9D%92%E5%B2%9B%202021/812-869/9f3c1a2b04d7e6f1-5b0c77aa'
    """

    document: str
    start: int
    end: int
    quoted: str = ""
    report: str = ""

    @property
    def written(self) -> str:
        """The anchor as a link carries it after its #."""
        marks = f"/{self.quoted}" if self.quoted else ""
        marks += f"-{self.report}" if self.report else ""
        return f"{quote(self.document, safe='')}/{self.start}-{self.end}{marks}"


class Found(StrEnum):
    """What became of the characters that a link names."""

    SAME = "same"
    """They stand where they stood."""
    KEPT = "kept"
    """The report has changed since the link was made; they have not."""
    GONE = "gone"
    """They are in the report no more; the place is the nearest that there is."""


@dataclass(frozen=True)
class Spot:
    """Where the characters of a link stand now: [start, end), empty where they are gone."""

    start: int
    end: int
    found: Found


def anchor(report: Report, start: int, end: int) -> Anchor:
    """Make a link to characters [start, end) of a report."""
    return Anchor(report.document, start, end, _written(_fingerprint(report.text[start:end])), _digest(report.text))


def anchor_of(citation: Citation) -> Anchor:
    """Make a link to what a citation stands for, from its quote alone."""
    return Anchor(citation.document, citation.start, citation.end, _written(_fingerprint(citation.quote)))


def read_anchor(written: str) -> Anchor:
    """Read a link back.

    Raises:
        ValueError: it is not written as one, or names no characters.

    >>> read_anchor("qingdao-2021/812-869")
    Anchor(document='qingdao-2021', start=812, end=869, quoted='', report='')
    """
    match = _WRITTEN.fullmatch(written)
    if match is None or int(match[2]) >= int(match[3]):
        raise ValueError(f"not a link to characters of a report: {written[:80]!r}")
    return Anchor(unquote(match[1]), int(match[2]), int(match[3]), match[4] or "", match[5] or "")


def locate(link: Anchor, report: Report) -> Spot:
    """Find the characters of a link in the report as it is now; of several copies, the one nearest to the old place."""
    text, length = report.text, link.end - link.start
    here = not link.quoted or _written(_fingerprint(text[link.start : link.end])) == link.quoted
    if here and link.end <= len(text):
        return Spot(link.start, link.end, Found.SAME if link.report in ("", _digest(text)) else Found.KEPT)
    places = _places(text, length, int(link.quoted, 16)) if link.quoted else []
    if not len(places):
        place = min(link.start, len(text))
        return Spot(place, place, Found.GONE)
    start = int(min(places, key=lambda place: abs(int(place) - link.start)))
    return Spot(start, start + length, Found.KEPT)


def _places(text: str, length: int, fingerprint: int) -> NDArray[np.intp]:
    """Where the windows of that length begin that have that fingerprint."""
    if length > len(text):
        return np.empty(0, np.intp)
    powers, sums = _sums(text)
    windows = sums[length:] - sums[:-length]
    return np.flatnonzero(windows == np.uint64(fingerprint) * powers[: len(windows)])


def _fingerprint(text: str) -> int:
    return int(_sums(text)[1][-1])


def _sums(text: str) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The powers of the base, and the sums of the characters times them, from the beginning; modulo 2**64."""
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    powers = np.cumprod(np.full(len(text), _BASE, np.uint64)) * _INVERSE
    return powers, np.concatenate([np.zeros(1, np.uint64), np.cumsum(characters * powers)])


_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))  # brings the first power to 1


def _written(fingerprint: int) -> str:
    return f"{fingerprint:016x}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
