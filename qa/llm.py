"""A language model as the answerer sees it: the contract, opening one by name, and text without its thinking.

Knows nothing of passages, prompts or citations. The transformers models stand in local_model.py, servers in
server_model.py; both are imported only when a model of theirs is asked for.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from pydantic import SecretStr


@dataclass(frozen=True)
class Message:
    """One turn of what a language model is given."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel(Protocol):
    """Continues a conversation; many sessions may share one model."""

    @property
    def name(self) -> str:
        """What `Answer.answerer` records: `Qwen/Qwen3-1.7B@<commit>`, `openai:http://…/v1#model`; never a key.

        A model that is loaded when first needed knows its revision from its first piece of text on.
        """
        ...

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may take together."""
        ...

    def count(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer; where that is out of reach, never fewer than they are."""
        ...

    def generate(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        """Write a reply, greedily: the same messages give the same text.

        Args:
            messages: A system message first where there is one; the last is the user's.
            limit: Tokens at most; the reply simply ends there.
            stop: Once set, the reply ends within a second, also while the prompt is still being read.

        Yields:
            The text as it comes, in pieces of any length, without half characters and without thinking. Close the
            iterator to end early; nothing keeps running then.

        Raises:
            ModelFailedError: The model cannot be loaded or reached, broke off, or the messages do not fit `context`.
            ModelBusyError: Too many are waiting for the model already.
        """
        ...


CONTEXT = 4096  # tokens; the keys and values of as many take 0.5 GB (bf16) to 1 GB (fp32) in Qwen3-0.6B and -1.7B


def load_model(name: str, context: int = CONTEXT, key: "SecretStr | None" = None) -> LanguageModel:
    """Open a language model by name; never another one in its place.

    Args:
        name: `openai:URL#model` for an OpenAI-compatible server, else a folder or a hub id, either with `@revision`
            after it to pin one. Nothing is loaded, downloaded or called yet.
        context: Tokens that prompt and reply may take together; less where the model itself allows less.
        key: The server's API key, where it wants one.

    Raises:
        SettingsError: The address or the key of a server is not one.
    """
    if name.startswith("openai:"):
        from qa.models.server_model import ServerModel

        return ServerModel(name, context, key)
    from qa.models.local_model import TransformersModel

    return TransformersModel(name, context)


_THINK, _ANSWER = "<think>", "</think>"


def without_thinking(pieces: Iterable[str], thinking: bool = False) -> Iterator[str]:
    """Drop `<think>…</think>` from text that comes in pieces, wherever the pieces are cut.

    White space before the first word is dropped as well; a block that is never closed hides all that follows.

    Args:
        pieces: The text as it comes.
        thinking: The text begins inside such a block, its opening mark being the prompt's last word.

    >>> list(without_thinking(["<thi", "nk>想想", "</think>\\n\\n平台", "接入<41个"]))
    ['平台', '接入<41个']
    """
    held, begun = "", False
    for piece in pieces:
        held += piece
        said = ""
        while mark := min((mark for mark in (_THINK, _ANSWER) if mark in held), key=held.index, default=None):
            before, _, held = held.partition(mark)
            said += "" if thinking else before
            thinking = mark == _THINK
        kept = _begun_mark(held)
        said += "" if thinking else held[: len(held) - kept]
        held = held[len(held) - kept :]
        said = said if begun else said.lstrip()
        if said:
            begun = True
            yield said
    if held and not thinking:
        yield held


def _begun_mark(text: str) -> int:
    """Characters at the end of a text that may be the beginning of a mark: they wait for the next piece."""
    lengths = range(min(len(text), len(_ANSWER)), 0, -1)
    return next((n for n in lengths if _THINK.startswith(text[-n:]) or _ANSWER.startswith(text[-n:])), 0)
