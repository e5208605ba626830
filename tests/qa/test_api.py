import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa import prompts
from qa.api import build_api
from qa.config import Settings
from qa.web.serving import Service

QUESTION = "城市云脑接入了多少个单位？"
FOLLOW_UP = "那业务系统呢？"
QUOTE = "初步建成左右衔接、上下贯通的城市云脑,接入41个单位的121个业务系统、219个场景、930余项指标。"
PLACE = (
    "《青岛市2021年数字城市建设工作报告》 › 一、数字政府聚焦提质增效,“多点用力”优化营商环境 › "
    "(二)全面推进城市治理“一网统管”"
)


@pytest.fixture(scope="module")
def service(bundled_index: Path) -> Service:
    service = Service(Settings(index=bundled_index))
    service.test()
    return service


@pytest.fixture(scope="module")
def client(service: Service) -> TestClient:
    return TestClient(build_api(service))


def events(body: str) -> list[tuple[str, str]]:
    """The events of a stream: name (or nothing) and data."""
    found: list[tuple[str, str]] = []
    for block in body.strip().split("\n\n"):
        name, data = "", ""
        for line in block.splitlines():
            key, _, value = line.partition(": ")
            name, data = (value, data) if key == "event" else (name, value)
        found.append((name, data))
    return found


def timeless(answer: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_answer_over_http_is_the_answer_of_the_pipeline(client: TestClient, service: Service):
    reply = client.post("/v1/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    assert timeless(reply.json()) == timeless(json.loads(json.dumps(service.ask(QUESTION).as_json())))
    assert reply.json()["short"] == "41个单位"


def test_follow_up_is_completed_from_the_earlier_questions(client: TestClient):
    reply = client.post("/v1/ask", json={"question": FOLLOW_UP, "earlier": [QUESTION]}).json()
    assert (reply["standalone_question"], reply["short"]) == ("城市云脑的业务系统有多少？", "121个业务系统")


def test_stream_of_the_extractive_answer_is_one_answer_and_an_end(client: TestClient, service: Service):
    reply = client.post("/v1/ask", json={"question": QUESTION, "stream": True})
    (first, answer), (last, nothing) = events(reply.text)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert (first, last, nothing) == ("answer", "end", "{}")
    assert timeless(json.loads(answer)) == timeless(json.loads(json.dumps(service.ask(QUESTION).as_json())))


def test_question_that_is_none_is_an_answer_that_says_so(client: TestClient):
    reply = client.post("/v1/ask", json={"question": "？？？"})
    assert (reply.status_code, reply.json()["status"], reply.json()["reason"]) == (
        200,
        "invalid_input",
        prompts.UNREADABLE,
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"question": 1}, "body.question: Input should be a valid string"),
        ({}, "body.question: Field required"),
        ({"question": "x" * 10_001}, "body.question: String should have at most 10000 characters"),
        ({"question": "甲", "earlier": "乙"}, "body.earlier: Input should be a valid list"),
    ],
)
def test_body_that_does_not_fit_is_named(client: TestClient, body: dict[str, object], said: str):
    reply = client.post("/v1/ask", json=body)
    assert (reply.status_code, reply.json()) == (422, {"error": {"type": "bad_request", "message": said}})


def test_openai_client_reads_the_answer_with_numbered_sources(client: TestClient):
    messages = [{"role": "system", "content": "…"}, {"role": "user", "content": [{"type": "text", "text": QUESTION}]}]
    reply = client.post("/v1/chat/completions", json={"model": "any", "messages": messages, "temperature": 0.7}).json()
    assert reply["object"] == "chat.completion"
    assert reply["model"] == "any"
    (choice,) = reply["choices"]
    assert choice["finish_reason"] == "stop"
    assert choice["message"] == {
        "role": "assistant",
        "content": f"{QUOTE}[1]\n\n[1] {PLACE}：{QUOTE}\n\n{prompts.LABEL}",
    }
    assert timeless(reply["qingwen"]) == timeless(client.post("/v1/ask", json={"question": QUESTION}).json())


