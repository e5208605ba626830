"""Numbers that belong to a person are covered before a text is kept."""

import re

_D = "[0-9０-９]"
_GAP = "[ \u3000\u00a0\\-－—]"
_PERSONAL = re.compile(
    f"(?<!{_D})(?:"
    f"{_D}{{6}}{_GAP}?{_D}{{8}}{_GAP}?{_D}{{3}}[0-9０-９XxＸｘ]|"  # identity card
    f"{_D}{{13,19}}|{_D}{{4}}(?:{_GAP}{_D}{{4}}){{3}}(?:{_GAP}?{_D}{{1,3}})?|"  # bank card, old identity card
    f"(?:[8８][6６]{_GAP}?)?[1１][3-9３-９]{_D}{_GAP}?{_D}{{4}}{_GAP}?{_D}{{4}}|"  # mobile telephone
    f"[0０]{_D}{{2,3}}{_GAP}?{_D}{{7,8}}"  # landline telephone
    f")(?!{_D})"
)


def masked(text: str) -> str:
    """Put ＊ for numbers that belong to a person: telephone, identity card, bank card.

    >>> masked("我的电话138-0013-8000，接入了41个单位吗？")
    '我的电话＊，接入了41个单位吗？'
    """
    return _PERSONAL.sub("＊", text)
