"""Options that several commands share, and how what people type becomes values."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from copilot.cli.terminal import Misplaced, Terminal
from copilot.domain import materials
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.materials import Kind
from copilot.domain.permissions import Permission
from copilot.errors import InvalidInput, NotFound

Function = TypeVar("Function", bound=Callable[..., Any])

KINDS = click.Choice([str(kind) for kind in Kind])
CHANNELS = click.Choice([str(channel) for channel in Channel])
_MIDNIGHT = time()


class Place(click.Path):
    """A path of the machine; what is wrong with it is told in the reader's language."""

    def __init__(self, **asked: bool) -> None:
        super().__init__(path_type=Path, **asked)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as exc:
            raise Misplaced(self._fault(Path(value)), click.format_filename(value)) from exc

    def _fault(self, place: Path) -> str:
        try:
            is_folder = stat.S_ISDIR(place.stat().st_mode)
        except PermissionError:
            return "cli.not_readable"
        except OSError:
            return "cli.not_there"
        if is_folder and not self.dir_okay:
            return "cli.is_folder"
        return "cli.not_readable" if is_folder or self.file_okay else "cli.is_file"


FILE = Place(exists=True, dir_okay=False)
FILE_OR_INPUT = Place(exists=True, dir_okay=False, allow_dash=True)
FOLDER = Place(exists=True, file_okay=False)
FILE_OR_FOLDER = Place(exists=True)


def brand_option(function: Function) -> Function:
    return click.option("--brand", required=True, metavar="SLUG", help="The brand's slug.")(function)


def json_option(function: Function) -> Function:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def as_option(function: Function) -> Function:
    return click.option("--as", "login", required=True, metavar="LOGIN", help="Who acts.")(function)


def actor_option(function: Function) -> Function:
    """For what a machine may do as well: without it, nobody is named as who acted."""
    return click.option("--as", "login", metavar="LOGIN", help="Who acts, for the trace.")(function)


def curator(terminal: Terminal, login: str | None, brand: int) -> int | None:
    """The id of whoever acts, once they are sure to be allowed to look after the library; None for nobody."""
    if login is None:
        return None
    actor = terminal.services.accounts.actor_by_login(login, brand=brand)
    actor.require(Permission.CURATE)
    return actor.id


def moment(text: str, zone: str, *, field: str = "at", hour: time = _MIDNIGHT) -> datetime:
    """An instant in UTC from ISO text; local time of the zone unless it has an offset, `hour` for a bare day."""
    try:
        day = _day(text)
        at = datetime.combine(day, hour) if day is not None else datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput({field: "invalid.moment"}, value=text) from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def day(text: str | None, *, field: str) -> str | None:
    """An ISO day as it was typed, once it is sure to be one."""
    if text is None:
        return None
    if _day(text) is None:
        raise InvalidInput({field: "invalid.date"}, value=text)
    return text


def days(first: str | None, last: str | None, *, field: str) -> tuple[str | None, str | None]:
    """A window's two days, once they are sure to stand in order."""
    if first is not None and last is not None and last < first:
        raise InvalidInput({field: "invalid.window"}, value=f"{first} – {last}")
    return first, last


def first_day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at is not None else None


def last_day(at: datetime | None) -> str | None:
    """The last day of a window that ends at `at`."""
    return materials.last_day(at).isoformat() if at is not None else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def column_named(terminal: Terminal, slug: str, brand: int) -> Column:
    """The column of the active SOP; InvalidInput says which there are."""
    try:
        return terminal.services.planning.column(slug, brand=brand)
    except NotFound:
        known = ", ".join(row.slug for row in terminal.services.brands.columns(brand)) or "–"
        raise InvalidInput({"column": "invalid.unknown_name"}, value=slug, known=known) from None


@contextmanager
def writing_to(path: Path, *, field: str) -> Iterator[None]:
    """What the disk refuses within is InvalidInput: the place was named in this field."""
    try:
        yield
    except OSError as exc:
        detail = exc.strerror or type(exc).__name__
        raise InvalidInput({field: "invalid.unwritable"}, value=str(path), detail=detail) from exc


def chosen(wanted: Sequence[str], known: dict[str, int], *, field: str) -> list[int] | None:
    """The ids of these names; None where nothing was chosen, which means all."""
    missing = [name for name in wanted if name not in known]
    if missing:
        raise InvalidInput(
            {field: "invalid.unknown_name"}, value=", ".join(missing), known=", ".join(sorted(known)) or "–"
        )
    return [known[name] for name in wanted] or None
