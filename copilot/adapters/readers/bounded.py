"""Reading in a child process under limits: the same answer as `read`, at the cost of the file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.adapters.sandbox import Sandbox, shared
from copilot.adapters.sandbox.wire import Frame, Garbled
from copilot.domain.materials import Document, Section

__all__ = ["BoundedReader", "document", "frames"]


class BoundedReader:
    """A `ports.Reader` that a hostile file cannot hurt; `Unreadable` also for what took too long or too much."""

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        self._sandbox = sandbox or shared()

    def __call__(self, name: str, data: bytes) -> Document:
        return self._sandbox.ask("document", name, data, document)


def frames(read: Document) -> Iterator[Frame]:
    """A document for the journey: its own frame, then one a section with the text outside the JSON."""
    yield {"title": read.title, "meta": dict(read.meta), "warnings": list(read.warnings)}, b""
    for section in read.sections:
        place = {
            "heading": list(section.heading),
            "locator": dict(section.locator),
            "fields": dict(section.fields),
            "from": section.valid_from,
            "until": section.valid_until,
        }
        yield place, section.text.encode("utf-8", "surrogatepass")


def document(received: Iterator[Frame]) -> Document:
    """The document that `frames` took apart. Raises Garbled for anything it could not have written."""
    head, _ = next(received, ({}, b""))
    sections = tuple(_section(place, body) for place, body in received)
    return Document(
        title=_text(head.get("title")),
        sections=sections,
        meta=_mapping(head.get("meta"), object),
        warnings=_texts(head.get("warnings")),
    )


def _section(place: Mapping[str, Any], body: bytes) -> Section:
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as exc:
        raise Garbled("no text") from exc
    return Section(
        text=text,
        heading=_texts(place.get("heading")),
        locator=_mapping(place.get("locator"), str | int),
        fields=_mapping(place.get("fields"), str),
        valid_from=_edge(place.get("from")),
        valid_until=_edge(place.get("until")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Garbled("no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Garbled("no list of texts")
    return tuple(_text(item) for item in value)


def _edge(value: object) -> str | None:
    return None if value is None else _text(value)


def _mapping(value: object, of: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(item, of) for item in value.values()):
        raise Garbled("no such mapping")
    return value
