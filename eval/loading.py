"""How a running server bears many users: python -m eval.loading http://127.0.0.1:7860 --users 50 --seconds 120

Every user asks, reads the whole answer, and asks the next question at once; a user who is turned away waits as long as
Retry-After says. The server must be told not to slow one client down: python ui.py --pace 1000000/minute.
"""

import asyncio
import itertools
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import httpx2 as httpx
import typer

QUESTIONS = Path(__file__).parent / "gold" / "qingdao-2021" / "questions.jsonl"


@dataclass
class Load:
    """What came back: seconds of every answered question, and how many responses of each status."""

    seconds: list[float] = field(default_factory=lambda: [])
    statuses: Counter[str] = field(default_factory=lambda: Counter())

    def summary(self, took: float) -> dict[str, object]:
        """Give answers a second, median and 95th percentile in seconds, and the counts by status."""
        ordered = sorted(self.seconds)
        return {
            "answers_per_s": round(len(ordered) / took, 1),
            "p50_s": round(statistics.median(ordered), 3) if ordered else None,
            "p95_s": round(ordered[int(0.95 * (len(ordered) - 1))], 3) if ordered else None,
            "max_s": round(ordered[-1], 3) if ordered else None,
            "statuses": dict(sorted(self.statuses.items())),
        }


async def bear(url: str, questions: Sequence[str], users: int, seconds: float) -> Load:
    """Let so many users ask over HTTP at once for so many seconds."""
    load = Load()
    until = time.perf_counter() + seconds

    async def use(client: httpx.AsyncClient, number: int) -> None:
        order = random.Random(number).sample(list(questions), len(questions))
        for question in itertools.cycle(order):
            began = time.perf_counter()
            if began >= until:
                return
            try:
                reply = await client.post(f"{url}/v1/ask", json={"question": question})
            except httpx.HTTPError as error:
                load.statuses[type(error).__name__] += 1
                continue
            load.statuses[str(reply.status_code)] += 1
            if reply.status_code == 200:
                load.seconds.append(time.perf_counter() - began)
            else:
                await asyncio.sleep(float(reply.headers.get("retry-after", "1")))

    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:
        await asyncio.gather(*(use(client, number) for number in range(users)))
    return load


def resident(url: str) -> int:
    """Bytes of memory that the server holds, by its own metrics."""
    lines = httpx.get(f"{url}/metrics", trust_env=False).text.splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith("process_resident_memory_bytes "))))


def main(
    url: Annotated[str, typer.Argument(help="Address of a running server.")],
    users: Annotated[int, typer.Option(help="Users at once.")] = 50,
    seconds: Annotated[float, typer.Option(help="How long they ask.")] = 120,
    questions: Annotated[Path, typer.Option(help='Lines {"question"}.')] = QUESTIONS,
) -> None:
    """Let many users ask at once, and print what came back as JSON."""
    asked = [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]
    before = resident(url)
    load = asyncio.run(bear(url, asked, users, seconds))
    grown = (resident(url) - before) / 1e6
    typer.echo(json.dumps({"users": users, **load.summary(seconds), "memory_grown_mb": round(grown, 1)}))


if __name__ == "__main__":
    typer.run(main)
