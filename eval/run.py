"""One run: every item of a gold set asked, one time-stamped folder of results.

settings.json    what was asked of what: gold set, index generation, models, versions
records.jsonl    a line an item, in the order of the gold set: what was wanted and what came back
summary.json     all figures but those of time; two runs of the same program write the same bytes
speed.json       the figures of time, in milliseconds
report.html      all of it for people (report.py)
"""

import json
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from platform import python_version
from typing import Any

from eval.errors import RunError
from eval.formats import as_report
from eval.gold import GoldAttack, GoldClaim, GoldDialogue, GoldQuestion, GoldSet, Span
from eval.intervals import quantile_interval
from eval.scoring import DEPTH, Part, Record, summarise
from index.build import Track, build_reports, untracked
from index.embedding import load_embedder
from index.passage import Passage, Report
from qa.answer import Answer
from qa.config import Settings
from qa.conversation import Conversation
from qa.pipeline import load_parts, stream

SETTINGS, RECORDS, SUMMARY, SPEED, REPORT = (
    "settings.json",
    "records.jsonl",
    "summary.json",
    "speed.json",
    "report.html",
)
_LIBRARIES = ("qingwen", "bm25s", "faiss-cpu", "numpy", "tokenizers", "torch", "transformers", "sentence-transformers")
_DOCUMENTS_DEEP = 200  # passages retrieved where whole documents are ranked

Unit = GoldQuestion | GoldDialogue | GoldClaim | GoldAttack


class Bench:
    """Asks the items of a gold set of one index."""

    def __init__(self, settings: Settings, passages_given: bool = False) -> None:
        self.parts = load_parts(settings)
        self.passages_given = passages_given

    def take(self, unit: Unit) -> list[Record]:
        """Ask one item, or the turns of a dialogue in order; a record each."""
        if isinstance(unit, GoldQuestion):
            if self.passages_given and unit.passages:
                return [_given(unit, self.parts.settings)]
            return [self._asked(Part.QUESTION, unit, Conversation())[0]]
        if isinstance(unit, GoldDialogue):
            records: list[Record] = []
            talk = Conversation()
            for number, turn in enumerate(unit.turns, 1):
                record, answer = self._asked(Part.TURN, turn, talk, unit.id, number)
                records.append(record)
                talk = talk.after(answer) if answer else talk
            return records
        if isinstance(unit, GoldClaim):
            began = time.perf_counter()
            verdict = self.parts.checker.check_claim(unit.claim)
            took = round((time.perf_counter() - began) * 1000, 2)
            return [Record(unit.id, Part.CLAIM, asdict(unit), verdict.as_json(), timings_ms={"total": took})]
        *_, answer = stream(unit.text, self.parts)
        return [Record(unit.id, Part.ATTACK, asdict(unit), self._reply(answer), timings_ms=answer.timings_ms)]

    def _asked(
        self, part: Part, gold: GoldQuestion, talk: Conversation, group: str = "", turn: int = 0
    ) -> tuple[Record, Answer | None]:
        if not gold.judges_answer:
            return self._record(part, gold, gold.question, {}, group, turn, {}), None
        answers = list(stream(gold.question, self.parts, talk))
        timings = {**answers[-1].timings_ms, "first": answers[0].timings_ms["total"]}
        # The retriever alone: a question as it was typed, a turn as the conversation wrote it out.
        query = gold.question if part is Part.QUESTION else answers[-1].standalone_question
        return self._record(part, gold, query, self._reply(answers[-1]), group, turn, timings), answers[-1]

    def _record(
        self,
        part: Part,
        gold: GoldQuestion,
        query: str,
        reply: dict[str, Any],
        group: str,
        turn: int,
        timings: dict[str, float],
    ) -> Record:
        relevant = dict(gold.relevant) or self._passages_with(gold)
        ranking = self._ranking(query, documents=bool(gold.relevant)) if relevant else ()
        fields = {name: value for name, value in asdict(gold).items() if name != "passages"}
        return Record(gold.id, part, fields, reply, ranking, relevant, group, turn, timings)

    def _reply(self, answer: Answer) -> dict[str, Any]:
        """An Answer as JSON, timings left out, and whether each quotation is what its document says there."""
        fields = answer.as_json()
        del fields["timings_ms"]
        for citation in fields["citations"]:
            text = self.parts.index.report(citation["document"]).text
            citation["exact"] = text[citation["start"] : citation["end"]] == citation["quote"]
        return fields

    def _ranking(self, question: str, documents: bool) -> tuple[str, ...]:
        hits = self.parts.retriever.retrieve(question, _DOCUMENTS_DEEP if documents else DEPTH)
        hits = self.parts.reranker.rerank(question, hits) if self.parts.reranker else hits
        names = (hit.passage.document if documents else hit.passage.passage_id for hit in hits)
        return tuple(dict.fromkeys(names))[:DEPTH]

    def _passages_with(self, gold: GoldQuestion) -> dict[str, int]:
        places = [place for evidence in gold.evidence for place in evidence.places]
        return {
            passage.passage_id: 1
            for document in dict.fromkeys(place.document for place in places)
            for passage in self._passages.get(document, [])
            if any(place.overlaps(Span(document, passage.start, passage.end)) for place in places)
        }

    @cached_property
    def _passages(self) -> dict[str, list[Passage]]:
        inside: dict[str, list[Passage]] = {}
        for passage in map(self.parts.index.passage, range(len(self.parts.index))):
            inside.setdefault(passage.document, []).append(passage)
        return inside


