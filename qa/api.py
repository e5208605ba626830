"""The HTTP face of the same Answer. What stands before every request (limits, headers) is guarding.py's work."""

import hashlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, fields
from functools import partial
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

import anyio
import anyio.to_thread
from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.exceptions import HTTPException as Refused

from qa import prompts
from qa.answer import Answer
from qa.answering import ExtractiveAnswerer
from qa.checking import Verdict
from qa.conversation import MOST_TURNS
from qa.drafts import Manuscript, read_manuscript
from qa.errors import DraftError, UnknownReportError
from qa.exporting import as_csv, as_docx
from qa.showing import as_text
from qa.web.serving import Health, Service

AT_ONCE = 4  # questions worked on at the same time; more only take turns on two cores
LONGEST_DRAFT = 20_000  # characters of a text to check
MOST_HITS = 50  # passages of one search

EXTRACTIVE = ExtractiveAnswerer.name
Given = TypeVar("Given")


Documents = Annotated[
    list[Annotated[str, Field(max_length=255)]],
    Field(max_length=100, description="The reports to look in alone, as /v1/reports names them; none: all."),
]


class Asked(BaseModel):
    """A question, and the caller's earlier ones where it follows up on them."""

    question: str = Field(max_length=10_000, description="The question, in Chinese.")
    earlier: list[Annotated[str, Field(max_length=10_000)]] = Field(
        default=[],
        max_length=100,
        description=f"Earlier questions of this talk, oldest first; the last {MOST_TURNS} count.",
    )
    documents: Documents = []


class Question(Asked):
    """A question, with the earlier ones where it follows up on them, and how it is to be answered."""

    stream: bool = Field(
        default=False, description="Server-sent events: each Answer takes the place of the one before."
    )


class Draft(BaseModel):
    """A text whose claims are to be checked."""

    text: str = Field(max_length=LONGEST_DRAFT, description="A sentence, a draft, a press release.")
    documents: Documents = []


class Words(BaseModel):
    """What to search for."""

    query: str = Field(min_length=1, max_length=500)
    k: int = Field(default=10, ge=1, le=MOST_HITS, description="Passages at most.")
    documents: Documents = []


class Said(BaseModel):
    """One message of a chat, as OpenAI's clients send it; parts that are not text are passed over."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "".join(str(part.get("text", "")) for part in self.content if part.get("type") == "text")
        return self.content or ""


class Chat(BaseModel):
    """A chat as OpenAI's clients send it; settings of a model (temperature and so on) are passed over."""

    model_config = ConfigDict(extra="ignore")

    messages: list[Said] = Field(min_length=1, max_length=200)
    model: str = "qingwen"
    stream: bool = False


def _body_of(shown: type[Any], **more: Any) -> type[BaseModel]:  # noqa: ANN401 - pairs of type and default
    """The JSON of one of our dataclasses, as OpenAPI describes it."""
    hints = get_type_hints(shown)
    described: dict[str, Any] = {f.name: (hints[f.name], ...) for f in fields(shown)} | more
    return create_model(shown.__name__, **described)


AnswerBody = _body_of(Answer, text=(str, Field(description="The sentences, or the reason where there are none.")))
VerdictBody = _body_of(Verdict)
HealthBody = _body_of(Health)


class Fault(BaseModel):
    """Why a request was not answered: its kind, and a sentence for whoever asked."""

    type: str
    message: str


class FaultBody(BaseModel):
    """The body of every response that is not 2xx."""

    error: Fault


class Completed(BaseModel):
    """A chat completion as OpenAI's clients read it, and the Answer of /v1/ask in `qingwen`."""

    model_config = ConfigDict(extra="allow")  # what else such clients expect: id, created, model, usage

    object: Literal["chat.completion"]
    choices: list[dict[str, Any]]
    qingwen: AnswerBody  # pyright: ignore[reportInvalidTypeForm]


class Checked(BaseModel):
    """The claims of a text, in order, each with its verdict."""

    verdicts: list[VerdictBody]  # pyright: ignore[reportInvalidTypeForm]


class CheckedFile(Checked):
    """The same, with the text that was read from a file."""

    text: str


class Found(BaseModel):
    """A passage found; a higher score is better."""

    passage_id: str
    document: str
    title: str
    section: list[str]
    start: int
    end: int
    text: str
    score: float
    rank: int


