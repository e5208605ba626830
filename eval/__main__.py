"""python -m eval: measure the parts and the whole."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eval.formats import Format, read_set
from eval.generation import generation_command
from eval.reading import ReadingResult, measure_reading, read_reading_set
from index.terminal import run, track

BUNDLED_GOLD = Path(__file__).parent / "gold" / "qingdao-2021"
RUNS = Path(".qingwen") / "eval"

app = typer.Typer(no_args_is_help=True, add_completion=False, help="How good is it? Figures with their intervals.")

IndexOption = Annotated[Path | None, typer.Option("--index", help="The index folder.", show_default=False)]
EmbedderOption = Annotated[
    str | None, typer.Option("--embedder", help="Sentence model: a folder or hub id[@revision].")
]


@app.command("run")
def run_command(
    gold: Annotated[Path, typer.Option(help="A gold set: folder, .jsonl, confirmed .xlsx or .csv, or as --format.")] = (
        BUNDLED_GOLD
    ),
    form: Annotated[Format, typer.Option("--format", help="How the gold set is written down.")] = Format.QINGWEN,
    out: Annotated[Path, typer.Option(help="Where the time-stamped folder of results goes.")] = RUNS,
    report: Annotated[list[Path] | None, typer.Option(help="Ask this report, in an index of its own.")] = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    reranker: Annotated[str | None, typer.Option(help="Reranking model: a folder or hub id[@revision].")] = None,
    answerer: Annotated[str | None, typer.Option(help="extractive, a folder, hub id or openai:URL#model.")] = None,
    fallback: Annotated[str | None, typer.Option(help="extractive: what answers when a model gives nothing.")] = None,
    passages_given: Annotated[bool, typer.Option(help="Ask each question of the passages it comes with.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes that ask.")] = 1,
    resume: Annotated[bool, typer.Option(help="Go on with the newest unfinished run of the same settings.")] = False,
    judge: Annotated[str | None, typer.Option(help="A language model that also marks the answers, 1 to 5.")] = None,
) -> None:
    """Ask a whole gold set; write figures, records and a page. --report, or the set's own report, is indexed first."""
    from rich.console import Console

    from eval.judging import judge_run
    from eval.report import summary_table, write_report
    from eval.run import SUMMARY, index_of, read_json, run_gold
    from index.reading import find_reports, read_report
    from qa.config import load_settings
    from qa.llm import load_model

    settings = load_settings(index=index, embedder=embedder, reranker=reranker, answerer=answerer, fallback=fallback)
    questions = read_set(gold, form)
    reports = [read_report(path) for path in find_reports(report)] if report else questions.reports if not index else ()
    with index_of(reports, settings, track) as asked:
        folder = run_gold(questions, asked, out, passages_given, workers, resume, track)
    if judge is not None:
        judge_run(folder, load_model(judge), track)
    Console().print(summary_table(read_json(folder, SUMMARY)["metrics"]))
    typer.echo(f"→ {write_report(folder)}")


class Learnt(StrEnum):
    """What is learned from gold sets."""

    FIGURES = "figures"
    STRETCHES = "stretches"
    FOLLOW_UPS = "follow-ups"
    PASSAGES = "passages"


_WEIGHTS = {
    Learnt.FIGURES: "fitting.tsv",
    Learnt.STRETCHES: "spans.tsv",
    Learnt.FOLLOW_UPS: "following.tsv",
    Learnt.PASSAGES: "choosing.tsv",
}


@app.command("learn")
def learn_command(
    gold: Annotated[list[Path], typer.Argument(help="Gold sets to learn from, by folder.")],
    rewordings: Annotated[
        Path | None, typer.Option(help="Invented reports: stretches from index/rewordings/….jsonl too.")
    ] = None,
    only: Annotated[Learnt | None, typer.Option(help="Leave the other weights as they are.")] = None,
    out: Annotated[Path, typer.Option(help="The folder that the weights go into.")] = Path("qa"),
    index: IndexOption = None,
) -> None:
    """Learn which passage, figure or stretch answers; print what came of each set with the weights of all others."""
    from dataclasses import replace

    from eval.gold import read_gold
    from eval.learning import Choice, choices, follow_ups, held_out, learn, passages, stretches, written
    from eval.rewordings import as_gold, read_records
    from eval.run import index_of
    from qa.config import load_settings
    from qa.pipeline import load_parts

    given: dict[Learnt, list[Choice]] = {one: [] for one in (Learnt if only is None else [only])}
    ways = {
        Learnt.FIGURES: choices,
        Learnt.STRETCHES: stretches,
        Learnt.FOLLOW_UPS: follow_ups,
        Learnt.PASSAGES: passages,
    }
    for path in gold:
        named = replace(read_gold(path), name=path.name)
        with index_of(named.reports, load_settings(index=index), track) as settings:
            parts = load_parts(settings)
            for one, found in given.items():
                found += ways[one](named, parts)
    invented = read_records(rewordings) if rewordings is not None and Learnt.STRETCHES in given else {}
    for name, records in invented.items():
        named = as_gold(name, records)
        with index_of(named.reports, load_settings(index=index), track) as settings:
            given[Learnt.STRETCHES] += stretches(replace(named, name="invented"), load_parts(settings))
    for one, found in given.items():
        file = _WEIGHTS[one]
        for trial in held_out(found):
            typer.echo(json.dumps(asdict(trial), ensure_ascii=False))
        (out / file).write_text(written(learn(found)), encoding="utf-8")
        typer.echo(f"{len(found)} choices → {out / file}")


