"""python -m eval.generation: how fast a language model writes on this machine, along the product's own path.

Speed does not depend on what the weights are, so a shape with random weights will do where there are no others.
"""

import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.embedding import EMBEDDED_FOLDER
from index.terminal import run
from qa.config import Settings
from qa.llm import Message
from qa.models.composing import LanguageModelAnswerer
from qa.models.local_model import TransformersModel
from qa.pipeline import load_parts

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

SHAPES = {"Qwen3-0.6B": (1024, 3072), "Qwen3-1.7B": (2048, 6144)}  # hidden and intermediate size; the rest they share
VOCABULARY = 151936
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n\n</think>\n\n{% endif %}"
)
QUESTIONS = ("城市云脑接入了多少个单位？", "公共数据服务平台吸引了多少家企业入驻？")
SENTENCE = 30  # tokens of a first sentence with its mark, about

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Speed:
    """How fast a model reads and writes: seconds and tokens a second, medians over the rounds.

    `first` is the time to the first token of a question that shares nothing with the one before it, `second` that of
    the same question after one with the same instructions and other passages; `sentence` and `second_sentence` are the
    times to token 30. `generate` is the writing speed of transformers' own `generate`, with the same weights in turn
    with ours; `bound` is the speed at which the weights can be read from memory.
    """

    model: str
    device: str
    dtype: str
    threads: int
    weights_gb: float
    peak_memory_gb: float
    load: float
    prompt_tokens: float
    first: float
    second: float
    second_to_first: float
    sentence: float
    second_sentence: float
    tokens_per_s: float
    generate: float
    to_generate: float
    read_gb_per_s: float
    bound: float
    to_bound: float


