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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from index.embedding import EMBEDDED_FOLDER
from index.lexical import LexicalIndex, normalise
from index.store import PassageIndex
from qa.language.wording import FUNCTION_CHARACTERS, everyday

# Prices are natural logarithms of odds: a word costs -log of its share of running text.
CORRECTION = 2.0  # for reading anything else than what was typed
CHANGE = 3.0  # for every character replaced by one of the same sound
NEARLY = 1.5  # more where the sounds are only alike: n and l, z and zh, in and ing
SHORT = 4.0  # more in a stretch of two characters, where only one vouches for the other
GRAMMAR = 5.0  # more where the character typed is one that builds sentences: 是, 的, 几
WORD = 5.0  # more where the character typed stands in a common word
LOOK_ALIKE = 3.0  # more for a rare character that may stand for any other, once in four characters
SYLLABLE = 0.7  # for every syllable typed in Latin letters
NAME = 11.0  # an everyday word or a city that the word list lacks
RARE = 12.0  # a character that stands alone so seldom was hardly meant
UNKNOWN = 15.0  # a character that the word list lacks
LETTER = 1.5  # for every letter of an unknown Latin word, besides UNKNOWN

MOST_PASSAGES = 2000  # whose words are learnt, evenly from the whole index: some 100,000 characters
_WORDS = 4  # in a stretch
_CHARACTERS = 8  # in a stretch
_VOUCHING = 4  # characters in a stretch that lets a look-alike pass
_READINGS = 8  # of a stretch, where its characters have several
_SYLLABLE_LETTERS = 6

_RUN = re.compile(r"[\u3400-\u9fffa-z]+")
_LATIN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[a-z]+(?: [a-z]+)*")
_CONSONANTS = set("bcdfghjklmnpqrstvwxyz")
_NUMERALS = set("零一二两三四五六七八九十百千万亿")  # a figure is never taken for a mistyping
_FOLDED = {"Lu", "Ll", "Lo", "Nd"}  # Unicode categories: letters and figures
_PINYIN = Path(__file__).parent / "pinyin.tsv"
_PLACES = Path(__file__).parent / "places.txt"


class _Piece(NamedTuple):
    """One step of a reading: what was typed in [start, end), read as `text`."""

    start: int
    end: int
    text: str
    cost: float
    indexed: bool = False  # whether the text stands in the index


_Pieces = Callable[[int], Iterable[_Piece]]  # those that start at a place
_Span = tuple[int, int]


@dataclass(slots=True)
class _Sounds:
    """A tree of words by their sounds: every branch is a folded syllable, a node holds words with their costs."""

    words: tuple[tuple[str, float], ...] = ()
    after: "dict[str, _Sounds]" = field(default_factory=dict)

    def add(self, word: str, cost: float) -> None:
        for sounds in islice(product(*map(_sounds, word)), _READINGS):
            node = self
            for sound in sounds:
                node = node.after.setdefault(sound, _Sounds())
            node.words += ((word, cost),)


_PARTICLES = set("了的吗呢吧啊呀")


@dataclass(frozen=True)
class Speller:
    """Reads what was typed in the words of one index, which are learnt when first needed, and kept."""

    index: PassageIndex

    def correct(self, question: str) -> str:
        """Give the question as it was meant; one that is spelt well comes back as it is.

        In any case full-width letters and figures become half-width, and traditional characters simplified.
        """
        typed = _with_classifiers(_simplified(_half_width(question)))
        plain = _cheapest(len(typed), _as_typed(typed))
        if all(_is_sure(piece) or self._stands(typed, piece) for piece in plain):
            return typed
        read = _cheapest(len(typed), self._as_meant(typed, plain))
        return "".join(_kept(typed, read))

    def _stands(self, typed: str, piece: _Piece) -> bool:
        """Whether a lone character is a particle, or stands beside its neighbour in the index too."""
        if len(piece.text) != 1 or not _is_chinese(piece.text):
            return False
        pairs = (typed[piece.start - 1 : piece.end] if piece.start else "", typed[piece.start : piece.end + 1])
        return piece.text in _PARTICLES or any(len(p) == 2 and self.index.words.holds(p) for p in pairs)

    def _as_meant(self, typed: str, plain: Sequence[_Piece]) -> _Pieces:
        """Besides the words typed, stretches of the index that were typed so or with characters of the same sound."""
        as_typed, heard = _as_typed(typed), _Heard(typed, plain, self.index.words)

        def pieces(at: int) -> Iterator[_Piece]:
            yield from as_typed(at)
            yield from heard.pieces(self._stretches, at, indexed=True)
            if _LATIN.match(heard.low, at):
                yield from heard.pieces(_words_by_sound(), at, indexed=False)

        return pieces

    @cached_property
    def _stretches(self) -> _Sounds:
        """The stretches of whole words in the indexed texts."""
        counts: Counter[str] = Counter()
        total = 0
        for text in self._texts():
            for run in _RUN.findall(normalise(text)):
                words = [piece.text for piece in _cheapest(len(run), _as_typed(run))]
                total += len(words)
                for first in range(len(words)):
                    for last in range(first + 1, min(first + _WORDS, len(words)) + 1):
                        stretch = "".join(words[first:last])
                        if 2 <= len(stretch) <= _CHARACTERS:
                            counts[stretch] += 1
        tree = _Sounds()
        for stretch, count in counts.items():
            tree.add(stretch, math.log(total / count))
        return tree

    def _texts(self) -> Iterator[str]:
        headings: set[str] = set()
        for position in range(0, len(self.index), math.ceil(len(self.index) / MOST_PASSAGES) or 1):
            passage = self.index.passage(position)
            yield passage.text
            yield from (heading for heading in passage.section if heading not in headings)
            headings.update(passage.section)


