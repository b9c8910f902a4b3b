"""The YAML of a brand's folder: read so that every fault is named by file and key, written always alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import yaml
from yaml.reader import ReaderError

from copilot import plainyaml
from copilot.errors import InvalidInput
from copilot.services.brandtrees import MEGABYTE, Tree

Choice = TypeVar("Choice", bound=StrEnum)

MOST_BYTES = 4 * MEGABYTE
MOST_VALUES = 200_000
_DEEPEST = 20
_BREAKS = frozenset("\x85\u2028\u2029")


class Keys:
    """One mapping of a file; every way to ask for a key says by file and key what does not fit."""

    def __init__(self, file: str, content: object, *, where: str = "", known: Iterable[str] = ()) -> None:
        self.file = file
        self._where = where
        if not isinstance(content, dict):
            raise InvalidInput({file: "invalid.yaml_mapping"}, key=where or file)
        self._content: Mapping[Any, Any] = content
        self._known = tuple(known)
        unknown = [key for key in content if self._known and key not in self._known]
        if unknown:
            raise InvalidInput(
                {file: "invalid.yaml_unknown"}, key=self._named(unknown[0]), known=", ".join(self._known)
            )

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return (str(key) for key in self._content)

    def read(
        self, getters: Mapping[str, Callable[[Keys, str], Any]], *, needed: Iterable[str] = ()
    ) -> dict[str, Any]:
        """What is written down under these keys, each as its getter makes it; a null is as good as absent."""
        for key in needed:
            self.text(key, needed=True)
        return {
            key: getters[key](self, key)
            for key, value in self._content.items()
            if key in getters and value is not None
        }

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text, stripped; an absent one is empty."""
        return self.exact_text(key, needed=needed).strip()

    def exact_text(self, key: str, *, needed: bool = False) -> str:
        """A text with the blanks around it."""
        value = self._content.get(key)
        if value is None and not needed:
            return ""
        said = _as_text(value)
        if said is None or (needed and not said.strip()):
            raise self.fault("invalid.yaml_text", key)
        return said

    def texts(self, key: str) -> list[str]:
        value = self._content.get(key) or []
        said = [_as_text(one) for one in value] if isinstance(value, list) else [None]
        if None in said:
            raise self.fault("invalid.yaml_texts", key)
        return [one.strip() for one in said if one and one.strip()]

    def number(self, key: str) -> int | None:
        value = self._content.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.fault("invalid.yaml_number", key)
        return value

    def numbers(self, key: str) -> list[int]:
        value = self._content.get(key) or []
        if not isinstance(value, list) or any(
            not isinstance(one, int) or isinstance(one, bool) for one in value
        ):
            raise self.fault("invalid.yaml_numbers", key)
        return value

    def switch(self, key: str) -> bool:
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            raise self.fault("invalid.yaml_switch", key)
        return value

    def day(self, key: str) -> date | None:
        value = self._content.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.fault("invalid.yaml_day", key) from None

    def days(self, key: str) -> list[str]:
        """Days as ISO text, each of them sure to be one."""
        value = self._content.get(key) or []
        try:
            return [date.fromisoformat(str(one)).isoformat() for one in value]
        except (TypeError, ValueError):
            raise self.fault("invalid.yaml_days", key) from None

    def one_of(self, key: str, choices: Sequence[Choice]) -> Choice:
        value = self._content.get(key)
        found = next((one for one in choices if one == value), None)
        if found is None:
            raise self.fault("invalid.yaml_choice", key, choices=", ".join(choices))
        return found

    def entries(self, key: str, known: Iterable[str] = ()) -> list[Keys]:
        """The mappings of a list; an absent list is empty."""
        value = self._content.get(key) or []
        if not isinstance(value, list):
            raise self.fault("invalid.yaml_list", key)
        return [
            Keys(self.file, one, where=self._named(f"{key}[{place}]"), known=known)
            for place, one in enumerate(value, start=1)
        ]

    def mapping(self, key: str, known: Iterable[str] = ()) -> Keys:
        return Keys(self.file, self._content.get(key), where=self._named(key), known=known)

    def each(self, key: str, known: Iterable[str] = ()) -> dict[str, Keys]:
        """The mappings of a mapping, by name; an absent one is empty."""
        value = self._content.get(key) or {}
        if not isinstance(value, dict):
            raise self.fault("invalid.yaml_mapping", key)
        return {
            str(name): Keys(self.file, one, where=self._named(f"{key}.{name}"), known=known)
            for name, one in value.items()
        }

    def plain(self) -> dict[str, Any]:
        """The mapping as it stands, days as ISO text, once it is sure to hold nothing that JSON cannot."""
        plain: dict[str, Any] = _plain(self.file, self._content, self._where)
        return plain

    def fault(self, message: str, key: str, **values: Any) -> InvalidInput:
        shown = self._content.get(key)
        return InvalidInput(
            {self.file: message},
            key=self._named(key),
            value="" if shown is None else str(shown)[:80],
            **values,
        )

    def _named(self, key: object) -> str:
        return f"{self._where}.{key}" if self._where else str(key)