@contextmanager
def index_of(reports: Sequence[Report], settings: Settings, track: Track = untracked) -> Generator[Settings]:
    """Index reports in a temporary folder; gives the settings that name it. Without reports the settings stand."""
    if not reports:
        yield settings
        return
    with tempfile.TemporaryDirectory() as folder:
        build_reports(reports, Path(folder), load_embedder(settings.embedder), track)
        yield settings.model_copy(update={"index": Path(folder)})


def run_gold(
    gold: GoldSet,
    settings: Settings,
    out: Path,
    passages_given: bool = False,
    workers: int = 1,
    resume: bool = False,
    track: Track = untracked,
) -> Path:
    """Ask a whole gold set and write the folder of results under `out`; returns it.

    With more than one worker the items are shared out to as many processes; the results are the same. `resume` goes
    on with the newest unfinished run of the same settings where there is one.

    Raises:
        GoldError: evidence that stands in no document of the index, or claims without their place.
    """
    began = time.perf_counter()
    bench = Bench(settings, passages_given)
    loaded = time.perf_counter() - began
    if any(not e.places for item in _with_evidence(gold) for e in item.evidence):
        gold = gold.located({name: bench.parts.index.report(name).text for name in bench.parts.index.document_names})
    about = _about(gold, bench)
    folder = _unfinished(out, about) if resume else None
    folder = folder or _new_folder(out, about)
    units: list[Unit] = [*gold.questions, *gold.dialogues, *gold.claims, *gold.attacks]
    done = _drop_half(folder / RECORDS, units)
    with (folder / RECORDS).open("a", encoding="utf-8") as lines:
        for records in _taken(units[done:], bench, workers, track):
            for record in records:
                lines.write(json.dumps(record.as_json(), ensure_ascii=False) + "\n")
            lines.flush()
    records = read_records(folder)
    _write_json(folder / SUMMARY, {"gold": gold.name, "gold_sha256": gold.digest, **summarise(records)})
    _write_json(folder / SPEED, _speed(records, loaded))
    return folder


def find_run(path: Path) -> Path:
    """Give a finished run: the folder itself, or the newest of the runs in it.

    Raises:
        RunError: there is none.
    """
    runs = [path] if (path / SUMMARY).is_file() else sorted(summary.parent for summary in path.glob(f"*/{SUMMARY}"))
    if not runs:
        raise RunError(f"no finished run in {path}; make one with python -m eval run --out {path}")
    return runs[-1]


def read_json(run: Path, name: str) -> dict[str, Any]:
    """Read one of the files of a run."""
    return json.loads((run / name).read_text(encoding="utf-8"))


def read_records(run: Path) -> list[Record]:
    """Read the records of a run."""
    with (run / RECORDS).open(encoding="utf-8", newline="\n") as lines:
        return [Record.from_json(json.loads(line)) for line in lines]


