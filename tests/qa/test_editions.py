import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from index.build import build
from index.embedding import load_embedder
from qa.__main__ import app
from qa.answer import Answer, Status
from qa.api import build_api
from qa.audit import AuditLog
from qa.config import Settings
from qa.conversation import Conversation
from qa.editions import editions_of
from qa.errors import UnknownReportError
from qa.pipeline import Parts, ask, load_parts
from qa.replaying import replay
from qa.web.serving import Service

REPORTS = {
    "yunxi-2021": "云溪县2021年卫生健康工作报告\n一、基层医疗\n全县新建村级卫生室18所，培训乡村医生640人次。\n"
    "家庭医生签约率达到71.5%。\n二、公共卫生\n开展健康讲座96场。\n全县设有急救站7个。\n",
    "yunxi-2022": "云溪县2022年卫生健康工作报告\n一、基层医疗\n全县新建村级卫生室25所，培训乡村医生710人次。\n"
    "家庭医生签约率达到78.2%。\n二、公共卫生\n开展健康讲座120场。\n全县设有急救站7个。\n2020年开展义诊33场。\n",
    "songshan-2022": "松山县2022年卫生健康工作报告\n一、基层医疗\n全县新建村级卫生室9所，培训乡村医生205人次。\n"
    "二、公共卫生\n发放健康手册5.2万册。\n",
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    folder = tmp_path_factory.mktemp("editions")
    for name, text in REPORTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    build([folder / f"{name}.txt" for name in REPORTS], folder / "index", load_embedder(None))
    return load_parts(Settings(index=folder / "index"))


def cited(answer: Answer) -> list[tuple[str, str]]:
    return [(citation.document, citation.quote) for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "short", "documents"),
    [
        ("家庭医生签约率是多少？", "78.2%（2022年）、71.5%（2021年）", ["yunxi-2022", "yunxi-2021"]),
        ("云溪县新建村级卫生室多少所？", "25所（2022年）、18所（2021年）", ["yunxi-2022", "yunxi-2021"]),
        ("全县设有急救站多少个？", "7个", ["yunxi-2022"]),  # equal in both
        ("2021年新建村级卫生室多少所？", "18所", ["yunxi-2021"]),
        ("2022年云溪县新建村级卫生室多少所？", "25所", ["yunxi-2022"]),
        ("松山县新建村级卫生室多少所？", "9所", ["songshan-2022"]),
        ("2020年开展义诊多少场？", "33场", ["yunxi-2022"]),  # no report of that year, but one that speaks of it
        ("开展义诊多少场？", "33场", ["yunxi-2022"]),
    ],
)
def test_report_of_the_year_and_place_answers_and_else_all_editions(
    parts: Parts, question: str, short: str, documents: list[str]
) -> None:
    answer = ask(question, parts)
    assert (answer.status, answer.short) == (Status.ANSWERED, short)
    assert [document for document, _ in cited(answer)] == documents


def test_editions_are_shown_in_their_own_words_the_newest_first(parts: Parts) -> None:
    answer = ask("家庭医生签约率是多少？", parts)
    assert [(s.text, s.citations) for s in answer.sentences] == [
        ("家庭医生签约率达到78.2%。", (1,)),
        ("家庭医生签约率达到71.5%。", (2,)),
    ]
    assert cited(answer) == [("yunxi-2022", "家庭医生签约率达到78.2%。"), ("yunxi-2021", "家庭医生签约率达到71.5%。")]


def test_follow_up_for_one_year_is_kept_to_its_edition(parts: Parts) -> None:
    talk = Conversation().after(ask("开展健康讲座多少场？", parts))
    answer = ask("那2021年呢？", parts, talk)
    assert (answer.short, cited(answer)) == ("96场", [("yunxi-2021", "开展健康讲座96场。")])


def test_editions_are_told_by_title_and_year(parts: Parts) -> None:
    both = [(2022, "yunxi-2022"), (2021, "yunxi-2021")]
    assert editions_of("yunxi-2021", parts.retriever) == both
    assert editions_of("songshan-2022", parts.retriever) == [(2022, "songshan-2022")]
    assert editions_of("yunxi-2021", parts.only(["yunxi-2021"]).retriever) == both[1:]


@pytest.mark.parametrize(
    ("document", "short"), [("yunxi-2021", "18所"), ("yunxi-2022", "25所"), ("songshan-2022", "9所")]
)
def test_question_kept_to_one_report_is_answered_from_it_alone(parts: Parts, document: str, short: str) -> None:
    kept = parts.only([document])
    hits = kept.retriever.retrieve("新建村级卫生室多少所？", 50)
    first, last = kept.retriever.positions[[0, -1]]
    assert sorted(hit.passage.position for hit in hits) == list(range(first, last + 1))
    assert {hit.passage.document for hit in hits} == {document}
    assert ask("新建村级卫生室多少所？", kept).short == short


