"""How many things does a question ask to be listed, and how many does a sentence list side by side?

哪三项工作, 三件大事是什么           three
甲、乙和丙                          a row of three
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from qa.language.asking import Asked, Wanted

_DIGITS = {**{char: number for number, char in enumerate("二三四五六七八九十", 2)}, "两": 2, "俩": 2}
_NUMBER = "[两俩二三四五六七八九十2-9]"
_CLASSIFIER = "[个样项件条点种类大块道处家座位名方]"
_WHICH = re.compile(rf"哪(?P<number>{_NUMBER})")
_TOLD = re.compile(
    rf"(?<![0-9十百第])(?P<number>{_NUMBER})(?:{_CLASSIFIER}|届)(?![0-9月年])[^，。？?]{{0,8}}?(?:是|叫|有|指|包括)?(?:什么|啥|哪些|谁)"
)
_CLAUSE = re.compile("[^，,；;。：:！？!?（）()]+")
_ITEM = re.compile("[^、]+")
_LAST = re.compile("[^、]{2,}(?:和|与|及|以及|或)[^、]{2,}$")
_ANNOUNCED = re.compile(rf"(?P<number>{_NUMBER}){_CLASSIFIER}[^，。；;：:]{{0,8}}[：:][^：:；;。]+[；;]$")
_QUOTED = re.compile("”[、和与及]?“")


def things_asked(asked: Asked) -> int | None:
    """How many things a question asks to be listed; None where it does not say."""
    number = _WHICH.search(asked.question) or _TOLD.search(asked.question)
    if number is not None and asked.wanted in (Wanted.NAME, Wanted.NAMES):
        return _value(number["number"])
    return None


@lru_cache(maxsize=4096)
def rows(text: str) -> frozenset[int]:
    """How many things stand side by side in each row of a text; where 和 may join two of them, both readings."""
    return frozenset(length for clause in _CLAUSE.findall(text) for length in _lengths(clause))


def says_number(number: int, text: str) -> bool:
    """Whether a text says how many it lists: 四大板块, “四统一”."""
    written = [str(number), *(char for char, value in _DIGITS.items() if value == number)]
    return any(re.search(rf"(?<![0-9.十百千万第]){char}(?![0-9.十百千万亿年月日%])", text) for char in written)


def announced_after(text: str) -> int:
    """How many things of those that a sentence counts follow upon the first, which it gives: 三件事：甲； → 2."""
    announced = _ANNOUNCED.search(text)
    return _value(announced["number"]) - 1 if announced else 0


def _value(number: str) -> int:
    return _DIGITS.get(number) or int(number)


def _lengths(clause: str) -> Iterable[int]:
    items = _ITEM.findall(clause)
    quoted = len(_QUOTED.findall(clause)) + 1
    last = _LAST.search(clause) is not None
    return {length for length in (len(items), len(items) + last, quoted) if length > 1}
