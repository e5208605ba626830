"""The same Answer, verdicts and figures as tools of a Model Context Protocol server, at /mcp of the page's server.

Off unless the settings ask for it, and imported only then. Nothing of a caller is kept between two calls: each is one
POST with one JSON reply, and passes the guard as every other request that makes work.
"""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import FastAPI
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from qa import prompts
from qa.api import LONGEST_DRAFT, AnswerBody, Asked, Checked, Documents
from qa.config import Settings
from qa.errors import UnknownReportError
from qa.web.guarding import TOOLS
from qa.web.lookup import look_up
from qa.web.serving import Service

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
Given = TypeVar("Given", bound=BaseModel)


class Claim(BaseModel):
    """A text whose claims are to be checked."""

    claim: str = Field(max_length=LONGEST_DRAFT, description="A sentence, or a text of several, in Chinese.")
    documents: Documents = []


class Subject(BaseModel):
    """What figures are wanted of."""

    subject: Annotated[str, Field(min_length=1, max_length=500)] = Field(
        description="What a figure is said of, in the report's words as far as known: 城市云脑 业务系统."
    )
    documents: Documents = []


class FigureRow(BaseModel):
    """A figure as the report writes it: report[start:end] == text, report[sentence_start:sentence_end] == sentence."""

    model_config = ConfigDict(extra="allow")  # the other columns of the ledger

    document: str
    title: str
    year: int | None
    text: str
    value: float | None
    unit: str
    qualifier: str
    subject: str
    sentence: str
    start: int
    end: int


class Figures(BaseModel):
    """The figures that fit some words, best first."""

    figures: list[FigureRow]


@dataclass(frozen=True)
class Offered(Generic[Given]):
    """A tool: what it is called and does, what it takes and gives as JSON, and the work itself."""

    name: str
    description: str
    takes: type[Given]
    gives: type[BaseModel]
    work: Callable[[Given], Awaitable[dict[str, Any]]]

    def described(self) -> Tool:
        """Describe it as the protocol does."""
        return Tool(
            name=self.name,
            description=self.description,
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(),
            annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
        )

    async def call(self, arguments: dict[str, Any]) -> CallToolResult:
        """Do its work; what does not fit is told in Chinese and is no fault of the server's."""
        try:
            given = self.takes.model_validate(arguments)
            result = await self.work(given)
        except ValidationError as error:
            fields = dict.fromkeys(".".join(map(str, wrong["loc"])) for wrong in error.errors())
            return _said(prompts.TOOL_MISREAD.format(fields="、".join(fields)), is_error=True)
        except UnknownReportError as error:
            return _said(str(error), is_error=True)
        return _said(json.dumps(result, ensure_ascii=False), structured_content=result)


def add_tools(web: FastAPI, service: Service) -> None:
    """Serve the tools at /mcp of an application that `build_api` made."""
    work, growing, meter = web.state.work, web.state.growing, web.state.meter

    async def ask(given: Asked) -> dict[str, Any]:
        return [answer.as_json() async for answer in growing(given.question, given.earlier, given.documents)][-1]

    async def check(given: Claim) -> dict[str, Any]:
        verdicts = meter.count_claims(await work(lambda: service.check(given.claim, given.documents)))
        return {"verdicts": [verdict.as_json() for verdict in verdicts]}

    async def look(given: Subject) -> dict[str, Any]:
        retriever = service.parts.only(given.documents).retriever
        return {"figures": [found.as_json() for found in await work(lambda: look_up(given.subject, retriever))]}

    offered = [
        Offered(
            "ask",
            "Ask Chinese public reports a question in Chinese. The answer is quoted from them, each sentence cited to "
            "exact characters; `status` says whether they answer at all, `short` is the figure or name itself. Show "
            "the citations with the answer, and do not answer from elsewhere what the reports do not say.",
            Asked,
            AnswerBody,
            ask,
        ),
        Offered(
            "check_claim",
            "Check what a Chinese text claims against the reports: each claim is supported, refuted (with the right "
            "figure and what differs) or not_enough_info, with the sentences cited.",
            Claim,
            Checked,
            check,
        ),
        Offered(
            "lookup_figure",
            "Find the figures that the reports give for a subject, each as written (`text`), with value, unit, "
            "qualifier (近 is less, 超过 is more), its sentence, and its place in the report.",
            Subject,
            Figures,
            look,
        ),
    ]
    by_name: dict[str, Offered[Any]] = {tool.name: tool for tool in offered}

    async def on_list(*_: object) -> ListToolsResult:
        return ListToolsResult(tools=[tool.described() for tool in offered])

    async def on_call(_: object, params: CallToolRequestParams) -> CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            return _said(prompts.TOOL_UNKNOWN.format(name=params.name), is_error=True)
        return await tool.call(params.arguments or {})

    server = Server("qingwen", version="1", title="青问", on_list_tools=on_list, on_call_tool=on_call)
    sessions = StreamableHTTPSessionManager(
        server, json_response=True, stateless=True, security_settings=_own(service.settings)
    )
    posts = Route(TOOLS, StreamableHTTPASGIApp(sessions), methods=["POST"])
    web.router.routes += [posts, Route(TOOLS, _no_stream, methods=["GET", "DELETE"])]
    before = web.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Any]:
        async with before(app) as state, sessions.run():
            yield state

    web.router.lifespan_context = lifespan


def _no_stream(_: Request) -> Response:
    """What clients take to mean that there are no sessions, and nothing but replies."""
    return Response(status_code=405, headers={"Allow": "POST"})


def _said(text: str, **more: Any) -> CallToolResult:  # noqa: ANN401 - handed on as they are
    return CallToolResult(content=[TextContent(type="text", text=text)], **more)


def _own(settings: Settings) -> TransportSecuritySettings:
    """The names of this server: a page of another site has none of them, even where its own name leads here."""
    names = sorted({settings.host, *LOOPBACK})
    hosts = [*names, *(f"{name}:*" for name in names)]
    origins = [f"http://{host}" for host in hosts]
    if settings.origin:
        hosts.append(settings.origin.partition("://")[2])
        origins.append(settings.origin)
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
