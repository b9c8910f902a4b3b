"""Labelled lines, one JSON object each: read as they stand, or refused with the file, the line and the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.findings import Severity
from copilot.errors import InvalidInput

Row = Mapping[str, Any]

LABELS = {"checks": ("violation", "clean"), "claims": ("altered", "faithful")}
"""By the kind of set: how a line is labelled that something has to be said against, and one that is sound."""

BAD = frozenset(bad for bad, _ in LABELS.values())

_WINDOW = ("valid_from", "valid_until")
_Fault = tuple[str, str, Mapping[str, Any]]


def rows_of_checks(text: str, file: str) -> Iterator[Row]:
    """Lines with "text"; InvalidInput for the first fault in `file`."""
    return _sound(text, file, lambda row: _common(row, LABELS["checks"], ("text",)))


def rows_of_claims(text: str, file: str) -> Iterator[Row]:
    """Lines with "copy", "at" and "passages"; InvalidInput for the first fault in `file`."""
    return _sound(
        text,
        file,
        lambda row: chain(_common(row, LABELS["claims"], ("copy", "at", "passages")), _of_claims(row)),
    )


def _sound(text: str, file: str, faults: Callable[[Row], Iterator[_Fault]]) -> Iterator[Row]:
    lines: dict[str, int] = {}
    for number, row in _objects(text, file):
        for wrong, field, told in faults(row):
            raise InvalidInput({"file": wrong}, file=file, line=number, field=field, **told)
        # A line that is there twice would count twice, and a miss could be either of two with one id.
        first = lines.setdefault(str(row["id"]), number)
        if first != number:
            raise InvalidInput(
                {"file": "invalid.id_twice"}, file=file, first=first, line=number, value=row["id"]
            )
        yield row


def _objects(text: str, file: str) -> Iterator[tuple[int, Row]]:
    if not text.strip():
        # A set that was emptied proves nothing.
        raise InvalidInput({"file": "invalid.no_labelled_lines"}, file=file)
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise InvalidInput({"file": "invalid.labelled_line"}, file=file, line=number)
        yield number, row


def _common(row: Row, labels: Sequence[str], needed: Sequence[str]) -> Iterator[_Fault]:
    for name in ("id", "label", *needed):
        if name not in row:
            yield "invalid.labelled_missing", name, {}
    for name, known in (("label", labels), ("language", tuple(Language)), ("severity", tuple(Severity))):
        value = row.get(name)
        if (value or name == "label") and value not in known:
            yield "invalid.labelled_choice", name, {"value": value, "known": ", ".join(known)}
    if not isinstance(row[needed[0]], str):
        yield "invalid.labelled_text", needed[0], {}
    for name in ("spans", "wrong"):
        if not _are_spans(row.get(name) or []):
            yield "invalid.labelled_spans", name, {}


def _of_claims(row: Row) -> Iterator[_Fault]:
    if not _is_moment(row["at"]):
        yield "invalid.labelled_moment", "at", {"value": row["at"]}
    if not _are_texts(row.get("products", [])):
        yield "invalid.labelled_texts", "products", {}
    passages = row["passages"]
    if not isinstance(passages, list):
        yield "invalid.labelled_passages", "passages", {}
    for number, passage in enumerate(passages, start=1):
        place = f"passages[{number}]"
        if not isinstance(passage, dict) or not isinstance(passage.get("text"), str):
            yield "invalid.labelled_passages", place, {}
        for name in ("title", "context"):
            if not isinstance(passage.get(name, ""), str):
                yield "invalid.labelled_text", f"{place}.{name}", {}
        if not isinstance(passage.get("fields", {}), dict):
            yield "invalid.labelled_object", f"{place}.fields", {}
        for name in _WINDOW:
            if passage.get(name) and not _is_moment(passage[name]):
                yield "invalid.labelled_moment", f"{place}.{name}", {"value": passage[name]}


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, list) and len(one) == 2 and all(type(edge) is int for edge in one) for one in value
    )
