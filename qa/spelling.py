"""What was typed becomes what was meant: traditional characters, full width, pinyin, homophones, look-alikes.

A noisy channel (Kernighan, Church & Gale 1990): the question is read as the cheapest row of pieces, where a piece is
a common Chinese word as it stands, a stretch of the indexed texts as it stands, or such a stretch that sounds as what
was typed, at a price for every character changed. Nothing here knows a mistyping: common words come from the embedded
sentence model's word list and everyday.tsv, readings from pinyin.tsv, everything else from the index itself.
"""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from index.embedding import EMBEDDED_FOLDER
from index.lexical import normalise
from index.store import PassageIndex
from qa.wording import FUNCTION_CHARACTERS, everyday

# Prices are natural logarithms of odds: a word of the list costs -log of its share of running text.
CORRECTION = 2.0  # for reading anything else than what was typed
CHANGE = 3.0  # for every character replaced by one of the same sound
NEARLY = 1.5  # more where the sounds are only alike: n and l, z and zh, in and ing
GRAMMAR = 3.0  # more where the character typed is one that builds sentences: 是, 的, 和
WORD = 5.0  # more where the character typed stands in a common word
SYLLABLE = 0.7  # for every syllable typed in Latin letters
LOOK_ALIKE = 6.0  # for the one character of a long stretch that may be any other
EVERYDAY = 11.0  # an everyday word that the list lacks
UNKNOWN = 15.0  # a character that the list lacks
LETTER = 2.0  # for every letter of an unknown Latin word, besides UNKNOWN

MOST_PASSAGES = 5000  # passages whose words are learnt, evenly from the whole index: 0.3 MB of text, a second of work
_WORDS = 4  # words in a stretch
_CHARACTERS = 8  # characters in a stretch

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fffa-z]+")
_LATIN = re.compile(r"[a-z]+")
_PINYIN = Path(__file__).parent / "pinyin.tsv"


class _Piece(NamedTuple):
    """One step of a reading: [start, end) of what was typed, read as `text`."""

    start: int
    end: int
    text: str
    cost: float
    indexed: bool = False
    """Whether the text comes from the index and differs from what was typed."""


@dataclass(frozen=True)
class Speller:
    """Reads what was typed in the words of one index. The words are learnt when first needed, and kept."""

    index: PassageIndex

    def correct(self, question: str) -> str:
        """Give the question as it was meant; one that is spelt well comes back as it is.

        Full-width letters and figures become half-width and traditional characters simplified in any case.
        """
        typed = _simplified(_half_width(question))
        plain = _cheapest(typed, lambda at: _as_typed(typed, at))
        if not any(map(_odd, plain)):
            return typed
        return typed
