"""A competitor note tells a writer what to stress, and neither it nor the names in it are ever told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from copilot.bootstrap import build
from copilot.config import Config
from copilot.domain.channels import Channel
from copilot.domain.findings import Check, Severity, Verdict
from copilot.domain.materials import Kind
from copilot.services import loading
from copilot.services.house import Services
from tests.conftest import Team
from tests.fakes import FakeClock, FakeWriter
from tests.steps import COPY, add, library, todays_slot

NOTE = """---
title: 同行观察
names: [陶满堂, Potluck & Sons]
---
陶满堂的陶锅壁厚 6 毫米，容量 3 升，会员价 188 元。陶满堂焖饭不用等。
"""
STRANGER = "陶满堂的陶锅容量 3 升。"


def noted(services: Services, team: Team, **window: str) -> int:
    head, _, body = NOTE.partition("---\ntitle")
    settings = "".join(f"{key}: {day}\n" for key, day in window.items())
    return add(services, team, "competitor_note/pots.md", f"{head}---\n{settings}title{body}")


@pytest.mark.parametrize("name", ["陶满堂", "Potluck & Sons", "potluck & sons"])
def test_every_name_in_a_note_is_refused_until_the_note_is_retired(
    services: Services, team: Team, name: str
) -> None:
    def blocked() -> set[str]:
        checked = services.checking.check_text(f"比{name}好用。", brand=team.brand, channel=Channel.COMMUNITY)
        return {
            one.text
            for one in checked.findings
            if one.severity is Severity.BLOCK and one.check is Check.TERMS
        }

    assert blocked() == set()
    note = noted(services, team)
    assert blocked() == {name}
    services.lifecycle.retire([note], brand=team.brand, actor=team.manager.id)
    assert blocked() == set()


def test_what_a_note_says_supports_no_claim(services: Services, team: Team) -> None:
    library(services, team)
    noted(services, team)
    checked = services.checking.check_text(
        "陶锅容量 3 升，会员价 188 元。", brand=team.brand, channel=Channel.COMMUNITY
    )
    (claim,) = checked.claims
    assert claim.verdict is Verdict.UNSUPPORTED
    # Nor where it is handed over as a source, whoever does that.
    hits = services.retrieval.search("陶锅", brand=team.brand, kinds=[Kind.COMPETITOR_NOTE], k=3)
    assert hits
    with services.parts.db.read() as session:
        home, voice = loading.brand_and_voice(session, team.brand)
    handed = services.checking.check_grounded(
        STRANGER,
        brand=home,
        voice=voice,
        channel=Channel.COMMUNITY,
        at=services.parts.clock(),
        sources=[hit.source for hit in hits],
    )
    assert {claim.verdict for claim in handed.claims} == {Verdict.UNSUPPORTED}


@pytest.fixture
def modelled(services: Services, config: Config, clock: FakeClock, writer: FakeWriter) -> Services:
    """The same house with a model in it."""
    return build(config, clock=clock, made=replace(services.parts, writer=writer))


def drafted(services: Services, team: Team) -> dict[str, object]:
    slot = todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    return dict(head.provenance)


def test_a_model_reads_the_note_beside_the_sources_and_without_its_names(
    modelled: Services, team: Team, writer: FakeWriter
) -> None:
    library(modelled, team)
    note = noted(modelled, team)
    writer.enqueue(COPY)
    provenance = drafted(modelled, team)
    asked = writer.history[0]
    assert [one.kind for one in asked.brief.background] == [Kind.COMPETITOR_NOTE]
    assert "某同行的陶锅壁厚 6 毫米" in asked.prompt and "陶满堂" not in asked.prompt
    assert "陶满堂" in asked.system  # among the names that must not be said
    assert provenance["background"] == [one.passage for one in asked.brief.background]
    assert all(one.kind is not Kind.COMPETITOR_NOTE for one in asked.brief.sources)
    assert "tasks/background.zh" in str(provenance["prompts"])
    assert note in {hit.material for hit in modelled.retrieval.search("陶锅", brand=team.brand, k=9)}


def test_a_note_that_does_not_hold_at_the_slot_is_not_read(
    modelled: Services, team: Team, writer: FakeWriter
) -> None:
    library(modelled, team)
    noted(modelled, team, valid_until="2026-11-20")
    writer.enqueue(COPY)
    assert drafted(modelled, team)["background"] == []
    assert "内部参考" not in writer.history[0].prompt


def test_the_composer_too_keeps_what_it_was_told_beside_what_it_tells(services: Services, team: Team) -> None:
    library(services, team)
    noted(services, team)
    provenance = drafted(services, team)
    assert len(provenance["background"]) == 1  # type: ignore[arg-type]
    post = services.calendar.week(brand=team.brand, around=datetime(2026, 11, 21).date()).days
    texts = " ".join(card.excerpt for day in post for card in day.slots)
    assert "陶满堂" not in texts and "188" not in texts and "小灶陶锅" in texts
