import gc
import logging
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from qa import prompts
from qa.config import Settings
from qa.errors import ModelBusyError, ModelFailedError, SettingsError
from qa.llm import Message, load_model
from qa.models import server_model
from qa.models.local_model import TransformersModel
from qa.models.server_model import Breaker, Deadlines, ServerModel
from tests.scripted_server import (
    BreakOff,
    End,
    Fault,
    Hang,
    Pause,
    Raw,
    Script,
    ScriptedServer,
    Status,
    Thought,
    serving,
)
from tests.tiny_models import save_tiny_qwen

ASKED = [Message("system", "只依据原文回答。"), Message("user", "城市云脑接入了多少个单位？")]
SAID = ["平台接入", "41个单位。"]
QUICK = Deadlines(connect=2, silence=1, total=5, models=1)
KEY = "sk-7f3a-secret"


def play(*parts: str | Fault) -> Script:
    return lambda messages: parts


def ask(server: ScriptedServer, model: ServerModel | None = None, limit: int = 64) -> str:
    model = model or ServerModel(server.name, 4096, SecretStr(KEY), QUICK)
    return "".join(model.generate(ASKED, limit, threading.Event()))


def fail(server: ScriptedServer, model: ServerModel | None = None) -> ModelFailedError:
    began = time.monotonic()
    with pytest.raises(ModelFailedError) as caught:
        ask(server, model)
    assert time.monotonic() - began < QUICK.total + 1
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert KEY not in repr(model)
    return caught.value


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_model.random, "uniform", lambda low, high: 0.0)


# What is asked and what comes back


def test_a_reply_comes_piece_by_piece():
    with serving(play(*SAID)) as server:
        model = ServerModel(server.name, 4096, None, QUICK)
        assert list(model.generate(ASKED, 64, threading.Event())) == SAID
        assert model.name == f"openai:{server.url}#scripted"
    assert server.requests == [
        {
            "model": "scripted",
            "messages": [
                {"role": "system", "content": "只依据原文回答。"},
                {"role": "user", "content": "城市云脑接入了多少个单位？"},
            ],
            "max_tokens": 64,
            "temperature": 0,
            "seed": 0,
            "stream": True,
            "chat_template_kwargs": {"enable_thinking": False},
            "reasoning_effort": "none",
        }
    ]


def test_load_model_opens_a_server_without_calling_it():
    with serving(play(*SAID)) as server:
        model = load_model(server.name)
        assert isinstance(model, ServerModel)
        assert server.requests == []


def test_only_what_the_protocol_needs_is_sent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-third\nX-Trace: 1")
    with serving(play(*SAID)) as server:
        ask(server)
        ask(server, ServerModel(server.name, 4096, None, QUICK))
    keyed, keyless = server.headers
    assert set(keyed) - {"host", "user-agent", "connection"} == {
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
    }
    assert keyed["authorization"] == f"Bearer {KEY}"
    assert keyless["authorization"] == "Bearer EMPTY"