def test_what_another_report_says_is_not_in_those_kept_to(parts: Parts) -> None:
    answer = ask("发放健康手册多少册？", parts.only(["yunxi-2021", "yunxi-2022"]))
    assert (answer.status, answer.short) == (Status.NOT_IN_REPORT, None)


def test_report_that_is_not_there_is_named(parts: Parts) -> None:
    with pytest.raises(UnknownReportError, match="没有名为“beihai”的报告。"):
        parts.only(["yunxi-2021", "beihai"])
    assert parts.only([]) is parts


def test_reports_are_chosen_over_http_with_the_talk_before(parts: Parts) -> None:
    client = TestClient(build_api(Service(parts.settings)))
    asked = {"question": "那培训乡村医生呢？", "earlier": ["新建村级卫生室多少所？"], "documents": ["yunxi-2021"]}
    assert client.post("/v1/ask", json=asked).json()["short"] == "640人次"
    for stream in (False, True):
        reply = client.post("/v1/ask", json={"question": "签约率？", "documents": ["beihai"], "stream": stream})
        assert (reply.status_code, reply.json()["error"]) == (
            404,
            {"type": "not_found", "message": "没有名为“beihai”的报告。"},
        )


def test_reports_are_chosen_on_the_command_line(parts: Parts) -> None:
    folder = str(parts.settings.index)
    reply = CliRunner().invoke(app, ["ask", "签约率是多少？", "--document", "yunxi-2021", "--json", "--index", folder])
    assert json.loads(reply.output)["short"] == "71.5%"


def test_claim_is_held_against_the_reports_that_are_chosen(parts: Parts) -> None:
    claim = "云溪县新建村级卫生室25所。"
    expected = {
        (): ("supported", "yunxi-2022"),
        ("yunxi-2022",): ("supported", "yunxi-2022"),
        ("yunxi-2021",): ("refuted", "yunxi-2021"),
        ("songshan-2022",): ("not_enough_info", None),  # no word of that county in it
    }
    client = TestClient(build_api(Service(parts.settings)))
    for documents, ruling in expected.items():
        body = {"text": claim, "documents": documents}
        over_http = client.post("/v1/check", json=body).json()["verdicts"]
        asked = {"name": "a.txt", "document": documents}
        of_file = client.post("/v1/check/file", params=asked, content=claim.encode()).json()["verdicts"]
        assert over_http == of_file
        (verdict,) = over_http
        assert (verdict["verdict"], next((c["document"] for c in verdict["citations"]), None)) == ruling
    table = client.post("/v1/check/csv", params={"name": "a.txt", "document": "yunxi-2021"}, content=claim.encode())
    assert "云溪县新建村级卫生室18所。" in table.content.decode("utf-8-sig")


def test_search_is_kept_to_the_reports_that_are_chosen(parts: Parts) -> None:
    client = TestClient(build_api(Service(parts.settings)))
    hits = client.post("/v1/search", json={"query": "村级卫生室", "documents": ["yunxi-2021"]}).json()["hits"]
    assert hits[0]["text"] == "全县新建村级卫生室18所，培训乡村医生640人次。"
    assert {hit["document"] for hit in hits} == {"yunxi-2021"}


@pytest.mark.parametrize("path", ["/v1/search", "/v1/check", "/v1/check/file", "/v1/check/docx", "/v1/check/csv"])
def test_report_that_is_not_there_is_named_wherever_reports_are_chosen(parts: Parts, path: str) -> None:
    client = TestClient(build_api(Service(parts.settings)))
    body = {"query": "甲", "text": "甲", "documents": ["beihai"]}
    sent = (
        {"params": {"name": "a.txt", "document": "beihai"}, "content": b"a"} if path.count("/") > 2 else {"json": body}
    )
    reply = client.post(path, **sent)
    assert (reply.status_code, reply.json()["error"]["message"]) == (404, "没有名为“beihai”的报告。")


def test_claim_is_held_against_one_report_on_the_command_line_and_in_its_replay(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGWEN_AUDIT", str(tmp_path / "audit"))
    claim, folder = "云溪县新建村级卫生室25所。", str(parts.settings.index)
    reply = CliRunner().invoke(app, ["check", claim, "--document", "yunxi-2021", "--json", "--index", folder])
    (verdict,) = json.loads(reply.stdout)["verdicts"]
    assert (verdict["verdict"], verdict["correction"]) == ("refuted", "云溪县新建村级卫生室18所。")
    settings = Settings(index=parts.settings.index, audit=tmp_path / "audit")
    assert AuditLog(settings).find("1").body["documents"] == ["yunxi-2021"]
    assert replay("1", settings, claim).same
