"""Public formats on small samples written by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.errors import GoldError
from eval.formats import Format, as_report, read_set
from eval.gold import Evidence, Span
from eval.run import find_run, index_of, read_json, read_records, run_gold
from qa.config import Settings

TEXTS = {
    "cloud": "城市云脑接入41个单位。视频会议召开1018次。",
    "loans": "信易贷平台累计放款206亿元。\n入驻企业超过三万家。",
    "clinic": "病人刷脸付费省去排队。号源统一放到网络上面。",
}
ASKED = {
    "q1": ("城市云脑接入了多少个单位？", "cloud", "41个"),
    "q2": ("信易贷平台累计放款多少？", "loans", "206亿元"),
    "q3": ("视频会议召开了多少次？", "cloud", "1018次"),
    "q4": ("号源放到哪里？", "clinic", "网络"),
    "q5": ("入驻企业有多少家？", "loans", "三万家"),
}


def squad(path: Path, **changes: Any) -> Path:
    paragraphs: list[dict[str, Any]] = []
    for document, text in TEXTS.items():
        qas = [
            {"id": one, "question": q, "answers": [{"text": answer, "answer_start": text.index(answer)}], **changes}
            for one, (q, place, answer) in ASKED.items()
            if place == document
        ]
        paragraphs.append({"id": document, "context": text, "qas": qas})
    path.write_text(json.dumps({"data": [{"title": "样本", "paragraphs": paragraphs}]}), encoding="utf-8")
    return path


def beir(folder: Path) -> Path:
    def lines(rows: list[dict[str, str]]) -> str:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(lines([{"_id": d, "title": "样本", "text": t} for d, t in TEXTS.items()]))
    unjudged = {"_id": "q9", "text": "没有评判"}
    queries = [{"_id": one, "text": asked[0]} for one, asked in ASKED.items()]
    (folder / "queries.jsonl").write_text(lines([*queries, unjudged]))
    table = "query-id\tcorpus-id\tscore\n" + "".join(f"{one}\t{asked[1]}\t1\n" for one, asked in ASKED.items())
    (folder / "qrels" / "test.tsv").write_text(table)
    return folder


def run(path: Path, form: Format, out: Path, passages_given: bool = False) -> Path:
    gold = read_set(path, form)
    with index_of(gold.reports, Settings()) as settings:
        run_gold(gold, settings, out, passages_given)
    return find_run(out)


def test_squad_becomes_reports_and_questions(tmp_path: Path):
    gold = read_set(squad(tmp_path / "drcd.json"), Format.SQUAD)
    assert [(r.document, r.title, r.text) for r in gold.reports] == [(d, "样本", t) for d, t in TEXTS.items()]
    question = gold.questions[0]
    assert (question.id, question.answers, question.must_contain) == ("q1", ("41个",), (("41个",),))
    assert question.evidence == (Evidence("41个", (Span("cloud", 6, 9),)),)
    assert question.relevant == {"cloud": 1}


def test_answer_marked_at_the_wrong_place_is_looked_for(tmp_path: Path):
    path = squad(tmp_path / "s.json", answers=[{"text": "1018", "answer_start": -1}])
    assert read_set(path, Format.SQUAD).questions[0].evidence == (Evidence("1018", (Span("cloud", 18, 22),)),)


def test_impossible_question_wants_a_refusal(tmp_path: Path):
    question = read_set(squad(tmp_path / "s.json", is_impossible=True, answers=[]), Format.SQUAD).questions[0]
    assert (question.answerable, question.answers, question.relevant) == (False, (), {})


def test_squad_and_beir_of_the_same_texts_give_the_same_retrieval_figures(tmp_path: Path):
    first = run(squad(tmp_path / "s.json"), Format.SQUAD, tmp_path / "squad")
    second = run(beir(tmp_path / "beir"), Format.BEIR, tmp_path / "runs")
    summaries = [read_json(folder, "summary.json") for folder in (first, second)]
    names = ("R@1", "R@5", "R@10", "Success@1", "Success@5", "RR@20", "nDCG@10")
    figures = [{name: s["metrics"][name] for name in names} for s in summaries]
    assert figures[0] == figures[1]
    assert figures[0]["R@5"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 5}
    assert [record.ranking for record in read_records(second)] == [
        tuple(ranking) for ranking in ({r.id: r.ranking for r in read_records(first)}[one] for one in ASKED)
    ]
    # BEIR says nothing of answers, so nothing is asked; SQuAD's are read and scored.
    assert [record.reply for record in read_records(second)] == [{}] * 5
    assert summaries[0]["metrics"]["em"]["n"] == 5
    assert "em" not in summaries[1]["metrics"]


def test_beir_judgement_of_an_unknown_document_is_named(tmp_path: Path):
    folder = beir(tmp_path / "beir")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tmissing\t1\n")
    with pytest.raises(GoldError, match=r"test\.tsv, line 2: field 'corpus-id' is 'missing'"):
        read_set(folder, Format.BEIR)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tcloud\tyes\n")
    with pytest.raises(GoldError, match=r"line 2: field 'score' is 'yes', not a whole number"):
        read_set(folder, Format.BEIR)


def test_beir_folder_without_its_files_says_what_it_needs(tmp_path: Path):
    with pytest.raises(GoldError, match=r"needs corpus\.jsonl, queries\.jsonl and qrels/test\.tsv"):
        read_set(tmp_path, Format.BEIR)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"data": [{"paragraphs": [{"context": "", "qas": []}]}]}, "data 1, paragraphs 1: field 'context' is empty"),
        (
            {"data": [{"paragraphs": [{"context": "城市云脑", "qas": [{"id": "q", "question": "?"}]}]}]},
            "paragraphs 1, qas 1: field 'answers' is missing",
        ),
        ([], "is not a JSON object with the field 'data'"),
    ],
)
def test_squad_out_of_format_is_named(tmp_path: Path, fields: object, message: str):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(GoldError, match=rf"bad\.json.*{message}"):
        read_set(path, Format.SQUAD)


def rgb(path: Path) -> Path:
    line = {
        "id": 0,
        "query": "城市云脑接入了多少个单位？",
        "answer": ["41个"],
        "positive": ["截至年底，城市云脑接入41个单位。"],
        "positive_wrong": ["截至年底，城市云脑接入71个单位。"],
        "negative": ["全市召开视频会议1018次。", "信易贷平台放款206亿元。"],
    }
    path.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_rgb_question_comes_with_its_passages(tmp_path: Path):
    path = rgb(tmp_path / "zh.json")
    noise = read_set(path, Format.RGB_NOISE).questions[0]
    assert (noise.answerable, noise.must_contain) == (True, (("41个",),))
    assert noise.passages[0] == "截至年底，城市云脑接入41个单位。"
    assert len(noise.passages) == 3
    rejection = read_set(path, Format.RGB_REJECTION).questions[0]
    assert (rejection.answerable, len(rejection.passages)) == (False, 2)
    assert "71" in read_set(path, Format.RGB_COUNTERFACTUAL).questions[0].passages[0]


def test_given_passages_are_all_that_an_answer_may_come_from(tmp_path: Path):
    record = read_records(run(rgb(tmp_path / "zh.json"), Format.RGB_NOISE, tmp_path / "runs", passages_given=True))[0]
    assert (record.reply["short"][:3], record.reply["citations"][0]["document"]) == ("41个", "p0")
    wrong = read_records(run(rgb(tmp_path / "zh.json"), Format.RGB_COUNTERFACTUAL, tmp_path / "more", True))[0]
    assert wrong.reply["short"].startswith("71个")


def test_blank_lines_are_no_paragraphs():
    report = as_report("a", "", "第一段。\n\n 第二段。")
    assert [report.text[p.start : p.end] for p in report.paragraphs] == ["第一段。", " 第二段。"]
    assert report.title == "a"


def test_missing_file_is_said(tmp_path: Path):
    with pytest.raises(GoldError, match=r"none\.jsonl does not exist"):
        read_set(tmp_path / "none.jsonl", Format.QINGWEN)
