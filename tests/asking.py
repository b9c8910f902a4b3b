"""Asking a model about open sentences: a copy with two of them, models of several kinds, and what the desk tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from sqlalchemy import select

from copilot import models
from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.drafts import Answer
from copilot.ports import Answerer, Heard
from copilot.services.entailing import Judged, Outcome
from copilot.services.entailjobs import JUDGING
from copilot.services.house import Services
from copilot.services.queries.desk import PostView
from copilot.services.queries.marks import ClaimRow
from tests.conftest import Team
from tests.fakes import FakeAnswerer
from tests.steps import CALL, PRICE, add, drafted_post, run_newest
from tests.visiting import HOME, Visitor

LID = "杯盖有密封圈，防漏。"
CUP = f"# 随行杯\n\n{LID}横放在包里，书也不会湿。\n"
LEAKS = "躺着塞进书包也滴水不出，防漏做得踏实。"
BIRD = "杯底印着一只小小的山雀图案。"
TEXT = f"{PRICE}{LEAKS}\n{BIRD}\n{CALL}"
YES_AND_NO = f"1 | {LID} | 有\n2 | 无 | 没有"
ASKS = "Ask the model about open sentences"
BLOCK = "#open-sentences"


def never(*_given: object, **_named: object) -> NoReturn:
    raise AssertionError("nobody is to be asked")


class Doing:
    """A model while which something happens."""

    name = "busy-model"

    def __init__(self, deed: Callable[[], object]) -> None:
        self.deed = deed

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: object = None) -> Answer:
        self.deed()
        return Answer(YES_AND_NO, {})


class Telling(FakeAnswerer):
    """One whose every word somebody watches; `told` is what it had said each time."""

    def __init__(self, watch: Callable[[str], object], answer: str) -> None:
        super().__init__(answer)
        self.watch = watch
        self.told: list[str] = []

    def answer(self, system: str, prompt: str, *, max_tokens: int, heard: Heard | None = None) -> Answer:
        def said_so_far(text: str) -> None:
            assert heard is not None
            self.told.append(text)
            heard(text)
            self.watch(text)

        return super().answer(system, prompt, max_tokens=max_tokens, heard=said_so_far)


def failing(fault: Exception) -> Doing:
    def fail() -> None:
        raise fault

    return Doing(fail)


def cup_post(services: Services, team: Team) -> int:
    """A post with the two open sentences, and a material that bears one of them out."""
    add(services, team, "selling_point/cup.md", CUP)
    return drafted_post(services, team, TEXT)


def with_model(services: Services, config: Config, answerer: Answerer) -> Services:
    return build(config, clock=services.parts.clock, made=replace(services.parts, answerer=answerer))


def view(services: Services, team: Team, post: int) -> PostView:
    return services.desk.post(post, brand=team.brand)


def of(services: Services, team: Team, post: int, sentence: str) -> ClaimRow:
    return next(one for one in view(services, team, post).claims if one.text == sentence)


def rules(services: Services, team: Team, post: int, sentence: str) -> set[str]:
    return {one.rule for one in view(services, team, post).findings if one.text == sentence}


def ask(house: Services, team: Team, post: int) -> tuple[int, int, int]:
    """How many sentences a model was asked about, how many it bore out, how many it found in no passage."""
    return tally(house.entailing.ask(post, brand=team.brand, actor=team.copywriter))


def tally(judged: Judged | None) -> tuple[int, int, int]:
    assert judged is not None
    counts = (judged.count(one) for one in (Outcome.BORNE_OUT, Outcome.FOUND_IN_NONE))
    return (len(judged.sentences), *counts)


def pressed(mia: Visitor, house: Services, team: Team, post: int) -> int:
    """The job that a press leads to, once it is over."""
    assert mia.post(f"{HOME}/posts/{post}/claims", {"text": TEXT, "based_on": "1"}).status_code == 303
    return run_newest(house, team, JUDGING).id


def standing(services: Services, team: Team, post: int) -> object:
    """All that a failed press must leave as it was."""
    seen = view(services, team, post)
    with services.parts.db.read() as session:
        told = session.scalars(select(models.Audit.action).where(models.Audit.action == "post.judged")).all()
    return seen.head, seen.claims, seen.findings, list(told)


def save(services: Services, team: Team, post: int, text: str) -> None:
    head = view(services, team, post).head
    assert head is not None
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=head.number)
