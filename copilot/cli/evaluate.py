"""`copilot eval`: measures what the product does, on data that others made."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from copilot.cli.groups import Group
from copilot.cli.options import FILE, FOLDER, Place, json_option, writing_to
from copilot.cli.terminal import FOUND, Terminal, complain, pass_terminal, progress
from copilot.domain.brands import Language
from copilot.domain.splitting import language_of
from copilot.errors import InvalidInput

if TYPE_CHECKING:
    from copilot.services.checkeval import CheckScore

_SAMPLE = 20_000  # Characters that tell in which language a corpus is written.


@click.group(cls=Group)
def command() -> None:
    """Measure the product."""


@command.command()
@click.argument("dataset", type=FOLDER)
@click.option(
    "--method",
    type=click.Choice(["fused", "dense", "keyword"]),
    default="fused",
    show_default=True,
    help="Which ranking is measured.",
)
@click.option("--run", "run", type=Place(dir_okay=False), help="Write the rankings here.")
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
            terminal.print(f"# {row['column']} {row['at']}")
            terminal.print(row["text"] or row["error"])
            for blocked in row["blocking"]:
                terminal.print(f"! {blocked}")
            terminal.print()
        terminal.rows(result.items())
    return None if result["passed"] == 1 else FOUND


def _of_brand(terminal: Terminal, slug: str, count: int, offline: bool, name: str) -> dict[str, Any]:
    try:
        home = terminal.brand(slug)
    except InvalidInput:
        raise InvalidInput({"target": "invalid.eval_target"}, value=slug) from None
    payload = {"brand": home.id, "count": count, "offline": offline, "name": name, "user": None}
    found: dict[str, Any] = terminal.carry_out("eval_drafts", payload, brand=home.id)
    return found


def _of_folder(terminal: Terminal, folder: Path, count: int, offline: bool) -> dict[str, Any]:
    from copilot.services.brandfolders import uploads
    from copilot.services.checkeval import read
    from copilot.services.drafteval import score_json, wishes

    listed = folder / "briefs.jsonl"
    wanted = wishes(read(listed, field="target")) if listed.exists() else []
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


@command.command()
@click.argument("file", type=FILE, required=False)
@json_option
@pass_terminal
def checks(terminal: Terminal, file: Path | None, as_json: bool) -> int | None:
    """Score the rules on labelled lines: {"id", "label": "violation" or "clean", "text"}.

    Without FILE it is the set that comes with the product. A line may also say which words are meant ("spans"), and
    how gravely they should be taken ("severity"). Exits with 1 where precision or recall is below .95, or cannot be
    told because the set lacks one kind of line.
    """
    from copilot.services.checkeval import score_checks

    return _tell(terminal, file, "checks", score_checks, as_json)


@command.command()
@click.argument("file", type=FILE, required=False)
@json_option
@pass_terminal
def claims(terminal: Terminal, file: Path | None, as_json: bool) -> int | None:
    """Score the claim ledger on copy that is true to its passages, and on copy altered in one thing.

    Without FILE it is the set that comes with the product. Lines hold "label" (faithful or altered), "at", "passages"
    and "copy". Exits with 1 where precision or recall is below .95, or cannot be told because the set lacks one
    kind of line.
    """
    from copilot.services.checkeval import score_claims

    return _tell(terminal, file, "claims", score_claims, as_json)


def _tell(
    terminal: Terminal, file: Path | None, name: str, score: Callable[..., CheckScore], as_json: bool
) -> int | None:
    from copilot.services.checkeval import read, score_json, shipped
    from copilot.services.labelled import LABELS

    found = score(read(file), file=file.name) if file is not None else score(shipped(name))
    result = score_json(found)
    if as_json:
        terminal.json(result)
    else:
        misses = result.pop("misses")
        kinds = result.pop("by_category")
        terminal.rows(
            (miss["label"], miss["category"], miss["id"], miss["text"], "; ".join(miss["said"]))
            for miss in misses
        )
        terminal.rows((kind, f"{caught}/{count}") for kind, (caught, count) in kinds.items())
        terminal.rows((figure, "–" if value is None else value) for figure, value in result.items())
    bad, sound = LABELS[name]
    given = file.name if file is not None else name
    if not found.violations:
        complain(terminal.word("cli.eval_no_bad", file=given, label=bad))
    if not found.clean:
        complain(terminal.word("cli.eval_no_sound", file=given, label=sound))
    return None if found.passes else FOUND
