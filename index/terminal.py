"""What the command lines of all areas share: a progress bar, what is said on stderr, and the outer door for errors."""

import logging
import sys
from collections.abc import Iterable, Sequence

import typer

from index.build import Step
from index.errors import QingwenError


def track(steps: Sequence[Step], label: str) -> Iterable[Step]:
    """Show the progress of long work on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import track as bar

    return bar(steps, label, console=Console(stderr=True), disable=not sys.stderr.isatty())


def run(app: typer.Typer) -> None:
    """Run a command line; a known error, or a file that cannot be used, is one line on stderr and exit status 2."""
    logging.basicConfig(format="%(message)s")
    for area in ("index", "qa"):
        logging.getLogger(area).setLevel(logging.INFO)  # loading or downloading a model takes a while: it is said
    try:
        app()
    except (QingwenError, OSError) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