@app.command("compare")
def compare_command(
    before: Annotated[Path, typer.Argument(help="A run, or a folder of runs: the newest in it.")],
    after: Annotated[Path, typer.Argument(help="Another one.")],
    html: Annotated[Path | None, typer.Option(help="Write a page with every item that moved.")] = None,
) -> None:
    """Set two runs side by side, question by question."""
    from rich.console import Console

    from eval.comparing import compare, outcomes_of
    from eval.report import change_table, write_comparison
    from eval.run import find_run

    first, second = find_run(before), find_run(after)
    changes = compare(outcomes_of(first), outcomes_of(second))
    if any(change.worse or change.better for change in changes):
        Console().print(change_table(changes))
    else:
        typer.echo(f"{first.name} and {second.name} are the same in all {len(changes)} figures")
    if html is not None:
        write_comparison(first, second, changes, html)
        typer.echo(f"→ {html}")


@app.command("gate")
def gate_command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run, or a folder of runs: the newest in it.")] = RUNS,
    baseline: Annotated[Path, typer.Option(help="What the run is measured against.")] = Path("eval/baseline.json"),
    accept: Annotated[bool, typer.Option(help="Make the run the baseline from now on.")] = False,
) -> None:
    """Fail, with exit status 1, where a figure fell below the baseline by more than chance; name the questions."""
    from rich.console import Console

    from eval.comparing import compare, outcomes_of, read_baseline, write_baseline
    from eval.report import change_table
    from eval.run import find_run

    outcomes = outcomes_of(find_run(folder))
    if accept:
        write_baseline(outcomes, baseline)
        typer.echo(f"{outcomes.name} is the baseline now: {len(outcomes.items)} items → {baseline}")
        return
    changes = compare(read_baseline(baseline), outcomes)
    fallen = [change for change in changes if change.fallen]
    moved = [change for change in changes if change.worse or change.better]
    if moved:
        Console().print(change_table(fallen or moved))
    typer.echo(f"{outcomes.name}: {len(changes)} figures against {baseline}, {len(fallen)} fallen")
    raise typer.Exit(1 if fallen else 0)


@app.command("make")
def make_command(
    report: Annotated[Path, typer.Option(help="The new report (.txt, .md).")],
    out: Annotated[Path, typer.Option(help="The spreadsheet to write: .xlsx or .csv.")],
) -> None:
    """Draft a gold set for a report; confirm its rows in a spreadsheet, then give that to run --gold."""
    from eval.drafting import draft, write_sheet
    from index.reading import read_report

    rows = draft(read_report(report))
    write_sheet(rows, out)
    typer.echo(f"{len(rows)} rows → {out}; edit them, put 是 into 确认 where one is right, then:")
    typer.echo(f"python -m eval run --gold {out} --report {report}")


@app.command("gaps")
def gaps_command(
    audit: Annotated[Path, typer.Option(help="Folder of the audit records.")],
    feedback: Annotated[Path | None, typer.Option(help="The votes of the page: votes against count too.")] = None,
    embedder: EmbedderOption = None,
    alike: Annotated[float | None, typer.Option(help="Cosine from which on two questions are alike.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
    most: Annotated[int, typer.Option(min=1, help="Groups shown at most; --csv gives all.")] = 30,
) -> None:
    """List what people asked that the report did not answer, alike questions together, the most frequent first."""
    from rich.console import Console

    from eval.gaps import ALIKE, find_gaps, read_dislikes, read_records
    from eval.report import gap_table, write_csv
    from index.embedding import load_embedder

    dislikes = read_dislikes(feedback, audit) if feedback else None
    gaps = find_gaps(read_records(audit), load_embedder(embedder), alike or ALIKE, dislikes)
    if csv:
        write_csv([gap.as_row() for gap in gaps.groups], sys.stdout)
        return
    Console().print(gap_table(gaps.groups[:most]))
    count = sum(gap.count for gap in gaps.groups)
    typer.echo(f"共 {gaps.asked} 次提问，没有答好的 {count} 次，归为 {len(gaps.groups)} 类")
    if gaps.unreadable:
        typer.echo(f"另有 {gaps.unreadable} 次没有留下文字；设 QINGWEN_AUDIT_TEXT=1 才留", err=True)


@app.command("mutations")
def mutations_command(
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    wrong: Annotated[bool, typer.Option(help="List the claims with a wrong verdict.")] = False,
) -> None:
    """Check claims made by rule from the reports themselves, changed ones and faithful ones."""
    from eval import mutating
    from qa.config import load_settings
    from qa.pipeline import load_parts

    result = mutating.run_mutations(load_parts(load_settings(index=index, embedder=embedder)))
    for mutation, given in result.wrong if wrong else ():
        typer.echo(f"{mutation.kind}: {mutation.claim} | {mutation.label}, called {given} | {mutation.original}")
    typer.echo(mutating.render(result))


@app.command("rewordings")
def rewordings_command(
    file: Annotated[
        Path, typer.Argument(help="Reports with what people ask and say of them: index/rewordings/….jsonl")
    ],
    begins: Annotated[str, typer.Option(help="Only reports whose name begins so.")] = "",
) -> None:
    """Ask and check what is said in other words about invented reports, each in an index of its own."""
    from eval.rewordings import measure, read_records
    from qa.config import load_settings

    typer.echo(measure(read_records(file, begins), load_settings(), track).render())


app.command("generation")(generation_command)


@app.command("reading")
def reading_command(
    file: Annotated[Path, typer.Argument(help="A reading set: JSON lines of paragraphs with their questions.")],
    embedder: EmbedderOption = None,
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
