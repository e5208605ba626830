"""A language model on this machine, through transformers.

Knows nothing of passages or citations. One model serves all sessions, one reply at a time: many users are a server's
job. torch and transformers are imported, and the model is downloaded and loaded, when something is first asked of it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from index.embedding import NEEDED_FILES, digest_of
from qa import prompts
from qa.errors import ModelBusyError, ModelFailedError
from qa.llm import CONTEXT, Message, without_thinking

if TYPE_CHECKING:
    from transformers import DynamicCache, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

_T = TypeVar("_T")

log = logging.getLogger(__name__)

# Tokens of the prompt read at a time. What is kept of a prompt is cut between its blocks only, so that a block is
# always computed in the same shape: a reply with a kept beginning is the same to the last bit as one without.
BLOCK = 64
KEPT = 2  # prompts whose keys and values are kept: the last to answer, and the last to write out a follow-up
FILES = [*NEEDED_FILES, "*.jinja"]


class TransformersModel:
    """Any causal language model with a chat template, by folder or hub id.

    Only safetensors weights are read, and no code of the model's own is run. The weights are bfloat16 on a GPU and on
    a processor that calculates with them (AMX, AVX512-BF16), else float32: elsewhere the prompt would be read five
    times slower. The keys and values of the last prompts are kept: the next one is read from where it parts from the
    likest of them.

    A stop takes effect within a layer's time while the model reads or writes, but not while it is being loaded.

    Args:
        name: A folder, or a hub id; with `@revision` after it the commit, tag or branch of the hub id, or the first
            digits of the SHA-256 over the folder's files.
        context: Tokens that prompt and reply may take together; less where the model itself allows less.
        waiting: Replies that may wait while one is written.
        patience: Seconds that a reply waits for its turn; a reply takes 10 to 60 on a CPU.
        dtype: "bfloat16" or "float32" for the weights; None is what the machine calculates with best.
    """

    def __init__(
        self,
        name: str,
        context: int = CONTEXT,
        *,
        waiting: int = 4,
        patience: float = 60.0,
        dtype: Literal["bfloat16", "float32"] | None = None,
    ) -> None:
        self.name = name
        bare, _, revision = name.rpartition("@")
        pinned = bool(bare) and not Path(name).is_dir()
        self._source = bare if pinned else name
        self._revision = revision if pinned else None
        self._context = context
        self._dtype = dtype
        self._line = Line(waiting, patience)
        self._loading = threading.RLock()
        self._stop = threading.Event()
        self._kept: deque[tuple[list[int], list[int], DynamicCache]] = deque(
            maxlen=KEPT
        )  # prompt, ends of blocks, cache

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may take together."""
        with self._loading:
            return min(self._context, getattr(self._config, "max_position_embeddings", self._context))

    def count(self, text: str) -> int:
        """Tokens of a text."""
        with self._loading:
            tokenizer = self._tokenizer
        return len(tokenizer.encode(text, add_special_tokens=False))

    def generate(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        """Write a reply as `LanguageModel.generate` says, once those who came before have theirs.

        Raises:
            ModelBusyError: Too many wait already, or this one has waited for too long.
            ModelFailedError: The model cannot be loaded, the messages do not fit its context, or memory ran out.
        """
        with self._line.turn(stop) as mine:
            if mine:
                yield from self._reply(messages, limit, stop)

    def _reply(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        with self._loading:
            tokenizer, context = self._tokenizer, self.context
            _ = self._model
        text, opening = self._prompt(messages)
        prompt: list[int] = tokenizer.encode(text, add_special_tokens=False)
        if len(prompt) >= context:
            raise ModelFailedError(
                f"the prompt has {len(prompt)} tokens, prompt and reply together may have {context}; "
                "give fewer or shorter passages, or allow more context",
                prompts.MODEL_FULL,
            )
        same = alike(tokenizer.encode(opening, add_special_tokens=False), prompt)
        with closing(self._ids(prompt, blocks(same, len(prompt)), min(limit, context - len(prompt)), stop)) as ids:
            yield from without_thinking(self._words(ids), thinking=text.rstrip().endswith("<think>"))

    def _prompt(self, messages: Sequence[Message]) -> tuple[str, str]:
        """The messages in the model's own form, and what of it stands before the last of them.

        What would end a turn or open another is broken up in the text of the messages.
        """
        from jinja2 import TemplateError

        special = {*self._tokenizer.all_special_tokens, "<think>", "</think>"}
        turns: list[dict[str, str]] = []
        for message in messages:
            content = message.content
            for token in special:
                content = content.replace(token, f"{token[0]} {token[1:]}")
            turns.append({"role": message.role, "content": content})
        try:
            text = self._tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
            )
        except (ValueError, TemplateError) as fault:
            raise self._failed(f"its chat template does not take these messages ({fault})") from fault
        text = cast("str", text)
        return text, text[: max(0, text.rfind(turns[-1]["content"]))]

    def _words(self, ids: Iterator[int]) -> Iterator[str]:
        """The text of tokens, each piece as soon as its last character is whole."""
        written: list[int] = []
        start = told = 0  # decoded from one piece back: some tokenizers drop the space before the first word
        for token in ids:
            written.append(token)
            text = self._decoded(written[start:])
            if not text.endswith("\ufffd"):
                piece = text[len(self._decoded(written[start:told])) :].replace("\ufffd", "")
                start, told = told, len(written)
                if piece:
                    yield piece

    def _decoded(self, ids: list[int]) -> str:
        return cast("str", self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _ids(self, prompt: list[int], ends: list[int], limit: int, stop: threading.Event) -> Generator[int]:
        """The tokens of the reply, the likeliest each time, without the one that ends it.

        Args:
            prompt: Its tokens.
            ends: Where the blocks of the prompt end.
            limit: Tokens of the reply at most.
            stop: Ends the reply.
        """
        cache, done = self._begun(prompt, ends)
        self._stop = stop
        try:
            token = -1
            for end in ends[len(done) :]:
                token = self._next(prompt[done[-1] if done else 0 : end], cache)
                done.append(end)
            for written in range(limit):
                if written:
                    token = self._next([token], cache)
                if token in self._ends:
                    return
                yield token
        except _Stopped:
            return
        finally:
            self._keep(prompt, done, cache)

    def _begun(self, prompt: list[int], ends: list[int]) -> tuple["DynamicCache", list[int]]:
        """The kept keys and values that stand for the beginning of this prompt too, and where its blocks end."""
        from transformers import DynamicCache

        best: tuple[list[int], int] = [], -1
        for at, (known, done, _) in enumerate(self._kept):
            same = alike(known, prompt)
            # The last block is always read: the reply's first token comes out of it.
            shared = [end for end in done[: alike(done, ends[:-1])] if end <= same]
            best = max(best, (shared, at), key=lambda found: len(found[0]))
        shared, at = best
        if not shared:
            return DynamicCache(config=self._config), []
        *_, cache = self._kept[at]
        del self._kept[at]
        cut(cache, shared[-1])
        return cache, shared

    def _keep(self, prompt: list[int], done: list[int], cache: "DynamicCache") -> None:
        """Keep the keys and values of the prompt's blocks for the next prompt, where the model allows it."""
        from transformers.cache_utils import DynamicLayer

        # Layers that forget, as sliding windows do, cannot go back to where two prompts part.
        if done and all(type(layer) is DynamicLayer for layer in cache.layers):
            cut(cache, done[-1])
            self._kept.append((prompt, done, cache))

    def _next(self, ids: list[int], cache: "DynamicCache") -> int:
        """Read tokens and give the likeliest that follows."""
        import torch

        if self._stop.is_set():
            raise _Stopped
        model = self._model
        try:
            # Entered anew for every step: held open across a yield it would spread to whoever reads the reply.
            with torch.inference_mode():
                given = torch.tensor([ids], device=model.device)
                logits = model(input_ids=given, cache=cache, use_cache=True, logits_to_keep=1).logits
                return int(logits[0, -1].argmax())
        except RuntimeError as fault:
            raise ModelFailedError(
                f"the language model {self.name} broke off: {fault}", prompts.MODEL_FAULTY, retry=True
            ) from fault

    @cached_property
    def _folder(self) -> Path:
        """The folder of the model; a hub id is downloaded, or found in the hub's cache, first."""
        folder = Path(self._source)
        if folder.is_dir():
            if not any(folder.glob("*.safetensors")):
                raise self._failed("the folder has no safetensors weights")
            found = digest_of([path for pattern in FILES for path in folder.glob(pattern)])
            if self._revision is not None and not found.startswith(self._revision):
                raise self._failed(f"the folder's files have the SHA-256 {found[:12]}…, not {self._revision}")
            self.name = f"{self._source}@{found[:12]}"
            return folder
        from huggingface_hub import snapshot_download

        log.info("looking for the language model %s, downloading what is missing", self.name)
        try:
            folder = Path(snapshot_download(self._source, revision=self._revision, allow_patterns=FILES))
        except (OSError, ValueError) as fault:
            raise self._failed(fault) from fault
        if not any(folder.glob("*.safetensors")):
            raise self._failed("it has no safetensors weights")
        self.name = f"{self._source}@{folder.name}"  # the hub's cache names a snapshot's folder after its commit
        return folder

    @cached_property
    def _config(self) -> "PreTrainedConfig":
        from transformers import AutoConfig

        return self._read(AutoConfig.from_pretrained).get_text_config()

    @cached_property
    def _tokenizer(self) -> "PreTrainedTokenizerBase":
        from transformers import AutoTokenizer

        return self._read(AutoTokenizer.from_pretrained)

    @cached_property
    def _model(self) -> "PreTrainedModel":
        from torch.nn import Module
        from transformers import AutoModelForCausalLM
        from transformers.modeling_layers import GradientCheckpointingLayer

        device, dtype = best_device()
        dtype = self._dtype or dtype

        def load(folder: Path, **options: bool) -> "PreTrainedModel":
            model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, dtype=dtype, **options)
            Module.to(model, device)
            return model

        began = time.perf_counter()
        log.info("loading the language model %s onto %s as %s", self.name, device, dtype)
        model = self._read(load)
        for layer in model.modules():
            if isinstance(layer, GradientCheckpointingLayer):  # what transformers makes every decoder layer from
                layer.register_forward_pre_hook(self._look_up)
        log.info("the language model %s is ready after %.1f s", self.name, time.perf_counter() - began)
        return model

    @cached_property
    def _ends(self) -> set[int]:
        """The tokens that end a reply."""
        ends = cast("int | list[int] | None", getattr(self._model.generation_config, "eos_token_id", None))
        own = cast("int | None", self._tokenizer.eos_token_id)
        return {end for end in (*(ends if isinstance(ends, list) else [ends]), own) if end is not None}

    def _look_up(self, *_: object) -> None:
        """Break off between two layers once a stop is asked for."""
        if self._stop.is_set():
            raise _Stopped

    def _read(self, read: Callable[..., _T]) -> _T:
        folder = self._folder
        try:
            return read(folder, trust_remote_code=False, local_files_only=True)
        except Exception as fault:  # the libraries raise what they like, bare Exception too, for files they cannot read
            raise self._failed(fault) from fault

    def _failed(self, reason: object) -> ModelFailedError:
        return ModelFailedError(
            f"cannot load the language model {self.name}: {reason}. Give a folder with config.json, tokenizer.json and "
            "*.safetensors, such as `modelscope download --model Qwen/Qwen3-0.6B --local_dir models/Qwen3-0.6B` makes; "
            "or a hub id such as Qwen/Qwen3-0.6B, with HF_ENDPOINT set to a mirror that the machine can reach, "
            "or HF_HUB_OFFLINE=1 where the model is in the local cache already",
            prompts.MODEL_MISSING,
        )


def blocks(opening: int, total: int) -> list[int]:
    """Where the blocks end in which a prompt is read, the last at its end; one ends where its fixed opening does.

    >>> blocks(100, 200)
    [64, 100, 164, 200]
    """
    return [end for end in (*range(BLOCK, opening, BLOCK), *range(opening, total, BLOCK), total) if end]


def alike(one: Sequence[int], other: Sequence[int]) -> int:
    """How many numbers two rows begin with in common."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def cut(cache: "DynamicCache", length: int) -> None:
    """Forget what stands behind the first tokens; layer by layer, for a stop leaves the first ones a block ahead."""
    from transformers.cache_utils import DynamicLayer

    for layer in cache.layers:
        if isinstance(layer, DynamicLayer):
            layer.crop(min(0, length - layer.get_seq_length()))


class _Stopped(Exception):  # no error: whoever reads the reply has asked for it
    """The reply is to end here."""


def best_device() -> tuple[str, str]:
    """The fastest device of this machine, and the type of number that it calculates with best."""
    import torch

    if torch.cuda.is_available():
        return "cuda", "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if torch.backends.mps.is_available():
        return "mps", "bfloat16"
    can = torch.cpu.get_capabilities()
    return "cpu", "bfloat16" if can.get("amx_bf16") or can.get("avx512_bf16") else "float32"


class Line:
    """Lets one in at a time, in the order of arrival; few may wait, and not for ever.

    Args:
        places: How many may wait.
        patience: Seconds that one waits before it is turned away.
    """

    def __init__(self, places: int, patience: float) -> None:
        self._places = places
        self._patience = patience
        self._moved = threading.Condition()
        self._line: deque[object] = deque()

    @contextmanager
    def turn(self, stop: threading.Event) -> Generator[bool]:
        """Wait for the turn, and hold it; False where `stop` was set before it came.

        Raises:
            ModelBusyError: All places are taken, or the turn did not come in time.
        """
        ticket = object()
        with self._moved:
            if len(self._line) > self._places:
                raise ModelBusyError(
                    f"{len(self._line) - 1} replies wait for the language model, {self._places} may; "
                    "try again later, or use a server that writes several at once",
                    prompts.MODEL_BUSY,
                )
            self._line.append(ticket)
        try:
            yield self._comes(ticket, stop)
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def _comes(self, ticket: object, stop: threading.Event) -> bool:
        until = time.monotonic() + self._patience
        with self._moved:
            while self._line[0] is not ticket and not stop.is_set():
                if time.monotonic() > until:
                    raise ModelBusyError(
                        f"the language model was not free for {self._patience:g} s; try again later", prompts.MODEL_BUSY
                    )
                self._moved.wait(0.1)  # seconds: nobody tells this line of a stop
        return not stop.is_set()
