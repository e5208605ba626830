"""The one Answer that page, command line, HTTP and evaluation all show.

These types know nothing of how an answer is found.
"""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How an answer came out; all but the first two always carry a reason that a citizen understands."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_IN_REPORT = "not_in_report"
    OUT_OF_SCOPE = "out_of_scope"
    INVALID_INPUT = "invalid_input"
    OVERLOADED = "overloaded"
    ERROR = "error"


@dataclass(frozen=True)
class Citation:
    """A mark in the answer, counted from 1, and the exact characters it stands for: document[start:end] == quote."""

    mark: int
    document: str
    title: str
    section: tuple[str, ...]
    passage_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer and the marks of the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True)
class Withheld:
    """A sentence that was written but not shown, and why, in Chinese."""

    text: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """An answer with its proof, or the plain statement that there is none.

    `text` is the sentences one after another, without marks: whoever shows an answer draws the marks from `sentences`
    (`marked_text` does it in plain text). `short` is the answer itself where the question asks for one thing
    (7900多项, 44家, 第6名), else None. `suggestions` are questions that the report does answer. `reason` says what is
    lacking; an answered one has a reason only where the report's own sentences stand in for a language model's.

    `index`, `embedder` and `answerer` name what made the answer. `timings_ms` says how long its steps took, in
    milliseconds: `retrieve` and `answer` for the extractive answer, `total`, and with a language model
    `first_sentence`, from the question to the first sentence that could be shown; beside these stands `tokens_per_s`,
    how many tokens a second the model wrote.
    """

    id: str
    question: str
    standalone_question: str
    status: Status
    reason: str | None = None
    short: str | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    suggestions: tuple[str, ...] = ()
    index: str = ""
    embedder: str = ""
    answerer: str = ""
    timings_ms: dict[str, float] = field(default_factory=lambda: {})

    @property
    def text(self) -> str:
        """The answer in words; the reason where there is no answer."""
        return "".join(sentence.text for sentence in self.sentences) or self.reason or ""

    @property
    def marked_text(self) -> str:
        """The answer in words with its marks: 公共数据服务平台吸引44家企业入驻。[1]"""
        return (
            "".join(s.text + "".join(f"[{mark}]" for mark in s.citations) for s in self.sentences) or self.reason or ""
        )

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON knows them, `text` after `short`."""
        fields = asdict(self)
        ordered: dict[str, Any] = {}
        for name, value in fields.items():
            ordered[name] = value
            if name == "short":
                ordered["text"] = self.text
        return ordered
