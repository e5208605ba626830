"""What was typed becomes what was meant: traditional characters, full width, pinyin, homophones, look-alikes.

A noisy channel (Kernighan, Church & Gale 1990): a question is read as the cheapest row of pieces, where a piece is
a common word as it stands, or a stretch of the indexed texts that was typed so or sounds so, at a price for every
character changed. Nothing here knows a mistyping: common words come from the embedded sentence model's word list and
everyday.tsv, readings from pinyin.tsv, everything else from the index itself.
"""

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from index.embedding import EMBEDDED_FOLDER
from index.lexical import normalise
from index.store import PassageIndex
from qa.wording import FUNCTION_CHARACTERS, everyday

# Prices are natural logarithms of odds: a word costs -log of its share of running text.
CORRECTION = 2.0  # for reading anything else than what was typed
CHANGE = 3.0  # for every character replaced by one of the same sound
NEARLY = 1.5  # more where the sounds are only alike: n and l, z and zh, in and ing
GRAMMAR = 3.0  # more where the character typed is one that builds sentences: 是, 的, 和
SHORT = 3.0  # more in a stretch of two characters, which the other one hardly vouches for
WORD = 5.0  # more where the character typed stands in a common word
SYLLABLE = 0.7  # for every syllable typed in Latin letters
EVERYDAY = 11.0  # an everyday word that the list lacks
UNKNOWN = 15.0  # a character that the list lacks
LETTER = 1.5  # for every letter of an unknown Latin word, besides UNKNOWN

MOST_PASSAGES = 5000  # passages whose words are learnt, evenly from the whole index; some 0.2 million characters
_WORDS = 4  # in a stretch
_CHARACTERS = 8  # in a stretch
_LONGEST_SYLLABLE = 6

_RUN = re.compile(r"[\u3400-\u9fffa-z]+")
_LATIN = re.compile(r"[a-z]+")
_LATIN_STRETCH = re.compile(r"[a-z]+(?: [a-z]+)*")
_FOLDED = {"Lu", "Ll", "Lo", "Nd"}
_PINYIN = Path(__file__).parent / "pinyin.tsv"


class _Piece(NamedTuple):
    """One step of a reading: what was typed in [start, end), read as `text`."""

    start: int
    end: int
    text: str
    cost: float
    indexed: bool = False  # whether the text stands in the index


@dataclass(frozen=True)
class Speller:
    """Reads what was typed in the words of one index, which are learnt when first needed, and kept."""

    index: PassageIndex

    def correct(self, question: str) -> str:
        """Give the question as it was meant; one that is spelt well comes back as it is.

        In any case full-width letters and figures become half-width, and traditional characters simplified.
        """
        typed = _simplified(_half_width(question))
        plain = _cheapest(len(typed), lambda at: _as_typed(typed, at))
        in_word = {at for piece in plain if len(piece.text) > 1 for at in range(piece.start, piece.end)}
        read = _cheapest(len(typed), lambda at: (*_as_typed(typed, at), *self._as_meant(typed, at, in_word)))
        return "".join(_kept(typed, read))

    def _as_meant(self, typed: str, at: int, in_word: set[int]) -> Iterator[_Piece]:
        """Stretches of the index that were typed at a place, as they are or with other characters of the same sound."""
        low = _small(typed)
        for key in _keys(low, at):
            for stretch, cost in self._stretches.get(key, {}).items():
                heard = _hear(stretch, low, at, in_word)
                if heard is not None:
                    end, change = heard
                    text = stretch if change else typed[at:end]
                    yield _Piece(at, end, text, cost + change, indexed=True)
            if "a" <= low[at] <= "z":
                for word, cost in _words_by_sound().get(key, {}).items():
                    heard = _hear(word, low, at, in_word)
                    if heard is not None:
                        yield _Piece(at, heard[0], word, cost + heard[1])

    @cached_property
    def _stretches(self) -> Mapping[str, Mapping[str, float]]:
        """Stretches of whole words in the indexed texts and their costs, by the sounds of their first two characters."""
        counts: Counter[str] = Counter()
        total = 0
        for text in self._texts():
            for run in _RUN.finditer(normalise(text)):
                words = [
                    piece.text for piece in _cheapest(len(run.group()), lambda at, run=run: _as_typed(run.group(), at))
                ]
                total += len(words)
                for first in range(len(words)):
                    for last in range(first + 1, min(first + _WORDS, len(words)) + 1):
                        stretch = "".join(words[first:last])
                        if 2 <= len(stretch) <= _CHARACTERS:
                            counts[stretch] += 1
        return _by_sound({stretch: math.log(total / count) for stretch, count in counts.items()})

    def _texts(self) -> Iterator[str]:
        headings: set[str] = set()
        for position in range(0, len(self.index), math.ceil(len(self.index) / MOST_PASSAGES)):
            passage = self.index.passage(position)
            yield passage.text
            yield from (heading for heading in passage.section if heading not in headings)
            headings.update(passage.section)