@app.command()
def generation_command(
    model: Annotated[str, typer.Argument(help="Qwen3-0.6B or Qwen3-1.7B, weights at random; or a folder or hub id.")],
    dtype: Annotated[str | None, typer.Option(help="float32 or bfloat16; default: what suits the machine.")] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Every measurement is made as often.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the time to the first token, and the tokens a second next to those of transformers' own generate."""
    if dtype not in (None, "float32", "bfloat16"):
        raise typer.BadParameter("float32 or bfloat16", param_hint="--dtype")
    with tempfile.TemporaryDirectory() as folder:
        if model in SHAPES:
            save_shape(model, Path(folder))
        speed = measure(model, TransformersModel(folder if model in SHAPES else model, dtype=dtype), rounds)
    typer.echo(json.dumps(asdict(speed), indent=2) if as_json else render(speed))


def measure(name: str, model: TransformersModel, rounds: int) -> Speed:
    """Ask two questions in turn, each both first and second, and let `generate` answer them in between."""
    import torch

    began = time.perf_counter()
    list(model.generate([Message("user", "好")], 1, threading.Event()))
    load = time.perf_counter() - began
    weights: PreTrainedModel = model._model  # pyright: ignore[reportPrivateUsage]  # both write with the same ones
    size = sum(parameter.numel() * parameter.element_size() for parameter in weights.parameters()) / 1e9

    parts = load_parts(Settings())
    listener = Listener(model)
    answerer = LanguageModelAnswerer(listener, parts.index, SENTENCE + 1)
    passages = [[hit.passage for hit in parts.retriever.retrieve(q, parts.settings.keep_k)] for q in QUESTIONS]
    ours: list[dict[str, float]] = []
    for number in range(2 * rounds):
        question, other = number % 2, (number + 1) % 2
        run: dict[str, float] = {}
        for step, asked in (("first", question), ("", other), ("second", question)):
            if step == "first":  # what was kept of the questions before is given up
                model._kept.clear()  # pyright: ignore[reportPrivateUsage]
            list(answerer.write(QUESTIONS[asked], passages[asked], threading.Event()))
            if step:
                run[step], run[f"{step}_sentence"] = listener.first, listener.last
        run["interval"] = listener.interval
        run["prompt"], run["generate"] = plain(weights, model, listener.messages)
        ours.append(run)
    read = reading_speed(weights.device)

    def middle(key: str) -> float:
        return median(run[key] for run in ours)

    return Speed(
        model=name,
        device=weights.device.type,
        dtype=str(weights.dtype).removeprefix("torch."),
        threads=torch.get_num_threads(),
        weights_gb=size,
        peak_memory_gb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        * (1 if sys.platform == "darwin" else 1024)
        / 1e9,
        load=load,
        prompt_tokens=middle("prompt"),
        first=middle("first"),
        second=middle("second"),
        second_to_first=median(run["second"] / run["first"] for run in ours),
        sentence=middle("first_sentence"),
        second_sentence=middle("second_sentence"),
        tokens_per_s=1 / middle("interval"),
        generate=1 / middle("generate"),
        to_generate=median(run["generate"] / run["interval"] for run in ours),
        read_gb_per_s=read,
        bound=read / size,
        to_bound=size / read / middle("interval"),
    )


class Listener:
    """A model that notes when the pieces of its last reply came, and what it was asked."""

    def __init__(self, model: TransformersModel) -> None:
        self._model = model
        self.messages: Sequence[Message] = ()
        self._times: list[float] = []

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    @property
    def context(self) -> int:
        """The model's."""
        return self._model.context

    def count(self, text: str) -> int:
        """Tokens, by the model."""
        return self._model.count(text)

    def generate(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        """The model's reply."""
        self.messages = messages
        self._times = [time.perf_counter()]
        for piece in self._model.generate(messages, limit, stop):
            self._times.append(time.perf_counter())
            yield piece

    @property
    def first(self) -> float:
        """Seconds to the first piece."""
        return self._times[1] - self._times[0]

    @property
    def last(self) -> float:
        """Seconds to the last piece."""
        return self._times[-1] - self._times[0]

    @property
    def interval(self) -> float:
        """Seconds between two pieces, the median."""
        return _interval(self._times[1:])


class Clock:
    """What `generate` tells of every token as it comes; it begins with the prompt."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def put(self, _: object) -> None:
        """A token is there."""
        self.times.append(time.perf_counter())

    def end(self) -> None:
        """The reply is there."""


def plain(weights: "PreTrainedModel", model: TransformersModel, messages: Sequence[Message]) -> tuple[int, float]:
    """Tokens of the prompt, and the seconds a token that transformers' own `generate` takes after it."""
    tokenizer: Any = model._tokenizer  # pyright: ignore[reportPrivateUsage]
    given = tokenizer.apply_chat_template(
        [asdict(message) for message in messages],
        add_generation_prompt=True,
        enable_thinking=False,
        return_dict=True,
        return_tensors="pt",
    ).to(weights.device)
    clock, tokens = Clock(), SENTENCE + 1
    generate: Any = weights.generate
    generate(**given, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=False, streamer=clock)
    return given["input_ids"].shape[1], _interval(clock.times[1:])


def _interval(times: Sequence[float]) -> float:
    return median(later - earlier for earlier, later in pairwise(times))


def reading_speed(device: "torch.device") -> float:
    """GB (10^9 bytes) a second read from memory, the best of ten sums over 1 GB."""
    import torch

    numbers = torch.ones(250_000_000, device=device)
    best = float("inf")
    for _ in range(10):
        began = time.perf_counter()
        numbers.sum().item()
        best = min(best, time.perf_counter() - began)
    return 1 / best


def save_shape(name: str, folder: Path) -> None:
    """Save a model of a published shape with random weights, bfloat16 as the published ones are."""
    import torch
    from transformers import AutoModelForCausalLM, Qwen3Config

    hidden, intermediate = SHAPES[name]
    config = Qwen3Config(
        vocab_size=VOCABULARY,
        hidden_size=hidden,
        intermediate_size=intermediate,
        num_hidden_layers=28,
        num_attention_heads=16,
        num_key_value_heads=8,
        head_dim=128,
        max_position_embeddings=40960,
        tie_word_embeddings=True,
    )
    torch.manual_seed(0)
    shape: PreTrainedModel = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    shape.save_pretrained(folder)
    _tokenizer().save_pretrained(folder)


def _tokenizer() -> "PreTrainedTokenizerFast":
    """The embedded model's, which needs about as many tokens for Chinese as Qwen3's, and a character a token beyond."""
    from tokenizers import Tokenizer, decoders
    from transformers import PreTrainedTokenizerFast

    known = json.loads((EMBEDDED_FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    pieces: list[list[str | float]] = known["model"]["vocab"]
    # Every token has to be seen when it comes, so each of the others is some character that no text holds.
    pieces += [[chr(0x20000 + number), -1000.0] for number in range(VOCABULARY - len(pieces) - 2)]
    tokenizer = Tokenizer.from_str(json.dumps(known))
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        extra_special_tokens=["<|im_start|>"],
        chat_template=CHAT,
    )


def render(speed: Speed) -> str:
    """Draw a result for a terminal."""
    lines = [
        f"{speed.model} on {speed.device}, {speed.dtype}, {speed.threads} threads: loaded in {speed.load:.1f} s, "
        f"weights {speed.weights_gb:.2f} GB, peak memory {speed.peak_memory_gb:.2f} GB",
        f"first token     {speed.first:6.2f} s of a prompt of {speed.prompt_tokens:.0f} tokens; "
        f"with the prefix kept {speed.second:6.2f} s, × {speed.second_to_first:.2f}",
        f"first sentence  {speed.sentence:6.2f} s; with the prefix kept {speed.second_sentence:6.2f} s",
        f"tokens a second {speed.tokens_per_s:6.2f}, × {speed.to_generate:.2f} of generate's {speed.generate:.2f}, "
        f"× {speed.to_bound:.2f} of the {speed.bound:.2f} that {speed.read_gb_per_s:.1f} GB/s allow",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    run(app)
