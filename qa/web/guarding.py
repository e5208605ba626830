"""What stands before every request and behind every response: limits on size, pace and number, and headers.

Pure ASGI, so that streams pass through piece by piece. Every endpoint is treated as public, those of the page's own
framework included: what is not needed is not there, and what is there is limited here and checked again where it works.
"""

import asyncio
import re
import time
from collections.abc import Callable, Collection, Mapping

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa import prompts
from qa.api import Meter, fault

BODY = 64 * 1024  # bytes; a question of 500 characters takes 2 KB, eight earlier ones 16 KB
DRAFT = 256 * 1024  # bytes of a text to check: 20,000 characters as JSON may escape them
FILE = 10 * 1024 * 1024  # bytes of a file to check; most is pictures
SECONDS = 10  # to send a body in
RETRY = 5  # seconds after which a caller who was turned away may come back

TOOLS = "/mcp"
"""Where the tools of qa/web/tools.py are, where they are switched on."""
CLOSED = re.compile(
    r"^(?:/gradio_api)?/(?:upload|upload_progress|file|file=.*|proxy|proxy=.*|stream|monitoring|run-history|runs|vibe-.*|"
    r"undo-vibe-.*|process_recording|openapi\.json|deep_link|api|custom_component|docs|redoc|"
    r"dev|component_server|startup-events|app_id|token|login|logout|user|robots\.txt|mcp)(?:/.*)?$"
)
"""Routes of the page's framework that the page does not call; /mcp is opened where our own tools are served there."""
WORK = re.compile(
    r"^/(?:v1/(?:ask|check(?:/(?:file|docx|csv))?|search|chat/completions)|mcp|"
    r"gradio_api/(?:queue/join|run/.*|call/.*))$"
)
"""Routes that make work, and are limited in pace and number."""

HEADERS: Mapping[str, str] = {
    # The page's framework writes its settings into an inline script, and builds its templates with Function(): so the
    # policy cannot stop a script that got in (escaping does that), but nothing gets out, and nothing comes in.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-src 'none'; "
    "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Lets through what may pass, and answers the rest itself, in Chinese, with Retry-After where trying again helps.

    Args:
        app: What is guarded.
        meter: Where requests are counted.
        pace: Requests that make work, per client: "60/minute", in the notation of the limits library.
        most: Requests that make work, of all clients, under way at once; further ones are turned away.
        opened: Paths that are let through although `CLOSED` names them.
    """

    def __init__(self, app: ASGIApp, meter: Meter, pace: str, most: int, opened: Collection[str] = ()) -> None:
        self._app = app
        self._meter = meter
        self._pace: RateLimitItem = parse(pace)
        self._clients = MovingWindowRateLimiter(MemoryStorage())
        self._most = most
        self._opened = opened
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        path: str = scope["path"].rstrip("/") or "/"

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: value for name, value in HEADERS.items() if name not in headers})
                if message["status"] == 503 and "Retry-After" not in headers:
                    headers["Retry-After"] = str(RETRY)
                self._meter.requests.labels(str(message["status"])).inc()
            await send(message)

        refusal = self._refusal(path, scope)
        if refusal is not None:
            await refusal(scope, receive, answered)
            return
        works = WORK.match(path) is not None and scope["method"] == "POST"
        if works:
            self._under_way += 1
            self._meter.waiting.set(self._under_way)
        most = _most(path)
        body = Body(scope, receive, answered, most, SECONDS, lambda status: _broken(status, most))
        try:
            await self._app(scope, body.receive, body.send)
        except ClientDisconnect:  # what a body that was cut off looks like to the app
            await body.refuse()
        finally:
            if works:
                self._under_way -= 1
                self._meter.waiting.set(self._under_way)

    def _refusal(self, path: str, scope: Scope) -> Response | None:
        if CLOSED.match(path) and path not in self._opened:
            return fault(404, "Not Found")
        if scope["method"] != "POST" or not WORK.match(path):
            return None
        client = (scope.get("client") or ("?",))[0]
        if not self._clients.hit(self._pace, client):
            wait = max(1, int(self._clients.get_window_stats(self._pace, client).reset_time - time.time()) + 1)
            return fault(429, prompts.TOO_MANY.format(seconds=wait), wait)
        if self._under_way >= self._most:
            return fault(503, prompts.OVERLOADED.format(seconds=RETRY), RETRY)
        return None


def _most(path: str) -> int:
    """The bytes that a body may have."""
    return DRAFT if path in ("/v1/check", TOOLS) else FILE if path.startswith("/v1/check/") else BODY


def _broken(status: int, most: int) -> Response:
    """Say that a body is too large (413) or came too slowly (408)."""
    slow = status == 408
    return fault(
        status, prompts.TOO_SLOW.format(seconds=SECONDS) if slow else prompts.TOO_LARGE.format(limit=most // 1024)
    )


class Body:
    """A request's body as it comes in: not more than `most` bytes, and all of them within `seconds`.

    A body that breaks these bounds ends as if the client had gone away, and whatever the app then answers gives way to
    our own response: an exception would be taken for a fault of the app's. `say` gives it: 413 too large, 408 too slow.
    """

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, most: int, seconds: float, say: Callable[[int], Response]
    ) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._most = most
        self._say = say
        self._read = 0
        self._complete = False
        self._until = time.monotonic() + seconds
        self._refusal: Response | None = None
        self._said = False
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > most:
            self._refuse(413)

    async def receive(self) -> Message:
        """Hand on the next piece of the body."""
        if self._refusal is not None:
            return {"type": "http.disconnect"}
        if self._complete:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            return self._refuse(408)
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            return self._refuse(413)
        self._complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Hand on a piece of the response, or ours once in its place."""
        if self._refusal is None:
            await self._send(message)
        else:
            await self.refuse()

    async def refuse(self) -> None:
        """Send our response once, where the body broke its bounds."""
        if self._refusal is not None and not self._said:
            self._said = True
            await self._refusal(self._scope, self._receive, self._send)

    def _refuse(self, status: int) -> Message:
        self._refusal = self._say(status)
        return {"type": "http.disconnect"}
