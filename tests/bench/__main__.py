"""Measures, prints one table, and exits with 1 when a figure is over its limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import click

from tests.bench import checking, intake, library, streaming, stub, weeks
from tests.bench.figures import Figure, median, table
from tests.bench.folder import BRAND, prepared
from tests.bench.server import COPILOT, serving

_HELPS, _HELP_LIMIT = 10, 0.4
_STARTS, _START_LIMIT = 3, 6.0
_COMPOSER_LIMIT = 1.0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def main(as_json: bool) -> None:
    """How fast the product is on this machine, against its limits."""
    _forget_settings()
    before, began = os.getloadavg(), time.monotonic()
    figures = _measured()
    after, seconds = os.getloadavg(), time.monotonic() - began
    if as_json:
        click.echo(
            json.dumps(
                {
                    "figures": [{**asdict(figure), "over": figure.over} for figure in figures],
                    "load": {"before": before, "after": after},
                    "seconds": seconds,
                }
            )
        )
    else:
        click.echo(table(figures))
        click.echo(
            f"\nload {before[0]:.1f} before, {after[0]:.1f} after, on {os.cpu_count()} cores; {seconds:.0f} s"
        )
    sys.exit(any(figure.over for figure in figures))


def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="copilot-bench-") as temporary:
        folder = Path(temporary) / "data"
        _say("copilot --help")
        helps = [_help() for _ in range(_HELPS)]
        _say("all checks of a post")
        suites = checking.suite_figures()
        _say("sample brands and the offline composer")
        ready = prepared(folder)
        with stub.running(tokens=1) as service:
            settings = streaming.settings(service)
            starts: list[float] = []
            for _ in range(_STARTS - 1):
                _say("copilot serve")
                with serving(folder, settings) as server:
                    starts.append(server.seconds)
            _say("copilot serve")
            with serving(folder, settings) as server:
                starts.append(server.seconds)
                _say("drafts through the pages and through the bare client")
                streams = streaming.measured(server, service, ready.post)
                _say("twenty writers at once")
                live = checking.live_figures(server, f"/b/{BRAND}/posts/{ready.post}")
            _say("a week in one job")
            week = weeks.measured(folder, service)
        # Last, because all else would have to share the machine with it.
        _say("materials taken in")
        taken = intake.measured(folder, Path(temporary) / "intake")
        _say("a large library")
        searches = library.measured(folder, Path(temporary) / "large")
    return [
        *streams,
        *week,
        *suites,
        *live,
        median("composer, from passages to checked copy", ready.composer_seconds, "s", _COMPOSER_LIMIT),
        median("copilot --help", helps, "s", _HELP_LIMIT),
        median("copilot serve, to the first answer", starts, "s", _START_LIMIT),
        *taken,
        *searches,
    ]


def _help() -> float:
    began = time.monotonic()
    subprocess.run([COPILOT, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _forget_settings() -> None:
    """A developer's own settings, keys and proxies stay out of it, here and in every process that follows."""
    for name in [*os.environ]:
        if name.startswith(("COPILOT_", "OPENAI_")) or name.lower().endswith("_proxy"):
            del os.environ[name]


def _say(doing: str) -> None:
    click.echo(f"{doing} …", err=True)


if __name__ == "__main__":
    main()
