"""One server, and every way to ask it: the same Answer each time; and what of it can be reached at all."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from gradio_client import Client
from mcp import Client as McpClient

import ui
from qa.api import build_api
from qa.config import Settings
from qa.web.guarding import CLOSED
from qa.web.serving import Service

ROOT = Path(__file__).parent.parent
LISTED = ROOT / "tests" / "data" / "routes.txt"
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "eval/gold/qingdao-2021/questions.jsonl").read_text(encoding="utf-8").splitlines()[::5]
][:30]


@pytest.fixture(scope="module")
def address(bundled_index: Path) -> Iterator[str]:
    command = [sys.executable, "ui.py", "--index", str(bundled_index), "--port", "0", "--mcp"]
    environment = {**os.environ, "QINGWEN_PACE": "10000/minute"}  # many tests, one address
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def expected(bundled_index: Path) -> list[dict[str, Any]]:
    """The answers of the command line."""
    lines = "".join(json.dumps({"id": str(n), "question": q}) + "\n" for n, q in enumerate(QUESTIONS))
    command = [sys.executable, "-m", "qa", "ask", "--jsonl", "--index", str(bundled_index)]
    done = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=True)
    return [comparable(json.loads(line)) for line in done.stdout.splitlines()]


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """An Answer without its times, and without the id that lines of questions bring with them."""
    return {name: value for name, value in answer.items() if name not in ("id", "timings_ms")}


def ask(address: str, question: str) -> dict[str, Any]:
    return httpx.post(f"{address}/v1/ask", json={"question": question}, trust_env=False).json()


def stream(address: str, question: str) -> dict[str, Any]:
    said = httpx.post(f"{address}/v1/ask", json={"question": question, "stream": True}, trust_env=False).text
    return json.loads(re.findall(r"event: answer\ndata: (.*)\n", said)[-1])


def chat(address: str, question: str) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": question}]}
    return httpx.post(f"{address}/v1/chat/completions", json=body, trust_env=False).json()["qingwen"]


def chat_stream(address: str, question: str) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": question}], "stream": True}
    said = httpx.post(f"{address}/v1/chat/completions", json=body, trust_env=False).text
    return json.loads(said.split("data: ")[-2])["qingwen"]


def tool(address: str, question: str) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with McpClient(f"{address}/mcp") as client:
            return (await client.call_tool("ask", {"question": question})).structured_content

    return asyncio.run(run())


@pytest.mark.parametrize("surface", [ask, stream, chat, chat_stream, tool], ids=lambda surface: surface.__name__)
def test_http_gives_the_answers_of_the_command_line(surface: Any, address: str, expected: list[dict[str, Any]]):
    assert [comparable(surface(address, question)) for question in QUESTIONS] == expected
    assert len({answer["status"] for answer in expected}) > 1


def test_gradio_client_gives_the_answers_of_the_command_line(address: str, expected: list[dict[str, Any]]):
    client = Client(address, verbose=False)
    answers = [client.predict(question, [], api_name="/ask") for question in QUESTIONS]
    assert [comparable(answer) for answer in answers] == expected


def test_page_shows_the_answers_of_the_command_line(bundled_index: Path, expected: list[dict[str, Any]]):
    """What the page draws, each question in a talk of its own; a browser reads single ones in test_browser.py."""
    growing = build_api(Service(Settings(index=bundled_index))).state.growing

    async def drawn(question: str) -> tuple[dict[str, Any], str]:
        turns = [now async for now in ui.converse(ui.Turn(question), (), growing)][-1]
        assert turns[-1].answer is not None
        answer = json.loads(json.dumps(turns[-1].answer.as_json()))  # as others read it: lists, not tuples
        return comparable(answer), unescape(ui.chat_html(turns))

    for question, answer in zip(QUESTIONS, expected, strict=True):
        shown, html = asyncio.run(drawn(question))
        assert shown == answer
        said = [*(s["text"] for s in answer["sentences"]), *(c["quote"] for c in answer["citations"])]
        assert [words for words in (*said, answer["short"] or "", answer["reason"] or "") if words not in html] == []


def paths_of(routes: Iterable[Any], prefix: str = "") -> Iterator[str]:
    for route in routes:
        path = prefix + getattr(route, "path", "")
        inner = getattr(route, "original_router", route)  # a router that was included
        if getattr(inner, "routes", None):
            yield from paths_of(inner.routes, path)
        else:
            yield path or "/"


def test_every_route_that_can_be_reached_is_listed(bundled_index: Path):
    """A new route, of ours or of the page's framework, is added here by somebody who has looked at it."""
    listed = LISTED.read_text(encoding="utf-8").split()
    for mcp, more in ((False, set[str]()), (True, {"/mcp"})):
        app, _ = ui.build_app(Service(Settings(index=bundled_index, mcp=mcp)))
        paths = set(paths_of(app._app.routes))  # pyright: ignore
        reachable = {path for path in paths - more if not CLOSED.match(re.sub(r"{.*?}", "x", path))}
        assert sorted(reachable) == listed
        assert paths & {"/mcp"} == more


@pytest.mark.parametrize("prefix", ["", "/gradio_api"])
@pytest.mark.parametrize(
    "path",
    [
        "/upload",
        "/file=/etc/passwd",
        "/file=../../../../etc/passwd",
        "/file/%2e%2e/%2e%2e/etc/passwd",
        "/proxy=http://127.0.0.1:1",
        "/proxy=http://169.254.169.254/latest",
        "/stream/x",
        "/monitoring/summary",
        "/api/ask",
        "/run-history",
        "/vibe-code",
        "/component_server",
        "/custom_component/x",
        "/deep_link",
        "/openapi.json",
        "/docs",
    ],
)
def test_routes_that_nobody_needs_are_not_there(address: str, prefix: str, path: str):
    for method in ("GET", "POST"):
        assert httpx.request(method, address + prefix + path, trust_env=False).status_code == 404
