"""`copilot eval`: measures what the product does, on data that others made."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from copilot.cli.groups import Group
from copilot.cli.options import json_option, writing_to
from copilot.cli.terminal import FOUND, Terminal, pass_terminal, progress
from copilot.domain.brands import Language
from copilot.domain.splitting import language_of

_SAMPLE = 20_000  # Characters that tell in which language a corpus is written.


@click.group(cls=Group)
def command() -> None:
    """Measure the product."""


@command.command()
@click.argument("dataset", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--method",
    type=click.Choice(["fused", "dense", "keyword"]),
    default="fused",
    show_default=True,
    help="Which ranking is measured.",
)
@click.option(
    "--run", "run", type=click.Path(dir_okay=False, path_type=Path), help="Write the rankings here."
)
@json_option
@pass_terminal
def retrieval(terminal: Terminal, dataset: Path, method: str, run: Path | None, as_json: bool) -> None:
    """Score retrieval on corpus.jsonl, queries.jsonl and qrels.tsv, in a scratch brand of its own folder."""
    from copilot.services.evaluating import Evaluating, load
    from copilot.services.retrieval import Method

    data = load(dataset)
    if run is not None:
        # Asked before the work, which takes a while.
        with writing_to(run, field="run"), run.open("a"):
            pass
    with tempfile.TemporaryDirectory(prefix="copilot-eval-") as folder:
        services = terminal.house.scratch(Path(folder))
        sample = "\n".join(data.corpus.values())[:_SAMPLE]
        brand = services.brands.create(
            slug="scratch", name="scratch", zone="UTC", language=str(language_of(sample))
        )
        evaluating = Evaluating(ingestion=services.ingestion, retrieval=services.retrieval)
        score = evaluating.retrieval(data, brand=brand, method=Method(method), progress=progress())
        services.parts.db.dispose()
    if run is not None:
        lines = (json.dumps({"qid": qid, "ranked": list(found)}) for qid, found in score.ranked.items())
        with writing_to(run, field="run"):
            run.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    result = {
        "ndcg@10": round(score.ndcg10, 4),
        "recall@5": round(score.recall5, 4),
        "mrr@10": round(score.mrr10, 4),
        "queries": score.queries,
        "seconds": round(score.seconds, 3),
    }
    if as_json:
        terminal.json(result)
    else:
        terminal.rows(result.items())


@command.command()
@click.argument("target")
@click.option(
    "--briefs", "count", type=click.IntRange(1, 200), default=20, show_default=True, help="How many."
)
@click.option("--offline", is_flag=True, help="Measure the composer, whatever model is configured.")
@click.option("--name", default="", help="What this run is called where it is kept: for a brand.")
@json_option
@pass_terminal
def drafts(
    terminal: Terminal, target: str, count: int, offline: bool, name: str, as_json: bool
) -> int | None:
    """Draft a set of briefs and score what comes.

    TARGET is a brand of the data folder, whose next slots are drafted and whose run is kept to be compared, or a
    folder like knowledge_base/<brand>, which is loaded into a scratch house. A briefs.jsonl in that folder, with
    {"column", "day", "instruction"} lines, says what to draft.
    """
    result = (
        _of_folder(terminal, Path(target), count, offline)
        if Path(target).is_dir()
        else _of_brand(terminal, target, count, offline, name)
    )
    if as_json:
        terminal.json(result)
    else:
        rows = result.pop("drafts")
        for row in rows:
            click.echo(f"# {row['column']} {row['at']}")
            click.echo(row["text"] or row["error"])
            for blocked in row["blocking"]:
                click.echo(f"! {blocked}")
            click.echo()
        terminal.rows(result.items())
    return None if result["passed"] == 1 else FOUND


def _of_brand(terminal: Terminal, slug: str, count: int, offline: bool, name: str) -> dict[str, Any]:
    home = terminal.brand(slug)
    payload = {"brand": home.id, "count": count, "offline": offline, "name": name, "user": None}
    found: dict[str, Any] = terminal.carry_out("eval_drafts", payload, brand=home.id)
    return found


def _of_folder(terminal: Terminal, folder: Path, count: int, offline: bool) -> dict[str, Any]:
    from copilot.services.brandfolders import uploads
    from copilot.services.drafteval import score_json, wishes

    listed = folder / "briefs.jsonl"
    wanted = wishes(listed.read_text(encoding="utf-8")) if listed.exists() else []
    with tempfile.TemporaryDirectory(prefix="copilot-eval-") as scratch:
        services = terminal.house.scratch(Path(scratch))
        brand = services.folders.load(folder)
        home = next(row for row in services.brands.all() if row.id == brand)
        today = services.parts.clock().astimezone(ZoneInfo(home.zone)).date()
        services.ingestion.add_all(
            uploads(folder, today=today, language=Language(home.language)), brand=brand, actor=None
        )
        briefs = services.drafteval.briefs(brand=brand, count=len(wanted) or count, wanted=wanted)
        score = services.drafteval.run(briefs, offline=offline, progress=progress())
        services.parts.db.dispose()
    return score_json(score)
