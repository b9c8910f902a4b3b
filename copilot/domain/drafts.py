"""What a draft is written from, and what comes back: the values between drafting and whoever writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.materials import Source


@dataclass(frozen=True)
class Stated:
    """A fact in a sentence. `sources` are 1-based places in `brief.sources`; `said_by` names whose words it is."""

    text: str
    sources: tuple[int, ...]
    said_by: str = ""


@dataclass(frozen=True)
class Question:
    """A quiz's question and its options, as lines, whose answer the passages hold.

    `promise` says where the answer will be, if the column's call to act does not. It rests on `sources`, which
    whoever writes around it need not see.
    `right` is the right option without its letter and `proof` the sentence that says so; `note` tells both to the
    operator, and no reader.
    """

    asked: tuple[str, ...]
    options: tuple[str, ...]
    right: str
    proof: str
    note: str
    promise: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.asked, *self.options, *([self.promise] if self.promise else []))

    def is_in(self, copy: str) -> bool:
        """Whether the copy asks it letter for letter, so that the note holds; what leads up to it may differ."""
        return all(line in copy for line in (self.asked[-1], *self.options))

    def is_told_by(self, sentence: str) -> bool:
        """Whether a sentence gives the answer away."""
        if any(sentence in line for line in self.lines):
            return False
        # 15 minutes are not 5.
        right = re.search(rf"(?<![\d.]){re.escape(self.right)}", sentence)
        return right is not None or sentence in self.proof or self.proof in sentence

    def put_into(self, copy: str, closing: Iterable[str]) -> str:
        """The copy with the question, once, before the first of these phrases that it has, or at the end."""
        phrases = [phrase for phrase in closing if phrase]
        copy = "\n".join(line for line in copy.splitlines() if line.strip() not in self.lines)
        found = next((phrase for phrase in phrases if phrase in copy), None)
        at = copy.rfind(found) if found is not None else len(copy)
        talk, ending = copy[:at].rstrip(), copy[at:].strip()
        asked = "\n".join([*self.lines, *([ending] if ending else [])])
        return f"{talk}\n\n{asked}" if talk else asked


@dataclass(frozen=True)
class Outline:
    """What a post is to tell, in order, and what a quiz is to ask."""

    points: tuple[Stated, ...] = ()
    question: Question | None = None

    @property
    def takes(self) -> tuple[str, ...]:
        """The facts that are used up by it."""
        return (*(point.text for point in self.points), *((self.question.proof,) if self.question else ()))


@dataclass(frozen=True)
class Original:
    """A post that is told again in another position: every fact that it states is to be stated there, and no other."""

    text: str
    channel: Channel
    stated: tuple[Stated, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence within a copy, by its code-point offsets."""

    copy: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.copy[self.start : self.end]

    def replaced(self, by: str) -> str:
        """The copy with another sentence in its place."""
        return self.copy[: self.start] + by + self.copy[self.end :]


@dataclass(frozen=True)
class Brief:
    """Everything a writer may know. `starts_at` is the slot's time in the brand's own zone.

    `recent` are texts that the same people got lately, newest first: not to be repeated. Of those that are
    `beside` this one in the same piece of work, such as a week, not even a greeting is said again.
    `background` are competitor notes: they say which of the sources' points to stress, and nothing of them is told.
    `seed` varies offline copy and is stable for a slot and attempt.
    `examples` are approved posts of the same module, the nearest first: for how they sound, not for what they say.
    `line` is the week's main line, if it has one. `original` is the post that this one translates.
    `points` are the facts that it is to tell; empty, the writer chooses among the sources. `question` is what a
    quiz is to ask; without one the writer thinks of its own.
    `sentence` is the one that is wanted anew, and nothing else.
    """

    brand: Brand
    voice: Voice
    column: Column
    channel: Channel
    starts_at: datetime
    sources: tuple[Source, ...]
    recent: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    instruction: str = ""
    seed: int = 0
    background: tuple[Source, ...] = ()
    examples: tuple[str, ...] = ()
    line: str = ""
    original: Original | None = None
    points: tuple[Stated, ...] = ()
    question: Question | None = None
    sentence: Sentence | None = None

    @property
    def grounds(self) -> tuple[Source, ...]:
        """All that the copy may rest on."""
        asked = self.question.sources if self.question is not None else ()
        return (*self.sources, *(source for source in asked if source not in self.sources))


@dataclass(frozen=True)
class Assignment:
    """A brief together with the prompt rendered from it; a writer without a model reads only the brief.

    `patience` is how long, in seconds, a single pause may take that a busy service asks for.
    """

    brief: Brief
    system: str
    prompt: str
    max_tokens: int = 700
    patience: float = 5.0


@dataclass(frozen=True)
class Delta:
    """A piece of copy as it comes, with `[n]` passage markers still in it (n is 1-based in `brief.sources`)."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The writer's own word that it is done; a stream that ends without it was cut.

    `note` is for the operator and not for readers, such as the answer to a quiz.
    """

    reason: str
    usage: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


WriterEvent = Delta | Finished


@dataclass(frozen=True)
class Answer:
    """What a model said to one question, and what the call used; `first` is after how many seconds it began."""

    text: str
    usage: Mapping[str, Any] = field(default_factory=dict)
    first: float = 0.0
