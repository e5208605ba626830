import asyncio
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from qa import prompts
from qa.api import Meter
from qa.web.guarding import BODY, DRAFT, Guard


def build(pace: str = "1000/minute", most: int = 10) -> tuple[FastAPI, Guard]:
    app = FastAPI()
    app.state.gate = asyncio.Event()

    @app.post("/v1/ask")
    @app.post("/v1/check")
    @app.post("/anything")
    async def read(request: Request) -> int:
        return len(await request.body())

    @app.post("/v1/search")
    async def wait() -> str:
        await app.state.gate.wait()
        return "over"

    @app.get("/{path:path}")
    async def page(path: str) -> str:
        return path

    return app, Guard(app, Meter(), pace, most)


@pytest.fixture
def client() -> TestClient:
    return TestClient(build()[1])


def test_every_response_carries_the_headers(client: TestClient):
    for reply in (client.get("/"), client.get("/docs"), client.post("/v1/ask", content="x" * (BODY + 1))):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))
        assert (policy["default-src"], policy["connect-src"], policy["object-src"]) == ("'self'", "'self'", "'none'")


@pytest.mark.parametrize(("path", "most"), [("/v1/ask", BODY), ("/anything", BODY), ("/v1/check", DRAFT)])
def test_body_up_to_the_limit_passes_and_one_byte_more_does_not(client: TestClient, path: str, most: int):
    assert client.post(path, content=b"x" * most).json() == most
    reply = client.post(path, content=b"x" * (most + 1))
    assert reply.status_code == 413
    assert reply.json() == {"error": {"type": "too_large", "message": prompts.TOO_LARGE.format(limit=most // 1024)}}


def test_body_of_undeclared_size_is_cut_off_at_the_limit(client: TestClient):
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1024
            yield b"x" * 1024

    assert client.post("/v1/ask", content=pieces()).status_code == 413


def test_body_that_comes_too_slowly_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qa.web.guarding.SECONDS", 0.2)
    said: list[dict[str, object]] = []

    async def run() -> None:
        async def receive() -> dict[str, object]:
            await asyncio.sleep(0.15)
            return {"type": "http.request", "body": b"x", "more_body": True}

        async def send(message: dict[str, object]) -> None:
            said.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/ask",
            "headers": [],
            "query_string": b"",
            "client": None,
        }
        await build()[1](scope, receive, send)  # pyright: ignore[reportArgumentType]

    asyncio.run(run())
    assert said[0]["status"] == 408


def test_client_that_asks_too_fast_is_told_when_to_come_back():
    client = TestClient(build(pace="2/minute")[1])
    assert [client.post("/v1/ask", content=b"x").status_code for _ in range(3)] == [200, 200, 429]
    reply = client.post("/v1/ask", content=b"x")
    wait = int(reply.headers["retry-after"])
    assert 1 <= wait <= 61
    assert reply.json()["error"] == {"type": "too_many", "message": prompts.TOO_MANY.format(seconds=wait)}
    assert client.get("/").status_code == 200  # reading the page is no work


def test_requests_beyond_the_bound_are_turned_away_and_the_others_finish():
    app, guard = build(most=3)

    async def run() -> tuple[list[int], list[httpx.Response]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://test") as client:
            waiting = [asyncio.create_task(client.post("/v1/search")) for _ in range(3)]
            await asyncio.sleep(0.05)
            turned_away = [await client.post("/v1/ask", content=b"x") for _ in range(4)]
            app.state.gate.set()
            done = [(await task).status_code for task in waiting]
            return done, [*turned_away, await client.post("/v1/ask", content=b"x")]

    done, (first, *others, after) = asyncio.run(run())
    assert done == [200, 200, 200]
    assert {first.status_code, *(reply.status_code for reply in others)} == {503}
    assert first.headers["retry-after"] == "5"
    assert first.json()["error"] == {"type": "overloaded", "message": prompts.OVERLOADED.format(seconds=5)}
    assert after.status_code == 200


@pytest.mark.parametrize("prefix", ["", "/gradio_api"])
@pytest.mark.parametrize(
    "path",
    ["/upload", "/file=/etc/passwd", "/file/x", "/proxy=http://127.0.0.1", "/monitoring/summary", "/docs"],
)
def test_routes_that_the_page_does_not_need_are_not_there(client: TestClient, prefix: str, path: str):
    assert client.get(prefix + path).status_code == 404


@pytest.mark.parametrize("path", ["/config", "/assets/index.js", "/theme.css", "/gradio_api/queue/data", "/v1/reports"])
def test_routes_that_the_page_needs_are_there(client: TestClient, path: str):
    assert client.get(path).json() == path[1:]
