"""The demo is a living fortnight: made through the real gate, and safe to load again."""

from __future__ import annotations

from collections import Counter

from copilot.domain.findings import Verdict
from copilot.domain.gaps import Reason
from copilot.domain.posts import PostState
from copilot.services.house import Services
from tests.fakes import FakeClock


def test_a_fortnight_with_everything_in_it(services: Services, clock: FakeClock) -> None:
    clock.forward(hours=8)  # Evening in Shanghai, before noon in London: some of today is over, some is not.
    loaded = services.demo.load()
    assert [one.brand for one in loaded] == ["chihe-xiaozao", "slowmere"]
    # One member's story in each brand waits for its consent; all else is found.
    waiting = [file for one in loaded for file in one.files if str(file.status) != "indexed"]
    assert [file.reason.id for file in waiting if file.reason] == ["warning.consent_needed"] * 2
    for brand in services.brands.all():
        now = services.today.view(brand=brand.id)
        week = services.calendar.week(brand=brand.id)
        before = services.calendar.week(brand=brand.id, around=week.previous)
        cards = [card for one in (before, week) for day in one.days for card in day.slots]
        states = Counter(card.state for card in cards)

        assert states[PostState.SENT] >= 25
        assert now.to_send > 0
        assert any(
            card.seal is not None and not card.seal.broken and card.state == "scheduled" for card in cards
        )
        assert any(card.seal is not None and card.seal.broken for card in cards)
        assert any(expiry.is_over and expiry.kind == "offer" for expiry in now.expiries)
        lacks = services.gaps.report(brand=brand.id).lacks
        assert [lack.column for lack in lacks if lack.reason is Reason.EXPIRED] == ["trend-talk"]
        assert now.later_gaps == len(lacks) - len(now.gaps) > 0  # Wednesday is further than three days away.
        today = next(day for day in week.days if day.is_today)
        assert next(card for card in today.slots if card.column == "seeding").state == "empty"

        # What was sent holds no claim that the library does not carry.
        sent = [card.post for card in cards if card.state == PostState.SENT]
        for post in sent[-6:]:
            assert post is not None
            view = services.desk.post(post, brand=brand.id)
            assert view.blocking == 0
            figures = [claim for claim in view.claims if any(character.isdigit() for character in claim.text)]
            assert all(claim.verdict is not Verdict.UNSUPPORTED for claim in figures)

        # The copy library shows a reply at each station, and what becomes of one whose offer is over.
        kept = services.copyshelf.shelf(brand=brand.id)
        assert kept.by_standing["ready"] >= 4
        assert (kept.by_standing["waiting"], kept.by_standing["look"]) == (1, 1)
        assert kept.rows[-1].lost[0].loss == "expired"

    def rows(table: str) -> int:
        with services.parts.db.engine.connect() as connection:
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)

    people = {person.login: person.role for person in services.accounts.demo_people()}
    assert people == {"xiaoman": "copywriter", "zhouhang": "operator", "grace": "brand_manager"}
    assert services.accounts.authenticate("grace", "demo").name == "Grace Hart"

    # What people made of the columns since is theirs, however often the samples are loaded.
    services.sops.remove("evening", brand=brand.id, actor=None)
    counted = {
        table: rows(table)
        for table in ("sop", "voice", "material", "material_revision", "post", "user", "copy_entry")
    }
    again = services.demo.load()
    assert all(file.unchanged for one in again for file in one.files)
    assert counted == {table: rows(table) for table in counted}
