"""A language model behind an OpenAI-compatible server: vLLM, SGLang, Ollama, llama.cpp, `transformers serve`.

Knows nothing of passages, prompts or citations. A request goes to the address named and nowhere else: proxies and
certificates named in the environment, ~/.netrc and redirects are passed over, and no header is sent that the protocol
does not need. All requests run in one background event loop, so that a reply can be given up at any moment, also while
the server is silent: that closes the connection, and the server stops writing.
"""

import asyncio
import math
import queue
import random
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from qa import prompts
from qa.errors import ModelBusyError, ModelFailedError, SettingsError
from qa.llm import Message, without_thinking

if TYPE_CHECKING:
    import ssl

    import httpx2
    import openai
    from openai.types.chat import ChatCompletionChunk
    from pydantic import SecretStr

_T = TypeVar("_T")


@dataclass(frozen=True)
class Deadlines:
    """How long a server may take, in seconds.

    `silence` holds for the first piece too, before which a server without a GPU reads the whole prompt, and Ollama
    loads the model. `models` is for the question which models there are.
    """

    connect: float = 5
    silence: float = 60
    total: float = 180
    models: float = 5


class Breaker:
    """Leaves a server alone that keeps failing, and tries it again with one call after a rest.

    The circuit breaker of Nygard, Release It! (2nd edition, 2018), chapter 5. Safe to share between threads.

    Args:
        failures: In a row, after which the server is left alone.
        rest: Seconds.
        clock: Seconds that only grow.
    """

    def __init__(self, failures: int = 3, rest: float = 30, clock: Callable[[], float] = time.monotonic) -> None:
        self.failures = failures
        self._rest, self._clock = rest, clock
        self._failed, self._until = 0, 0.0
        self._lock = threading.Lock()

    def enter(self) -> float:
        """0 where a call may be made, whose outcome must then be told; else the seconds of rest that are left."""
        with self._lock:
            now = self._clock()
            if self._failed < self.failures:
                return 0.0
            if now < self._until:
                return self._until - now
            self._until = now + self._rest  # this call tries the server; the others wait for what it finds
            return 0.0

    def succeeded(self) -> None:
        """The server did its part."""
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        """The server did not."""
        with self._lock:
            self._failed += 1
            self._until = self._clock() + self._rest

    def abandoned(self) -> None:
        """The call was given up; where it was to try the server, the next one is."""
        with self._lock:
            self._until = self._clock()


