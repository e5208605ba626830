"""Regular expressions that are compiled when first used: nothing needs them all, and starting must stay quick."""

import re
from typing import cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression, compiled when its first method is called.

    >>> pattern("[0-9]+").findall("36座、12座")
    ['36', '12']
    """
    return cast("re.Pattern[str]", _Later(source, flags))


class _Later:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)  # the next call finds it without coming here
        return value
