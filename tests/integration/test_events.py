"""What a draft writes reaches whoever watches it at once, its end included."""

from __future__ import annotations

import threading

import pytest

from copilot.services import events
from copilot.services.house import Services
from tests import steps
from tests.conftest import Team


def test_the_end_of_a_draft_is_heard_at_once(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever watches is woken, and need not find out at their next look."""
    monkeypatch.setattr(events, "_POLL_SECONDS", 60.0)
    slot = steps.todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    generation = services.drafting.request(post, brand=team.brand, actor=team.copywriter)
    log = services.events.log(generation)
    log.delta("小灶陶锅")
    waiting = threading.Event()
    heard: list[str] = []

    def watch() -> None:
        for event in services.events.tail(generation):
            if event is None:
                waiting.set()
            else:
                heard.append(event.kind)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    assert waiting.wait(10)
    log.end("done")
    watcher.join(timeout=10)
    assert heard == ["delta", "end"]


def test_only_the_newest_rings_are_remembered() -> None:
    """A server that runs for months does not keep a number for every draft it ever wrote."""
    bell = events._Bell()
    for generation in range(1000):
        bell.ring(generation, 1)
    assert list(bell._rung) == list(range(1000 - events._REMEMBERED, 1000))