def _half_width(text: str) -> str:
    """Fold letters and figures to half width; punctuation stays, it is Chinese."""
    return "".join(unicodedata.normalize("NFKC", c) if unicodedata.category(c) in _FOLDED else c for c in text)


def _simplified(text: str) -> str:
    """Turn traditional characters into simplified ones; a text of simplified ones alone comes back as it is."""
    if all(c in _readings() for c in text if _is_chinese(c)):
        return text
    import opencc  # here, for most questions have no traditional character

    return opencc.OpenCC("t2s").convert(text)


_CLASSIFIERS = "人个家台次条项类户亩天年元张所座处辆件名位岁"
_COUNTED = re.compile("(?:(?<=多少)|(?<=几))(?P<sound>[a-z]+)(?![a-z])")


def _with_classifiers(typed: str) -> str:
    """Write a classifier that was typed by its sound behind 多少 or 几: 多少ren次."""
    by_sound = {sound: char for char in reversed(_CLASSIFIERS) for sound in _sounds(char)}
    return _COUNTED.sub(lambda match: by_sound.get(match["sound"], match["sound"]), typed)


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _small(text: str) -> str:
    """Small Latin letters, and as many characters as before."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def _cheapest(size: int, pieces: _Pieces) -> list[_Piece]:
    """Find the cheapest row of pieces from 0 to `size`; `pieces` gives those that start at a place."""
    best: list[tuple[float, _Piece | None]] = [(0.0, None), *[(math.inf, None)] * size]
    for at in range(size):
        cost = best[at][0]
        if cost < math.inf:
            for piece in pieces(at):
                if cost + piece.cost < best[piece.end][0]:
                    best[piece.end] = (cost + piece.cost, piece)
    row: list[_Piece] = []
    piece = best[size][1]
    while piece is not None:
        row.append(piece)
        piece = best[piece.start][1]
    return row[::-1]


def _as_typed(typed: str) -> _Pieces:
    """Common words, unknown characters and Latin words, and what is no part of a word."""
    words = _words()
    low = _small(typed)
    latin = {run.start(): run.end() for run in _LATIN.finditer(low)}

    def pieces(at: int) -> Iterator[_Piece]:
        if at in latin:
            end = latin[at]
            cost = words.get(low[at:end], UNKNOWN + LETTER * (end - at))
            yield _Piece(at, end, typed[at:end], cost)
        elif not _is_chinese(typed[at]):
            if not "a" <= low[at] <= "z":
                yield _Piece(at, at + 1, typed[at], 0.0)
        else:
            yield _Piece(at, at + 1, typed[at], words.get(typed[at], UNKNOWN))
            for end in range(at + 2, min(at + _CHARACTERS, len(typed)) + 1):
                cost = words.get(typed[at:end])
                if cost is not None:
                    yield _Piece(at, end, typed[at:end], cost)

    return pieces


def _is_sure(piece: _Piece) -> bool:
    """Whether a piece of a question as typed is a common word of two characters and more, a figure or a mark."""
    return (piece.cost == 0 and piece.text != " ") or (len(piece.text) > 1 and piece.cost < UNKNOWN)


def _kept(typed: str, read: Sequence[_Piece]) -> Iterator[str]:
    """The texts of a reading, but as typed what little speaks for.

    That is letters that lead to nothing in the index, and two characters where nothing else speaks of the index.
    """
    low = _small(typed)
    indexed = [piece for piece in read if piece.indexed]
    vouched: set[int] = set()
    for letters in _LETTERS.finditer(low):
        if any(piece.start < letters.end() and letters.start() < piece.end for piece in indexed):
            vouched.update(range(letters.start(), letters.end()))
    about_index = any(len(piece.text) > 2 or piece.text == typed[piece.start : piece.end] for piece in indexed)
    for piece in read:
        seen = typed[piece.start : piece.end]
        if piece.indexed and (about_index or _LATIN.search(low, piece.start, piece.end)):
            yield piece.text
        else:
            yield piece.text if piece.start in vouched else seen


class _Heard:
    """What may be heard in one question."""

    def __init__(self, typed: str, plain: Sequence[_Piece], known: LexicalIndex) -> None:
        self._known = known
        self.typed, self.low = typed, _small(typed)
        self._in_word = {at for piece in plain if len(piece.text) > 1 for at in range(piece.start, piece.end)}
        self._rare = {p.start for p in plain if _is_chinese(p.text) and p.cost >= RARE}
        self._sounds = [list(self._heard_at(at)) for at in range(len(typed))]

    def pieces(self, tree: _Sounds, at: int, indexed: bool) -> Iterator[_Piece]:
        """The words of a tree that may be heard at a place."""
        for word, cost, spans in self._walk(tree, at, (), self._rare):
            change = self._change(word, spans)
            if change is not None:
                # What was typed so stays, capitals too; blanks between are dropped.
                seen = (self.typed[start:end] for start, end in spans)
                text = "".join(s if _small(s) == c else c for s, c in zip(seen, word, strict=True))
                yield _Piece(at, spans[-1][1], text, cost + change, indexed)

    def _walk(
        self, node: _Sounds, at: int, spans: tuple[_Span, ...], rare: Set[int]
    ) -> Iterator[tuple[str, float, tuple[_Span, ...]]]:
        """Words from a node on, their costs, and what was typed for each character.

        A blank between two characters is passed over; one character at a rare place may stand for any.
        """
        for word, cost in node.words:
            yield word, cost, spans
        if spans and self.low[at : at + 1] == " ":
            at += 1
        if at == len(self.low):
            return
        syllable = bool(spans) and spans[-1][1] == at > spans[-1][0] + 1
        for sound, end in self._sounds[at]:
            child = node.after.get(sound)
            if child is not None and not (syllable and end == at + 1 and self.low[at] in _CONSONANTS):
                yield from self._walk(child, end, (*spans, (at, end)), rare)
        if spans and at in rare:
            known = {sound for sound, _ in self._sounds[at]}
            for sound, child in node.after.items():
                if sound not in known:
                    yield from self._walk(child, at + 1, (*spans, (at, at + 1)), frozenset())

    def _heard_at(self, at: int) -> Iterator[tuple[str, int]]:
        """What may be heard at a place, folded, and where it ends."""
        seen = self.low[at]
        sounds = _sounds(seen)
        yield from ((sound, at + 1) for sound in sounds)
        if "a" <= seen <= "z":
            for end in range(at + 1, min(at + _SYLLABLE_LETTERS, len(self.low)) + 1):
                if self.low[at:end] in _syllables() and (end > at + 1 or _folded(seen) not in sounds):
                    yield _folded(self.low[at:end]), end

    def _change(self, word: str, spans: Sequence[_Span]) -> float | None:
        """What it costs to read spans as a word, 0 as it stands; None where too little of it was typed."""
        cost = 0.0
        same = latin = alike = 0
        for char, (start, end) in zip(word, spans, strict=True):
            seen = self.low[start:end]
            if seen == char:
                same += 1
                continue
            meant = _readings().get(char, ())
            if seen in _NUMERALS:
                return None
            if _is_chinese(seen):
                heard = _readings().get(seen, ())
                cost += CHANGE + GRAMMAR * (seen in FUNCTION_CHARACTERS) + WORD * (start in self._in_word)
            else:
                heard = (seen,)
                cost += SYLLABLE
                latin += 1
            if not any(sound in meant for sound in heard):
                if set(map(_folded, heard)).isdisjoint(map(_folded, meant)):
                    cost += LOOK_ALIKE
                    alike += 1
                else:
                    cost += NEARLY
        if same == len(word):
            return 0.0
        if (not same and latin < len(word)) or (alike and same < max(len(word) - 1, _VOUCHING - 1)):
            return None
        if len(word) > 2 or latin:
            return CORRECTION + cost
        typed = self.low[spans[0][0] : spans[-1][1]]
        return CORRECTION + SHORT + cost if self._known.idf(typed) == self._known.idf("") else None


@lru_cache(maxsize=512)
def _folded(sound: str) -> str:
    """A syllable without what many speakers do not keep apart: n and l, zh and z, ch and c, sh and s, -ng and -n."""
    sound = re.sub("^([zcs])h", r"\1", sound)
    sound = re.sub("^n(?=.)", "l", sound)
    return re.sub("(?<=[aei])ng$", "n", sound)


@lru_cache(maxsize=8192)
def _sounds(char: str) -> tuple[str, ...]:
    """The folded syllables of a character; any other than a Chinese one stands for itself."""
    return tuple(sorted({_folded(sound) for sound in _readings().get(char, (char,))}))


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
    """Common words and characters, everyday words and cities, with their costs."""
    tokenizer = json.loads((EMBEDDED_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    names = (*everyday(), *_PLACES.read_text(encoding="utf-8").split())
    return {**dict.fromkeys(names, NAME), **{word: -score for word, score in tokenizer["model"]["vocab"]}}


@lru_cache(maxsize=1)
def _words_by_sound() -> _Sounds:
    """Common words of two characters and more: for questions typed in pinyin."""
    tree = _Sounds()
    for word, cost in _words().items():
        if len(word) > 1 and _is_chinese(word[0]):
            tree.add(word, cost)
    return tree
