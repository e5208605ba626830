"""The staff's desk: upload a report, look at what it would change, publish it; replace and remove others.

A web application of its own, on a port of its own: pages drawn on the server, no script at all. Nobody gets further
than the login without a session, and nothing is changed by a request that another page sent.
"""

import hmac
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import anyio
import anyio.to_thread
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import FormData, MutableHeaders, UploadFile
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa import prompts
from qa.config import Settings
from qa.drafts import LARGEST
from qa.errors import DraftError, QingwenError, StaffError
from qa.web import guarding
from qa.web.guarding import BODY, Body
from qa.web.publishing import SUFFIXES, Publisher, Uploads, digest, explained, is_hidden, preview
from qa.web.staffing import Entrance, Session, Users

PAGE = Path(__file__).parent / "desk_page"
COOKIE = "qingwen-desk"
UPLOAD = LARGEST * 1024 * 1024 + BODY  # bytes: the largest file, and what a form adds to it
SECONDS = 120  # to send a file in
A_PAGE = 100  # passages of a preview on one page
PATIENCE = 10  # seconds that the page of a job waits for its end

HEADERS = {
    **guarding.HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    # With "no-referrer" browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OPEN = ("/login", "/desk.css")
"""The paths that need no session."""


def _session(request: Request) -> Session:
    return request.state.session


def _form(request: Request) -> FormData:
    return request.state.form


Visitor = Annotated[Session, Depends(_session)]
Filled = Annotated[FormData, Depends(_form)]


def build_desk(settings: Settings, entrance: Entrance | None = None) -> ASGIApp:
    """Put the desk on a web application.

    Raises:
        StaffError: nobody may in yet.
    """
    users = Users(settings.staff)
    if not users.all():
        raise StaffError(prompts.STAFF_NOBODY)
    door = entrance or Entrance(users)
    uploads = Uploads(settings.staff)
    publisher = Publisher(settings, uploads)
    # One password and one file at a time: each takes memory. Neither keeps the other waiting.
    hashing, reading = anyio.CapacityLimiter(1), anyio.CapacityLimiter(1)

    def origin(request: Request) -> str:
        return settings.staff_origin or f"{request.url.scheme}://{request.headers.get('host', '')}"

    async def admit(request: Request) -> AsyncIterator[None]:
        """Stand before every path: our own pages alone may send forms, and only staff may do anything.

        SameSite keeps no other port of this host out, and cookies know no ports: so Origin, and a secret in each form.
        """
        changes = request.method not in ("GET", "HEAD")
        if changes and request.headers.get("origin") != origin(request):
            raise HTTPException(403)
        if request.url.path in OPEN:
            yield
            return
        session = door.find(request.cookies.get(COOKIE, ""))
        if session is None:
            raise HTTPException(401)
        form = await request.form(max_files=1, max_fields=8, max_part_size=BODY) if changes else FormData()
        try:
            if changes and not hmac.compare_digest(_text(form, "csrf").encode(), session.csrf.encode()):
                raise HTTPException(403)
            request.state.session, request.state.form = session, form
            yield
        finally:
            await form.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(admit)])

    @app.get("/desk.css")
    def css() -> Response:
        return FileResponse(PAGE / "desk.css", headers={"Cache-Control": "max-age=3600"})

    @app.get("/login")
    def login() -> Response:
        return draw("login.html")

    @app.post("/login")
    async def enter(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=8, max_part_size=BODY)
        client = request.client.host if request.client else "?"
        try:
            task = partial(door.enter, _text(form, "name"), _text(form, "password"), client)
            secret = await anyio.to_thread.run_sync(task, limiter=hashing)
        except StaffError as error:
            return draw("login.html", 429 if error.retry else 401, said=str(error))
        reply = RedirectResponse("/", 303)
        secure = origin(request).startswith("https:")
        reply.set_cookie(COOKIE, secret, path="/", httponly=True, samesite="strict", secure=secure)
        return reply

    @app.post("/logout")
    def leave(request: Request) -> Response:
        door.leave(request.cookies[COOKIE])
        reply = RedirectResponse("/login", 303)
        reply.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return reply

    @app.get("/")
    def home(session: Visitor) -> Response:
        index = publisher.index
        rows = [(name, index.title(name), index.year(name)) for name in index.document_names]
        job = publisher.job
        return draw("home.html", session=session, rows=rows, pending=uploads.all(), job=job, kinds=",".join(SUFFIXES))

    @app.post("/upload")
    async def upload(session: Visitor, form: Filled) -> Response:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise StaffError(prompts.DESK_NO_FILE)
        given = {name: _text(form, name) for name in ("document", "title", "year")}
        task = partial(uploads.take, file.filename, await file.read(), given, session.name)
        taken = await anyio.to_thread.run_sync(task, limiter=reading)
        return RedirectResponse(f"/pending/{taken.id}", 303)

    @app.get("/pending/{id_}")
    def look(id_: str, session: Visitor, page: Annotated[int, Query(ge=1, le=100_000)] = 1) -> Response:
        with _found():
            pending, report = uploads.report(id_)
        seen = preview(report, publisher.index)
        pages = max(1, -(-len(seen.passages) // A_PAGE))
        first = (min(page, pages) - 1) * A_PAGE
        shown = [(n, seen.passages[n], n in seen.fresh) for n in range(len(seen.passages))[first : first + A_PAGE]]
        return draw(
            "preview.html", session=session, pending=pending, seen=seen, shown=shown, page=min(page, pages), pages=pages
        )

    @app.post("/pending/{id_}/publish")
    def publish(id_: str, session: Visitor, form: Filled) -> Response:
        with _found():
            publisher.publish(id_, _text(form, "before"), session.name)
        return RedirectResponse("/job", 303)

    @app.post("/pending/{id_}/drop")
    def drop(id_: str) -> Response:
        uploads.drop(id_)
        return RedirectResponse("/", 303)

    @app.get("/remove")
    def confirm(document: str, session: Visitor) -> Response:
        index = publisher.index
        with _found():
            title = index.title(document)
        return draw("remove.html", session=session, document=document, title=title, before=digest(index, document))

    @app.post("/remove")
    def remove(session: Visitor, form: Filled) -> Response:
        publisher.remove(_text(form, "document"), _text(form, "before"), session.name)
        return RedirectResponse("/job", 303)

    @app.get("/job")
    async def job(session: Visitor) -> Response:
        with anyio.move_on_after(PATIENCE):
            while publisher.job and not publisher.job.outcome.done():
                await anyio.sleep(0.1)
        current = publisher.job
        if current is None:
            return RedirectResponse("/", 303)
        reply = draw("job.html", session=session, job=current)
        if not current.outcome.done():
            reply.headers["Refresh"] = "1"  # without a script, and none is needed
        return reply

    @app.exception_handler(AnyHTTPException)
    async def refused(request: Request, error: AnyHTTPException) -> Response:  # pyright: ignore[reportUnusedFunction]
        if error.status_code == 401 and request.method == "GET":
            return RedirectResponse("/login", 303)
        known = {401: prompts.STAFF_ENDED, 403: prompts.STAFF_FOREIGN, 404: prompts.DESK_LOST}
        return say(error.status_code, known.get(error.status_code, prompts.DESK_MISREAD))

    @app.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> Response:  # pyright: ignore[reportUnusedFunction]
        return say(422, prompts.DESK_MISREAD)

    @app.exception_handler(QingwenError)
    async def failed(_: Request, error: QingwenError) -> Response:  # pyright: ignore[reportUnusedFunction]
        known = isinstance(error, StaffError | DraftError)
        return say(409 if error.retry else 422 if known else 503, explained(error))

    @app.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> Response:  # pyright: ignore[reportUnusedFunction]
        return say(500, prompts.DESK_FAULT)  # the server logs it whole

    return _Front(app)


def draw(template: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401 - whatever the template shows
    """Draw one of the pages; all that is shown is escaped."""
    return HTMLResponse(_PAGES.get_template(template).render(**shown), status)


def say(status: int, said: str) -> Response:
    """Draw a page with one sentence, and the way back."""
    return draw("said.html", status, said=said)


def unveiled(text: str) -> Markup:
    """Escape a text, and put the code of every character that shows nothing in its place.

    >>> unveiled("a\u200b<b>")
    Markup('a<span class="code">U+200B</span>&lt;b&gt;')
    """
    codes = (f'<span class="code">U+{ord(c):04X}</span>' if is_hidden(c) else c for c in escape(text))
    return Markup("").join(map(Markup, codes))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%m月%d日 %H:%M")


_PAGES = Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined)
_PAGES.filters["unveiled"] = unveiled
_PAGES.filters["moment"] = _moment


class _Front:
    """Bounds on the body before the desk, headers behind it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: value for name, value in HEADERS.items() if name not in headers})
            await send(message)

        body = Body(scope, receive, answered, UPLOAD if scope["path"] == "/upload" else BODY, SECONDS, _broken)
        try:
            await self._app(scope, body.receive, body.send)
        except ClientDisconnect:  # what a body that was cut off looks like to the app
            await body.refuse()


def _broken(status: int) -> Response:
    slow = prompts.DESK_SLOW.format(seconds=SECONDS)
    return say(status, slow if status == 408 else prompts.DESK_LARGE.format(limit=LARGEST))


@contextmanager
def _found() -> Generator[None]:
    try:
        yield
    except KeyError:
        raise HTTPException(404) from None


def _text(form: FormData, name: str) -> str:
    """What was filled in; '' where nothing was, or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
