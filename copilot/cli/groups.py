"""Commands that report our errors in one line, and a group that imports a noun when it is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from copilot.cli.terminal import DONE, FOUND, Terminal, complain, environment_language, tell, tell_usage
from copilot.errors import CopilotError


class Command(click.Command):
    """What the function returns is the exit code; None is 0."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CopilotError as error:
            return tell(error, self, ctx.ensure_object(Terminal).language)


class Group(click.Group):
    command_class = Command


class LazyGroup(click.Group):
    """Knows its commands by name and one line of help, so that `--help` imports none of them."""

    def __init__(self, *args: Any, nouns: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._nouns = nouns

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._nouns)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._nouns:
            return None
        module, _ = self._nouns[cmd_name]
        command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._nouns.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Ends the process with the code that the command returned; every failure is one line on stderr."""
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
        except click.Abort:
            sys.exit(130)
        except click.ClickException as error:
            sys.exit(tell_usage(error, _language(error)))
        except Exception as error:
            self.broke(error)
            sys.exit(FOUND)
        sys.exit(code if isinstance(code, int) else DONE)

    def broke(self, error: Exception) -> None:
        """A fault of ours. The traceback is for whoever asks for it with COPILOT_DEBUG=1."""
        import os
        import traceback

        if os.environ.get("COPILOT_DEBUG"):
            traceback.print_exception(error)
        complain(f"{_unexpected()} ({type(error).__name__}: {error})")


def _language(error: click.ClickException) -> str:
    """What `--lang` said before the mistake, else the environment."""
    ctx = getattr(error, "ctx", None)
    chosen = ctx.find_root().params.get("lang") if ctx is not None else None
    return chosen or environment_language()


def _unexpected() -> str:
    from copilot.domain.messages import Message
    from copilot.wording import word

    return word(Message("error.unexpected"), environment_language())
