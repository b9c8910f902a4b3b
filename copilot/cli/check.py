"""`copilot check`: all checks on a text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from copilot.cli.findings import show_findings
from copilot.cli.groups import Command
from copilot.cli.options import CHANNELS, brand_option, json_option, moment
from copilot.cli.terminal import FOUND, Terminal, pass_terminal, worded
from copilot.domain.channels import Channel
from copilot.errors import InvalidInput

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=Command)
@brand_option
@click.option("--channel", required=True, type=CHANNELS)
@click.option("--at", metavar="TIME", help="When it goes out; now by default.")
@click.option(
    "--column", metavar="COLUMN", help="The column it is for: its form, length and fixed phrases count."
)
@click.option(
    "--source", "sources", multiple=True, type=_FILES, help="Ground on this file, not on the library."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
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
    """Check the text in FILE (- reads standard input) as the desk does.

    Exits with 1 when a finding blocks. --source may be given several times.
    """
    home = terminal.brand(brand)
    text = text_of(file)
    instant = moment(at, home.zone) if at is not None else None
    if sources:
        from copilot.services.handlers import checked_json

        wanted = terminal.services.planning.column(column, brand=home.id) if column else None
        files = [(path.name, path.read_bytes()) for path in sources]
        checked = terminal.services.checking.check_against(
            text, files, brand=home.id, channel=Channel(channel), at=instant, column=wanted
        )
        result = worded(checked_json(checked.findings, checked.claims), terminal.language)
    else:
        payload = {
            "brand": home.id,
            "channel": channel,
            "text": text,
            "at": instant.isoformat() if instant is not None else None,
            "column": column,
        }
        result = terminal.carry_out("check", payload, brand=home.id)
    if as_json:
        terminal.json(result)
    elif result["findings"]:
        show_findings(terminal, result["findings"])
    else:
        terminal.say("cli.nothing_found")
    return FOUND if any(finding["severity"] == "block" for finding in result["findings"]) else None


def text_of(file: Path) -> str:
    """The text exactly as it stands, so that offsets count the characters of the file."""
    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput({"file": "invalid.not_utf8"}) from None
    if not text.strip():
        raise InvalidInput({"file": "invalid.empty_copy"})
    return text
