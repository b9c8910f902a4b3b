"""Each call of a model is written down however it ends, and work in the background is the patient one."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace

import pytest

from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.drafts import Assignment
from copilot.errors import ExternalError, Permanent, Retryable
from copilot.services.house import Services
from copilot.services.modelcare import Purpose
from tests.answering import assignment
from tests.conftest import Team
from tests.fakes import FakeAnswerer, FakeClock, FakeWriter


@pytest.fixture
def house(services: Services, config: Config, clock: FakeClock, writer: FakeWriter) -> Services:
    return build(
        config, clock=clock, made=replace(services.parts, writer=writer, answerer=FakeAnswerer("Yes."))
    )


@pytest.fixture
def asked(team: Team) -> Assignment:
    """Some assignment on the brand's account."""
    some = assignment()
    return replace(some, brief=replace(some.brief, brand=replace(some.brief.brand, id=team.brand)))


def outcomes(house: Services, team: Team) -> dict[str, int]:
    row = house.usage.months(brand=team.brand)[0]
    return {"calls": row.total.calls, **dict(row.failures)}


def test_a_draft_and_an_answer_are_written_down_with_their_tokens(
    house: Services, team: Team, writer: FakeWriter, asked: Assignment
) -> None:
    writer.enqueue("Bread.")
    list(house.care.write(asked, purpose=Purpose.DRAFT))
    assert house.care.answer("", "?", brand=team.brand, purpose=Purpose.FACTS, max_tokens=5) == "Yes."
    row = house.usage.months(brand=team.brand)[0]
    assert {purpose: tally.output_tokens for purpose, tally in row.purposes} == {"draft": 0, "facts": 12}
    assert row.failures == ()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Retryable("fake-model", "timeout"), "timeout"),
        (Permanent("fake-model", "unauthorized"), "unauthorized"),
        (ZeroDivisionError(), "error.unexpected"),
    ],
)
def test_a_call_that_fails_is_written_down_with_its_reason(
    house: Services, team: Team, writer: FakeWriter, asked: Assignment, fault: Exception, reason: str
) -> None:
    writer.enqueue("Bread ", fault)
    with suppress(ExternalError, ZeroDivisionError):
        list(house.care.write(asked, purpose=Purpose.DRAFT))
    assert outcomes(house, team) == {"calls": 1, reason: 1}


def test_a_draft_that_a_person_stops_is_no_failure(
    house: Services, team: Team, writer: FakeWriter, asked: Assignment
) -> None:
    writer.enqueue("Bread ", "rises.")
    with closing(house.care.write(asked, purpose=Purpose.DRAFT)) as events:  # type: ignore[type-var]
        next(events)
    assert outcomes(house, team) == {"calls": 1}


def test_only_work_in_the_background_waits_long(
    house: Services, writer: FakeWriter, asked: Assignment
) -> None:
    for background in (False, True):
        writer.enqueue("Bread.")
        list(house.care.write(asked, purpose=Purpose.DRAFT, background=background))
    assert [one.patience for one in writer.history] == [5.0, 60.0]
