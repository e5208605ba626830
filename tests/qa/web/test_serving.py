import shutil
import threading
from pathlib import Path

import pytest

from index.build import add, build
from index.embedding import load_embedder
from qa.config import Settings
from qa.conversation import Conversation
from qa.pipeline import ask
from qa.web.serving import Service

OTHER = "2022年乙市工作报告\n一、交通\n(一)道路。全市新建停车场15处,新增泊位3200个。\n"


@pytest.fixture
def service(bundled_index: Path, tmp_path: Path) -> Service:
    """A service over an index of its own, which a test may change."""
    shutil.copytree(bundled_index, tmp_path / "index")
    return Service(Settings(index=tmp_path / "index"))


def test_new_generation_answers_the_next_question(service: Service, tmp_path: Path):
    assert service.ask("新建了多少处停车场？").short != "15处"
    (tmp_path / "other.txt").write_text(OTHER, encoding="utf-8")
    generation = add([tmp_path / "other.txt"], service.settings.index, load_embedder(None))
    answer = service.ask("新建了多少处停车场？")
    assert (answer.short, answer.index) == ("15处", generation)


def test_damaged_generation_is_not_opened_and_is_named(service: Service, tmp_path: Path):
    before = service.parts.index.generation
    (tmp_path / "other.txt").write_text(OTHER, encoding="utf-8")
    generation = build([tmp_path / "other.txt"], service.settings.index, load_embedder(None))
    (service.settings.index / generation / "text.utf8").write_bytes(b"x")
    answer = service.ask("城市云脑接入了多少个单位？")
    assert (answer.short, answer.index) == ("41个单位", before)
    assert (service.refused, service.health().refused) == (generation, generation)


def test_earlier_questions_make_the_talk(service: Service):
    first, then = "城市云脑接入了多少个单位？", "那业务系统呢？"
    talk = Conversation().after(ask(first, service.parts))
    alone = ask(then, service.parts, talk)
    answer = service.ask(then, [first])
    assert (answer.standalone_question, answer.short) == (alone.standalone_question, "121个业务系统")
    assert answer.citations == alone.citations


def test_only_the_last_eight_earlier_questions_count(service: Service):
    earlier = ["城市云脑接入了多少个单位？", *(["放款多少亿？"] * 8)]
    assert service.ask("那业务系统呢？", earlier).short != "121个业务系统"


def test_ready_only_after_the_self_test_has_passed(service: Service):
    assert service.health().ready is False
    service.test()
    assert (service.health().ready, service.health().failed) == (True, ())


def test_closing_stops_every_answer_under_way_and_is_not_ready(service: Service):
    service.test()
    with service.asking() as one, service.asking() as other:
        assert (one.is_set(), other.is_set()) == (False, False)
        service.close()
        assert (one.is_set(), other.is_set()) == (True, True)
    with service.asking() as late:
        assert late.is_set()
    assert (service.health().ready, service.health().closing) == (False, True)


def test_answer_is_wholly_from_one_generation_while_reports_are_replaced(service: Service, tmp_path: Path):
    """Two editions of one report, in force in turn: figure, quote and generation of an answer go together."""
    edition = tmp_path / "edition.txt"
    shown: dict[str, str] = {}
    for count in (15, 16):
        edition.write_text(OTHER.replace("15处", f"{count}处"), encoding="utf-8")
        shown[build([edition], tmp_path / str(count), load_embedder(None))] = f"{count}处"
    wrong: list[tuple[str, str | None]] = []
    asked = 0
    over = threading.Event()

    def read() -> None:
        nonlocal asked
        while not over.is_set():
            answer = service.ask("新建了多少处停车场？")
            asked += 1
            if answer.index in shown and (answer.short, shown[answer.index] in answer.text) != (
                shown[answer.index],
                True,
            ):
                wrong.append((answer.index, answer.short))

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for count in (15, 16) * 25:
        edition.write_text(OTHER.replace("15处", f"{count}处"), encoding="utf-8")
        build([edition], service.settings.index, load_embedder(None))
    over.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert asked > 50
    assert {path.name for path in service.settings.index.glob("gen-*")} == set(shown)


def test_what_is_answered_and_checked_goes_into_the_audit_records(bundled_index: Path, tmp_path: Path):
    service = Service(Settings(index=bundled_index, audit=tmp_path / "audit"))
    answer = service.ask("城市云脑接入了多少个单位？")
    service.check("城市云脑接入42个单位。")
    audit = service.parts.audit
    assert audit is not None
    assert (audit.find(answer.id).number, audit.find("2").number) == (1, 2)
    assert (audit.verify().last, audit.verify().faults) == (2, ())