class FoundBody(BaseModel):
    """The passages that fit some words best, best first."""

    index: str
    hits: list[Found]


class Heading(BaseModel):
    """A heading and all that stands under it: characters [start, end) of the text."""

    path: list[str]
    level: int
    start: int
    end: int


class ReportBody(BaseModel):
    """A report as it was indexed; citations count the characters of `text`."""

    document: str
    title: str
    year: int | None
    sha256: str
    text: str
    sections: list[Heading]


class Listed(BaseModel):
    """A report that there is."""

    document: str
    title: str
    year: int | None


EVENTS = "text/event-stream"
FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": FaultBody, "description": "Not JSON in UTF-8."},
    408: {"model": FaultBody, "description": "The body came too slowly."},
    413: {"model": FaultBody, "description": "Too large."},
    422: {"model": FaultBody, "description": "Not what is described here, or a file that cannot be read."},
    429: {"model": FaultBody, "description": "Too many requests from one client; see Retry-After."},
    503: {"model": FaultBody, "description": "Too many requests at once; see Retry-After."},
}
STREAMS: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    200: {"content": {EVENTS: {}}, "description": "The answer; with `stream`, as server-sent events."},
}
FileName = Annotated[str, Query(max_length=255, description="What the file is called; its ending says its kind.")]
KeptTo = Annotated[
    list[str] | None,
    Query(alias="document", max_length=100, description="A report to look in alone; may be given again. None: all."),
]
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of a .docx, .txt or .pdf.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"
WORD: dict[int | str, dict[str, Any]] = {200: {"content": {DOCX: {}}, "description": "The marked file."}}
TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {}}, "description": "The table."}}
UNREADY: dict[int | str, dict[str, Any]] = {503: {"model": HealthBody, "description": "Not yet, or no longer."}}
NO_REPORT: dict[int | str, dict[str, Any]] = {404: {"model": FaultBody, "description": "No such report."}}
CHOSEN = {**FAULTS, **NO_REPORT}
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    **NO_REPORT,
    422: {"model": FaultBody, "description": "Not a name."},
}


