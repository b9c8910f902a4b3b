"""What a person settled about a material stands: against a newer file, another person, and a silent re-import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest
from sqlalchemy import select

from copilot import models
from copilot.domain.materials import Kind
from copilot.errors import Conflict
from copilot.services.house import Services
from copilot.services.queries.materials import MaterialView
from tests.conftest import POT, Team
from tests.looks import embedded, is_found
from tests.steps import POT_FILE, add, library, revise, run_newest, take, written
from tests.visiting import HOME, Visitor, file

OFFER = "offer/winter.md"
SILENT = "# 小灶陶锅\n\n小灶陶锅的会员价是 239 元。\n"
PRAISE = "小灶陶锅真好用，我家每天焖饭。"
CONSENT = "11月20日私聊同意，署名「阿棉」。"


def settle(services: Services, team: Team, material: int, **terms: Any) -> None:
    services.ingestion.settle(material, brand=team.brand, actor=team.manager.id, **terms)


def view(services: Services, team: Team, material: int) -> MaterialView:
    return services.library.material(material, brand=team.brand)


def status(services: Services, material: int) -> str:
    with services.parts.db.read() as session:
        return session.get_one(models.Material, material).status


def until(services: Services, team: Team, material: int) -> date | None:
    """The instant at which its last day ends, as a day."""
    end = view(services, team, material).current.valid_until
    return end.date() if end is not None else None


def meanwhile(services: Services, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something that happens once, while texts are being embedded."""
    embedder = cast("Any", services.parts.embedder)
    passages = embedder.passages

    def first(*args: Any, **how: Any) -> Any:
        monkeypatch.setattr(embedder, "passages", passages)
        happens()
        return passages(*args, **how)

    monkeypatch.setattr(embedder, "passages", first)


