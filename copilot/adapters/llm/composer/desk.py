"""What every form of post is written at: a brief with its frames, its turn, and facts in today's order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar

from copilot.adapters.llm.composer import planning
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Book
from copilot.adapters.llm.composer.planning import Plan
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief

_Item = TypeVar("_Item")


class Desk:
    """One post's place of work. `turn` is where the post stands in every rotation."""

    def __init__(self, brief: Brief, frames: Book) -> None:
        self.brief = brief
        self.frames = frames
        self.words = frames.words
        self.language = brief.brand.language
        self.turn = planning.position(brief)

    @cached_property
    def call(self) -> str:
        return self.brief.column.call_to_action

    def stage(self, form: Form, subject: str = "", about: str = "") -> Stage:
        return Stage(self.brief, self.frames, form=form, turn=self.turn, subject=subject, about=about)

    def stage_of(self, fact: Fact | None) -> Stage:
        """The stage of a post in this column's form that turns on one fact, or on none."""
        form = self.brief.column.form
        return self.stage(form, fact.subject, fact.about) if fact is not None else self.stage(form)

    def turned(self, items: Sequence[_Item]) -> list[_Item]:
        """The same, beginning with the one whose turn it is."""
        at = self.turn % len(items) if items else 0
        return [*items[at:], *items[:at]]

    def plan(self, facts: Sequence[Fact], mixed: bool) -> list[Plan]:
        return planning.plans(facts, self.brief, self.words, mixed)

    def fresh_plans(self, found: Sequence[Fact], enough: int) -> list[Plan]:
        """Plans in today's order, first those of which nothing was told lately; the rest if these are too few."""
        fresh = self.turned(planning.fresh(found, self.brief, self.plan))
        if len(fresh) >= enough:
            return fresh[:enough]
        told = [plan for plan in self.turned(self.plan(found, True)) if plan not in fresh]
        return [*fresh, *told][:enough]

    def singles(self, found: Sequence[Fact], *, useful: bool = False) -> list[Fact]:
        """Facts that can be told alone, in today's order, what was not told lately first.

        `useful` ones say how something is done.
        """
        able = planning.alone(found, self.brief, self.words, useful=useful)
        fresh = planning.untold(able, self.brief.recent)
        return [*self.turned(fresh), *(fact for fact in able if fact not in fresh)]