_bench: list[Bench] = []  # of a worker process: its own, opened once


def _open(settings: Settings, passages_given: bool) -> None:
    _bench.append(Bench(settings, passages_given))


def _take(unit: Unit) -> list[Record]:
    return _bench[0].take(unit)


def _taken(units: Sequence[Unit], bench: Bench, workers: int, track: Track) -> Iterator[list[Record]]:
    label = "提问 asking"
    if workers == 1:
        yield from map(bench.take, track(units, label))
        return
    # Fresh processes: a fork of one that has threads may hang.
    settings = (bench.parts.settings, bench.passages_given)
    with ProcessPoolExecutor(workers, get_context("spawn"), _open, settings) as pool:
        yield from (records for _, records in zip(track(units, label), pool.map(_take, units), strict=True))


def _given(question: GoldQuestion, settings: Settings) -> Record:
    """Ask a question of the passages that come with it, and nothing else."""
    reports = [as_report(f"p{number}", "", text) for number, text in enumerate(question.passages)]
    with index_of(reports, settings) as own:
        return Bench(own).take(question)[0]


def _with_evidence(gold: GoldSet) -> Iterable[GoldQuestion | GoldClaim]:
    turns = (turn for dialogue in gold.dialogues for turn in dialogue.turns)
    return (*gold.questions, *turns, *gold.claims)


def _about(gold: GoldSet, bench: Bench) -> dict[str, Any]:
    parts = bench.parts
    return {
        "gold": gold.name,
        "gold_sha256": gold.digest,
        "passages_given": bench.passages_given,
        "index": parts.index.generation,
        "documents": len(parts.index.document_names),
        "passages": len(parts.index),
        "embedder": f"{parts.retriever.embedder.name} {parts.retriever.embedder.digest[:12]}",
        "reranker": parts.settings.reranker,
        "answerer": parts.settings.answerer or parts.answerer.name,
        "fallback": parts.settings.fallback,
        "retrieve_k": parts.settings.retrieve_k,
        "python": python_version(),
        "versions": {name: version(name) for name in _LIBRARIES},
    }


def _new_folder(out: Path, about: Mapping[str, Any]) -> Path:
    stamp = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    name, number = stamp, 1
    while (out / name).exists():
        number += 1
        name = f"{stamp}-{number}"
    (out / name).mkdir(parents=True)
    _write_json(out / name / SETTINGS, about)
    return out / name


def _unfinished(out: Path, about: Mapping[str, Any]) -> Path | None:
    for settings in sorted(out.glob(f"*/{SETTINGS}"), reverse=True):
        if not (settings.parent / SUMMARY).exists() and read_json(settings.parent, SETTINGS) == about:
            return settings.parent
    return None


def _drop_half(path: Path, units: Sequence[Unit]) -> int:
    """Count the units that a broken off run had finished, and cut off what stands behind the last of them."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    kept = done = 0
    for unit in units:
        size = len(unit.turns) if isinstance(unit, GoldDialogue) else 1
        if kept + size > len(lines):
            break
        kept, done = kept + size, done + 1
    path.write_bytes(b"".join(line + b"\n" for line in lines[:kept]))
    return done


def _speed(records: Sequence[Record], loaded: float) -> dict[str, Any]:
    def quantiles(values: list[float]) -> dict[str, dict[str, float]]:
        named = {name: quantile_interval(values, share) for name, share in (("p50", 0.5), ("p95", 0.95))}
        return {name: dict(zip(("value", "low", "high"), found, strict=True)) for name, found in named.items()}

    asked = [r.timings_ms for r in records if r.part in (Part.QUESTION, Part.TURN) and "total" in r.timings_ms]
    checked = [r.timings_ms["total"] for r in records if r.part is Part.CLAIM]
    speed: dict[str, Any] = {"loading_s": round(loaded, 3)}
    if asked:
        speed["cold_first_answer_ms"] = round(loaded * 1000 + asked[0]["first"], 1)
        speed["first_answer_ms"] = quantiles([timings["first"] for timings in asked])
        speed["answer_ms"] = quantiles([timings["total"] for timings in asked])
    if checked:
        speed["claim_ms"] = quantiles(checked)
    return speed


def _write_json(path: Path, fields: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
