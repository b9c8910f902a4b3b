"""`copilot reply`: a member's question, answered from the library or kept as a gap."""

from __future__ import annotations

import click

from copilot.cli.findings import show_findings
from copilot.cli.groups import Command
from copilot.cli.options import brand_option, json_option
from copilot.cli.people import writer
from copilot.cli.terminal import DONE, FOUND, OUTSIDE, Terminal, complain, pass_terminal


@click.command(cls=Command)
@brand_option
@click.argument("question")
@click.option("--as", "login", metavar="LOGIN", help="Who asks for it; a copywriter of the brand by default.")
@json_option
@pass_terminal
def command(terminal: Terminal, brand: str, question: str, login: str | None, as_json: bool) -> int:
    """Answer one member's question from what the library holds now, each sentence with its source.

    A question that nothing answers is kept as a gap. Exit codes: 0 answered, 1 no material covers it,
    2 wrong input, 3 the model failed and the offline answer stands in.
    """
    home = terminal.brand(brand)
    payload = {
        "brand": home.id,
        "user": writer(terminal, login, brand=home.id).id,
        "question": question,
    }
    reply = terminal.carry_out("reply", payload, brand=home.id)
    failed = reply.pop("failed")
    if as_json:
        terminal.json(reply)
    elif reply["text"]:
        terminal.print(reply["text"])
        terminal.print()
        show_findings(terminal, reply["findings"])
    else:
        terminal.say("cli.reply_open", question=reply["question"])
        terminal.rows((source["title"], source["text"]) for source in reply["nearest"])
    if reply["fell_back"]:
        complain(terminal.word("cli.reply_fell_back", reason=reply["fell_back"]))
    return OUTSIDE if failed else DONE if reply["text"] else FOUND
