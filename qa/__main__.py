"""python -m qa: ask, check a text, look after the audit records, replay one, and say who sits at the staff's desk."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.terminal import run
from qa import prompts
from qa.answer import Answer
from qa.conversation import Conversation
from qa.errors import SettingsError
from qa.pipeline import ask, load_parts

if TYPE_CHECKING:
    from qa.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Ask the reports; every answer with its proof.")


audit_app = typer.Typer(no_args_is_help=True, help="Look after the audit records.")
app.add_typer(audit_app, name="audit")
staff_app = typer.Typer(no_args_is_help=True, help="Say who may sit at the staff's desk.")
app.add_typer(staff_app, name="staff")

IndexOption = Annotated[Path | None, typer.Option("--index", help="The index folder.")]
EmbedderOption = Annotated[
    str | None, typer.Option("--embedder", help="Sentence model: a folder or hub id[@revision].")
]
AuditOption = Annotated[Path | None, typer.Option("--audit", help="The folder of the audit records.")]


@app.command("ask")
def ask_command(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole Answer as one JSON object.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"id","question"[,"conversation"]}, print one Answer a line.')
    ] = False,
    documents: Annotated[
        list[str] | None, typer.Option("--document", help="Answer from this report alone; may be given again.")
    ] = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    reranker: Annotated[str | None, typer.Option(help="Reranking model: a folder or hub id[@revision].")] = None,
    answerer: Annotated[
        str | None,
        typer.Option(help="extractive, or a language model: a folder, hub id[@revision] or openai:URL#model."),
    ] = None,
    fallback: Annotated[
        str | None, typer.Option(help="extractive: what answers when the language model gives nothing.")
    ] = None,
) -> None:
    """Answer one question, or a stream of them."""
    if (question is None) != jsonl:
        raise SettingsError("give either a question or --jsonl with questions on standard input")
    parts = load_parts(
        _settings(index=index, embedder=embedder, reranker=reranker, answerer=answerer, fallback=fallback)
    ).only(documents or ())
    if question is not None:
        answer = ask(question, parts)
        if parts.audit:
            _note(parts.audit.record_answer(answer, None, documents or ()))
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) if as_json else render(answer))
        return
    talks: dict[str, Conversation] = {}
    for asked in _read_lines("question", "conversation"):
        name = asked.get("conversation")
        talk = talks.get(name, Conversation()) if name else Conversation()
        answer = ask(asked["question"], parts, talk)
        if name:
            talks[name] = talk.after(answer)
        if parts.audit:
            parts.audit.record_answer(answer, talk, documents or ())
        typer.echo(json.dumps({**answer.as_json(), "id": asked["id"]}, ensure_ascii=False))


@app.command("check")
def check_command(
    text: Annotated[str | None, typer.Argument(help="The text to check, in Chinese.")] = None,
    file: Annotated[Path | None, typer.Option(help="A .txt, .docx or .pdf to check.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"id","claim"}, print one Verdict a line.')
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as one JSON object.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write the verdicts into this file, for a spreadsheet.")] = None,
    docx: Annotated[Path | None, typer.Option(help="Write the text, its claims marked, into this Word file.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with status 1 if anything is refuted.")] = False,
    documents: Annotated[
        list[str] | None, typer.Option("--document", help="Hold it against this report alone; may be given again.")
    ] = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
) -> None:
    """Check every claim of a text against the reports, or each line of a stream as one claim."""
    from qa import drafts, exporting
    from qa.checking import Ruling

    if (text is not None) + (file is not None) + jsonl != 1:
        raise SettingsError("give either a text, or --file, or --jsonl with claims on standard input")
    if jsonl and (as_json or csv or docx):
        raise SettingsError("--json, --csv and --docx go with a text or --file, not with --jsonl")
    if file and any(out and out.resolve() == file.resolve() for out in (csv, docx)):
        raise SettingsError(f"{file} is what is to be checked; name another file to write into")
    manuscript = drafts.open_manuscript(file) if file else drafts.pasted(text or "") if not jsonl else None
    parts = load_parts(_settings(index=index, embedder=embedder)).only(documents or ())
    refuted = False
    for asked in _read_lines("claim") if jsonl else ():
        verdict = parts.checker.check_claim(asked["claim"])
        refuted |= verdict.verdict is Ruling.REFUTED
        if parts.audit:
            parts.audit.record_claim(asked["claim"], verdict, parts)
        typer.echo(json.dumps({**verdict.as_json(), "id": asked["id"]}, ensure_ascii=False))
    if manuscript is not None:
        verdicts = parts.checker.check(manuscript.text)
        refuted = any(verdict.verdict is Ruling.REFUTED for verdict in verdicts)
        if parts.audit:
            _note(parts.audit.record_check(manuscript.text, verdicts, parts))
        if csv:
            csv.write_bytes(exporting.as_csv(verdicts))
        if docx:
            docx.write_bytes(exporting.as_docx(manuscript, verdicts))
        whole = {"verdicts": [verdict.as_json() for verdict in verdicts]}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2) if as_json else exporting.as_text(verdicts))
    if strict and refuted:
        raise typer.Exit(1)


@audit_app.command("verify")
def verify_command(
    head: Annotated[str | None, typer.Option(help="NUMBER:CHAIN as printed before and kept elsewhere.")] = None,
    audit: AuditOption = None,
) -> None:
    """Follow the chain of the audit records; status 1 if one was changed or is missing."""
    from qa.audit import AuditLog

    number, _, chain = (head or "").partition(":")
    if head is not None and not (number.isascii() and number.isdigit() and chain):
        raise SettingsError(f"--head is {head!r}; give NUMBER:CHAIN as python -m qa audit verify printed it")
    found = AuditLog(_settings(audit=audit)).verify((int(number), chain) if head else None)
    typer.echo("\n".join(found.faults) or found.as_text())
    if found.faults:
        raise typer.Exit(1)


@audit_app.command("export")
def export_command(
    out: Annotated[Path, typer.Argument(help="The .csv file to write.")], audit: AuditOption = None
) -> None:
    """Write the audit records into a table."""
    from qa.audit import AuditLog

    count = AuditLog(_settings(audit=audit)).export(out)
    typer.echo(prompts.AUDIT_EXPORTED.format(count=count, path=out))


@app.command("replay")
def replay_command(
    reference: Annotated[str, typer.Argument(metavar="ID", help="Number of an audit record, or the id of an Answer.")],
    question: Annotated[str | None, typer.Option(help="What was typed, where the record does not hold it.")] = None,
    index: IndexOption = None,
    audit: AuditOption = None,
) -> None:
    """Ask again what an audit record was made of, and say what changed; status 1 if the outcome is another."""
    from qa.replaying import replay

    replayed = replay(reference, _settings(index=index, audit=audit), question)
    typer.echo(replayed.as_text())
    if not replayed.same:
        raise typer.Exit(1)


@staff_app.command("add")
def staff_add_command(name: Annotated[str, typer.Argument(help="The name to log in with.")]) -> None:
    """Let somebody in, or change their password; it is asked for twice."""
    from qa.web.staffing import SHORTEST, Users

    users = Users(_settings().staff)
    first, again = prompts.STAFF_ASK.format(least=SHORTEST), prompts.STAFF_ASK_AGAIN
    password = typer.prompt(first, hide_input=True, confirmation_prompt=again, prompt_suffix="：", err=True)
    typer.echo((prompts.STAFF_ADDED if users.put(name, password) else prompts.STAFF_CHANGED).format(name=name))


@staff_app.command("remove")
def staff_remove_command(name: Annotated[str, typer.Argument(help="The name, as `list` gives it.")]) -> None:
    """Let somebody in no more."""
    from qa.web.staffing import Users

    Users(_settings().staff).remove(name)
    typer.echo(prompts.STAFF_REMOVED.format(name=name))


@staff_app.command("list")
def staff_list_command() -> None:
    """Print the names of those who may in."""
    from qa.web.staffing import Users

    for name in Users(_settings().staff).all():
        typer.echo(name)


def render(answer: Answer) -> str:
    """Draw an answer for a terminal: the short answer, the sentences with marks, the sources."""
    lines = [answer.short] if answer.short else []
    lines.append(answer.marked_text)
    if answer.sentences and answer.reason:
        lines.append(answer.reason)
    for citation in answer.citations:
        place = " › ".join((citation.title, *citation.section))
        lines.append(f"  [{citation.mark}] {place}（第{citation.start + 1}–{citation.end}字）")
    if answer.suggestions:
        lines += ["", "您可以问：", *(f"  · {question}" for question in answer.suggestions)]
    return "\n".join(lines)


def _note(number: int) -> None:
    typer.echo(prompts.AUDIT_NOTE.format(number=number), err=True)


def _settings(**given: Path | str | None) -> "Settings":
    from qa.config import load_settings

    return load_settings(**given)


def _read_lines(wanted: str, *optional: str) -> Iterator[dict[str, Any]]:
    """Read objects with an id and a text from standard input, a line each; blank lines are skipped."""
    shape = f'{{"id", "{wanted}"' + "".join(f'[, "{name}"]' for name in optional) + "}"
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            fields = _read_object(line.removeprefix("\ufeff"))
            texts = (fields.get(wanted), *(fields.get(name) or "" for name in optional))
            if "id" not in fields or not all(isinstance(text, str) for text in texts):
                raise SettingsError(f"line {number} of standard input is not {shape}: {line[:80]!r}")
            # Half a character would stop whoever prints it.
            yield {**fields, wanted: fields[wanted].encode("utf-8", "replace").decode()}


def _read_object(line: str) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
