"""python -m qa: ask from the command line."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.terminal import run
from qa.answer import Answer
from qa.conversation import Conversation
from qa.errors import SettingsError
from qa.pipeline import ask, load_parts

if TYPE_CHECKING:
    from qa.config import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Ask the reports; every answer with its proof.")


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Keep `ask` a subcommand."""


@app.command("ask")
def ask_command(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole Answer as one JSON object.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"id","question"[,"conversation"]}, print one Answer a line.')
    ] = False,
    index: Annotated[Path | None, typer.Option(help="The index folder.")] = None,
    embedder: Annotated[str | None, typer.Option(help="Sentence model: a folder or hub id[@revision].")] = None,
) -> None:
    """Answer one question, or a stream of them."""
    if (question is None) != jsonl:
        raise SettingsError("give either a question or --jsonl with questions on standard input")
    given: dict[str, Any] = {"index": index, "embedder": embedder}
    parts = load_parts(_settings({name: value for name, value in given.items() if value is not None}))
    if question is not None:
        answer = ask(question, parts)
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) if as_json else render(answer))
        return
    talks: dict[str, Conversation] = {}
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            asked = _read_line(line.removeprefix("\ufeff"), number)
            talk = asked.get("conversation")
            answer = ask(asked["question"], parts, talks.get(talk) if talk else None)
            if talk:
                talks[talk] = talks.get(talk, Conversation()).after(answer)
            typer.echo(json.dumps({**answer.as_json(), "id": asked["id"]}, ensure_ascii=False))


def render(answer: Answer) -> str:
    """Draw an answer for a terminal: the short answer, the sentences with marks, the sources."""
    lines = [answer.short] if answer.short else []
    lines.append(answer.marked_text)
    for citation in answer.citations:
        place = " › ".join((citation.title, *citation.section))
        lines.append(f"  [{citation.mark}] {place}（第{citation.start + 1}–{citation.end}字）")
    if answer.suggestions:
        lines += ["", "您可以问：", *(f"  · {question}" for question in answer.suggestions)]
    return "\n".join(lines)


def _settings(given: dict[str, Any]) -> "Settings":
    from pydantic import ValidationError

    from qa.config import Settings

    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"QINGWEN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"settings that do not fit: {wrong}") from None


def _read_line(line: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
        if isinstance(fields["question"], str) and isinstance(fields.get("conversation"), str | None):
            return {"id": fields["id"], **fields}
    except (ValueError, KeyError, TypeError):
        pass
    raise SettingsError(f'line {number} of standard input is not {{"id", "question"[, "conversation"]}}: {line[:80]!r}')


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
