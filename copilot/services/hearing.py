"""Hears a writer: passes copy on as it comes, tells a finished stream from a cut one, and adds up what it used."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from copilot.domain.drafts import Assignment, Delta, Finished, WriterEvent
from copilot.domain.legible import PlainStream
from copilot.domain.markers import CopyStream, clean
from copilot.errors import ExternalError, Retryable
from copilot.services.modelcare import ModelCare, Purpose


class Listener(Protocol):
    """Hears copy as it comes; a page's event log, or nobody."""

    def delta(self, text: str) -> None: ...

    def restart(self) -> None: ...

    def note(self, message: str) -> None: ...

    def flush(self) -> None: ...


class Nobody:
    """Listens to work in the background."""

    def delta(self, text: str) -> None: ...

    def restart(self) -> None: ...

    def note(self, message: str) -> None: ...

    def flush(self) -> None: ...


@dataclass(frozen=True)
class Heard:
    """One answer as it was written, its markers still in it. `note` is for the operator and not for readers.

    `was_short` says that the tokens ran out before the copy was done.
    """

    text: str
    usage: Mapping[str, Any]
    note: str = ""
    was_stopped: bool = False
    was_short: bool = False


class Broken(Exception):
    """The writer failed in the middle of its copy; `text` is what had come, cleaned."""

    def __init__(self, cause: ExternalError, text: str) -> None:
        super().__init__(cause, text)
        self.cause = cause
        self.text = text


def hear(events: Iterator[WriterEvent], service: str, listener: Listener, stop: threading.Event) -> Heard:
    """One answer, heard to its end or until `stop`. A stream without the writer's own last word was cut.

    What a writer sends is cleaned as what a person types is: everything that is kept or shown of it passes here.
    Raises Broken once something had come, else the error itself.
    """
    plain, stream = PlainStream(), CopyStream()
    parts: list[str] = []
    finished: Finished | None = None
    listener.restart()
    try:
        with closing(events) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if stop.is_set():
                    break
                if isinstance(piece, Delta):
                    parts.append(plain.feed(piece.text))
                    listener.delta(stream.feed(parts[-1]))
                else:
                    finished = piece
        listener.delta(stream.flush())
        listener.flush()
        if finished is None and not stop.is_set():
            raise Retryable(service, "cut")
    except ExternalError as exc:
        text = clean("".join(parts))
        if not text:
            raise
        raise Broken(exc, text) from exc
    finished = finished or Finished("stopped")
    return Heard(
        "".join(parts), finished.usage, finished.note, stop.is_set(), was_short=finished.reason == "length"
    )


def answered(care: ModelCare, assignment: Assignment, purpose: Purpose) -> Heard:
    """One whole answer that nobody watches as it comes; half of one is an error."""
    try:
        return hear(care.write(assignment, purpose=purpose), care.name, Nobody(), threading.Event())
    except Broken as exc:
        raise exc.cause from exc


class Model:
    """The model as one draft speaks to it: all calls in one ear, until one stop, on one account."""

    def __init__(
        self, care: ModelCare, listener: Listener, stop: threading.Event, *, in_background: bool
    ) -> None:
        self._care = care
        self._listener = listener
        self._stop = stop
        self._in_background = in_background
        self._used: Counter[str] = Counter()

    @property
    def name(self) -> str:
        return self._care.name

    @property
    def is_stopped(self) -> bool:
        return self._stop.is_set()

    @property
    def usage(self) -> dict[str, int]:
        """What all calls used so far, together."""
        return dict(self._used)

    def note(self, message: str) -> None:
        self._listener.note(message)

    def ask(self, assignment: Assignment, purpose: Purpose, *, aloud: bool = True) -> Heard:
        """One answer. What is not said `aloud` is no copy by itself, and no page shows it as it comes."""
        events = self._care.write(assignment, purpose=purpose, background=self._in_background)
        heard = hear(events, self.name, self._listener if aloud else Nobody(), self._stop)
        self._used.update({key: n for key, n in heard.usage.items() if isinstance(n, int)})
        return heard