class _Dumper(yaml.SafeDumper):
    """Writes what has several lines line by line, as people would; the quick dumper has no words for emoji."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    # Unless they are escaped, YAML reads these back as a blank or the end of a line.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _BREAKS & set(text) else style)


_Dumper.add_representer(str, _text)


def load(tree: Tree, file: str, *, known: Iterable[str] = ()) -> Keys:
    """The mapping that a file of the tree holds; one that is too large is refused unread."""
    if tree.size(file) > MOST_BYTES:
        raise InvalidInput({file: "invalid.yaml_large"}, limit=MOST_BYTES // MEGABYTE)
    return parse(file, tree.read(file), known=known)


def parse(file: str, data: bytes, *, known: Iterable[str] = ()) -> Keys:
    """The mapping that a file holds. No tag makes an object, and neither aliases nor brackets make a flood of them."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput({file: "invalid.not_utf8"}) from None
    try:
        _check_events(file, text)
        content = plainyaml.read(text)
    except (yaml.YAMLError, ValueError) as exc:
        raise _unparsed(file, text, exc) from exc
    return Keys(file, content if content is not None else {}, known=known)


def dump(content: Mapping[str, Any]) -> bytes:
    """The same bytes for the same content: keys stay in their order, lines are not folded."""
    written: str = yaml.dump(
        dict(content),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=False,
    )
    return written.encode("utf-8")


def _check_events(file: str, text: str) -> None:
    depth = values = 0
    for event in yaml.parse(text, Loader=plainyaml.LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidInput({file: "invalid.yaml_alias"}, line=_line(event))
        if isinstance(event, yaml.NodeEvent):
            values += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise InvalidInput({file: "invalid.yaml_deep"}, line=_line(event))
        # A value takes a byte in the file and a thousand times as much once it is one.
        if values > MOST_VALUES:
            raise InvalidInput({file: "invalid.yaml_many"}, most=MOST_VALUES)


def _as_text(value: object) -> str | None:
    """Who writes `value: 239` means the text that stands there."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, str) else None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0


def _plain(file: str, value: object, where: str) -> Any:
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                named = f"{where}.{key}" if where else str(key)
                raise InvalidInput({file: "invalid.yaml_text"}, key=named, value=str(key))
        return {key: _plain(file, one, f"{where}.{key}" if where else key) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(file, one, f"{where}[{place}]") for place, one in enumerate(value, start=1)]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float | None) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise InvalidInput({file: "invalid.yaml_text"}, key=where, value=str(value)[:80])
    return value


def _unparsed(file: str, text: str, exc: Exception) -> InvalidInput:
    """Where the reading ended: why, the parser says in English alone."""
    if isinstance(exc, ReaderError):
        before = text[: exc.position]
        line, column = before.count("\n"), exc.position - before.rfind("\n") - 1
    elif isinstance(exc, yaml.MarkedYAMLError) and exc.problem_mark is not None:
        line, column = exc.problem_mark.line, exc.problem_mark.column
    else:
        return InvalidInput({file: "invalid.yaml_value"})
    return InvalidInput({file: "invalid.yaml_broken"}, line=line + 1, column=column + 1)
