"""The bundled set, and what is wrong with a set that is not in its format: file, line and field by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.errors import GoldError
from eval.gold import Evidence, Span, read_gold
from index.build import BUNDLED_REPORT

BUNDLED = Path("eval/gold/qingdao-2021")
QUESTION: dict[str, Any] = {
    "id": "d1",
    "question": "城市云脑接入了多少个单位？",
    "type": "number",
    "answerable": True,
    "answers": ["41个"],
    "must_contain": [["41", "四十一"]],
    "evidence": ["接入41个单位的121个业务系统"],
    "section": "一",
}


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return path


def test_bundled_set_is_read_whole_and_its_evidence_stands_in_the_report():
    gold = read_gold(BUNDLED)
    assert (gold.name, len(gold.questions), len(gold.dialogues)) == ("qingdao-2021", 168, 20)
    assert (len(gold.claims), len(gold.attacks), gold.reports) == (60, 30, ())
    text = (BUNDLED_REPORT / "qingdao-2021.txt").read_text(encoding="utf-8")
    located = gold.located({"qingdao-2021": text})
    place = located.questions[0].evidence[0].places[0]
    assert text[place.start : place.end] == located.questions[0].evidence[0].text
    assert located.dialogues[0].turns[0].standalone == "“爱山东·青e办”一共归集了多少类电子证照数据？"
    assert gold.attacks[12].text == "青岛" * 20000


def test_one_file_of_questions_is_a_set(tmp_path: Path):
    gold = read_gold(write(tmp_path / "mine.jsonl", QUESTION, ""))
    assert (gold.name, [q.id for q in gold.questions]) == ("mine", ["d1"])
    assert gold.questions[0].must_contain == (("41", "四十一"),)


def test_report_in_the_folder_comes_with_the_set(tmp_path: Path):
    write(tmp_path / "questions.jsonl", QUESTION)
    (tmp_path / "report.txt").write_text("城市云脑接入41个单位的121个业务系统。", encoding="utf-8")
    assert [report.document for report in read_gold(tmp_path).reports] == ["report"]


def test_evidence_is_found_everywhere_it_stands(tmp_path: Path):
    gold = read_gold(write(tmp_path / "q.jsonl", {**QUESTION, "evidence": ["零跑腿"]}))
    located = gold.located({"a": "零跑腿，零跑腿", "b": "零跑腿"})
    places = (Span("a", 0, 3), Span("a", 4, 7), Span("b", 0, 3))
    assert located.questions[0].evidence == (Evidence("零跑腿", places),)


def test_evidence_in_no_document_is_an_error_that_names_the_item(tmp_path: Path):
    gold = read_gold(write(tmp_path / "q.jsonl", QUESTION))
    with pytest.raises(GoldError, match=r"d1: field 'evidence' is not in other.*--report"):
        gold.located({"other": "另一份报告。"})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"line 2 is not JSON"),
        ("[]", r"line 2 is not a JSON object"),
        ({**QUESTION, "id": "d2", "answerable": "yes"}, r"line 2: field 'answerable' is 'yes', not bool"),
        ({"id": "d2"}, r"line 2: field 'answerable' is missing"),
        ({**QUESTION, "id": "d2", "question": " "}, r"line 2: field 'question' is empty"),
        ({**QUESTION, "id": "d2", "answers": "41"}, r"line 2: field 'answers' is '41', not list"),
        ({**QUESTION, "id": "d2", "must_contain": [["。"]]}, r"line 2: field 'must_contain' is \[\['。'\]\]"),
        ({**QUESTION, "id": "d2", "evidence": []}, r"line 2: field 'evidence' is empty, yet answerable is True"),
        ({**QUESTION, "id": "d2", "answerable": False}, r"line 2: field 'answers' is filled, yet answerable is False"),
        (QUESTION, r"field 'id' is 'd1' twice"),
    ],
)
def test_line_out_of_format_is_named(tmp_path: Path, line: dict[str, Any] | str, message: str):
    with pytest.raises(GoldError, match=rf"q\.jsonl.*{message}"):
        read_gold(write(tmp_path / "q.jsonl", QUESTION, line))


def test_turn_and_claim_out_of_format_are_named(tmp_path: Path):
    turn = {name: value for name, value in QUESTION.items() if name not in ("type", "question")}
    write(tmp_path / "dialogues.jsonl", {"id": "g1", "turns": [turn]})
    with pytest.raises(GoldError, match=r"dialogues\.jsonl, line 1, turns 1: field 'question' is missing"):
        read_gold(tmp_path)
    (tmp_path / "dialogues.jsonl").unlink()
    claim = {"id": "c1", "claim": "接入41个单位", "label": "true", "evidence": [], "correct": "", "section": ""}
    write(tmp_path / "claims.jsonl", claim)
    with pytest.raises(GoldError, match=r"claims\.jsonl, line 1: field 'label' is 'true', not one of supported"):
        read_gold(tmp_path)


def test_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(GoldError, match=r"holds no questions\.jsonl"):
        read_gold(tmp_path)
