"""A real HTTP server on this machine that speaks the protocol of OpenAI's chat completions and plays a script.

A script is a function from the messages of a request to the reply: pieces of text, among which any of the faults below
may stand. The obedient attacker is such a function; so is `lambda messages: ["平台接入", "41个单位。"]`.
"""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Status:
    """An HTTP error; only as the first thing of a reply."""

    code: int
    message: str = "scripted"
    headers: dict[str, str] = field(default_factory=lambda: {})


@dataclass(frozen=True)
class Hang:
    """Silence, until the client is gone or the server closes; as the first thing not even a status line comes."""


@dataclass(frozen=True)
class Pause:
    """Silence for some seconds."""

    seconds: float


@dataclass(frozen=True)
class BreakOff:
    """The connection is cut in the middle of the reply, or before it."""


@dataclass(frozen=True)
class End:
    """The reply ends here in good order, but without its last chunk and without [DONE]."""


@dataclass(frozen=True)
class Raw:
    """Bytes as they are, in place of chunks: garbage, or chunks of a shape of their own."""

    data: bytes


@dataclass(frozen=True)
class Thought:
    """What the model thinks, in the field that servers with a reasoning parser use."""

    text: str


Fault = Status | Hang | Pause | BreakOff | End | Raw | Thought
Script = Callable[[list[dict[str, Any]]], Iterable[str | Fault]]


@dataclass
class ScriptedServer:
    """What `serving` gives: where the server is, what it was asked, and whether clients left before the end."""

    url: str
    models: Sequence[dict[str, Any]]
    requests: list[dict[str, Any]] = field(default_factory=lambda: [])
    headers: list[dict[str, str]] = field(default_factory=lambda: [])
    gone: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        """The server's model as the settings name it."""
        return f"openai:{self.url}#{self.models[0]['id']}"


@contextmanager
def serving(*scripts: Script, models: Sequence[dict[str, Any]] = ({"id": "scripted"},)) -> Iterator[ScriptedServer]:
    """Serve on a free port of 127.0.0.1: one script a request, the last one for all that follow."""
    handler = type("Handler", (_Handler,), {})
    http = _Http(("127.0.0.1", 0), handler)
    server = ScriptedServer(f"http://127.0.0.1:{http.server_address[1]}/v1", models)
    handler.server_state, handler.scripts = server, list(scripts)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # connections that wait to be accepted; with the five of the library many at once are cut


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state: ScriptedServer
    scripts: list[Script]
    lock = threading.Lock()

    def log_message(self, format: str, *args: object) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._answer(200, {"object": "list", "data": [{"object": "model", **m} for m in self.server_state.models]})
        else:
            self._answer(404, {"error": {"message": "no such path"}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/v1/chat/completions":
            self._answer(404, {"error": {"message": "no such path"}})
            return
        with self.lock:
            self.server_state.requests.append(body)
            self.server_state.headers.append({name.lower(): value for name, value in self.headers.items()})
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        self.close_connection = True
        try:
            self._play(iter(script(body["messages"])), body["model"])
        except OSError:
            self.server_state.gone.set()

    def _play(self, reply: Iterator[str | Fault], model: str) -> None:
        begun = False
        for part in reply:
            if isinstance(part, Status):
                self._answer(part.code, {"error": {"message": part.message}}, part.headers)
                return
            if isinstance(part, Hang | Pause):
                self._wait(part.seconds if isinstance(part, Pause) else float("inf"))
                if isinstance(part, Hang):
                    return
                continue
            if isinstance(part, BreakOff):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if not begun:
                self._begin()
                begun = True
            if isinstance(part, End):
                self._chunk(b"")
                return
            if isinstance(part, Raw):
                self._chunk(part.data)
            elif isinstance(part, Thought):
                self._delta(model, {"reasoning_content": part.text, "reasoning": part.text})
            else:
                self._delta(model, {"content": part})
        if not begun:
            self._begin()
        self._delta(model, {}, "stop")
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _delta(self, model: str, delta: dict[str, str], reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": model, "choices": [choice]}
        self._chunk(f"data: {json.dumps(chunk)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _wait(self, seconds: float) -> None:
        """Be silent; raise as soon as the client is gone."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.server_state.closing.is_set():
            waited = select.poll()  # where select would take no descriptor from 1024 on
            waited.register(self.connection, select.POLLIN)
            if waited.poll(1000 * min(0.05, max(0.0, until - time.monotonic()))) and not self.connection.recv(
                1, socket.MSG_PEEK
            ):
                raise ConnectionResetError

    def _answer(self, code: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        with suppress(OSError):
            self.send_response(code)
            for name, value in {**(headers or {}), "content-type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
