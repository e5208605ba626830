"""How do invented reports fare whose questions and statements are put in other words (`index/rewordings/`)?

Each report of a dozen sentences is indexed by itself; everything said about a sentence is asked, or checked, of its own
report. An answer is right here when it cites the sentence; what is not answered by the report must be refused.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.errors import GoldError
from eval.formats import as_report
from eval.gold import Evidence, Fields, GoldQuestion, GoldSet, read_lines
from eval.run import index_of
from index.build import Track, untracked
from qa.answer import Status
from qa.config import Settings
from qa.pipeline import Parts, load_parts, stream

STATEMENTS = ("true", "false", "unsaid")
PARAGRAPH = 4  # sentences of a report that stand together
_ANSWERED = (Status.ANSWERED, Status.PARTIAL)


@dataclass
class Tally:
    """What came of some reports: counts of `questions` by cited, elsewhere and refused, of `unanswered` by answered and
    refused, of each kind of statement by its verdict."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {})

    def add(self, kind: str, outcome: str) -> None:
        """Count one more."""
        self.counts.setdefault(kind, Counter())[outcome] += 1

    def render(self) -> str:
        """A line a kind: how many, and the share of each outcome."""
        lines: list[str] = []
        for kind, outcomes in self.counts.items():
            shares = (f"{outcome} {count / outcomes.total():.3f}" for outcome, count in outcomes.most_common())
            lines.append(f"{kind:<11}{outcomes.total():>5}   {'   '.join(shares)}")
        return "\n".join(lines)


def read_records(path: Path, begins: str = "") -> dict[str, list[Fields]]:
    """Read the lines of a file by report, those whose name begins so.

    Raises:
        GoldError: there is none, or a line is not in the format; the message names file, line and field.
    """
    reports: dict[str, list[Fields]] = {}
    for record in read_lines(path):
        name = record.text("report")
        if name.startswith(begins):
            reports.setdefault(name, []).append(record)
    if not reports:
        raise GoldError(f"{path} holds no report whose name begins with {begins!r}")
    return reports


def measure(reports: Mapping[str, Sequence[Fields]], settings: Settings, track: Track = untracked) -> Tally:
    """Ask and check all that is said about some reports."""
    tally = Tally()
    for name in track(list(reports), "提问 asking"):
        with index_of([as_report(name, "", _text(reports[name]))], settings) as own:
            parts = load_parts(own)
            for record in reports[name]:
                for kind, outcome in _outcomes(record, parts):
                    tally.add(kind, outcome)
    return tally


def as_gold(name: str, records: Sequence[Fields]) -> GoldSet:
    """Give the questions about one report that some words of a sentence answer, as a gold set."""
    report = as_report(name, "", _text(records))
    found = [
        (question, answer, record.text("sentence"))
        for record in records
        for question, answer in zip(record.texts("questions"), record.get("answers", list), strict=True)
        if answer is not None
    ]
    questions = (
        GoldQuestion(f"{name}-{number}", question, "reworded", True, (answer,), ((answer,),), (Evidence(sentence),))
        for number, (question, answer, sentence) in enumerate(found, 1)
    )
    return GoldSet(name, "", tuple(questions), reports=(report,))


def _outcomes(record: Fields, parts: Parts) -> Iterator[tuple[str, str]]:
    sentence = record.text("sentence")
    for question in record.texts("questions"):
        *_, answer = stream(question, parts)
        cited = any(c.quote in sentence or sentence in c.quote for c in answer.citations)
        yield "questions", ("cited" if cited else "elsewhere") if answer.status in _ANSWERED else "refused"
    for question in record.texts("unanswered"):
        *_, answer = stream(question, parts)
        yield "unanswered", "answered" if answer.status in _ANSWERED else "refused"
    for kind in STATEMENTS:
        for statement in record.texts(kind):
            yield kind, parts.checker.check_claim(statement).verdict.value


def _text(records: Sequence[Fields]) -> str:
    sentences = [record.text("sentence") for record in records]
    paragraphs = ("".join(sentences[at : at + PARAGRAPH]) for at in range(0, len(sentences), PARAGRAPH))
    return "".join(f"{paragraph}\n" for paragraph in paragraphs)