class TestSomethingElseHappensMeanwhile:
    def test_a_newer_file_is_not_written_over_with_the_old_one(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pot = library(services, team)
        meanwhile(services, monkeypatch, lambda: revise(services, team, ("239 元", "259 元")))
        with pytest.raises(Conflict) as moved:
            settle(services, team, pot, window=(None, date(2026, 12, 20)))
        assert moved.value.message_id == "error.material_moved"
        assert is_found(services, team, "259 元")
        assert not is_found(services, team, "239 元")
        assert view(services, team, pot).material.revision == 2

    def test_a_consent_that_was_taken_back_does_not_return_with_a_new_title(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story = add(services, team, "praise/pot.md", PRAISE, consent=CONSENT)
        meanwhile(
            services,
            monkeypatch,
            lambda: services.lifecycle.withdraw(story, brand=team.brand, actor=team.manager.id),
        )
        with pytest.raises(Conflict):
            settle(services, team, story, title="焖饭")
        assert (view(services, team, story).consent, status(services, story)) == ("", "draft")

    def test_a_file_that_comes_in_takes_the_terms_that_a_person_gave_meanwhile(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pot = library(services, team)
        meanwhile(
            services, monkeypatch, lambda: settle(services, team, pot, window=(None, date(2026, 11, 30)))
        )
        revise(services, team, ("239 元", "259 元"))
        assert until(services, team, pot) == date(2026, 12, 1)
        assert is_found(services, team, "259 元")

    def test_a_deleted_one_gets_no_other_terms_and_no_vectors(
        self, services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pot = library(services, team)
        services.lifecycle.delete([pot], brand=team.brand, actor=team.manager.id)
        computed = len(embedded(services))
        for terms in ({"title": "锅"}, {"attribution": "阿棉"}):
            with pytest.raises(Conflict) as refused:
                settle(services, team, pot, **terms)
            assert refused.value.message_id == "error.material_deleted"
        assert len(embedded(services)) == computed
        services.lifecycle.restore([pot], brand=team.brand, actor=team.manager.id)
        meanwhile(
            services,
            monkeypatch,
            lambda: services.lifecycle.delete([pot], brand=team.brand, actor=team.manager.id),
        )
        with pytest.raises(Conflict):
            settle(services, team, pot, title="锅")
        assert status(services, pot) == "deleted"


class TestAShelfIsTaken:
    def test_a_deleted_file_there_steps_aside_and_comes_back_under_another_name(
        self, services: Services, team: Team
    ) -> None:
        former = library(services, team)
        services.lifecycle.delete([former], brand=team.brand, actor=team.manager.id)
        other = add(services, team, "offer/pot.md", POT)
        settle(services, team, other, kind=Kind.SELLING_POINT)
        assert view(services, team, other).material.path == POT_FILE
        services.lifecycle.restore([former], brand=team.brand, actor=team.manager.id)
        assert view(services, team, former).material.path == "selling_point/pot-2.md"

    def test_a_file_there_that_people_see_does_not(self, services: Services, team: Team) -> None:
        former = library(services, team)
        services.lifecycle.retire([former], brand=team.brand, actor=team.manager.id)
        other = add(services, team, "offer/pot.md", POT)
        with pytest.raises(Conflict) as taken:
            settle(services, team, other, kind=Kind.SELLING_POINT)
        assert taken.value.message_id == "error.path_taken"


class TestAMembersWordsNeedConsent:
    """Whatever makes a material one that needs consent and has none takes it out at once."""

    def test_when_its_kind_becomes_a_members(self, services: Services, team: Team) -> None:
        pot = library(services, team)
        post = written(services, team)
        settle(services, team, pot, kind=Kind.PRAISE)
        assert status(services, pot) == "draft"
        assert not is_found(services, team, "239 元")
        assert {flag.post for flag in view(services, team, pot).flags} == {post}

    def test_when_somebody_empties_the_consent(self, services: Services, team: Team) -> None:
        story = add(services, team, "praise/pot.md", PRAISE, consent=CONSENT)
        assert is_found(services, team, "我家每天焖饭")
        settle(services, team, story, consent=" ")
        assert status(services, story) == "draft"
        assert not is_found(services, team, "我家每天焖饭")
        assert [one.id for one in services.stories.view(brand=team.brand).withdrawn] == [story]

    def test_other_terms_of_a_retired_one_do_not_bring_it_back(self, services: Services, team: Team) -> None:
        story = add(services, team, "praise/pot.md", PRAISE, consent=CONSENT)
        services.lifecycle.retire([story], brand=team.brand, actor=team.manager.id)
        settle(services, team, story, title="焖饭")
        settle(services, team, story, consent="")
        assert status(services, story) == "retired"

    @pytest.mark.parametrize(("deed", "stays"), [("retire", "retired"), ("delete", "deleted")])
    def test_taken_back_it_is_gone_wherever_the_story_lies(
        self, services: Services, team: Team, deed: str, stays: str
    ) -> None:
        story = add(services, team, "praise/pot.md", PRAISE, consent=CONSENT)
        getattr(services.lifecycle, deed)([story], brand=team.brand, actor=team.manager.id)
        services.telling.withdraw(story, brand=team.brand, actor=team.manager)
        assert status(services, story) == stays
        services.lifecycle.restore([story], brand=team.brand, actor=team.manager.id)
        assert (status(services, story), view(services, team, story).consent) == ("draft", "")
        assert not is_found(services, team, "我家每天焖饭")


class TestAFileComesInAgain:
    def test_what_a_person_settled_stands_where_the_file_is_silent(
        self, services: Services, team: Team
    ) -> None:
        pot = add(services, team, POT_FILE, SILENT)
        settle(services, team, pot, title="会员的锅", window=(None, date(2026, 11, 30)))
        for price in ("259 元", "269 元"):
            add(services, team, POT_FILE, SILENT.replace("239 元", price))
            assert view(services, team, pot).material.title == "会员的锅"
            assert until(services, team, pot) == date(2026, 12, 1), price
        # The passages end with it, not the material alone.
        hits = services.retrieval.search("269 元", brand=team.brand, k=5)
        assert {hit.source.window.end is not None for hit in hits} == {True}

    def test_a_file_that_says_something_itself_wins(self, services: Services, team: Team) -> None:
        pot = add(services, team, POT_FILE, SILENT)
        settle(services, team, pot, title="会员的锅", window=(None, date(2026, 11, 30)))
        add(services, team, POT_FILE, f"---\ntitle: 新锅\nvalid_until: 2026-12-31\n---\n{SILENT}")
        assert view(services, team, pot).material.title == "新锅"
        assert until(services, team, pot) == date(2027, 1, 1)
        # From now on it is the file that speaks, also when it stops.
        add(services, team, POT_FILE, SILENT.replace("239 元", "259 元"))
        assert view(services, team, pot).material.title != "会员的锅"
        assert until(services, team, pot) is None

    def test_what_the_former_file_said_goes_with_it(self, services: Services, team: Team) -> None:
        pot = add(services, team, POT_FILE, f"---\nvalid_until: 2026-12-31\n---\n{SILENT}")
        settle(services, team, pot, title="会员的锅")
        add(services, team, POT_FILE, SILENT)
        assert view(services, team, pot).material.title == "会员的锅"
        assert until(services, team, pot) is None

    def test_a_short_life_that_a_person_took_away_stays_away(self, services: Services, team: Team) -> None:
        rules = add(services, team, "policy/rules.md", "# 群规\n\n每天一条。\n")
        assert until(services, team, rules) is not None
        settle(services, team, rules, window=(None, None))
        add(services, team, "policy/rules.md", "# 群规\n\n每天两条。\n")
        assert until(services, team, rules) is None

    def test_what_is_given_with_the_file_or_taken_away_goes_first(
        self, services: Services, team: Team
    ) -> None:
        pot = add(services, team, POT_FILE, SILENT)
        settle(services, team, pot, window=(None, date(2026, 11, 30)))
        add(services, team, POT_FILE, SILENT.replace("239 元", "259 元"), valid_until=date(2026, 12, 5))
        assert until(services, team, pot) == date(2026, 12, 6)
        settle(services, team, pot, window=(None, date(2026, 11, 30)))
        add(services, team, POT_FILE, SILENT.replace("239 元", "269 元"), cleared=frozenset({"valid_until"}))
        assert until(services, team, pot) is None

    def test_the_same_bytes_without_their_end_are_a_change_once(self, services: Services, team: Team) -> None:
        text = "---\nvalid_until: 2026-12-01\n---\n# 优惠\n\n小灶陶锅立减三十元。\n"
        offer = add(services, team, OFFER, text)
        cleared = frozenset({"valid_until"})
        first = take(services, team, OFFER, text, cleared=cleared)
        assert not first.unchanged
        assert until(services, team, offer) is None
        again = take(services, team, OFFER, text, cleared=cleared)
        assert again == replace(first, unchanged=True)

    def test_a_day_that_is_emptied_beside_a_new_file_is_taken_away(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        pot = library(services, team)
        settle(services, team, pot, window=(None, date(2026, 11, 30)))
        for price, typed, end in (("259 元", "2026-11-30", date(2026, 12, 1)), ("269 元", "", None)):
            sent = file(POT.replace("239 元", price), "pot.md")
            form = {"valid_from": "", "valid_until": typed, "file": sent}
            answer = grace.post(f"{HOME}/library/{pot}/revision", form)
            assert answer.status_code == 303, price
            run_newest(services, team)
            assert until(services, team, pot) == end
            assert is_found(services, team, price)

    def test_what_the_file_only_repeats_does_not_undo_a_correction(
        self, services: Services, team: Team
    ) -> None:
        head = "---\ntitle: 锅\nvalid_until: 2026-12-31\n---\n"
        pot = add(services, team, POT_FILE, f"{head}{SILENT}")
        settle(services, team, pot, title="会员的锅", window=(None, date(2026, 11, 30)))
        add(services, team, POT_FILE, f"{head}{SILENT}".replace("239 元", "259 元"))
        assert view(services, team, pot).material.title == "会员的锅"
        assert until(services, team, pot) == date(2026, 12, 1)
        newer = head.replace("title: 锅", "title: 新锅") + SILENT.replace("239 元", "269 元")
        add(services, team, POT_FILE, newer)
        assert view(services, team, pot).material.title == "新锅"
        assert until(services, team, pot) == date(2026, 12, 1)


class TestANewFileOfAStory:
    def queued(self, services: Services, team: Team, grace: Visitor, story: int) -> int:
        """The revision as the form sends it, waiting for its turn."""
        path = view(services, team, story).material.path
        sent = file("# 何姨\n\n这口锅我家天天用，又买了一口。\n", path.rpartition("/")[2])
        form = {"valid_from": "", "valid_until": "", "file": sent}
        answer = grace.post(f"{HOME}/library/{story}/revision", form)
        assert answer.status_code == 303
        return services.jobs.recent(brand=team.brand, kind="ingest")[0].id

    def test_keeps_its_consent_and_its_title(self, services: Services, team: Team, grace: Visitor) -> None:
        story = add(services, team, "praise/heyi.md", STORY, consent="11 月 20 日微信答应", title="何姨的锅")
        services.jobs.run(self.queued(services, team, grace, story))
        seen = view(services, team, story)
        assert (seen.consent, seen.material.title) == ("11 月 20 日微信答应", "何姨的锅")
        assert is_found(services, team, "又买了一口")

    def test_does_not_bring_back_a_consent_that_was_taken_back_meanwhile(
        self, services: Services, team: Team, grace: Visitor
    ) -> None:
        story = add(services, team, "praise/heyi.md", STORY, consent="11 月 20 日微信答应")
        job = self.queued(services, team, grace, story)
        services.lifecycle.withdraw(story, brand=team.brand, actor=team.manager.id)
        services.jobs.run(job)
        assert view(services, team, story).consent == ""
        assert not is_found(services, team, "又买了一口")


STORY = "# 何姨\n\n这口锅我家天天用。\n"


def test_the_same_name_from_a_mac_and_from_windows_is_one_material(services: Services, team: Team) -> None:
    one = add(services, team, "selling_point/Cafe\u0301.md", SILENT)
    other = add(services, team, "selling_point/Caf\u00e9.md", SILENT.replace("239", "259"))
    assert one == other


def test_what_was_recorded_of_a_consent_outlives_it_in_the_audit_log(services: Services, team: Team) -> None:
    story = add(services, team, "praise/heyi.md", STORY, consent="11 月 20 日微信答应")
    services.lifecycle.withdraw(story, brand=team.brand, actor=team.manager.id)
    with services.parts.db.read() as session:
        entry = session.scalars(select(models.Audit).where(models.Audit.action == "material.withdrawn")).one()
    assert entry.data["consent"] == "11 月 20 日微信答应"
