"""Who may let a finding stand, which findings that covers, and until when."""

from __future__ import annotations

import pytest

from copilot.domain.findings import Check, Finding, Severity, blocking
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission
from copilot.domain.posts import PostState
from copilot.domain.waiving import (
    Waiver,
    fingerprint,
    is_revocable,
    is_waivable,
    needed_to_waive,
    waive,
)

TOP = Finding(Check.COMPLIANCE, "absolute", Severity.BLOCK, 4, 6, "顶级", Message("rule"))
AGAIN = Finding(Check.COMPLIANCE, "absolute", Severity.BLOCK, 20, 22, "顶级", Message("rule"))
PRICE = Finding(Check.CLAIMS, "unsupported", Severity.BLOCK, 8, 13, "199 元", Message("rule"))
GIVEN = Waiver(7, "compliance", "absolute", "顶级")


def test_a_waiver_covers_these_words_under_this_rule_wherever_they_stand() -> None:
    covered = waive([TOP, AGAIN, PRICE], [GIVEN])
    assert [finding.waiver for finding in covered] == [7, 7, None]
    assert [finding.text for finding in blocking(covered)] == ["199 元"]


@pytest.mark.parametrize(
    "other",
    [
        Waiver(7, "compliance", "absolute", "顶级的"),
        Waiver(7, "compliance", "efficacy", "顶级"),
        Waiver(7, "terms", "absolute", "顶级"),
        Waiver(7, "compliance", "absolute", ""),
    ],
    ids=["other words", "another rule", "another check", "the whole copy"],
)
def test_it_covers_nothing_else(other: Waiver) -> None:
    assert waive([TOP], [other]) == (TOP,)


def test_a_finding_loses_a_waiver_that_no_longer_stands() -> None:
    (covered,) = waive([TOP], [GIVEN])
    assert waive([covered], []) == (TOP,)


def test_of_two_the_newer_is_told() -> None:
    newer = Waiver(9, "compliance", "absolute", "顶级")
    assert [finding.waiver for finding in waive([TOP], [newer, GIVEN])] == [9]


@pytest.mark.parametrize("check", list(Check))
def test_every_check_says_who_may_let_it_stand(check: Check) -> None:
    """Written out, so that a new check is decided on and not let through."""
    wanted = {
        Check.LIMITS: None,
        Check.PRIVACY: None,
        Check.PICTURES: None,
        Check.CLAIMS: Permission.CURATE,
        Check.FRESHNESS: Permission.CURATE,
    }
    assert needed_to_waive(check, "any") == wanted.get(check, Permission.REVIEW)


def test_markup_is_a_fault_and_no_matter_of_taste() -> None:
    assert needed_to_waive("structure", "markup") is None
    assert needed_to_waive("structure", "too_long") is Permission.REVIEW


def test_what_is_over_is_not_decided_on_and_what_is_handed_on_not_taken_back() -> None:
    over = {PostState.SENT, PostState.SKIPPED, PostState.EXPIRED}
    assert {state for state in PostState if not is_waivable(state)} == over
    assert {state for state in PostState if is_revocable(state)} == {
        PostState.DRAFT,
        PostState.CHANGES_REQUESTED,
    }


def test_a_fingerprint_is_of_all_three() -> None:
    prints = {
        fingerprint("compliance", "absolute", "顶级"),
        fingerprint("terms", "absolute", "顶级"),
        fingerprint("compliance", "efficacy", "顶级"),
        fingerprint("compliance", "absolute", "最好"),
    }
    assert len(prints) == 4
