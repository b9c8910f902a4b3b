"""The command `copilot` itself: what it offers, and in which language it answers."""

from __future__ import annotations

import click

from copilot import __version__
from copilot.cli.groups import LazyGroup
from copilot.cli.house import House
from copilot.cli.terminal import Terminal, environment_language

NOUNS = {
    "serve": ("copilot.cli.serve", "Start the web server, with the jobs and the sending beside it."),
    "db": ("copilot.cli.db", "The database: upgrade."),
    "demo": ("copilot.cli.demo", "The sample brands: load."),
    "brand": ("copilot.cli.brand", "Brands: create, list, export, import."),
    "person": ("copilot.cli.person", "People who sign in: add."),
    "column": ("copilot.cli.column", "A brand's columns: list, add, templates."),
    "voice": ("copilot.cli.voice", "A brand's voice: show."),
    "rules": ("copilot.cli.rules", "Which rules hold: list, show, switch, set, import, export."),
    "kb": ("copilot.cli.kb", "The library: add, sync, list, show, search, retire, delete, facts and more."),
    "copy": ("copilot.cli.copylibrary", "The copy library: list, search, add, approve, retire, restore."),
    "draft": ("copilot.cli.draft", "Write one draft from the library, checked and traced."),
    "occasions": ("copilot.cli.occasions", "Featured columns, quiet days and main lines: list, line."),
    "translate": ("copilot.cli.translate", "Tell a post again in other positions."),
    "script": ("copilot.cli.script", "Write what staff say in the minutes after a post."),
    "week": ("copilot.cli.week", "Draft all slots of a week."),
    "reply": ("copilot.cli.reply", "Answer a member's question from the library, or keep it as a gap."),
    "check": ("copilot.cli.check", "Check a text as the desk does."),
    "review": (
        "copilot.cli.review",
        "The gate: list, findings, waive, take-back, submit, approve, request-changes, withdraw.",
    ),
    "schedule": ("copilot.cli.schedule", "Schedule an approved post."),
    "deliver": ("copilot.cli.deliver", "Send what is due."),
    "model": ("copilot.cli.model", "The model: try it, what it cost, presets of well-known services."),
    "eval": ("copilot.cli.evaluate", "Measure: retrieval, drafts, checks, claims."),
}


@click.group(
    cls=LazyGroup,
    nouns=NOUNS,
    context_settings={"help_option_names": ["-h", "--help"]},
    # So that a call with options alone shows what there is, in place of a complaint in click's words.
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    no_args_is_help=True,
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), help="Language of messages; the locale's by default."
)
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def root(ctx: click.Context, lang: str | None) -> None:
    """Content Copilot: from a brand's own materials to copy that people can trust.

    Data lives in COPILOT_DATA_DIR (instance/ by default). Exit codes: 0 done, 1 found something or
    partly failed, 2 wrong usage or input, 3 an outside service failed.
    """
    house: House = ctx.obj
    ctx.obj = Terminal(house, lang or environment_language())
    if ctx.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(ctx)
