"""When does an answer say what a gold set asks for? The matching rules of all our gold sets; knows no file.

Both sides are normalised in the same way: NFKC and lower case; invisible characters go, and so do spaces, punctuation
and symbols, but for `%` and a decimal point between two digits. A thousands comma is dropped; any other mark or space
between two digits becomes `|`, so that 41、121 does not read as 41121.

A variant matches as a substring whose figures stand alone: a digit at its ends touches no other digit and no decimal
point, and behind it stands none of 千, 万, 亿, nor a `%` unless the variant has decimals.
"""

import re
import unicodedata
from collections.abc import Sequence

Groups = Sequence[Sequence[str]]
"""What an answer must hold: of each group at least one variant."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP = re.compile(r"((?<=[0-9]))?(?:[\W_](?<!%))+((?=[0-9]))?")
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def normalise(text: str) -> str:
    """Give a text as it is compared.

    >>> normalise("接入 11,918 项、41、121（８４．６％）。")
    '接入11918项41|121|84.6%'
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return _GAP.sub(_gap, _THOUSANDS.sub("", text))


def contains(normalised: str, variant: str) -> bool:
    """Say whether a text, normalised already, holds a variant whose figures stand alone; an empty variant never.

    >>> contains("超过1500个", "1500"), contains("1500万", "1500"), contains("共139家", "9家")
    (True, False, False)
    """
    wanted = normalise(variant)
    if not wanted:
        return False
    before = "(?<![0-9.])" if wanted[0] in "0123456789" else ""
    after = f"(?![0-9.千万亿{'' if '.' in wanted else '%'}])" if wanted[-1] in "0123456789" else ""
    return re.search(before + re.escape(wanted) + after, normalised) is not None


def groups_found(must_contain: Groups, answer: str) -> int:
    """Count the groups of which some variant stands in the answer; a full answer has them all."""
    normalised = normalise(answer)
    return sum(any(contains(normalised, variant) for variant in group) for group in must_contain)


def figures(text: str) -> set[str]:
    """Give the numbers in digits that a text states, read by a rule of its own.

    On purpose not index.figures: a measure must not go wrong together with what it measures.

    >>> sorted(figures("由84.6%提升至95.5%，共11,918项"))
    ['11918', '84.6', '95.5']
    """
    return set(_FIGURE.findall(normalise(text).replace("|", " ")))


def _gap(match: re.Match[str]) -> str:
    if match[1] is None or match[2] is None:
        return ""
    return "." if match[0] == "." else "|"
