"""The person at the terminal: in which language they read, and how results and errors reach them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from copilot import wording
from copilot.cli.house import House
from copilot.domain.legible import spelled
from copilot.domain.messages import Message
from copilot.errors import CopilotError, ExternalError, InvalidInput, NotFound

if TYPE_CHECKING:
    from copilot.ports import Progress
    from copilot.services.house import Services
    from copilot.services.queries.rows import BrandRow

DONE, FOUND, WRONG, OUTSIDE = 0, 1, 2, 3
"""Exit codes: done, found something or partly failed, wrong usage or input, an outside service failed."""

_FORM = "error.invalid_input"


@dataclass(frozen=True)
class Terminal:
    house: House
    language: str

    @property
    def services(self) -> Services:
        return self.house.services

    def brand(self, slug: str, *, field: str = "brand") -> BrandRow:
        """InvalidInput for a slug that is none: whoever has the data folder may see every brand in it."""
        try:
            return self.services.brands.by_slug(slug)
        except NotFound:
            raise InvalidInput({field: "invalid.unknown_brand"}, value=slug) from None

    def carry_out(self, kind: str, payload: Mapping[str, Any], *, brand: int | None) -> Any:
        """The result of work that needs the index, with every message in it worded."""
        result = self.services.carry_out(kind, payload, brand=brand, progress=progress())
        return worded(result, self.language)

    def word(self, message: str, **params: Any) -> str:
        return wording.word(Message(message, params), self.language)

    def say(self, message: str, **params: Any) -> None:
        self.print(self.word(message, **params))

    def print(self, text: str = "") -> None:
        """A text as it stands, but for what would steer the terminal: copy comes from files, people and models."""
        click.echo(spelled(text))

    def json(self, value: Any) -> None:
        # A string may hold anything; a document that spells it is the same document.
        self.print(json.dumps(value, ensure_ascii=False, default=str))

    def rows(self, rows: Iterable[Sequence[object]]) -> None:
        """A plain table: one line a row, cells apart by tabs, so that `cut` and eyes can both read it."""
        for row in rows:
            self.print("\t".join(" ".join(str(cell).split()) for cell in row))


pass_terminal = click.make_pass_decorator(Terminal)


def environment_language() -> str:
    """The language of the locale that the environment names, in the order in which POSIX reads it."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return wording.language(next((value for name in names if (value := os.environ.get(name))), "en"))


def worded(value: Any, language: str) -> Any:
    """A result as plain JSON in which every message, an id with its params, became a sentence."""
    if isinstance(value, dict):
        if value.keys() == {"id", "params"}:
            return sentence(value["id"], value["params"], language)
        return {key: worded(one, language) for key, one in value.items()}
    if isinstance(value, list):
        return [worded(one, language) for one in value]
    return value


def sentence(message: str, params: Mapping[str, Any], language: str) -> str:
    """The words of a message; a form with faults says what is wrong with each field."""
    if message == _FORM and params.get("fields"):
        return " ".join(wording.word(Message(fault, params), language) for fault in params["fields"].values())
    return wording.word(Message(message, params), language)


def tell(error: CopilotError, command: click.Command, language: str) -> int:
    """Writes one line about the error to stderr and returns the exit code that it calls for."""
    fields: Mapping[str, str] = error.params.get("fields", {}) if error.message_id == _FORM else {}
    if fields:
        said = " ".join(
            f"{_option(command, field)}: {wording.word(Message(fault, error.params), language)}"
            for field, fault in fields.items()
        )
    else:
        said = wording.word(Message(error.message_id, error.params), language)
    complain(said)
    return OUTSIDE if isinstance(error, ExternalError) or getattr(error, "external", False) else WRONG


class Misplaced(click.BadParameter):
    """A path at which there is not what a command needs; `fault` is the message that says so."""

    def __init__(self, fault: str, value: str) -> None:
        super().__init__(f"{fault}: {value}")
        self.fault = fault
        self.value = value


class TooMany(click.UsageError):
    """More was typed than the command takes."""

    def __init__(self, extra: Sequence[str], ctx: click.Context) -> None:
        super().__init__(" ".join(extra), ctx)
        self.extra = tuple(extra)


def tell_usage(error: click.ClickException, language: str) -> int:
    """The same for what click itself found wrong with the call."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        complain(_word("cli.missing", language, name=_name(error.param)))
    elif isinstance(error, click.BadParameter) and error.param is not None:
        complain(_bad_value(error, error.param, language))
    elif isinstance(error, TooMany):
        complain(_word("cli.too_many", language, extra=" ".join(error.extra)))
    elif isinstance(error, click.BadOptionUsage):
        complain(_bad_use(error, language))
    elif isinstance(error, click.NoSuchOption):
        complain(_word("cli.no_option", language, name=error.option_name))
    elif isinstance(error, click.exceptions.NoSuchCommand):
        complain(_word("cli.no_command", language, name=error.command_name))
    else:
        complain(error.format_message())
    return WRONG


def complain(said: str) -> None:
    click.echo(spelled(" ".join(said.split())), err=True)


def progress() -> Progress | None:
    """Counts on stderr while a person watches; silence where stderr is a file or another program."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r{done}/{total}", err=True, nl=done == total)

    return show


def _bad_value(error: click.BadParameter, param: click.Parameter, language: str) -> str:
    name, kind = _name(param), param.type
    if isinstance(error, Misplaced):
        return f"{name}: {_word(error.fault, language, value=error.value)}"
    if isinstance(kind, click.Choice):
        choices = ", ".join(str(choice) for choice in kind.choices)
        return _word("cli.not_one_of", language, name=name, choices=choices)
    if isinstance(kind, click.IntRange):
        return _word("cli.not_within", language, name=name, least=kind.min, most=kind.max)
    if isinstance(kind, click.types.IntParamType):
        return _word("cli.no_number", language, name=name)
    return _word("cli.bad_value", language, name=name, detail=error.message)


def _bad_use(error: click.BadOptionUsage, language: str) -> str:
    """An option without the value that it takes, or with one although it takes none."""
    ctx, name = error.ctx, error.option_name
    params = ctx.command.get_params(ctx) if ctx is not None else ()
    is_flag = any(isinstance(one, click.Option) and one.is_flag and name in one.opts for one in params)
    return _word("cli.no_value" if is_flag else "cli.value_needed", language, name=name)


def _word(message: str, language: str, **params: Any) -> str:
    return wording.word(Message(message, params), language)


def _option(command: click.Command, field: str) -> str:
    """The option that a field came from, as it is typed; the field's own name where there is none."""
    return next((_name(param) for param in command.params if param.name == field), field)


def _name(param: click.Parameter) -> str:
    return param.opts[-1] if isinstance(param, click.Option) else (param.metavar or param.name or "").upper()
