"""True statements cut from the sentences of a report, and what claims are made from them (`eval.mutating`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.figures import Figure, Kind, LedgerEntry, ledger


@dataclass(frozen=True)
class Mutation:
    """One made claim: its kind, what it was made from, and the verdict that is true of it: supported, refuted, or
    twisted where all but supported will do."""

    kind: str
    claim: str
    original: str
    label: str


_MARKS = re.compile("[，,；;。！？：:]")
_SHORT = 7  # characters; a clause that says less than this besides its figure needs what stands before it


@dataclass(frozen=True)
class Base:
    """A true statement cut from a sentence of a report, the figures of its last clause, and that clause."""

    text: str
    entries: tuple[LedgerEntry, ...]
    last: str


def bases(sentence: str) -> Iterator[Base]:
    """Each clause of a sentence that says something, with the clauses before it where it says too little alone."""
    sentence = re.sub("^[0-9]+[．.、](?![0-9])", "", sentence)
    begin = 0
    for match in re.finditer(r"(?:[^，,；;。！？：:(（]|[(（][^)）]*[)）])+", sentence):
        clause = match.group().strip()
        figures = [e.figure for e in ledger(clause) if e.figure.kind is not Kind.DATE]
        words = len(re.findall("[一-鿿]", clause)) - sum(len(f.text) for f in figures)
        if not clause or (not figures and words < _SHORT):
            continue
        alone = (words >= _SHORT and begin == 0) or not figures
        text = clause if alone else sentence[: match.end()].strip()
        begin = begin or match.start()
        entries = tuple(
            e for e in ledger(text) if e.figure.kind is not Kind.DATE and e.figure.start >= len(text) - len(clause)
        )
        yield Base(text + "。", entries, clause)


def without_figures(text: str) -> str:
    """A text with a break in place of each figure."""
    for entry in reversed(ledger(text)):
        text = f"{text[: entry.figure.start]}\n{text[entry.figure.end :]}"
    return text


def replaced(base: Base, figure: Figure, text: str) -> str:
    """The statement with other words in place of a figure."""
    return base.text[: figure.start] + text + base.text[figure.end :]


DIGITS = re.compile("[0-9]+(?:\\.[0-9]+)?")
_BEFORE = re.compile(
    "^(?:突破了?|超过|超出|高于|低于|不少于|不低于|不超过|不高于|接近|将近|不足|不到|至少|最多|超|近|约|逾)"
)
_INSIDE = re.compile("[余多](?=[万亿个家项类条件名位人台处次路张座%]|$)|(?:以上|以下|以内|左右)$")


def bare(figure: Figure) -> str:
    """The words of a figure without 超过, 近, 以上 and the like."""
    return _INSIDE.sub("", _BEFORE.sub("", figure.text))


def pairs(rows: str) -> dict[str, str]:
    """Read a table written 甲:乙 丙:丁."""
    return dict(pair.split(":") for pair in rows.split())
