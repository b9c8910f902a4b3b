"""`copilot check`: all checks on a text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from copilot.cli.findings import show_findings
from copilot.cli.groups import Command
from copilot.cli.options import CHANNELS, FILE, FILE_OR_INPUT, brand_option, column_named, json_option, moment
from copilot.cli.terminal import FOUND, Terminal, complain, pass_terminal, worded
from copilot.domain.channels import Channel
from copilot.domain.legible import plain, plain_with_places
from copilot.errors import InvalidInput


@click.command(cls=Command)
@brand_option
@click.option("--channel", required=True, type=CHANNELS)
@click.option("--at", metavar="TIME", help="When it goes out; now by default.")
@click.option(
    "--column", metavar="COLUMN", help="The column it is for: its form, length and fixed phrases count."
)
@click.option(
    "--source", "sources", multiple=True, type=FILE, help="Ground on this file, not on the library."
)
@click.argument("file", type=FILE_OR_INPUT)
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    brand: str,
    channel: str,
    at: str | None,
    column: str | None,
    sources: tuple[Path, ...],
    file: Path,
    as_json: bool,
) -> int | None:
    r"""Check the text in FILE (- reads standard input) as the desk does.

    Exits with 1 when a finding blocks. --source may be given several times.

    Places are counted in characters of FILE as it stands. Control characters, which the desk takes out of what is
    typed, are looked past; where a finding quotes one, or a mark that turns a line round, it is printed as in JSON:
    \u001b.
    """
    home = terminal.brand(brand)
    given = text_of(file)
    text, places = plain_with_places(given)
    instant = moment(at, home.zone) if at is not None else None
    wanted = column_named(terminal, column, home.id) if column is not None else None
    if sources:
        from copilot.services.handlers import checked_json
        from copilot.services.sourcing import is_guessed

        files = [(path.name, path.read_bytes()) for path in sources]
        checked = terminal.services.checking.check_against(
            text, files, brand=home.id, channel=Channel(channel), at=instant, column=wanted
        )
        result = worded(checked_json(checked.findings, checked.claims), terminal.language)
        for name, data in files:
            if is_guessed(data):
                complain(terminal.word("cli.guessed", file=name))
    else:
        payload = {
            "brand": home.id,
            "channel": channel,
            "text": text,
            "at": instant.isoformat() if instant is not None else None,
            "column": column,
        }
        result = terminal.carry_out("check", payload, brand=home.id)
    for told, quoted in (("findings", "text"), ("claims", "sentence")):
        for one in result[told]:
            _place(one, quoted, given, places)
    if as_json:
        terminal.json(result)
    elif result["findings"]:
        show_findings(terminal, result["findings"])
    else:
        terminal.say("cli.nothing_found")
    return FOUND if any(finding["severity"] == "block" for finding in result["findings"]) else None


def _place(told: dict[str, Any], quoted: str, given: str, places: list[int]) -> None:
    """Puts a finding or claim where its words stand in the text as it was given, and quotes them from there."""
    if told["end"] > told["start"]:
        told["start"], told["end"] = places[told["start"]], places[told["end"] - 1] + 1
        told[quoted] = given[told["start"] : told["end"]]


def text_of(file: Path, *, field: str = "file") -> str:
    """The text exactly as it stands, so that offsets count the characters of the file."""
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput({field: "invalid.not_utf8"}) from None
    if not plain(text):
        raise InvalidInput({field: "invalid.empty_copy"})
    return text
