"""Fakes instead of mocks: small things that really work, and remember what they were asked."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache

from copilot.domain.channels import Limits
from copilot.domain.drafts import Answer, Assignment, Delta, Finished, WriterEvent
from copilot.models.search import words
from copilot.ports import Heard, IndexEntry, Parcel, Receipt


class FakeClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class FakeEmbedder:
    """Texts that share words are near each other: a bag of words hashed into 64 numbers."""

    name = "fake-64"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> list[list[float]]:
        self.embedded += texts
        return [list(_vector(text)) for text in texts]

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        return [list(_vector(text)) for text in texts]


@lru_cache(maxsize=4096)
def _vector(text: str) -> tuple[float, ...]:
    vector = [0.0] * 64
    for word in words(text):
        vector[sum(word.encode()) % 64] += 1.0
    norm = math.sqrt(sum(x * x for x in vector)) or 1.0
    return tuple(x / norm for x in vector)


class FakeIndex:
    """A dense index in a dictionary."""

    def __init__(self, embedder: FakeEmbedder) -> None:
        self._embedder = embedder
        self.entries: dict[int, IndexEntry] = {}

    def put(self, entries: Sequence[IndexEntry]) -> None:
        self.entries.update({entry.passage: entry for entry in entries})

    def remove(self, passages: Sequence[int], *, brand: int) -> None:
        for passage in passages:
            if passage in self.passages(brand):
                del self.entries[passage]

    def expect(self, queries: Sequence[str]) -> None:
        pass

    def search(
        self,
        query: str,
        *,
        brand: int,
        kinds: Sequence[str] = (),
        language: str | None = None,
        at: int | None = None,
        k: int,
    ) -> list[tuple[int, float]]:
        [wanted] = self._embedder.queries([query])
        found = [
            (entry.passage, sum(a * b for a, b in zip(wanted, _vector(entry.text), strict=True)))
            for entry in self.entries.values()
            if entry.brand == brand
            and (not kinds or entry.kind in kinds)
            and (language is None or entry.language == language)
            and (at is None or entry.valid_from <= at < entry.valid_until)
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:k]

    def passages(self, brand: int) -> set[int]:
        return {entry.passage for entry in self.entries.values() if entry.brand == brand}


class FakeWriter:
    """Writes what it was told to, piece by piece; an exception in the queue is raised in its place."""

    name = "fake-model"
    is_model = True

    def __init__(self) -> None:
        self.queue: deque[list[str | Exception]] = deque()
        self.history: list[Assignment] = []

    def enqueue(self, *pieces: str | Exception) -> None:
        self.queue.append(list(pieces))

    def warm(self) -> None:
        """Is always warm."""

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        self.history.append(assignment)
        for piece in self.queue.popleft():
            if isinstance(piece, Exception):
                raise piece
            yield Delta(piece)
        yield Finished("stop", {"total_tokens": 42})


class FakeAnswerer:
    """Answers every question alike, line by line, and remembers what it was asked."""

    name = "fake-model"

    def __init__(self, answer: str) -> None:
        self.said = answer
        self.asked: list[str] = []

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        if heard is not None:
            heard("")
        self.asked.append(prompt)
        lines = self.said.splitlines(keepends=True)
        for count in range(len(lines) if heard is not None else 0):
            heard("".join(lines[: count + 1]))
        return Answer(self.said, {"input_tokens": 30, "output_tokens": 12, "total_tokens": 42})


class FakePublisher:
    """A channel that accepts, or does what it was told to instead."""

    limits = Limits()

    def __init__(self) -> None:
        self.sent: list[Parcel] = []
        self.trouble: deque[Exception] = deque()

    def publish(self, parcel: Parcel) -> Receipt:
        if self.trouble:
            raise self.trouble.popleft()
        self.sent.append(parcel)
        return Receipt(awaiting_person=False, reference=f"ref-{len(self.sent)}")


class TellingWriter:
    """A model that does as it is told: the greeting, the points with their markers, the closing.

    `trouble` maps a column's slug to the exception that its next call raises. `most` is how many calls were ever
    under way together; each call waits for `company` others, so that a test can see them meet.
    """

    name = "telling-model"
    is_model = True

    def __init__(self, company: int = 0) -> None:
        self.trouble: dict[str, BaseException] = {}
        self.written: list[str] = []
        self.under_way = 0
        self.most = 0
        self._lock = threading.Lock()
        self._barrier = threading.Barrier(company) if company else None

    def warm(self) -> None:
        """Is always warm."""

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        brief = assignment.brief
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            if self._barrier is not None:
                with suppress(threading.BrokenBarrierError):
                    self._barrier.wait(2)
            if brief.column.slug in self.trouble:
                raise self.trouble.pop(brief.column.slug)
            for point in brief.points:
                yield Delta(point.text + "".join(f"[{number}]" for number in point.sources) + "\n")
            yield Delta(brief.column.call_to_action)
            yield Finished("stop", {"input_tokens": 100, "output_tokens": 50, "total_tokens": 150})
            with self._lock:
                self.written.append(brief.column.slug)
        finally:
            with self._lock:
                self.under_way -= 1
