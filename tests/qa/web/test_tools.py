"""The tools as a client of the protocol's own library sees them, over loopback, behind the guard."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from mcp import Client
from mcp.types import CallToolResult

import ui
from index.figures import ledger
from index.reading import read_report
from qa import prompts
from qa.config import Settings
from qa.web.guarding import BODY, DRAFT
from qa.web.serving import Service

QUESTION = "城市云脑接入了多少个单位？"
BUNDLED = Path(__file__).parents[3] / "index" / "report" / "qingdao-2021.txt"
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The whole application on a free port, its address."""
    app, ended = ui.build_app(Service(settings))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with ui.listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ended.set()
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def address(bundled_index: Path) -> Iterator[str]:
    with running(Settings(index=bundled_index, mcp=True, origin="https://ask.example.cn", pace="10000/minute")) as at:
        yield at


def call(address: str, tool: str, **arguments: Any) -> CallToolResult:
    async def run() -> CallToolResult:
        async with Client(f"{address}/mcp") as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(run())


def post(address: str, path: str, body: object, **headers: str) -> httpx.Response:
    return httpx.post(address + path, json=body, headers=ACCEPT | headers, trust_env=False)


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_three_tools_are_offered_that_change_nothing(address: str):
    async def run() -> dict[str, tuple[list[str], bool | None]]:
        async with Client(f"{address}/mcp") as client:
            return {
                tool.name: (
                    sorted(tool.input_schema["properties"]),
                    tool.annotations and tool.annotations.read_only_hint,
                )
                for tool in (await client.list_tools()).tools
            }

    assert asyncio.run(run()) == {
        "ask": (["documents", "earlier", "question"], True),
        "check_claim": (["claim", "documents"], True),
        "lookup_figure": (["documents", "subject"], True),
    }


def test_ask_gives_the_answer_of_http_and_follow_ups_are_completed(address: str):
    result = call(address, "ask", question=QUESTION)
    expected = post(address, "/v1/ask", {"question": QUESTION}).json()
    assert timeless(result.structured_content) == timeless(expected)
    assert json.loads(result.content[0].text) == result.structured_content  # pyright: ignore
    assert (result.is_error, result.structured_content["short"]) == (False, "41个单位")
    follow_up = call(address, "ask", question="那业务系统呢？", earlier=[QUESTION]).structured_content
    assert (follow_up["standalone_question"], follow_up["short"]) == ("城市云脑的业务系统有多少？", "121个业务系统")


def test_check_claim_gives_the_verdicts_of_http(address: str):
    claim = "城市云脑接入51个单位。累计召开视频会议1018次。"
    verdicts = call(address, "check_claim", claim=claim).structured_content
    assert verdicts == post(address, "/v1/check", {"text": claim}).json()
    assert [(v["verdict"], v["correction"]) for v in verdicts["verdicts"]] == [
        ("refuted", "城市云脑接入41个单位。"),
        ("supported", None),
    ]


def test_lookup_figure_gives_rows_of_the_ledger_the_best_first(address: str):
    figures = call(address, "lookup_figure", subject="公共数据服务平台 企业入驻").structured_content["figures"]
    report = read_report(BUNDLED)
    rows = [
        {"document": "qingdao-2021", "title": report.title, "year": 2021, **e.as_row()} for e in ledger(report.text)
    ]
    assert all(figure in rows for figure in figures)
    first = figures[0]
    assert (first["text"], first["value"], first["unit"], first["qualifier"]) == ("44家", 44, "家", "exact")
    assert report.text[first["start"] : first["end"]] == "44家"
    assert report.text[first["sentence_start"] : first["sentence_end"]] == first["sentence"]


def test_subject_that_the_reports_do_not_know_has_no_figures(address: str):
    assert call(address, "lookup_figure", subject="房价").structured_content == {"figures": []}


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, prompts.TOOL_MISREAD.format(fields="question")),
        ("ask", {"question": 1, "earlier": "甲"}, prompts.TOOL_MISREAD.format(fields="question、earlier")),
        ("ask", {"question": "长" * 10_001}, prompts.TOOL_MISREAD.format(fields="question")),
        ("check_claim", {"claim": "长" * 20_001}, prompts.TOOL_MISREAD.format(fields="claim")),
        ("lookup_figure", {"subject": ""}, prompts.TOOL_MISREAD.format(fields="subject")),
        ("ask", {"question": QUESTION, "documents": ["beihai"]}, "没有名为“beihai”的报告。"),
        ("lookup_figure", {"subject": "甲", "documents": ["beihai"]}, "没有名为“beihai”的报告。"),
        ("delete", {}, "没有名为“delete”的工具。"),
    ],
)
def test_what_does_not_fit_is_said_in_chinese_and_not_logged(
    address: str, tool: str, arguments: dict[str, Any], said: str, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        result = call(address, tool, **arguments)
    assert (result.is_error, result.content[0].text) == (True, said)  # pyright: ignore
    assert caplog.text == ""


def test_only_posts_are_taken(address: str):
    for method in ("GET", "DELETE"):
        reply = httpx.request(method, f"{address}/mcp", headers=ACCEPT, trust_env=False)
        assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:7860", "Origin": "http://localhost:7860"}, 200),
        ({"Host": "ask.example.cn", "Origin": "https://ask.example.cn"}, 200),
        ({"Host": "evil.example:7860"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_page_of_another_site_is_turned_away(address: str, headers: dict[str, str], status: int):
    assert post(address, "/mcp", INITIALIZE, **headers).status_code == status


def test_tools_pass_the_guard(address: str, bundled_index: Path):
    reply = post(address, "/mcp", {**INITIALIZE, "params": "x" * DRAFT})
    assert (reply.status_code, reply.json()["error"]["type"]) == (413, "too_large")
    assert (
        post(address, "/mcp", {**INITIALIZE, "id": "x" * BODY}).status_code == 200
    )  # a draft is longer than a question
    assert "content-security-policy" in post(address, "/mcp", INITIALIZE).headers
    with running(Settings(index=bundled_index, mcp=True, pace="2/hour")) as other:
        replies = [post(other, "/mcp", INITIALIZE) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[-1].json()["error"]["message"].startswith("您提问得太快了")


def test_nothing_is_there_unless_it_is_switched_on(bundled_index: Path):
    with running(Settings(index=bundled_index)) as other:
        for path in ("/mcp", "/mcp/", "/gradio_api/mcp"):
            assert post(other, path, INITIALIZE).status_code == 404
            assert httpx.get(other + path, trust_env=False).status_code == 404


def test_library_of_the_protocol_is_loaded_only_when_switched_on():
    done = "import sys, ui; print(sorted({'mcp', 'qa.web.tools'} & set(sys.modules)))"
    reply = subprocess.run(
        [sys.executable, "-c", done], cwd=BUNDLED.parents[2], capture_output=True, text=True, check=True
    )
    assert reply.stdout == "[]\n"


def test_gradio_s_own_tools_stay_shut_when_ours_are_open(address: str):
    for path in ("/gradio_api/mcp", "/gradio_api/mcp/", "/mcp/sse"):
        assert post(address, path, INITIALIZE).status_code == 404