def test_a_proxy_in_the_environment_is_passed_over(monkeypatch: pytest.MonkeyPatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with serving(play(*SAID)) as server:
        assert ask(server) == "平台接入41个单位。"


@pytest.mark.parametrize(
    "parts",
    [
        ("<think>\n先看原文……\n</think>\n\n", *SAID),
        ("<thi", "nk>先看", "</thi", "nk>", *SAID),
        (Thought("先看原文"), *SAID),
        (Raw(b": ping\n\n"), SAID[0], Raw(b'data: {"choices": [], "usage": {}}\n\n'), SAID[1]),
        (*SAID, Raw(b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}\n\n'), Hang()),
    ],
)
def test_what_is_not_the_reply_is_left_out(parts: tuple[str | Fault, ...]):
    with serving(play(*parts)) as server:
        assert ask(server) == "平台接入41个单位。"


def test_half_a_character_is_left_out():
    broken = rb'data: {"choices": [{"index": 0, "delta": {"content": "\ud83d"}}]}' + b"\n\n"
    with serving(play("\ufffd\ufffd", SAID[0], Raw(broken), SAID[1])) as server:
        assert ask(server) == "平台接入41个单位。"


@pytest.mark.parametrize("refused", [("reasoning_effort",), ("chat_template_kwargs", "reasoning_effort")])
def test_a_server_that_refuses_a_field_is_asked_without_it(refused: tuple[str, ...]):
    refusals = [play(Status(400, f"Unknown parameter: {field}")) for field in refused]
    with serving(*refusals, play(*SAID)) as server:
        model = ServerModel(server.name, 4096, None, QUICK)
        assert ask(server, model) == "平台接入41个单位。"
        assert ask(server, model) == "平台接入41个单位。"
    assert len(server.requests) == len(refused) + 2
    for request in server.requests[-2:]:
        assert not set(refused) & set(request)


# A real server


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_transformers_serve_writes_what_the_model_itself_writes(tmp_path: Path):
    pytest.importorskip("accelerate", reason="transformers serve wants it")
    from transformers.cli.serve import Serve

    save_tiny_qwen(tmp_path, "城市云脑接入了多少个单位")
    serve = Serve(force_model=str(tmp_path), device="cpu", host="127.0.0.1", port=0, non_blocking=True)
    try:
        while not serve.server.started:
            time.sleep(0.02)
        port = serve.server.servers[0].sockets[0].getsockname()[1]
        served = ServerModel(f"openai:http://127.0.0.1:{port}/v1#{tmp_path}", 2048, None, Deadlines())
        local = TransformersModel(str(tmp_path), 2048, dtype="float32")  # as it is saved, and so served
        written: list[str] = []
        for number in range(8):
            asked = [ASKED[0], Message("user", f"城市云脑接入了{number}个单位吗？")]
            written.append("".join(served.generate(asked, 32, threading.Event())))
            assert written[-1] == "".join(local.generate(asked, 32, threading.Event()))
        assert len(set(written)) > 1
        reply = served.generate(ASKED, 1000, threading.Event())
        next(reply, "")
        reply.close()
        other = ServerModel(f"openai:http://127.0.0.1:{port}/v1#other", 2048, SecretStr(KEY), Deadlines())
        with pytest.raises(ModelFailedError, match="other"):
            list(other.generate(ASKED, 24, threading.Event()))
    finally:
        serve.kill_server()
        del serve
        gc.collect()  # its event loop, which it leaves open: warned of here, not in some later test


# Faults


@pytest.mark.parametrize(
    ("parts", "reason", "retry", "asked", "said"),
    [
        ([Status(500, "boom")], prompts.MODEL_FAULTY, True, 2, "failed with 500"),
        ([Status(503, "loading model")], prompts.MODEL_FAULTY, True, 2, "loading model"),
        ([Status(429, "slow down")], prompts.MODEL_BUSY, True, 2, "has too many requests"),
        ([Status(401, f"wrong key {KEY}")], prompts.MODEL_MISSING, False, 1, "set QINGWEN_API_KEY"),
        ([Status(403)], prompts.MODEL_MISSING, False, 1, "set QINGWEN_API_KEY"),
        ([Status(404, "no such model")], prompts.MODEL_MISSING, False, 1, "has no model of that name; it has scripted"),
        ([Status(307, headers={"location": "http://127.0.0.2/"})], prompts.MODEL_MISSING, False, 1, "http://127.0.0.2/"),
        ([Status(400, "maximum context length is 2048")], prompts.MODEL_FULL, False, 1, "raise its context"),
        ([Status(422, "bad field")], prompts.MODEL_MISSING, False, 1, "refused the request ({'message': 'bad field'})"),
        ([Hang()], prompts.MODEL_SLOW, True, 1, "was silent for 1 s"),
        ([SAID[0], Hang()], prompts.MODEL_SLOW, True, 1, "was silent for 1 s"),
        ([BreakOff()], prompts.MODEL_BROKE_OFF, True, 1, "broke off"),
        ([SAID[0], BreakOff()], prompts.MODEL_BROKE_OFF, True, 1, "broke off"),
        ([SAID[0], End()], prompts.MODEL_BROKE_OFF, True, 1, "broke off"),
        ([SAID[0], Raw(b"data: [DONE]\n\n"), End()], prompts.MODEL_BROKE_OFF, True, 1, "broke off"),
        ([SAID[0], Raw(b'data: {"error": {"message": "out of memory"}}\n\n')], prompts.MODEL_FAULTY, True, 1, "memory"),
        ([SAID[0], Raw(b'data: {"error": "worker died"}\n\n')], prompts.MODEL_FAULTY, True, 1, "reported a fault"),
        ([End()], prompts.MODEL_MISSING, False, 1, "does not speak the protocol"),
        ([Raw(b"<html>welcome</html>"), End()], prompts.MODEL_MISSING, False, 1, "does not speak the protocol"),
        ([Raw(b"data: <html>\n\n")], prompts.MODEL_MISSING, False, 1, "does not speak the protocol"),
        ([Raw(b"data: \xff\xfe\n\n")], prompts.MODEL_MISSING, False, 1, "does not speak the protocol"),
        *(
            ([Raw(b"data: " + shape + b"\n\n")], prompts.MODEL_MISSING, False, 1, "does not speak the protocol")
            for shape in (
                b"null",
                b"1",
                b'"text"',
                b"[]",
                b"{}",
                b'{"choices": 1}',
                b'{"choices": {"a": 1}}',
                b'{"choices": [{"delta": {"content": 1}}]}',
                b'{"choices": [{"delta": {"content": ["a"]}}]}',
                b"[" * 100_000,
            )
        ),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_pause")
def test_a_fault_is_a_clear_error(parts: list[str | Fault], reason: str, retry: bool, asked: int, said: str):
    with serving(play(*parts)) as server:
        error = fail(server)
    assert (error.reason, error.retry, len(server.requests)) == (reason, retry, asked)
    assert said in str(error)
    assert isinstance(error, ModelBusyError) == (reason == prompts.MODEL_BUSY)


def test_what_came_before_a_fault_is_handed_on():
    with serving(play(SAID[0], BreakOff())) as server:
        reply = ServerModel(server.name, 4096, None, QUICK).generate(ASKED, 64, threading.Event())
        assert next(reply) == SAID[0]
        with pytest.raises(ModelFailedError, match="broke off"):
            next(reply)


@pytest.mark.usefixtures("no_pause")
def test_a_server_that_refuses_connections_is_not_reached():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        model = ServerModel(f"openai:http://127.0.0.1:{free.getsockname()[1]}/v1#m", 4096, None, QUICK)
        with pytest.raises(ModelFailedError, match="cannot be reached") as caught:
            list(model.generate(ASKED, 64, threading.Event()))
    assert (caught.value.reason, caught.value.retry) == (prompts.MODEL_UNREACHABLE, True)


def test_a_server_that_takes_no_connection_is_given_up_after_the_connect_deadline():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)  # the queue of those that nobody accepts is full
        model = ServerModel(f"openai:http://127.0.0.1:{address[1]}/v1#m", 4096, None, Deadlines(1, 30, 5, 1))
        began = time.monotonic()
        with pytest.raises(ModelFailedError) as caught:
            list(model.generate(ASKED, 64, threading.Event()))
        assert time.monotonic() - began < 6
        assert caught.value.reason == prompts.MODEL_UNREACHABLE
        for one in waiting:
            one.close()


def test_pings_do_not_outlast_the_total_deadline():
    def dripping(messages: object) -> Iterator[str | Fault]:
        while True:
            yield Raw(b": ping\n\n")
            yield Pause(0.2)

    with serving(dripping) as server:
        model = ServerModel(server.name, 4096, None, Deadlines(1, 1, 2, 1))
        error = fail(server, model)
        assert server.gone.wait(20)
    assert (error.reason, str(error)) == (prompts.MODEL_SLOW, f"{server.name} did not finish within 2 s")


def test_a_server_that_does_not_keep_to_max_tokens_is_cut():
    def endless(messages: object) -> Iterator[str]:
        while True:
            yield "政务服务" * 20

    with serving(endless) as server:
        assert fail(server).reason == prompts.MODEL_MISSING
        assert server.gone.wait(20)


def test_another_path_is_told_from_another_model():
    with serving(play(*SAID)) as server:
        error = fail(server, ServerModel(f"openai:{server.url.removesuffix('/v1')}#scripted", 4096, None, QUICK))
    assert "most servers want /v1" in str(error)


# Asking again


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_asked_again_once(code: int):
    with serving(play(Status(code)), play(*SAID)) as server:
        assert ask(server) == "平台接入41个单位。"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "header", [lambda: "1", lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)]
)
@pytest.mark.usefixtures("no_pause")
def test_retry_after_is_kept(header):
    with serving(play(Status(503, headers={"retry-after": header()})), play(*SAID)) as server:
        began = time.monotonic()
        assert ask(server) == "平台接入41个单位。"
    assert time.monotonic() - began >= 0.9


@pytest.mark.parametrize("header", ["3600", "1e999", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_retry_after_the_deadline_is_not_waited_for(header: str):
    with serving(play(Status(503, headers={"retry-after": header}))) as server:
        assert fail(server).reason == prompts.MODEL_FAULTY
    assert len(server.requests) == 1


@pytest.mark.parametrize("header", ["soon", "-5", "nan", "²", "Fri, 31 Dec 1999 23:59:59 GMT"])
@pytest.mark.usefixtures("no_pause")
def test_a_retry_after_that_says_nothing_is_passed_over(header: str):
    with serving(play(Status(503, headers={"retry-after": header.encode().decode("latin-1")})), play(*SAID)) as server:
        assert ask(server) == "平台接入41个单位。"


def test_those_that_failed_together_do_not_come_back_together():
    assert len({server_model.random.uniform(0.2, 0.8) for _ in range(5)}) == 5


# Leaving a server alone


def test_breaker_opens_after_failures_in_a_row_and_lets_one_try_after_the_rest():
    clock = Clock()
    breaker = Breaker(failures=2, rest=30, clock=clock)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.enter() == 0
    breaker.failed()
    assert breaker.enter() == 30
    clock.now += 29
    assert breaker.enter() == 1
    clock.now += 1
    assert [breaker.enter(), breaker.enter()] == [0, 30]
    breaker.failed()
    clock.now += 30
    assert [breaker.enter(), breaker.enter()] == [0, 30]
    breaker.abandoned()
    assert [breaker.enter(), breaker.enter()] == [0, 30]
    breaker.succeeded()
    assert [breaker.enter(), breaker.enter()] == [0, 0]


def test_breaker_lets_one_of_many_threads_try():
    clock = Clock()
    breaker = Breaker(failures=1, rest=30, clock=clock)
    breaker.failed()
    clock.now += 30
    ready, found = threading.Barrier(16), []

    def enter() -> None:
        ready.wait()
        found.append(breaker.enter())

    threads = [threading.Thread(target=enter) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0] + [30] * 15


@pytest.mark.usefixtures("no_pause")
def test_a_failing_server_is_left_alone_and_tried_again():
    clock = Clock()
    with serving(*[play(BreakOff())] * 3, play(*SAID)) as server:
        model = ServerModel(server.name, 4096, SecretStr(KEY), QUICK, Breaker(2, 30, clock))
        for _ in range(2):
            assert fail(server, model).reason == prompts.MODEL_BROKE_OFF
        clock.now += 9.5
        error = fail(server, model)
        assert (error.reason, error.retry) == ("语言模型接连出错，暂停使用，请过21秒再问。", True)
        assert str(error) == f"{server.name} failed 2 times in a row and is left alone for 20 s more"
        assert len(server.requests) == 2
        clock.now += 20.5
        assert fail(server, model).reason == prompts.MODEL_BROKE_OFF
        assert "left alone" in str(fail(server, model))
        clock.now += 30
        assert ask(server, model) == "平台接入41个单位。"
        assert ask(server, model) == "平台接入41个单位。"
    assert len(server.requests) == 5


@pytest.mark.usefixtures("no_pause")
def test_a_server_that_answers_no_is_not_left_alone():
    with serving(play(Status(401))) as server:
        model = ServerModel(server.name, 4096, SecretStr(KEY), QUICK, Breaker(1, 30, Clock()))
        for _ in range(3):
            assert fail(server, model).reason == prompts.MODEL_MISSING
    assert len(server.requests) == 3


def test_giving_up_is_not_the_servers_failure():
    with serving(play(SAID[0], Hang())) as server:
        model = ServerModel(server.name, 4096, None, QUICK, Breaker(1, 30, Clock()))
        for _ in range(3):
            reply = model.generate(ASKED, 64, threading.Event())
            assert next(reply) == SAID[0]
            reply.close()
    assert len(server.requests) == 3


# Ending early


@pytest.mark.parametrize("parts", [[Hang()], [SAID[0], Hang()]])
def test_stop_ends_a_silent_reply_and_closes_the_connection(parts: list[str | Fault]):
    stop, stopped = threading.Event(), []

    def silent(messages: object) -> Iterator[str | Fault]:
        yield from parts[:-1]
        time.sleep(0.3)  # time for the first piece to arrive
        stopped.append(time.monotonic())
        stop.set()
        yield parts[-1]

    with serving(silent) as server:
        model = ServerModel(server.name, 4096, None, Deadlines())
        assert list(model.generate(ASKED, 64, stop)) == parts[:-1]
        assert time.monotonic() - stopped[0] < 1
        assert server.gone.wait(20)


def test_closing_the_reply_closes_the_connection():
    with serving(play(SAID[0], Hang())) as server:
        reply = ServerModel(server.name, 4096, None, Deadlines()).generate(ASKED, 64, threading.Event())
        assert next(reply) == SAID[0]
        assert not server.gone.is_set()
        reply.close()
        assert server.gone.wait(20)


def test_dropping_the_reply_closes_the_connection():
    with serving(play(SAID[0], Hang())) as server:
        reply = ServerModel(server.name, 4096, None, Deadlines()).generate(ASKED, 64, threading.Event())
        assert next(reply) == SAID[0]
        del reply
        assert server.gone.wait(20)


def test_many_replies_at_once_do_not_mix():
    with serving(lambda messages: [messages[-1]["content"], "。"] * 20) as server:
        model = ServerModel(server.name, 4096, None, Deadlines())
        found: dict[int, str] = {}

        def run(number: int) -> None:
            asked = [Message("user", f"问题{number}")]
            found[number] = "".join(model.generate(asked, 64, threading.Event()))

        threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {number: f"问题{number}。" * 20 for number in range(16)}


# The key, the name, the context


@pytest.mark.usefixtures("no_pause")
def test_the_key_stands_in_no_log(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with serving(play(Status(500, f"key {KEY}")), play(*SAID), play(Status(401, f"key {KEY}"))) as server:
        model = ServerModel(server.name, 4096, SecretStr(KEY), QUICK)
        ask(server, model)
        assert "refused the key" in str(fail(server, model))
    assert caplog.records
    assert KEY not in caplog.text


def test_the_key_comes_from_the_environment_and_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QINGWEN_API_KEY", KEY)
    settings = Settings()
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == KEY
    assert KEY not in repr(settings)
    assert KEY not in settings.model_dump_json()


@pytest.mark.parametrize("key", ["sk a", "sk\nX-Other: 1", "密钥", "sk\x00"])
def test_a_key_that_is_none_is_refused_without_being_shown(key: str):
    with pytest.raises(SettingsError) as caught:
        ServerModel("openai:http://127.0.0.1:8000/v1#m", 4096, SecretStr(key))
    assert key not in str(caught.value)


def test_a_line_break_after_the_key_is_passed_over():
    with serving(play(*SAID)) as server:
        ask(server, ServerModel(server.name, 4096, SecretStr(f"{KEY}\n"), QUICK))
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "name",
    [
        "openai:",
        "openai:http://127.0.0.1:8000/v1",
        "openai:http://127.0.0.1:8000/v1#",
        "openai:127.0.0.1:8000/v1#m",
        "openai:ftp://127.0.0.1/v1#m",
        "openai:http://#m",
        "openai:http://127.0.0.1:99999/v1#m",
        "openai:http://[::1/v1#m",
    ],
)
def test_a_name_that_is_none_is_refused(name: str):
    with pytest.raises(SettingsError, match=r"is not openai:URL#model, such as openai:http://127\.0\.0\.1:8000/v1#"):
        ServerModel(name, 4096)


@pytest.mark.parametrize("name", [f"openai:http://me:{KEY}@127.0.0.1/v1#m", f"openai:http://127.0.0.1/v1?key={KEY}#m"])
def test_an_address_with_a_secret_is_refused_without_being_shown(name: str):
    with pytest.raises(SettingsError, match="set QINGWEN_API_KEY instead") as caught:
        ServerModel(name, 4096)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("models", "context"),
    [
        ([{"id": "m"}], 4096),
        ([{"id": "m", "max_model_len": 2048}], 2048),
        ([{"id": "m", "max_model_len": 40960}], 4096),
        ([{"id": "m", "meta": {"n_ctx_train": 1024}}], 1024),
        ([{"id": "/models/other.gguf", "meta": {"n_ctx_train": 1024}}], 1024),
        ([{"id": "m", "max_model_len": "much"}, {"id": "n", "max_model_len": 512}], 4096),
        ([{"id": "k", "max_model_len": 256}, {"id": "n", "max_model_len": 512}], 4096),
    ],
)
def test_the_context_is_the_smaller_of_the_setting_and_the_servers(models: list[dict[str, object]], context: int):
    with serving(play(*SAID), models=models) as server:
        assert ServerModel(f"openai:{server.url}#m", 4096, None, QUICK).context == context


def test_the_context_is_the_setting_while_the_server_is_away():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        model = ServerModel(f"openai:http://127.0.0.1:{free.getsockname()[1]}/v1#m", 4096, None, QUICK)
        assert model.context == 4096


def test_count_is_five_tokens_for_four_characters():
    model = ServerModel("openai:http://127.0.0.1:8000/v1#m", 4096)
    assert [model.count(text) for text in ("", "青", "青岛市共", "公共数据服务平台")] == [0, 2, 5, 10]
