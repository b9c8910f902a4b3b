"""Commands that report our errors in one line, and a group that imports a noun when it is used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import click

from copilot.cli.terminal import (
    DONE,
    FOUND,
    Terminal,
    TooMany,
    complain,
    environment_language,
    tell,
    tell_usage,
)
from copilot.domain.messages import Message
from copilot.errors import CopilotError
from copilot.wording import word


class _Located(click.Command):
    """An option used wrongly is told with its command: click does not say, and that knows the language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise


class Command(_Located):
    """What the function returns is the exit code; None is 0."""

    # Else click tells of them in words of its own.
    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            raise TooMany(extra, ctx)
        return extra

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CopilotError as error:
            return tell(error, self, ctx.ensure_object(Terminal).language)


class Group(_Located, click.Group):
    command_class = Command


class LazyGroup(_Located, click.Group):
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

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click has its own way with these.
        except Exception as error:
            terminal = ctx.find_object(Terminal)
            self.broke(error, terminal.language if terminal is not None else environment_language())
            return FOUND

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
            self.broke(error, environment_language())
            sys.exit(FOUND)
        sys.exit(code if isinstance(code, int) else DONE)

    def broke(self, error: Exception, language: str) -> None:
        """A fault of ours. The traceback is for whoever asks for it with COPILOT_DEBUG=1."""
        import os
        import traceback

        if os.environ.get("COPILOT_DEBUG"):
            traceback.print_exception(error)
        said = word(Message("error.unexpected"), language)
        complain(f"{said} ({type(error).__name__}: {error})")


def _language(error: click.ClickException) -> str:
    """What `--lang` said before the mistake, else the environment."""
    ctx = getattr(error, "ctx", None)
    chosen = ctx.find_root().params.get("lang") if ctx is not None else None
    return chosen or environment_language()