class Meter:
    """What Prometheus reads; one for each app, so that two of them in one process do not share counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.answers = Counter("qingwen_answers", "Answers by status.", ["status"], registry=self.registry)
        self.seconds = Histogram(
            "qingwen_answer_seconds",
            "Seconds until an answer was complete.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
            registry=self.registry,
        )
        self.claims = Counter("qingwen_claims", "Claims checked, by verdict.", ["verdict"], registry=self.registry)
        self.requests = Counter("qingwen_requests", "Requests by status.", ["status"], registry=self.registry)
        self.waiting = Gauge("qingwen_requests_under_way", "Requests not answered yet.", registry=self.registry)
        self.index = Gauge("qingwen_index", "1 for the index in force.", ["generation"], registry=self.registry)

    def count(self, answer: Answer) -> Answer:
        """Count an answer that is complete."""
        self.answers.labels(answer.status.value).inc()
        self.seconds.observe(answer.timings_ms.get("total", 0.0) / 1000)
        return answer

    def count_claims(self, verdicts: Sequence[Verdict]) -> Sequence[Verdict]:
        """Count the claims of a text that was checked."""
        for verdict in verdicts:
            self.claims.labels(verdict.verdict.value).inc()
        return verdicts


def build_api(service: Service) -> FastAPI:
    """Put everything that a program may ask of the reports on a web application."""
    app = FastAPI(
        title="青问 Qingwen",
        description="Ask Chinese public reports; every sentence of an answer is cited to exact characters.",
        version="1",
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    meter = app.state.meter = Meter()
    turns = anyio.CapacityLimiter(AT_ONCE)

    async def work(task: Callable[[], Given]) -> Given:
        return await anyio.to_thread.run_sync(task, limiter=turns, abandon_on_cancel=True)

    async def growing(question: str, earlier: Sequence[str], documents: Sequence[str] = ()) -> AsyncIterator[Answer]:
        """Give each Answer as it comes; whoever goes away stops the writing."""
        with service.asking() as stop:
            answers = service.stream(question, earlier, stop, documents)
            last: Answer | None = None
            while (answer := await work(partial(next, answers, None))) is not None:
                last = answer
                yield answer
            if last is not None:
                meter.count(last)

    app.state.growing = growing  # the page shows the same Answers
    app.state.work = work

    @app.post("/v1/ask", response_model=AnswerBody, responses={**STREAMS, **NO_REPORT}, summary="Ask a question")
    async def ask(body: Question) -> Response:
        """Answer from the reports, or say that they do not; `status` tells which."""
        service.parts.only(body.documents)  # refused before a stream has begun
        if not body.stream:
            answer = await work(partial(service.ask, body.question, body.earlier, body.documents))
            return JSONResponse(meter.count(answer).as_json())

        async def events() -> AsyncIterator[str]:
            async for answer in growing(body.question, body.earlier, body.documents):
                yield _event(answer.as_json(), "answer")
            yield _event({}, "end")

        return StreamingResponse(events(), media_type=EVENTS)

    @app.post("/v1/check", response_model=Checked, responses=CHOSEN, summary="Check the claims of a text")
    async def check(body: Draft) -> Response:
        """Find what a text claims, and say of each claim whether the reports support it."""
        verdicts = meter.count_claims(await work(lambda: service.check(body.text, body.documents)))
        return JSONResponse({"verdicts": [verdict.as_json() for verdict in verdicts]})

    @app.post("/v1/search", response_model=FoundBody, responses=CHOSEN, summary="Search passages")
    async def search(body: Words) -> Response:
        """Find the passages that fit some words best, by words and by meaning."""
        parts = service.parts.only(body.documents)
        hits = await work(lambda: parts.retriever.retrieve(body.query, body.k))
        rows = [
            {
                **{name: getattr(hit.passage, name) for name in ("passage_id", "document", "start", "end", "text")},
                "title": parts.index.title(hit.passage.document),
                "section": list(hit.passage.section),
                "score": hit.score,
                "rank": hit.rank,
            }
            for hit in hits
        ]
        return JSONResponse({"index": parts.index.generation, "hits": rows})

    @app.get("/v1/reports", summary="The reports there are")
    async def reports() -> list[Listed]:
        """List the reports in the order in which they were added."""
        index = service.parts.index
        return [Listed(document=d, title=index.title(d), year=index.report(d).year) for d in index.document_names]

    @app.get("/v1/report/{document}", responses=NOT_FOUND, summary="A whole report")
    async def report(document: str) -> ReportBody:
        """Give a report with its headings; citations count the characters of `text`."""
        try:
            found = service.parts.index.report(document)
        except KeyError:
            raise HTTPException(404, prompts.NO_DOCUMENT.format(document=document)) from None
        return ReportBody(
            document=document,
            title=found.title,
            year=found.year,
            sha256=hashlib.sha256(found.text.encode()).hexdigest(),
            text=found.text,
            sections=[Heading(path=list(s.path), level=s.level, start=s.start, end=s.end) for s in found.sections],
        )

    @app.post("/v1/chat/completions", response_model=Completed, responses=STREAMS, summary="Ask with an OpenAI client")
    async def chat(body: Chat) -> Response:
        """Answer the last message, in OpenAI's format.

        The content is the answer with numbered sources, readable in any client; `qingwen` holds the Answer of /v1/ask.
        A stream never takes a word back, so that it holds the final answer alone, sentence by sentence.
        """
        asked = [said.text for said in body.messages if said.role == "user"]
        if not asked or body.messages[-1].role != "user":
            raise HTTPException(422, prompts.NO_USER_MESSAGE)
        head = {"created": int(time.time()), "model": body.model}
        *earlier, question = asked
        if not body.stream:
            answer = meter.count(await work(partial(service.ask, question, earlier)))
            said = {"role": "assistant", "content": as_text(answer)}
            choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
            # clients expect it; nothing is billed
            usage = {
                "prompt_tokens": 0,
                "completion_tokens": 0,
                "total_tokens": 0,
            }
            about = {"id": f"chatcmpl-{answer.id}", "object": "chat.completion", **head}
            return JSONResponse({**about, "choices": [choice], "usage": usage, "qingwen": answer.as_json()})

        async def chunks() -> AsyncIterator[str]:
            said = ""
            answer = None
            async for answer in growing(question, earlier):
                if answer.answerer != EXTRACTIVE and answer.sentences and answer.marked_text.startswith(said):
                    yield _chunk(answer, head, {"role": "assistant", "content": answer.marked_text[len(said) :]})
                    said = answer.marked_text
            if answer is not None:
                rest = as_text(answer).removeprefix(said)
                yield _chunk(answer, head, {"role": "assistant", "content": rest})
                yield _chunk(answer, {**head, "qingwen": answer.as_json()}, {}, "stop")
            yield "data: [DONE]\n\n"

        return StreamingResponse(chunks(), media_type=EVENTS)

    async def judge(request: Request, name: str, kept: KeptTo) -> tuple[Manuscript, tuple[Verdict, ...]]:
        data = await request.body()

        def read_and_check() -> tuple[Manuscript, tuple[Verdict, ...]]:
            manuscript = read_manuscript(name, data)
            if len(manuscript.text) > LONGEST_DRAFT:
                raise DraftError(prompts.DRAFT_LONG.format(limit=LONGEST_DRAFT))
            return manuscript, service.check(manuscript.text, kept or ())

        try:
            return await work(read_and_check)
        except DraftError as error:
            raise HTTPException(422, str(error)) from None

    @app.post(
        "/v1/check/file", response_model=CheckedFile, openapi_extra=FILE, responses=CHOSEN, summary="Check a file"
    )
    async def check_file(request: Request, name: FileName, kept: KeptTo = None) -> Response:
        """As /v1/check, of a .docx, .txt or .pdf; offsets count the characters of `text`."""
        manuscript, verdicts = await judge(request, name, kept)
        meter.count_claims(verdicts)
        return JSONResponse({"text": manuscript.text, "verdicts": [verdict.as_json() for verdict in verdicts]})

    @app.post("/v1/check/docx", openapi_extra=FILE, responses={**WORD, **CHOSEN}, summary="Check a file, mark it")
    async def check_docx(request: Request, name: FileName, kept: KeptTo = None) -> Response:
        """Give the file back as a .docx, each claim marked, its verdict in a comment."""
        manuscript, verdicts = await judge(request, name, kept)
        try:
            marked = await work(lambda: as_docx(manuscript, verdicts))
        except DraftError as error:
            raise HTTPException(422, str(error)) from None
        return Response(marked, media_type=DOCX)

    @app.post(
        "/v1/check/csv", openapi_extra=FILE, responses={**TABLE, **CHOSEN}, summary="Check a file, list its claims"
    )
    async def check_csv(request: Request, name: FileName, kept: KeptTo = None) -> Response:
        """Give the verdicts on a file as a table."""
        _, verdicts = await judge(request, name, kept)
        return Response(as_csv(verdicts), media_type=CSV)

    @app.get("/live", summary="Whether the process answers")
    async def live() -> dict[str, bool]:
        """Say that the process runs."""
        return {"live": True}

    @app.get("/ready", response_model=HealthBody, responses=UNREADY, summary="Whether it may be asked")
    async def ready() -> Response:
        """Say whether everything that an answer needs is there and works."""
        health = service.health()
        return JSONResponse(asdict(health), 200 if health.ready else 503)

    @app.get("/metrics", response_class=PlainTextResponse, summary="Counts for Prometheus")
    async def metrics() -> Response:
        """Give the counts and times since the start."""
        meter.index.clear()
        meter.index.labels(service.parts.index.generation).set(1)
        return PlainTextResponse(generate_latest(meter.registry), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.exception_handler(Refused)  # of the framework's own too, as for a body that is not JSON
    async def said_no(_: Request, error: Refused) -> Response:  # pyright: ignore[reportUnusedFunction]
        return fault(error.status_code, str(error.detail))

    @app.exception_handler(UnknownReportError)
    async def unknown(_: Request, error: UnknownReportError) -> Response:  # pyright: ignore[reportUnusedFunction]
        return fault(404, str(error))

    @app.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> Response:  # pyright: ignore[reportUnusedFunction]
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return fault(422, wrong)

    return app


def fault(status: int, message: str, seconds: int | None = None) -> JSONResponse:
    """Say why a request is not answered, and in how many seconds it may be."""
    kind = {413: "too_large", 408: "too_slow", 429: "too_many", 503: "overloaded", 404: "not_found"}
    headers = {"Retry-After": str(seconds)} if seconds is not None else None
    return JSONResponse({"error": {"type": kind.get(status, "bad_request"), "message": message}}, status, headers)


def _event(body: dict[str, Any], name: str | None = None) -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _chunk(answer: Answer, head: dict[str, Any], delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _event({"id": f"chatcmpl-{answer.id}", "object": "chat.completion.chunk", **head, "choices": [choice]})