class ServerModel:
    """A model of an OpenAI-compatible server; nothing is called before it is needed.

    Args:
        name: `openai:URL#model`, as `openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-1.7B`.
        context: Tokens that prompt and reply may take together; less where the server says that it takes less.
        key: Sent to the server as its API key; it stands in no name, message or log.
        deadlines: How long the server may take.
        breaker: When the server is left alone.

    Raises:
        SettingsError: The name or the key is not one.
    """

    def __init__(
        self,
        name: str,
        context: int,
        key: "SecretStr | None" = None,
        deadlines: Deadlines | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self._url, self._model = _read_name(name)
        self._key = _read_key(key)
        self._context, self._told = context, False
        self._deadlines = deadlines or Deadlines()
        self._breaker = breaker or Breaker()
        # Asks models that may think not to. vLLM, SGLang and llama.cpp know both fields, transformers serve the first,
        # Ollama the second; each passes over the one it does not know. A server that refuses one is asked without it.
        self._unthinking: dict[str, object] = {
            "chat_template_kwargs": {"enable_thinking": False},
            "reasoning_effort": "none",
        }

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may take together.

        The server is asked as soon as it can be reached, for `Deadlines.models` seconds at most; where it does not
        tell, they are those given.
        """
        if not self._told and not self._breaker.enter():
            try:
                models = _run(self._attempt(self._list_models, self._deadlines.models)).result()
            except ModelFailedError as error:
                self._told = error.reason != prompts.MODEL_UNREACHABLE  # one that is there and does not tell never will
                return self._context
            self._told = True
            own = [model for model in models if model.id == self._model] or (models if len(models) == 1 else [])
            self._context = min([self._context, *(limit for model in own if (limit := _limit(model)))])
        return self._context

    def count(self, text: str) -> int:
        """An upper estimate, a server's tokenizer being out of reach: five tokens for four characters.

        Measured with the vocabularies of Qwen2, Llama 3, DeepSeek and Command R: 0.62 to 0.79 tokens per character in
        a Chinese report, 0.94 in its worst sentence, 1.16 in a list of place names. Vocabularies with little Chinese
        (Llama 2, Phi-3) take up to 1.9; their servers are to be given half the context.
        """
        return math.ceil(len(text) * 1.25)

    def generate(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Iterator[str]:
        """Write a reply: see `LanguageModel.generate`. Thinking is left out, in the text and in fields of its own.

        Greedy with a fixed seed. A server that reads many requests at once may still differ in the last decimals.
        """
        with closing(self._reply(messages, limit, stop)) as pieces:
            yield from without_thinking(pieces)

    def _reply(self, messages: Sequence[Message], limit: int, stop: threading.Event) -> Generator[str]:
        left = self._breaker.enter()
        if left:
            raise ModelFailedError(
                f"{self.name} failed {self._breaker.failures} times in a row and is left alone for {left:.0f} s more",
                prompts.MODEL_RESTING.format(seconds=math.ceil(left)),
                retry=True,
            )
        pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        turns = [{"role": message.role, "content": message.content} for message in messages]
        written = _run(self._attempt(lambda: self._write(turns, limit, pieces.put), self._deadlines.total))
        written.add_done_callback(lambda _: pieces.put(None))
        try:
            while not stop.is_set():
                try:
                    piece = pieces.get(timeout=0.1)
                except queue.Empty:
                    continue
                if piece is None:
                    written.result()  # raises what went wrong
                    return
                yield piece
        finally:
            written.cancel()

    async def _attempt(self, call: Callable[[], Awaitable[_T]], total: float) -> _T:
        """What a call gives, within `total` seconds; the breaker is told how it went.

        Raises:
            ModelFailedError: Whatever went wrong.
        """
        import openai

        try:
            async with asyncio.timeout(total):
                result = await call()
            self._breaker.succeeded()
            return result
        except asyncio.CancelledError:
            self._breaker.abandoned()
            raise
        except (openai.OpenAIError, *_ODD) as error:
            problem = error
        if isinstance(problem, openai.APIStatusError) and problem.status_code < 500:
            self._breaker.succeeded()  # it answered, if only that it is busy or knows no such model
        else:
            self._breaker.failed()
        offer = await self._offer() if getattr(problem, "status_code", None) == 404 else ""
        # Outside the handler: what the client raised may quote the key, and would be printed as this error's cause.
        raise self._explain(problem, total, offer)

    async def _write(self, turns: list[dict[str, str]], limit: int, put: Callable[[str], None]) -> None:
        """Hand on a reply piece by piece, until the server says why it ends."""
        room = 16 * limit  # characters; no tokenizer has as many in a token on average
        chunks, begun = await self._open(turns, limit), False
        try:
            async for chunk in chunks:
                begun = True
                text, ended = _read_chunk(chunk)
                room -= len(text)
                if room < 0:
                    raise ValueError(f"far more text than max_tokens={limit} allows")
                if text:
                    put(text)
                if ended:
                    return
        finally:
            await chunks.close()
        if begun:
            raise EOFError
        raise ValueError("no chunk of a chat completion in the reply")

    async def _open(self, turns: list[dict[str, str]], limit: int) -> "openai.AsyncStream[ChatCompletionChunk]":
        """Ask for a reply, and once more where the server could not be reached or could not serve now."""
        import openai

        deadline, again = time.monotonic() + self._deadlines.total, True
        while True:
            try:
                return await self._client.chat.completions.create(
                    model=self._model,
                    messages=cast("Any", turns),
                    max_tokens=limit,
                    temperature=0,
                    seed=0,
                    stream=True,
                    extra_body=self._unthinking,
                )
            except openai.APIError as error:
                kept = _kept(self._unthinking, error)
                if len(kept) < len(self._unthinking):
                    self._unthinking = kept
                    continue
                pause = _pause(error)
                if not again or pause is None or time.monotonic() + pause >= deadline:
                    raise
            again = False
            await asyncio.sleep(pause)

    async def _list_models(self) -> "list[openai.types.Model]":
        return [model for model in (await self._client.models.list()).data if isinstance(cast("object", model.id), str)]

    async def _offer(self) -> str:
        """What the server has instead of the model it does not know."""
        import openai

        try:
            async with asyncio.timeout(self._deadlines.models):
                models = await self._list_models()
        except (openai.OpenAIError, *_ODD):
            return "it does not say which it has; most servers want /v1 at the end of the address"
        return f"it has {', '.join(model.id for model in models[:20]) or 'none'}"

    @cached_property
    def _client(self) -> "openai.AsyncOpenAI":
        import httpx2
        import openai

        async def strip(request: "httpx2.Request") -> None:
            # The client adds what the environment says of OpenAI's own service, and a description of this machine.
            for header in set(request.headers) - _HEADERS:
                del request.headers[header]
            request.headers["authorization"] = f"Bearer {self._key}"

        return openai.AsyncOpenAI(
            api_key=self._key,
            base_url=self._url,
            max_retries=0,
            http_client=httpx2.AsyncClient(
                verify=_certificates(),
                trust_env=False,
                follow_redirects=False,
                timeout=httpx2.Timeout(self._deadlines.silence, connect=self._deadlines.connect),
                limits=httpx2.Limits(max_keepalive_connections=0),
                event_hooks={"request": [strip]},
            ),
        )

    def _explain(self, problem: Exception, total: float, offer: str) -> ModelFailedError:
        """What went wrong and the way out, for whoever runs the program and for a citizen; without the key."""
        import openai

        retry, reason, said = True, prompts.MODEL_FAULTY, _said(problem)
        match problem:
            case openai.APIStatusError(status_code=429):
                what, reason = "has too many requests", prompts.MODEL_BUSY
            case openai.APIStatusError(status_code=status) if status >= 500:
                what = f"failed with {status}"
            case openai.APIStatusError(status_code=401 | 403):
                what, retry, reason = "refused the key; set QINGWEN_API_KEY", False, prompts.MODEL_MISSING
            case openai.APIStatusError(status_code=404):
                what, retry, reason = f"has no model of that name; {offer}", False, prompts.MODEL_MISSING
            case openai.APIStatusError(status_code=status) if status < 400:
                target = problem.response.headers.get("location", "nowhere")
                what, retry, reason = f"redirects to {target}, which is not followed", False, prompts.MODEL_MISSING
            case openai.APIStatusError() if "context" in said:
                what, retry, reason = "takes no prompt of that length; raise its context", False, prompts.MODEL_FULL
            case openai.APIStatusError():
                what, retry, reason = "refused the request", False, prompts.MODEL_MISSING
            case openai.APIConnectionError() if _unreached(problem):
                what, reason = "cannot be reached; is it running, and is this its address?", prompts.MODEL_UNREACHABLE
                said = str(problem.__cause__)
            case openai.APITimeoutError():
                what, reason = f"was silent for {self._deadlines.silence:g} s", prompts.MODEL_SLOW
            case TimeoutError():
                what, reason = f"did not finish within {total:g} s", prompts.MODEL_SLOW
            case EOFError() | openai.APIConnectionError():
                what, reason = "broke off in its reply", prompts.MODEL_BROKE_OFF
            case openai.APIError():
                what = "reported a fault in its reply"
            case _:
                what = "does not speak the protocol of chat completions; most want /v1 at the end of the address"
                retry, reason = False, prompts.MODEL_MISSING
        message = f"{self.name} {what} ({said})" if said else f"{self.name} {what}"
        if self._key != _NO_KEY:
            message = message.replace(self._key, "…")
        message = " ".join(message.split())[:600]
        if reason == prompts.MODEL_BUSY:
            return ModelBusyError(message, reason)
        return ModelFailedError(message, reason, retry)


_NO_KEY = "EMPTY"  # the client wants one; servers without keys pass it over
_HEADERS = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length"}
_PASSING = {429, 500, 502, 503, 504}  # statuses that may pass by themselves
# A time that is up, a reply that ends too early, wrong JSON or UTF-8, and JSON whose shape trips the client itself.
_ODD = (TimeoutError, EOFError, ValueError, TypeError, AttributeError, RecursionError)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that all requests run in; it ends with the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-model-servers", daemon=True).start()
    return loop


@cache
def _certificates() -> "ssl.SSLContext":
    """The authorities that this machine trusts; reading them takes longer than all else that opens a client."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def _run(call: Coroutine[Any, Any, _T]) -> Future[_T]:
    return asyncio.run_coroutine_threadsafe(call, _loop())


def _read_name(name: str) -> tuple[str, str]:
    url, _, model = name.removeprefix("openai:").partition("#")
    if "@" in url or "?" in url:  # not quoted: it would be a secret
        raise SettingsError("a language model's address holds no password or key; set QINGWEN_API_KEY instead")
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not model:
        raise SettingsError(
            f"{name!r} is not openai:URL#model, such as openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-1.7B"
        )
    return url, model


def _read_key(key: "SecretStr | None") -> str:
    text = key.get_secret_value().strip() if key else ""
    if not all("!" <= character <= "~" for character in text):
        raise SettingsError("QINGWEN_API_KEY holds a space, a line break or a character outside ASCII, as no key does")
    return text or _NO_KEY


def _read_chunk(chunk: object) -> tuple[str, bool]:
    """A chunk's text, and whether it is the last; thinking comes in other fields.

    Raises:
        ValueError: It is not a chunk of a chat completion; the client checks nothing.
    """
    choices: object = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        raise ValueError(f"not a chunk of a chat completion: {chunk!r:.200}")
    if not choices:  # some servers add a chunk on usage
        return "", False
    choice = cast("list[object]", choices)[0]
    text: object = getattr(getattr(choice, "delta", None), "content", None)
    if not isinstance(text, str | None):
        raise ValueError(f"not a chunk of a chat completion: {chunk!r:.200}")
    whole = (text or "").encode("utf-8", "ignore").decode().replace("\ufffd", "")  # less halves of characters
    return whole, getattr(choice, "finish_reason", None) is not None


def _limit(model: object) -> int | None:
    """The context that a server tells of a model: vLLM and SGLang as one, llama.cpp as what it was trained with."""
    meta: object = getattr(model, "meta", None)
    trained = cast("dict[str, object]", meta).get("n_ctx_train") if isinstance(meta, dict) else None
    limit: object = getattr(model, "max_model_len", None) or trained
    return limit if isinstance(limit, int) and limit > 0 else None


def _kept(fields: dict[str, object], error: "openai.APIError") -> dict[str, object]:
    """The optional fields less those that a server names when it refuses a request."""
    refusal = _said(error) if getattr(error, "status_code", None) in (400, 422) else ""
    return {field: value for field, value in fields.items() if field not in refusal}


def _said(problem: Exception) -> str:
    """What the server said of it; the client quotes only servers that word it as OpenAI's does."""
    return str(getattr(problem, "body", None) or problem)


def _unreached(error: Exception) -> bool:
    import httpx2

    return isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)


def _pause(error: "openai.APIError") -> float | None:
    """Seconds after which a request that was not answered may be made again; None where that is of no use."""
    import openai

    pause = random.uniform(0.2, 0.8)  # many that failed together are not to come back together
    if isinstance(error, openai.APIStatusError):
        told = _retry_after(error.response.headers.get("retry-after", ""))
        return max(pause, told) if error.status_code in _PASSING else None
    return pause if _unreached(error) else None


def _retry_after(header: str) -> float:
    """The header's seconds, or those until its date (RFC 9110, section 10.2.3); 0 where it holds neither."""
    try:
        return float(header) if header[:1].isdigit() else parsedate_to_datetime(header).timestamp() - time.time()
    except ValueError:
        return 0.0