def test_openai_stream_is_the_same_text_and_the_same_answer(client: TestClient):
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "41个单位"},
        {"role": "user", "content": FOLLOW_UP},
    ]
    whole = client.post("/v1/chat/completions", json={"messages": messages}).json()
    *chunks, (_, done) = events(client.post("/v1/chat/completions", json={"messages": messages, "stream": True}).text)
    read = [json.loads(data) for _, data in chunks]
    assert done == "[DONE]"
    assert {chunk["id"] for chunk in read} == {whole["id"]}
    assert (
        "".join(c["choices"][0]["delta"].get("content", "") for c in read) == whole["choices"][0]["message"]["content"]
    )
    assert [c["choices"][0]["finish_reason"] for c in read] == [None, "stop"]
    assert timeless(read[-1]["qingwen"]) == timeless(whole["qingwen"])
    assert whole["qingwen"]["short"] == "121个业务系统"


def test_chat_whose_last_message_is_no_question_is_refused(client: TestClient):
    reply = client.post("/v1/chat/completions", json={"messages": [{"role": "assistant", "content": "…"}]})
    assert (reply.status_code, reply.json()["error"]["message"]) == (422, prompts.NO_USER_MESSAGE)


def test_claims_of_a_text_are_checked(client: TestClient):
    (verdict,) = client.post("/v1/check", json={"text": "城市云脑接入42个单位。"}).json()["verdicts"]
    assert (verdict["verdict"], verdict["correction"]) == ("refuted", "城市云脑接入41个单位。")
    assert [c["quote"] for c in verdict["citations"]] == [QUOTE]


def test_search_gives_passages_with_their_places(client: TestClient, service: Service):
    reply = client.post("/v1/search", json={"query": "城市云脑接入单位", "k": 2}).json()
    first, second = reply["hits"]
    assert reply["index"] == service.parts.index.generation
    assert (first["text"], first["rank"], second["rank"]) == (QUOTE, 1, 2)
    assert first["score"] > second["score"]
    assert first["section"][-1] == "(二)全面推进城市治理“一网统管”"


def test_report_is_the_text_that_citations_count(client: TestClient):
    assert client.get("/v1/reports").json() == [
        {"document": "qingdao-2021", "title": "青岛市2021年数字城市建设工作报告", "year": 2021}
    ]
    report = client.get("/v1/report/qingdao-2021").json()
    (cited,) = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"]
    assert report["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert [s["path"][-1] for s in report["sections"] if s["start"] <= cited["start"] < s["end"]] == cited["section"]


def test_report_that_there_is_not(client: TestClient):
    reply = client.get("/v1/report/x")
    said = {"type": "not_found", "message": "没有名为“x”的报告。"}
    assert (reply.status_code, reply.json()) == (404, {"error": said})


def test_ready_says_which_index_answers(client: TestClient, service: Service):
    assert client.get("/live").json() == {"live": True}
    reply = client.get("/ready")
    assert reply.status_code == 200
    expected = {"ready": True, "index": service.parts.index.generation, "refused": "", "failed": [], "closing": False}
    assert reply.json() == expected


def test_not_ready_before_the_self_test(bundled_index: Path):
    reply = TestClient(build_api(Service(Settings(index=bundled_index)))).get("/ready")
    assert (reply.status_code, reply.json()["ready"]) == (503, False)


def test_metrics_count_answers_and_verdicts(service: Service):
    client = TestClient(build_api(service))
    client.post("/v1/ask", json={"question": QUESTION})
    client.post("/v1/ask", json={"question": ""})
    client.post("/v1/check", json={"text": "城市云脑接入42个单位。"})
    counted = dict(line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#")
    assert counted['qingwen_answers_total{status="answered"}'] == "1.0"
    assert counted['qingwen_answers_total{status="invalid_input"}'] == "1.0"
    assert counted['qingwen_claims_total{verdict="refuted"}'] == "1.0"
    assert counted["qingwen_answer_seconds_count"] == "2.0"
    assert counted[f'qingwen_index{{generation="{service.parts.index.generation}"}}'] == "1.0"


def test_openapi_describes_the_answer_and_loads_nothing_from_elsewhere(client: TestClient):
    described = client.get("/v1/openapi.json").json()
    answer = described["components"]["schemas"]["Answer"]["properties"]
    assert set(answer) == set(client.post("/v1/ask", json={"question": QUESTION}).json())
    assert {client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")} == {404}
