"""python -m eval: measure the parts and the whole."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.reading import ReadingResult, measure_reading, read_reading_set
from index.terminal import run, track

app = typer.Typer(no_args_is_help=True, add_completion=False, help="How good is it? Figures with their intervals.")


@app.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction]
    """Keep `reading` a subcommand."""


@app.command("reading")
def reading_command(
    file: Annotated[Path, typer.Argument(help="A reading set: JSON lines of paragraphs with their questions.")],
    embedder: Annotated[
        str | None, typer.Option(help="Sentence model: a folder or hub id[@revision]; default: the embedded one.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Ask every N-th question only.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure retrieval: question → its paragraph, question → the sentence with its answer, among all of the set."""
    from index.embedding import load_embedder

    result = measure_reading(file.stem, read_reading_set(file), load_embedder(embedder), every, track)
    typer.echo(json.dumps(asdict(result), ensure_ascii=False, indent=2) if as_json else render(result))


def render(result: ReadingResult) -> str:
    """Draw a result for a terminal: a line a ranking, figures in hundredths with their 95 % intervals."""
    lines = [
        f"{result.name}, sentence model {result.embedder}: {result.paragraphs} paragraphs, {result.sentences} "
        f"sentences, {result.questions} questions, {result.placed} of them with a known sentence"
    ]
    for task, rankings in result.figures.items():
        for ranking, figures in rankings.items():
            drawn = (f"{m} {100 * f.value:5.1f} [{100 * f.low:5.1f}, {100 * f.high:5.1f}]" for m, f in figures.items())
            lines.append(f"{task:<11}{ranking:<8}" + "   ".join(drawn))
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
