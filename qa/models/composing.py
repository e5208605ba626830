"""Passages → an answer in a language model's words, sentence by sentence, each one checked before anybody sees it.

The model cites a passage by copying the opaque mark that stands before it; a mark that was not given out is dropped.
Small models often copy the wrong mark, or none: a sentence that what it cites does not hold is cited to the one
passage given that does, and withheld where none or several do. Passages and question reach the model as data: no
character of theirs can end the data, forge a mark, or be read as a control token of the model's chat template.

Knows nothing of how the passages were found or how the model runs.
"""

import hmac
import re
import threading
import time
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

from index.lexical import normalise
from index.passage import Passage
from index.store import PassageIndex
from qa import prompts
from qa.answer import Withheld
from qa.citing import Draft
from qa.errors import ModelFailedError
from qa.grounding import departs, has_markup, ungrounded, without_markup
from qa.llm import LanguageModel, Message
from qa.questions.topics import shared_runs

_YEAR = re.compile(r"(?:19|20)\d\d年")
MOST = 6  # sentences shown of one reply; three are asked for, and a model that goes on repeats itself
_NEAR = 3  # sentences back to look for what a sentence goes on to speak of
_TEMPLATE = 64  # tokens that a chat template puts around two messages, generously


@dataclass(frozen=True)
class Composed:
    """What a model has written so far, parted into what may be shown and what may not.

    `done` is the last state, `absent` says that the model itself found no answer in the passages. `first_sentence` is
    the time in seconds until there was a sentence to show; `tokens_per_s` the speed of writing between the first and
    the last piece of text, known when all is done.
    """

    shown: tuple[Draft, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    done: bool = False
    absent: bool = False
    first_sentence: float | None = None
    tokens_per_s: float | None = None


class LanguageModelAnswerer:
    """Writes the sentences of an answer with a language model.

    Args:
        model: Opened by `qa.llm.load_model`, or anything with its contract.
        index: Where the passages come from; its title and generation.
        limit: Tokens of a reply at most.
    """

    def __init__(self, model: LanguageModel, index: PassageIndex, limit: int) -> None:
        self.model = model
        self._index = index
        self._limit = limit

    @property
    def name(self) -> str:
        """The model's name, as `Answer.answerer` records it."""
        return self.model.name

    def over(self, index: PassageIndex) -> "LanguageModelAnswerer":
        """The same model, writing from another index."""
        return LanguageModelAnswerer(self.model, index, self._limit)

    def write(self, question: str, passages: Sequence[Passage], stop: threading.Event) -> Iterator[Composed]:
        """Write the answer to a question that stands alone from passages, the best first.

        Yields:
            What there is with each new sentence that may be shown, and once more at the end. Nothing shown at the end
            means that the passages do not answer, or that nothing the model wrote holds. Close it to end early.

        Raises:
            ModelFailedError: The model fails, or not one passage fits its context.
        """
        began = time.perf_counter()
        user, marked = self._prompt(question, passages)
        messages = (Message("system", prompts.ANSWERING), Message("user", user))
        pieces = cast("Generator[str]", self.model.generate(messages, self._limit, stop))
        heard: list[tuple[float, str]] = []
        composed = Composed()
        with closing(pieces), closing(_sentences(_listen(pieces, heard))) as sentences:
            for written in sentences:
                if prompts.ABSENT in written:
                    composed = replace(composed, absent=not composed.shown)
                    break
                read = self._check(written, marked, question)
                if read is None:
                    continue
                if any(_same(read.text, other.text) for other in (*composed.shown, *composed.withheld)):
                    break  # a model that repeats itself goes on doing so
                if isinstance(read, Withheld):
                    composed = replace(composed, withheld=(*composed.withheld, read))
                    continue
                first = composed.first_sentence or time.perf_counter() - began
                composed = replace(composed, shown=(*composed.shown, read), first_sentence=first)
                yield composed
                if len(composed.shown) == MOST:
                    break
        yield replace(composed, done=True, tokens_per_s=self._speed(heard))

    def _prompt(self, question: str, passages: Sequence[Passage]) -> tuple[str, dict[str, Passage]]:
        """Lay out as many passages as the context holds, in reading order, and the question; and what marks stand for.

        Marks and fence are keyed by the index's generation, a digest of every document in it, and by the question: who
        writes a document or a question that holds one thereby changes it. The same question has the same prompt.
        """
        asked = as_data(question)
        room = self.model.context - self._limit - _TEMPLATE - self.model.count(prompts.ANSWERING)
        room -= self.model.count(prompts.PASSAGES.format(fence=self._opaque(16, question), passages="", question=asked))
        chosen: dict[str, Passage] = {}
        for passage in passages:
            mark = self._opaque(6, question, passage.passage_id)
            size = self.model.count("\n".join((*self._path(passage), _line(mark, passage), "")))
            if size <= room:
                chosen[mark] = passage
                room -= size
        if not chosen:
            raise ModelFailedError(
                f"{self.name} has a context of {self.model.context} tokens: too few for the instructions, the question "
                f"({self.model.count(asked)} tokens), a reply of {self._limit} and one passage; lower max_tokens",
                prompts.MODEL_FULL,
            )
        lines: list[str] = []
        before: list[str] = []
        for mark, passage in sorted(chosen.items(), key=lambda item: item[1].position):
            path = self._path(passage)
            lines += (line for depth, line in enumerate(path) if path[: depth + 1] != before[: depth + 1])
            lines.append(_line(mark, passage))
            before = path
        fence = self._opaque(16, question)
        return prompts.PASSAGES.format(fence=fence, passages="\n".join(lines), question=asked), chosen

    def _path(self, passage: Passage) -> list[str]:
        """The title and the headings above a passage, a line each; those that stood before are not written again."""
        headings = (self._index.title(passage.document), *passage.section)
        return [f"{'#' * depth} {as_data(heading)}" for depth, heading in enumerate(headings, 1)]

    def _opaque(self, size: int, *of: str) -> str:
        """Letters that nobody can know before the index and the question are there; 20 to the power of `size`."""
        digest = hmac.digest(self._index.generation.encode(), "\n".join(of).encode(), "sha256")
        return "".join("bcdfghjklmnpqrstvwxz"[byte % 20] for byte in digest[:size])

    def _check(self, written: str, marked: dict[str, Passage], question: str) -> Draft | Withheld | None:
        """Read a sentence as the model wrote it: a draft with its sources, or why it is withheld; None for no words."""
        known = [mark for marks in _MARK.findall(written) for mark in re.findall(_OURS, marks) if mark in marked]
        cited = tuple(marked[mark] for mark in dict.fromkeys(known))
        own = _MARK.sub("", written)
        text = _plain(own)
        if not any(c.isalnum() for c in text):
            return None
        if not _FINISHED.search(written):
            return Withheld(without_markup(text), prompts.UNFINISHED)
        if has_markup(own):
            return Withheld(without_markup(text), prompts.MARKUP)
        wrong = self._lacking(text, cited, question) if cited else prompts.UNCITED
        if wrong is None:
            return Draft(text, cited)
        also = self._before(cited[0]) if cited and self._has_figures(text, cited) else []
        named = next((p for p in also if self._lacking(text, (p, *cited), question) is None), None)
        if named is not None:
            return Draft(text, (*cited, named))
        holding = [passage for passage in marked.values() if self._lacking(text, (passage,), question) is None]
        return Draft(text, tuple(holding)) if len(holding) == 1 else Withheld(text, wrong)

    def _lacking(self, text: str, sources: Sequence[Passage], question: str) -> str | None:
        """What of a sentence does not stand in some passages; None if nothing.

        What the question and a report's title share (青岛市2021年) may be said again of its passages.
        """
        titles = (_shared(self._index.title(passage.document), question) for passage in sources)
        return departs(text, [*(passage.text for passage in sources), *titles])

    @staticmethod
    def _has_figures(text: str, sources: Sequence[Passage]) -> bool:
        return not ungrounded(_QUOTES.sub("", text), [passage.text for passage in sources])

    def _before(self, passage: Passage) -> list[Passage]:
        """The passages of a paragraph before one of them, the nearest first."""
        near = range(passage.position - 1, max(passage.position - 1 - _NEAR, -1), -1)
        return [p for p in map(self._index.passage, near) if p.paragraph == passage.paragraph]

    def _speed(self, heard: Sequence[tuple[float, str]]) -> float | None:
        if len(heard) < 2:
            return None
        seconds = heard[-1][0] - heard[0][0]
        return self.model.count("".join(piece for _, piece in heard[1:])) / seconds if seconds > 0 else None


def _shared(title: str, question: str) -> str:
    """The years and the stretches of words that a title and a question have in common."""
    words = _YEAR.sub("，", title)
    return "，".join(
        [year for year in _YEAR.findall(title) if year in question]
        + [words[start:end] for start, end in shared_runs(words, question)]
    )


def _line(mark: str, passage: Passage) -> str:
    return f"[{mark}] {as_data(passage.text)}"


_AS_DATA = str.maketrans("<>[]|", "＜＞［］｜")


def as_data(text: str) -> str:
    """Text on one line without unseen characters, and without those that marks and control tokens are made of."""
    return " ".join(_seen(text).translate(_AS_DATA).split())


def _seen(text: str) -> str:
    return "".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))


