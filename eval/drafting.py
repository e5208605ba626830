"""A gold set for a new report: drafted from its figures and headings, confirmed by a person in a spreadsheet.

确认   是 once a person has read the row; any other row never counts
编号, 类型, 问题, 章节
答案   accepted short answers, | between them; empty where the report does not say
须含   what a full answer must hold: ； between groups, | between the variants of one; empty is: one of the answers
依据   the sentences that support it, letter by letter, one a line
起, 止  where the evidence was found in the report, in characters, for looking it up; only 依据 counts
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile

from eval.errors import GoldError
from eval.gold import Evidence, Fields, GoldQuestion, GoldSet, unique
from index.figures import Kind, LedgerEntry, Role, ledger
from index.passage import Report
from qa.exporting import guarded

COLUMNS = ("确认", "编号", "类型", "问题", "答案", "须含", "依据", "起", "止", "章节")
SHEETS = (".csv", ".xlsx")
CONFIRMED, OPEN = ("是", "y", "yes", "√", "✓", "1"), ("", "否", "n", "no", "0")
_WIDTHS = (6, 8, 10, 44, 18, 24, 70, 7, 7, 30)  # of the columns, in characters
_MARKER = re.compile(r"^(?:第.{1,5}[章节编篇]|[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?)\s*")
_ASKED = {
    Kind.COUNT: "{subject}多少{unit}{counted}？",
    Kind.MONEY: "{subject}多少{unit}？",
    Kind.PERCENT: "{subject}是多少？",
    Kind.POINTS: "{subject}多少个百分点？",
    Kind.MULTIPLE: "{subject}多少倍？",
    Kind.RATIO: "{subject}是多少？",
    Kind.RANK: "{subject}第几{unit}？",
}

Row = dict[str, str]


def draft(report: Report) -> list[Row]:
    """Propose a row for each figure and each heading of a report, in reading order, none of them confirmed.

    The questions are made by rule from the words around a figure and want a person's ear; a row from a heading has no
    answer yet and cannot be confirmed without one.
    """
    rows: list[tuple[int, Row]] = []
    for entry in ledger(report.text):
        figure = entry.figure
        if figure.kind in _ASKED and figure.role is not Role.FROM and figure.unit != "级":
            evidence = (entry.sentence, entry.sentence_start, entry.sentence_end)
            section = _section(report, figure.start)
            rows.append((figure.start, _row("number", _question(entry, section), figure.text, evidence, section)))
    for section in report.sections:
        body = next((p for p in report.paragraphs if p.section == section.path and p.start >= section.start), None)
        if body is not None:
            question = f"关于{_MARKER.sub('', section.path[-1])}，做了哪些工作？"
            evidence = (report.text[body.start : body.end], body.start, body.end)
            rows.append((section.start, _row("list", question, "", evidence, section.path)))
    ordered = [row for _, row in sorted(rows, key=lambda placed: placed[0])]
    return [{**row, "编号": f"q{number:03}"} for number, row in enumerate(ordered, 1)]


def write_sheet(rows: Sequence[Row], path: Path) -> None:
    """Write rows as .csv (UTF-8 with the mark that Excel wants) or .xlsx.

    Raises:
        GoldError: the path ends in neither, or a file is there already, perhaps with a person's work in it.
    """
    if path.suffix.lower() not in SHEETS:
        raise GoldError(f"{path} is not one of {', '.join(SHEETS)}")
    if path.exists():
        raise GoldError(f"{path} is there already; name another file, or take that one away")
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, list[str](COLUMNS))
            table.writeheader()
            table.writerows({name: guarded(value) for name, value in row.items()} for row in rows)
        return
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.create_sheet("题目", 0)
    for at, values in enumerate([dict(zip(COLUMNS, COLUMNS, strict=True)), *rows], 1):
        for column, name in enumerate(COLUMNS, 1):
            cell = sheet.cell(at, column, values[name])
            cell.data_type = "s"  # words that begin with = are no formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    choice = DataValidation(type="list", formula1='"是,否"')
    sheet.add_data_validation(choice)
    choice.add(f"A2:A{len(rows) + 200}")
    book.remove(book.worksheets[1])
    book.save(path)


def read_sheet(path: Path) -> GoldSet:
    """Read the confirmed rows of a sheet.

    Raises:
        GoldError: the file is no such sheet, a confirmed row is not in order, or none is confirmed.
    """
    questions: list[GoldQuestion] = []
    digest = hashlib.sha256()
    open_rows = 0
    for fields in _rows(path):
        mark = fields.fields["确认"].lower()
        if mark not in CONFIRMED + OPEN:
            raise fields.error("确认", f"is {mark!r}, not 是 or 否")
        if mark in OPEN:
            open_rows += any(fields.fields.values())
            continue
        questions.append(_read_row(fields))
        digest.update(json.dumps(dict(fields.fields), ensure_ascii=False, sort_keys=True).encode())
    if not questions:
        raise GoldError(
            f"{path}: none of {open_rows} rows is confirmed; put 是 in the column 确认 of those that are right"
        )
    return unique(GoldSet(path.stem, digest.hexdigest(), tuple(questions)), path)


def _read_row(fields: Fields) -> GoldQuestion:
    answers = _split(fields.fields["答案"], "|")
    groups = tuple(_split(group, "|") for group in _split(fields.fields["须含"].replace(";", "；"), "；"))
    evidence = tuple(map(Evidence, _split(fields.fields["依据"], "\n")))
    if bool(answers) is not bool(evidence):
        empty, filled = ("答案", "依据") if evidence else ("依据", "答案")
        raise fields.error(
            empty, f"is empty, but {filled} is not; a row has both, or neither where the report is silent"
        )
    if groups and not answers:
        raise fields.error("须含", "is filled, but 答案 is empty")
    must_contain = groups or ((answers,) if answers else ())
    return GoldQuestion(
        id=fields.text("编号"),
        question=fields.text("问题"),
        type=fields.text("类型") if answers else "unanswerable",
        answerable=bool(answers),
        answers=answers,
        must_contain=Fields({"须含": [list(group) for group in must_contain]}, fields.where).groups("须含"),
        evidence=evidence,
        section=fields.fields["章节"],
    )


def _rows(path: Path) -> Iterator[Fields]:
    table = _csv(path) if path.suffix.lower() == ".csv" else _xlsx(path)
    heading = next(table, [])
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        raise GoldError(f"{path}, line 1: field {missing[0]!r} is missing; the columns are {', '.join(COLUMNS)}")
    for number, cells in enumerate(table, 2):
        row = dict(zip(heading, [*cells, *[""] * len(heading)], strict=False))
        if any(row.values()):
            yield Fields({name: row[name] for name in COLUMNS}, f"{path}, line {number}")


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from ([_unguarded(cell.strip()) for cell in row] for row in csv.reader(file))
    except UnicodeDecodeError as error:
        raise GoldError(f"{path} is not UTF-8 (byte {error.start}); save it as “CSV UTF-8” or as .xlsx") from error


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


def _xlsx(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError) as error:
        raise GoldError(f"{path} is not an .xlsx file: {error}") from error
    for row in sheet.iter_rows(values_only=True):
        yield ["" if value is None else str(value).strip() for value in row]


def _row(kind: str, question: str, answer: str, evidence: tuple[str, int, int], section: Sequence[str]) -> Row:
    text, start, end = evidence
    values = ("", "", kind, question, answer, "", text, str(start), str(end), "/".join(section))
    return dict(zip(COLUMNS, values, strict=True))


def _question(entry: LedgerEntry, section: Sequence[str]) -> str:
    figure = entry.figure
    asked = _ASKED[figure.kind].format(subject=entry.subject, unit=figure.unit, counted=figure.counted)
    return asked if entry.subject or not section else f"关于{_MARKER.sub('', section[-1])}，{asked}"


def _section(report: Report, at: int) -> tuple[str, ...]:
    return next((p.section for p in report.paragraphs if p.start <= at < p.end), ())


def _split(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.strip() for piece in cell.split(mark) if piece.strip()))
