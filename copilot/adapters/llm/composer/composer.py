"""The offline composer: a Writer that needs no model, only a brand's materials and good manners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from copilot.adapters.llm.composer import facts as finding
from copilot.adapters.llm.composer import outlining, planning, translating
from copilot.adapters.llm.composer.attempts import attempts
from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.frames import book
from copilot.adapters.llm.composer.judging import Judge
from copilot.adapters.llm.composer.setting import typeset
from copilot.domain.brands import Language
from copilot.domain.drafts import Assignment, Brief, Delta, Finished, Outline, Stated, WriterEvent
from copilot.errors import Permanent

_MARKER = re.compile(r"\[\d+\]")
_TOKEN = re.compile(r"\[\d+\]|[A-Za-z0-9£$€¥%'’,.:-]+\s*|\s+|.", re.DOTALL)
_ATTEMPTS = 60  # A draft must come in well under a second.
_GOOD_ENOUGH = 0.5  # Less than a character too long, or a shade too like an earlier post.


class Composer:
    """Fulfils `copilot.ports.Composer`. Only `assignment.brief` is read; the same brief gives the same copy."""

    name = "composer"
    is_model = False

    def warm(self) -> None:
        """Reads the frames of every language."""
        for language in Language:
            book(language)

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        made = compose(assignment.brief)
        few = 4 if assignment.brief.brand.language is Language.ZH else 3
        tokens = _TOKEN.findall(made.text)
        for at in range(0, len(tokens), few):
            yield Delta("".join(tokens[at : at + few]))
        yield Finished("stop", note=made.note)

    def outline(self, brief: Brief) -> Outline:
        return outlining.outline(brief)

    def resay(self, brief: Brief) -> tuple[Stated, ...]:
        return outlining.resay(brief)


@dataclass(frozen=True)
class Composed:
    """The copy with its `[n]` markers, and what its operator has to know."""

    text: str
    note: str = ""


def compose(brief: Brief) -> Composed:
    """The best of the attempts; Permanent `no_passages` when fewer than two facts can be told."""
    if brief.original is not None:
        return Composed(translating.translated(brief))
    frames = book(brief.brand.language)
    found = planning.asked_for(finding.facts(brief, frames.words), brief)
    judge = Judge(brief, frames.words)
    desk = Desk(brief, frames)
    least, best = float("inf"), Composed("")
    for attempt in islice(attempts(desk, found), _ATTEMPTS) if len(found) > 1 else ():
        text, copied = typeset(attempt.paragraphs, brief, desk.turn)
        fault = judge.fault(_MARKER.sub("", text), copied, least)
        if fault < least:
            least, best = fault, Composed(text, attempt.note)
        if fault < _GOOD_ENOUGH:
            break
    if not best.text:
        raise Permanent("composer", "no_passages", column=brief.column.name, found=len(found))
    return best
