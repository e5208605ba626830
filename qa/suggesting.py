"""Questions that the report does answer, made from its own sentences."""

from collections.abc import Iterable

from index.store import PassageIndex


def suggest(index: PassageIndex, positions: Iterable[int], most: int = 4) -> tuple[str, ...]:
    return ()
