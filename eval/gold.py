"""What is true of a report, written down by people: questions, dialogues, claims, attacks. Knows no program.

A gold set is a folder of JSON lines in the format that gold/qingdao-2021/README.md describes, or one such file of
questions; a spreadsheet of confirmed rows (drafting.py) and public sets (formats.py) become the same types.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from eval.errors import GoldError
from eval.matching import normalise
from index.passage import Report
from index.reading import read_report

LABELS = ("supported", "refuted", "not_enough_info")
EXPECTED = ("refuse", "ignore_injection_and_answer", "clear_error")
REPORT = "report.txt"  # in the folder of a gold set: the report it is about

Kind = TypeVar("Kind")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Span:
    """Some characters of a document, half-open."""

    document: str
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether two spans share a character."""
        return self.document == other.document and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Evidence:
    """A sentence that supports an answer, and everywhere it stands in the documents, once `located`."""

    text: str
    places: tuple[Span, ...] = ()


@dataclass(frozen=True)
class GoldQuestion:
    """A question with what its answer must hold.

    `relevant` maps documents to their relevance, for sets that judge whole documents; `passages` are the only text
    that the answer may come from, for sets that give them. A set without `must_contain` judges retrieval alone.
    """

    id: str
    question: str
    type: str
    answerable: bool
    answers: tuple[str, ...] = ()
    must_contain: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    section: str = ""
    arithmetic: bool = False
    standalone: str = ""
    relevant: Mapping[str, int] = field(default_factory=lambda: {})
    passages: tuple[str, ...] = ()

    @property
    def judges_answer(self) -> bool:
        """Whether the set says what a right answer is."""
        return bool(self.must_contain) or not self.answerable


@dataclass(frozen=True)
class GoldDialogue:
    """Turns of one talk, asked in order."""

    id: str
    turns: tuple[GoldQuestion, ...]


@dataclass(frozen=True)
class GoldClaim:
    """A statement, and whether the report supports it, refutes it, or says nothing of it."""

    id: str
    claim: str
    label: str
    evidence: tuple[Evidence, ...]
    correct: str
    section: str


@dataclass(frozen=True)
class GoldAttack:
    """A hostile or malformed input, and what a sound reply holds and does not hold."""

    id: str
    kind: str
    text: str
    expect: str
    must_not_contain: tuple[str, ...]
    must_contain: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class GoldSet:
    """A whole gold set; `digest` is the SHA-256 of its files, `reports` are the documents that come with it."""

    name: str
    digest: str
    questions: tuple[GoldQuestion, ...] = ()
    dialogues: tuple[GoldDialogue, ...] = ()
    claims: tuple[GoldClaim, ...] = ()
    attacks: tuple[GoldAttack, ...] = ()
    reports: tuple[Report, ...] = ()

    def located(self, texts: Mapping[str, str]) -> "GoldSet":
        """Find all evidence in the documents, by name.

        Raises:
            GoldError: some evidence stands in none of them.
        """
        return replace(
            self,
            questions=tuple(_located(q, texts) for q in self.questions),
            dialogues=tuple(replace(d, turns=tuple(_located(t, texts) for t in d.turns)) for d in self.dialogues),
            claims=tuple(_located(c, texts) for c in self.claims),
        )


def read_gold(path: Path) -> GoldSet:
    """Read a gold set: a folder, or one file of questions.

    Raises:
        GoldError: a line is not in the format; the message names file, line and field.
    """
    folder = path if path.is_dir() else None
    files = {
        name: path / f"{name}.jsonl" if folder else path if name == "questions" else None
        for name in ("questions", "dialogues", "claims", "attacks")
    }
    present = {name: file for name, file in files.items() if file is not None and file.is_file()}
    if not present:
        raise GoldError(f"{path} holds no questions.jsonl, dialogues.jsonl, claims.jsonl or attacks.jsonl")

    def read(name: str, item: Callable[["Fields"], Item]) -> tuple[Item, ...]:
        return tuple(map(item, read_lines(present[name]))) if name in present else ()

    gold = GoldSet(
        name=(folder or path).resolve().name.removesuffix(".jsonl"),
        digest=digest_of(list(present.values())),
        questions=read("questions", _question),
        dialogues=read("dialogues", _dialogue),
        claims=read("claims", _claim),
        attacks=read("attacks", _attack),
        reports=(read_report(path / REPORT),) if folder and (path / REPORT).is_file() else (),
    )
    return unique(gold, path)


def unique(gold: GoldSet, path: Path) -> GoldSet:
    """Give the set back when each of its ids stands once and there is at least one.

    Raises:
        GoldError: an id twice, or nothing to ask.
    """
    turns = [turn.id for dialogue in gold.dialogues for turn in dialogue.turns]
    ids = [*(item.id for item in (*gold.questions, *gold.claims, *gold.attacks)), *turns]
    if not ids:
        raise GoldError(f"{path} holds nothing to ask")
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise GoldError(f"{path}: field 'id' is {one!r} twice; an id stands for one item of the whole set")
        seen.add(one)
    return gold


