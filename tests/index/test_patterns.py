import re

from index.patterns import pattern


def test_pattern_does_what_a_compiled_one_does() -> None:
    lazy, compiled = pattern("(?P<n>[0-9]+)座"), re.compile("(?P<n>[0-9]+)座")
    text = "图书馆36座、书屋12座"
    assert lazy.findall(text) == compiled.findall(text) == ["36", "12"]
    assert [match.span("n") for match in lazy.finditer(text)] == [(3, 5), (9, 11)]
    assert lazy.sub("几座", text) == "图书馆几座、书屋几座"
    assert lazy.match(text) is None


def test_pattern_is_compiled_only_when_used() -> None:
    unsound = pattern("(")  # compiling it would fail
    assert unsound is not None