def _half_width(text: str) -> str:
    """Fold letters and figures to half width; punctuation stays, it is Chinese."""
    return "".join(unicodedata.normalize("NFKC", c) if unicodedata.category(c) in _FOLDED else c for c in text)


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _small(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def _simplified(text: str) -> str:
    """Turn traditional characters into simplified ones; a text of simplified ones alone comes back as it is."""
    if all(c in _readings() for c in text if _is_chinese(c)):
        return text
    import opencc  # here, for most questions have no traditional character

    return opencc.OpenCC("t2s").convert(text)


def _cheapest(size: int, pieces: Callable[[int], Iterable[_Piece]]) -> list[_Piece]:
    """Find the cheapest row of pieces from 0 to `size`; `pieces` gives those that start at a place."""
    best: list[tuple[float, _Piece | None]] = [(0.0, None)] + [(math.inf, None)] * size
    for at in range(size):
        cost = best[at][0]
        if cost < math.inf:
            for piece in pieces(at):
                if cost + piece.cost < best[piece.end][0]:
                    best[piece.end] = (cost + piece.cost, piece)
    row: list[_Piece] = []
    at = size
    while at > 0:
        piece = best[at][1]
        assert piece is not None
        row.append(piece)
        at = piece.start
    return row[::-1]


def _as_typed(typed: str, at: int) -> Iterator[_Piece]:
    """Common words at a place, an unknown character or Latin word, or a character that is no part of a word."""
    latin = _LATIN.match(_small(typed), at)
    if latin is not None:
        if at and _LATIN.match(typed[at - 1].lower()):
            return
        word = latin.group()
        cost = _words().get(word)
        yield _Piece(at, latin.end(), typed[at : latin.end()], UNKNOWN + LETTER * len(word) if cost is None else cost)
    elif not _is_chinese(typed[at]):
        yield _Piece(at, at + 1, typed[at], 0.0)
    else:
        words = _words()
        yield _Piece(at, at + 1, typed[at], words.get(typed[at], UNKNOWN))
        for size in range(2, _CHARACTERS + 1):
            word = typed[at : at + size]
            if word in words:
                yield _Piece(at, at + len(word), word, words[word])


def _kept(typed: str, read: Sequence[_Piece]) -> Iterator[str]:
    """The texts of a reading; a stretch of Latin letters of which the index knows nothing stays as typed."""
    vouched: set[int] = set()
    for stretch in _LATIN_STRETCH.finditer(_small(typed)):
        if any(p.indexed and p.start < stretch.end() and stretch.start() < p.end for p in read):
            vouched.update(range(stretch.start(), stretch.end()))
    for piece in read:
        yield piece.text if piece.indexed or piece.start in vouched else typed[piece.start : piece.end]


def _hear(stretch: str, low: str, at: int, in_word: set[int]) -> tuple[int, float] | None:
    """Where a stretch ends if it was typed at a place, and what reading it so costs (0 as it stands); None if it was not."""
    cost = 0.0
    same = latin = 0
    readings = _readings()
    for number, char in enumerate(stretch):
        if number and low[at : at + 1] == " ":
            at += 1
        if at == len(low):
            return None
        seen = low[at]
        if seen == char:
            same += 1
            at += 1
        elif _is_chinese(seen):
            heard, meant = readings.get(seen, ()), readings.get(char, ())
            if not any(sound in meant for sound in heard):
                alike = {_folded(sound) for sound in meant}
                if not any(_folded(sound) in alike for sound in heard):
                    return None
                cost += NEARLY
            cost += CHANGE + GRAMMAR * (seen in FUNCTION_CHARACTERS) + WORD * (at in in_word)
            at += 1
        else:
            sound = next((s for s in readings.get(char, ()) if low.startswith(s, at)), None)
            if sound is None:
                return None
            cost += SYLLABLE
            latin += 1
            at += len(sound)
    if same == len(stretch):
        return at, 0.0
    if not same and latin < len(stretch):
        return None
    return at, CORRECTION + SHORT * (len(stretch) == 2 and not latin) + cost


def _keys(low: str, at: int) -> set[str]:
    """The sounds that two characters or syllables from a place on may have, folded."""
    return {
        f"{first} {second}"
        for first, after in _sounds(low, at)
        for second, _ in _sounds(low, after + (low[after : after + 1] == " "))
    }


def _sounds(low: str, at: int) -> list[tuple[str, int]]:
    """What may be heard at a place, folded, and where it ends."""
    if at >= len(low):
        return []
    seen = low[at]
    found = [(_folded(sound), at + 1) for sound in _readings().get(seen, (seen,))]
    if "a" <= seen <= "z":
        for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(low)) + 1):
            if low[at:end] in _syllables():
                found.append((_folded(low[at:end]), end))
    return found


def _by_sound(costs: Mapping[str, float]) -> Mapping[str, Mapping[str, float]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for word, cost in costs.items():
        for key in _keys(word, 0):
            found[key][word] = cost
    return found


@lru_cache(maxsize=512)
def _folded(sound: str) -> str:
    """A syllable without what many speakers do not keep apart: n and l, zh and z, ch and c, sh and s, -ng and -n."""
    sound = re.sub("^([zcs])h", r"\1", sound)
    sound = re.sub("^n(?=.)", "l", sound)
    return re.sub("(?<=[aei])ng$", "n", sound)


@lru_cache(maxsize=1)
def _readings() -> Mapping[str, tuple[str, ...]]:
    """The syllables of every character of GB 2312."""
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for line in _PINYIN.read_text(encoding="utf-8").splitlines()[1:]:
        sound, _, characters = line.partition("\t")
        for char in characters:
            found[char] += (sound,)
    return dict(found)


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(sound for sounds in _readings().values() for sound in sounds)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, float]:
    """Common words and characters with their costs."""
    tokenizer = json.loads((EMBEDDED_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    costs = {word: -score for word, score in tokenizer["model"]["vocab"]}
    return {**dict.fromkeys(everyday(), EVERYDAY), **costs}


@lru_cache(maxsize=1)
def _words_by_sound() -> Mapping[str, Mapping[str, float]]:
    """Common words of two characters and more, by their first two sounds: for questions typed in pinyin."""
    return _by_sound({word: cost for word, cost in _words().items() if len(word) > 1 and _is_chinese(word[0])})