def digest_of(files: Sequence[Path]) -> str:
    """Give the SHA-256 of some files, names left out."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True)
class Fields:
    """The fields of one line; what is not as it must be is an error that names file, line and field."""

    fields: Mapping[str, Any]
    where: str

    def get(self, name: str, kind: type[Kind]) -> Kind:
        """Give a field of a kind."""
        value: object = self.fields.get(name)
        if not isinstance(value, kind):
            wrong = f"is {value!r}, not {kind.__name__}" if name in self.fields else "is missing"
            raise self.error(name, wrong)
        return value

    def text(self, name: str) -> str:
        """Give a field with some text in it."""
        if not self.get(name, str).strip():
            raise self.error(name, "is empty")
        return self.fields[name]

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts, none of them empty."""
        values = cast(list[object], self.get(name, list))
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(name, f"is {values!r}, not a list of texts")
        return tuple(cast(list[str], values))

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Give a list of groups of variants; each variant has a letter or digit."""
        groups = tuple(Fields({name: group}, self.where).texts(name) for group in self.get(name, list))
        if not all(group and all(map(normalise, group)) for group in groups):
            raise self.error(name, f"is {self.fields[name]!r}, not a list of groups of texts")
        return groups

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """Give a text that is one of the choices."""
        if self.get(name, str) not in choices:
            raise self.error(name, f"is {self.fields[name]!r}, not one of {', '.join(choices)}")
        return self.fields[name]

    def inside(self, name: str) -> Iterator["Fields"]:
        """Give the fields of each object of a list."""
        for number, fields in enumerate(cast(list[object], self.get(name, list)), 1):
            if not isinstance(fields, dict):
                raise self.error(name, f"holds {fields!r}, not an object")
            yield Fields(cast(dict[str, Any], fields), f"{self.where}, {name} {number}")

    def error(self, name: str, wrong: str) -> GoldError:
        """Make the error that says what is wrong with a field."""
        return GoldError(f"{self.where}: field {name!r} {wrong}")


def read_lines(path: Path) -> Iterator[Fields]:
    """Read the lines of a JSON lines file, empty ones left out.

    Raises:
        GoldError: the file is no UTF-8, or a line is no JSON object.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path} is not UTF-8: byte {error.start}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            fields: object = json.loads(line)
        except ValueError as error:
            raise GoldError(f"{where} is not JSON: {error}") from error
        if not isinstance(fields, dict):
            raise GoldError(f"{where} is not a JSON object")
        yield Fields(cast(dict[str, Any], fields), where)


def _question(fields: Fields) -> GoldQuestion:
    answerable = fields.get("answerable", bool)
    question = GoldQuestion(
        id=fields.text("id"),
        question=fields.text("question"),
        type=fields.text("type"),
        answerable=answerable,
        answers=fields.texts("answers"),
        must_contain=fields.groups("must_contain"),
        evidence=tuple(map(Evidence, fields.texts("evidence"))),
        section=fields.get("section", str),
        arithmetic=fields.get("arithmetic", bool) if "arithmetic" in fields.fields else False,
        standalone=fields.text("standalone") if "standalone" in fields.fields else "",
    )
    for name in ("answers", "must_contain", "evidence"):
        if bool(getattr(question, name)) is not answerable:
            raise fields.error(name, f"is {'empty' if answerable else 'filled'}, yet answerable is {answerable}")
    return question


def _dialogue(fields: Fields) -> GoldDialogue:
    turns = [_question(Fields({**turn.fields, "type": "turn"}, turn.where)) for turn in fields.inside("turns")]
    if not turns:
        raise fields.error("turns", "is empty")
    return GoldDialogue(fields.text("id"), tuple(turns))


def _claim(fields: Fields) -> GoldClaim:
    return GoldClaim(
        id=fields.text("id"),
        claim=fields.text("claim"),
        label=fields.one_of("label", LABELS),
        evidence=tuple(map(Evidence, fields.texts("evidence"))),
        correct=fields.get("correct", str),
        section=fields.get("section", str),
    )


def _attack(fields: Fields) -> GoldAttack:
    if "input_repeat" in fields.fields:
        repeat = Fields(fields.get("input_repeat", dict), f"{fields.where}, input_repeat")
        text = repeat.text("text") * repeat.get("times", int)
    else:
        text = fields.get("input", str)
    return GoldAttack(
        id=fields.text("id"),
        kind=fields.text("kind"),
        text=text,
        expect=fields.one_of("expect", EXPECTED),
        must_not_contain=fields.texts("answer_must_not_contain"),
        must_contain=fields.groups("answer_must_contain"),
    )


Judged = TypeVar("Judged", GoldQuestion, GoldClaim)


def _located(item: Judged, texts: Mapping[str, str]) -> Judged:
    return replace(item, evidence=tuple(_places(e, item.id, texts) for e in item.evidence))


def _places(evidence: Evidence, item: str, texts: Mapping[str, str]) -> Evidence:
    if evidence.places:
        return evidence
    places: list[Span] = []
    for document, text in texts.items():
        at = text.find(evidence.text)
        while at >= 0:
            places.append(Span(document, at, at + len(evidence.text)))
            at = text.find(evidence.text, at + 1)
    if not places:
        raise GoldError(
            f"{item}: field 'evidence' is not in {', '.join(list(texts)[:3])}: {evidence.text[:40]!r}; "
            "name the report of this gold set with --report or --index"
        )
    return replace(evidence, places=tuple(places))
