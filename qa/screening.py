"""Is this a question at all? Cleans what was typed and says plainly what is wrong with it."""

import re
import unicodedata

from qa import prompts

LONGEST = 500  # characters of a question; a citizen's question has 10 to 60
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_MARKUP = re.compile(r"<[^<>]{0,200}>|!?\[[^\[\]]{0,100}\]\([^()]{0,200}\)")


def clean(typed: str) -> str:
    """Drop what cannot be seen (control, format and unassigned characters) and markup; blanks become single ones.

    >>> clean("城\\u200b市云脑\\x07 <b>接入</b>了多少个单位？")
    '城市云脑 接入 了多少个单位？'
    """
    seen = (" " if c.isspace() else c for c in typed if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return re.sub(r"\s+", " ", _MARKUP.sub(" ", "".join(seen))).strip()


def objection(typed: str) -> str | None:
    """Say in one Chinese sentence why this cannot be taken as a question; None when it can."""
    if not typed.strip():
        return prompts.EMPTY
    if len(typed) > LONGEST:
        return prompts.TOO_LONG.format(length=len(typed), limit=LONGEST)
    if not any(c.isalnum() for c in clean(typed)):
        return prompts.UNREADABLE
    return None
