"""How far do the sentences found bear out the words of a claim that no rule forbids? A few features, weighed.

What must not be forgiven (a figure, a name, a negation, a plan …) is asked elsewhere and first (`qa.checks.binding`,
`qa.checking`): here only paraphrase is judged, the words that people put in the place of the report's. Most of them
handle, place and join, and name nothing: 摆到了一起, 弄起来. What is left weighs by where it stands, by how much of the
claim it is, and against how exactly the claim repeats the figures of the sentence.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from index.embedding import embedded
from index.figures import Figure, digits_of
from qa.checks.binding import Bond
from qa.checks.contradicting import without_polarity
from qa.language.covering import heavy, lacking
from qa.language.subjects import Source, without_figures


def weigh(
    claim: str,
    sources: Sequence[Source],
    bond: Bond,
    agreed: Sequence[tuple[Figure, Figure, int]],
    mentions: Callable[[str], bool],
) -> dict[str, float]:
    """What tells a paraphrase from another claim, by name, each about 0 to 1; `agreed` as in `binding.bind`."""
    words = without_polarity(without_figures(claim))
    texts = "\n".join(source.text for source in sources)
    held = "\n".join(source.held for source in sources)
    unheld = heavy(lacking(words, held))
    unsaid = heavy(lacking(words, "\n".join(f"{source.text}\n{source.headings}" for source in sources)))
    unpredicated = heavy(lacking(words[int(_PREDICATE * len(words)) :], texts))
    exact = [stated for stated, own, _ in agreed if stated.value and stated.value == own.value]
    elsewhere = [piece for piece in unheld if len(piece) > 1 and mentions(piece)]
    clauses = "\n".join(map(without_figures, bond.clauses))
    left = heavy(lacking(clauses, claim))
    nouns = [_NOUN_END.split(stated.counted)[0][:_NOUN] for stated, _, _ in agreed]
    counted = [piece for noun in nouns for piece in lacking(noun, held)]
    uncounted = [piece for piece in counted if piece[1:] and heavy([piece])]
    whole = max(1, _size(heavy(lacking(words, ""))))
    return {
        "one": 1.0,
        "unsaid": _size(unsaid) / whole,
        "longest": max(map(len, unsaid), default=0) / 6,
        "elsewhere": _size(elsewhere) / 4,
        "unpredicated": min(1.0, _size(unpredicated) / 6),
        "left": _size(left) / max(1, _size(heavy(lacking(clauses, "")))),
        "uncounted": min(1.0, _size(uncounted) / 4),
        "no figure": 0.0 if agreed else 1.0,
        "digits": min(6, sum(map(digits_of, exact))) / 6,
        "likeness": like(claim, texts),
        "clause": max((like(claim, scope) for scope in bond.scopes), default=like(claim, texts)),
    }


def _size(pieces: Sequence[str]) -> int:
    return sum(map(len, pieces))


_NOUN_END = re.compile("[的和与及、，,]|[都均已]")
_NOUN = 4  # characters after a figure that name what it counts
_PREDICATE = 0.55  # where in a claim what it says of its subject begins


def bears(features: dict[str, float]) -> bool:
    """Whether the words are borne out; where a figure of the claim is the report's own the rest may be farther."""
    least = _LEAST if features["digits"] else 0.0
    return sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items()) > least


_LEAST = -2.4  # below the line of the fit, since `vouching` asks of the figure's own words what the fit cannot
WEIGHTS = {
    "one": 0.96,
    "unsaid": -1.76,
    "longest": -3.59,
    "elsewhere": -2.7,
    "unpredicated": -1.09,
    "left": -0.84,
    "uncounted": -2.5,
    "no figure": -0.36,
    "digits": 0.37,
    "likeness": 1.7,
    "clause": 0.68,
}


@lru_cache(maxsize=8192)
def like(first: str, second: str) -> float:
    """How near two texts are in meaning by the embedded model: the weights were fitted with it and no other."""
    rows = embedded().embed([first, second])
    return float(rows[0] @ rows[1])
