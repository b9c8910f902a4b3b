"""`copilot eval`: measures what the product does, on data that others made."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from copilot.cli.groups import Group
from copilot.cli.options import json_option, writing_to
from copilot.cli.terminal import Terminal, pass_terminal, progress
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
