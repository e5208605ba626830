"""Public sets in their own formats → GoldSet.

    squad               SQuAD JSON (Rajpurkar et al. 2016; version 2.0 with is_impossible), as CMRC 2018 and DRCD come
    beir                a folder of corpus.jsonl, queries.jsonl and qrels/*.tsv (Thakur et al. 2021)
    rgb-noise           RGB (Chen et al. 2024): five passages a question, two of them beside the point
    rgb-rejection       the same, all of them beside the point: the right answer is that they do not say
    rgb-counterfactual  the same, those that answer say something false

A paragraph of SQuAD and a document of BEIR become a report each; their titles are not searched.
"""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from eval.errors import GoldError
from eval.gold import Evidence, Fields, GoldQuestion, GoldSet, Span, digest_of, read_gold, read_lines, unique
from eval.matching import normalise
from index.passage import Paragraph, Report

PASSAGES = 5  # RGB: passages given with a question
NOISE = 2  # RGB: those of them that are beside the point, a noise rate of 0.4


class Format(StrEnum):
    """How a gold set is written down."""

    QINGWEN = "qingwen"
    SQUAD = "squad"
    BEIR = "beir"
    RGB_NOISE = "rgb-noise"
    RGB_REJECTION = "rgb-rejection"
    RGB_COUNTERFACTUAL = "rgb-counterfactual"


def read_set(path: Path, form: Format) -> GoldSet:
    """Read a gold set in a format; a spreadsheet (.csv, .xlsx) of our own gives its confirmed rows.

    Raises:
        GoldError: the set is not in the format; the message names file, line and field.
    """
    from eval.drafting import SHEETS, read_sheet

    if not path.exists():
        raise GoldError(f"{path} does not exist")
    if form is Format.QINGWEN:
        return read_sheet(path) if path.suffix.lower() in SHEETS else read_gold(path)
    readers: dict[Format, Callable[[Path], GoldSet]] = {Format.SQUAD: _read_squad, Format.BEIR: _read_beir}
    return unique(readers[form](path) if form in readers else _read_rgb(path, form), path)


def as_report(document: str, title: str, text: str) -> Report:
    """Make a report without headings, a paragraph for each line with something on it."""
    paragraphs: list[Paragraph] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(start, start + len(line), ()))
        start += len(line) + 1
    return Report(document, title or document, text, (), tuple(paragraphs))


def _read_squad(path: Path) -> GoldSet:
    try:
        fields: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise GoldError(f"{path} is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise GoldError(f"{path} is not a JSON object with the field 'data'")
    reports: list[Report] = []
    questions: list[GoldQuestion] = []
    for article in Fields(cast(dict[str, Any], fields), str(path)).inside("data"):
        for paragraph in article.inside("paragraphs"):
            title = article.get("title", str) if "title" in article.fields else ""
            document = paragraph.text("id") if "id" in paragraph.fields else f"p{len(reports)}"
            reports.append(as_report(document, title, paragraph.text("context")))
            questions += (_squad_question(asked, reports[-1]) for asked in paragraph.inside("qas"))
    return GoldSet(path.stem, digest_of([path]), tuple(questions), reports=tuple(reports))


def _squad_question(asked: Fields, paragraph: Report) -> GoldQuestion:
    impossible = bool(asked.fields.get("is_impossible"))
    marked = [] if impossible else [(a.text("text"), a.get("answer_start", int)) for a in asked.inside("answers")]
    answers = tuple(dict.fromkeys(text for text, _ in marked if normalise(text)))
    if not impossible and not answers:
        raise asked.error("answers", "holds no answer with a letter or digit in it")
    places: dict[Span, None] = {}
    for text, start in marked:
        at = start if paragraph.text.startswith(text, max(start, 0)) else paragraph.text.find(text)
        if at >= 0:
            places[Span(paragraph.document, at, at + len(text))] = None
    return GoldQuestion(
        id=asked.text("id"),
        question=asked.text("question"),
        type="reading",
        answerable=not impossible,
        answers=answers,
        must_contain=(answers,) if answers else (),
        evidence=(Evidence(answers[0], tuple(places)),) if places else (),
        relevant={} if impossible else {paragraph.document: 1},
    )


def _read_beir(folder: Path) -> GoldSet:
    corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
    tables = sorted((folder / "qrels").glob("*.tsv"))
    named = [table for table in tables if table.stem == "test"] or tables
    if len(named) != 1 or not corpus.is_file() or not queries.is_file():
        have = ", ".join(table.name for table in tables) or "none"
        raise GoldError(f"{folder} needs corpus.jsonl, queries.jsonl and qrels/test.tsv or one other; tables: {have}")
    reports = tuple(
        as_report(line.text("_id"), str(line.fields.get("title") or ""), line.get("text", str))
        for line in read_lines(corpus)
    )
    documents = {report.document for report in reports}
    relevant: dict[str, dict[str, int]] = {}
    for where, (query, document, relevance) in _table(named[0]):
        if document not in documents:
            raise GoldError(f"{where}: field 'corpus-id' is {document!r}, which corpus.jsonl does not hold")
        relevant.setdefault(query, {})[document] = relevance
    questions = tuple(
        GoldQuestion(query, line.text("text"), "retrieval", answerable=True, relevant=relevant[query])
        for line in read_lines(queries)
        if (query := line.text("_id")) in relevant
    )
    return GoldSet(folder.resolve().name, digest_of([corpus, queries, named[0]]), questions, reports=reports)


def _table(path: Path) -> Iterator[tuple[str, tuple[str, str, int]]]:
    """The rows of a table of judgements under its heading, each with the words that say where it stands."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        cells = line.strip("\r").split("\t")
        if number == 1 or cells == [""]:
            continue
        where = f"{path}, line {number}"
        if len(cells) != 3:
            raise GoldError(f"{where}: {len(cells)} fields, not query-id, corpus-id and score")
        if not cells[2].isdecimal():
            raise GoldError(f"{where}: field 'score' is {cells[2]!r}, not a whole number from 0")
        yield where, (cells[0], cells[1], int(cells[2]))


def _read_rgb(path: Path, form: Format) -> GoldSet:
    questions: list[GoldQuestion] = []
    for line in read_lines(path):
        beside = line.texts("negative")
        if form is Format.RGB_COUNTERFACTUAL:
            telling = line.texts("positive_wrong")
        else:
            # Where an answer needs several facts, `positive` has a list of passages for each.
            telling = tuple(p if isinstance(p, str) else p[0] for p in line.get("positive", list) if p)
        rejected = form is Format.RGB_REJECTION
        shown = beside[:PASSAGES] if rejected else (*telling[: PASSAGES - NOISE], *beside)[:PASSAGES]
        answers = line.fields.get("answer")
        groups = [g if isinstance(g, list) else [g] for g in (answers if isinstance(answers, list) else [answers])]
        asked = Fields({"answer": groups}, line.where)
        must_contain = asked.groups("answer")
        questions.append(
            GoldQuestion(
                id=str(line.fields.get("id", len(questions))),
                question=line.text("query"),
                type=form.value,
                answerable=not rejected,
                answers=() if rejected else ("、".join(group[0] for group in must_contain),),
                must_contain=() if rejected else must_contain,
                passages=tuple(shown),
            )
        )
    texts = dict.fromkeys(passage for question in questions for passage in question.passages)
    reports = tuple(as_report(f"p{number}", "", text) for number, text in enumerate(texts))
    return GoldSet(path.stem, digest_of([path]), tuple(questions), reports=reports)
