"""python -m index: build an index, change it, look at it, check it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from index.build import BUNDLED_REPORT, DEFAULT_INDEX, add, build, remove
from index.store import PassageIndex
from index.terminal import run, track

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Make reports searchable.")

IndexOption = Annotated[Path, typer.Option("--index", help="The index folder.", show_default=False)]

EmbedderOption = Annotated[
    str | None, typer.Option(help="Sentence model: a folder or hub id[@revision]; default: the embedded one.")
]


@app.command("build")
def build_command(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Reports (.txt, .md) or folders of them; default: the bundled report.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The index folder.", show_default=False)] = DEFAULT_INDEX,
    embedder: EmbedderOption = None,
) -> None:
    """Index reports; the index that was there stays in force until the new one is complete."""
    from index.embedding import load_embedder

    _say(build(paths or [BUNDLED_REPORT], out, load_embedder(embedder), track), out)


@app.command("add")
def add_command(
    paths: Annotated[list[Path], typer.Argument(help="Reports (.txt, .md) or folders of them.")],
    index: IndexOption = DEFAULT_INDEX,
    embedder: EmbedderOption = None,
) -> None:
    """Add reports, or put new editions in place of those of the same name."""
    from index.embedding import load_embedder

    _say(add(paths, index, load_embedder(embedder), track), index)


@app.command("remove")
def remove_command(
    documents: Annotated[list[str], typer.Argument(help="Names of reports, as `info` gives them.")],
    index: IndexOption = DEFAULT_INDEX,
    embedder: EmbedderOption = None,
) -> None:
    """Take reports out of an index."""
    from index.embedding import load_embedder

    _say(remove(documents, index, load_embedder(embedder), track), index)


@app.command()
def info(index: IndexOption = DEFAULT_INDEX) -> None:
    """Print what an index holds, as JSON."""
    opened = PassageIndex.open(index)
    fields = {"generation": opened.generation, **asdict(opened.manifest)}
    fields["titles"] = {name: opened.title(name) for name in opened.document_names}
    typer.echo(json.dumps(fields, ensure_ascii=False, indent=2))


@app.command()
def verify(index: IndexOption = DEFAULT_INDEX) -> None:
    """Check every file against its digest and every passage against its document."""
    opened = PassageIndex.open(index)
    texts = {name: opened.report(name).text for name in opened.document_names}
    for position in track(range(len(opened)), "核对 verifying"):
        passage = opened.passage(position)
        if texts[passage.document][passage.start : passage.end] != passage.text:
            raise typer.Exit(_fail(f"passage {passage.passage_id} is not what its document says"))
    typer.echo(f"{opened.generation}: {len(opened.manifest.files)} files and {len(opened)} passages are sound")


@app.command()
def figures(
    index: IndexOption = DEFAULT_INDEX,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the ledger of the reports: every figure with what it is said of, its unit, its sentence and its place."""
    from csv import DictWriter

    from index.figures import ledger

    if csv and as_json:
        raise typer.BadParameter("give either --csv or --json")
    opened = PassageIndex.open(index)
    rows = [
        {"document": name, **entry.as_row()}
        for name in opened.document_names
        for entry in ledger(opened.report(name).text)
    ]
    if csv and rows:
        writer = DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return
    for row in rows:
        place = f"{row['document']}:{row['start']}-{row['end']}"
        said_of = f"{row['subject']} … {row['counted']}"
        typer.echo(json.dumps(row, ensure_ascii=False) if as_json else f"{row['text']}\t{said_of}\t{place}")


def _say(generation: str, out: Path) -> None:
    index = PassageIndex.open(out)
    typer.echo(f"{generation}: {len(index.document_names)} documents, {len(index)} passages → {out}")


def _fail(message: str) -> int:
    typer.echo(message, err=True)
    return 2


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
