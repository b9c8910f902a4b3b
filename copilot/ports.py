"""What services need from the outside, as Protocols that adapters and fakes fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from copilot.domain.channels import Limits
from copilot.domain.drafts import Answer, Assignment, Brief, Outline, Stated, WriterEvent
from copilot.domain.materials import Document
from copilot.domain.media import Picture


class Clock(Protocol):
    def __call__(self) -> datetime:
        """The present as an aware UTC instant."""


class Writer(Protocol):
    """Turns an assignment into copy, piece by piece: a model, or the offline composer."""

    @property
    def name(self) -> str:
        """The model's name for provenance, e.g. `gpt-5-mini` or `composer`."""

    @property
    def is_model(self) -> bool:
        """False for the composer: the page then says that no model wrote the copy."""

    def warm(self) -> None:
        """Does what is slow only once, before a person waits for the first draft; asks nobody anything."""

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        """Yields `Delta`s, then exactly one `Finished`.

        Raises Retryable or Permanent; closing the iterator closes the upstream call.
        """


class Composer(Writer, Protocol):
    """The writer without a model, which also knows what a post should tell before anybody writes it."""

    def outline(self, brief: Brief) -> Outline:
        """The facts for a post of this brief, in order, none of them told lately, and what a quiz is to ask.

        Empty where it finds none.
        """

    def resay(self, brief: Brief) -> tuple[Stated, ...]:
        """What could stand in the place of `brief.sentence`, the nearest first: facts that its copy does not tell."""


Heard = Callable[[str], None]
"""Called with what has come of an answer so far, first with nothing before each try."""


class Answerer(Protocol):
    """Asks a model one question about a material. Its answer is a claim to check, never a command."""

    @property
    def name(self) -> str: ...

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        """The whole answer. Raises Retryable or Permanent, as a Writer does.

        What `heard` raises goes through, and nothing more is asked.
        """


class Embedder(Protocol):
    @property
    def name(self) -> str:
        """Identity of model and variant: vectors of different names never mix."""

    def passages(self, texts: Sequence[str]) -> list[list[float]]: ...

    def queries(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of what is asked for; many at once cost less than one by one."""


OPEN_END = 2**53
"""The edge of a window that never ends, as the index keeps it: the largest whole number every store holds."""


@dataclass(frozen=True)
class IndexEntry:
    """A passage as the dense index keeps it. Window edges are whole UTC seconds; open ones are 0 and OPEN_END."""

    passage: int
    brand: int
    kind: str
    language: str
    digest: str
    text: str
    valid_from: int
    valid_until: int


class PassageIndex(Protocol):
    """The dense index: derived from the database and rebuilt from it at will."""

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Embeds and stores; an entry that is there is replaced."""

    def remove(self, passages: Sequence[int], *, brand: int) -> None: ...

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
        """(passage id, cosine similarity), best first; empty `kinds` means all, `at` in UTC seconds.

        The fewer filters, the faster: a caller who expects most passages to pass asks for more and sifts.
        """

    def expect(self, queries: Sequence[str]) -> None:
        """Makes ready for searches that follow at once, so that they do not wait for an embedder one by one."""

    def passages(self, brand: int) -> set[int]:
        """What the index holds of a brand."""


class Blobs(Protocol):
    """Content-addressed bytes: what was uploaded, to the letter."""

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex; keeping them again changes nothing."""

    def get(self, digest: str) -> bytes: ...


class JobQueue(Protocol):
    """Wakes whoever runs jobs. It carries ids only: the job row is the truth."""

    def put(self, job: int) -> None: ...

    def consume(self, run: Callable[[int], None], *, workers: int = 2) -> Callable[[], None]:
        """Starts to carry jobs out in threads; the function it returns ends that after the present job."""


class Ownership(Protocol):
    """The lock of a data folder: its holder is the one process that may open the embedded index."""

    @property
    def held(self) -> bool: ...

    def take(self, role: str) -> None:
        """Becomes the owner; Conflict names the process that is."""

    def try_take(self, role: str) -> bool: ...

    def release(self) -> None: ...


class Reader(Protocol):
    """Reads one file's bytes into a document, or raises Unreadable with a reason."""

    def __call__(self, name: str, data: bytes) -> Document: ...


class PictureReader(Protocol):
    """Verifies one picture's bytes and returns what may be kept of them, or raises Unreadable with a reason."""

    def __call__(self, name: str, data: bytes) -> Picture: ...


@dataclass(frozen=True)
class Parcel:
    """What a publisher is handed: one approved revision for one destination. `key` names the attempt."""

    key: str
    text: str
    media: tuple[str, ...]
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Receipt:
    """What the channel said. `awaiting_person` means that someone must still press send."""

    awaiting_person: bool
    reference: str = ""


class Publisher(Protocol):
    @property
    def limits(self) -> Limits: ...

    def publish(self, parcel: Parcel) -> Receipt:
        """One attempt. Raises Retryable or Permanent when it surely did not go out, else OutcomeUnknown."""


Progress = Callable[[int, int], None]
"""Called with (done, total) as long work advances."""


class Advance(Protocol):
    """A Progress that can be shown, beside the numbers, what the work has come to so far, as plain JSON."""

    def __call__(self, done: int, total: int, so_far: Any = None) -> None: ...