def _listen(pieces: Iterable[str], heard: list[tuple[float, str]]) -> Iterator[str]:
    """Hand on what can be seen of the pieces, and note when each one came."""
    for piece in pieces:
        heard.append((time.perf_counter(), piece))
        yield _seen(piece)


# --- sentences -------------------------------------------------------------------------------------------------------

_MARKS = r"(?:[ \t]*[\[【][^\[\]【】\n]{0,60}[\]】])*[ \t]*"
_ENDS = re.compile(rf"(?:[。！？]+[”’」』）)*_`]*|[；;](?=[ \t]*[\[【])){_MARKS}|\n\s*")
_BEGUN_MARK = re.compile(r"[\[【][^\[\]【】\n]{0,60}\Z")
_STOP = re.compile(r"[。！？!?；;][”’」』）)]*\Z")
_FINISHED = re.compile(r"(?:[。！？!?；;][”’」』）)*_`]*|[\]】])\s*\Z")


def _sentences(pieces: Iterable[str]) -> Generator[str]:
    """Cut text that comes in pieces into sentences; marks behind a full stop belong to the sentence before it."""
    held = ""
    for piece in pieces:
        held += piece
        while (end := _ENDS.search(held)) and end.end() < len(held) and not _BEGUN_MARK.match(held, end.end()):
            yield held[: end.end()]
            held = held[end.end() :]
    if held.strip():
        yield held


_OURS = r"[a-z]{6}"
_MARK = re.compile(rf"[\[【]\s*{_OURS}(?:[\s,，、;；]+{_OURS})*\s*[\]】]")
_OTHER_MARK = re.compile(
    r"\[[^\[\]]{0,60}\]|【(?:来源|出处|编号|资料)?[\sA-Za-z0-9_,，、:：-]{0,60}】|[\[【][a-z\s]{0,12}\Z"
)
_BULLET = re.compile(r"^\s*(?:[-*•·]+\s+|#+\s*|[0-9]{1,2}(?:[.)](?![0-9])|、)\s*)")
_QUOTES = re.compile("[“”《》]")
_EMPHASIS = re.compile(r"\*\*|__|`+")


def _plain(written: str) -> str:
    """A sentence without bullets, emphasis and marks of any kind, with its full stop."""
    text = _EMPHASIS.sub("", _BULLET.sub("", _OTHER_MARK.sub("", written)))
    text = re.sub(r"\s+(?=[。！？!?；;，,])", "", " ".join(text.split()))
    return text if _STOP.search(text) else f"{text}。"


def _same(text: str, other: str) -> bool:
    return normalise(text) == normalise(other)
