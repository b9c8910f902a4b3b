"""A brand leaves the house as a folder and comes back the same: nothing lost, nothing half, no approval smuggled in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.bootstrap import prepare
from copilot.config import Config
from copilot.domain.facts import FactStatus
from copilot.domain.materials import Kind
from copilot.domain.permissions import Role
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.conftest import BRAND, COLUMNS, POT, Team, house_of
from tests.exchanging import SECOND, STORY, exported, fact_ids, furnished, imported, listed, person, small
from tests.fakes import FakeClock, FakePublisher
from tests.looks import embedded
from tests.steps import add, library


@pytest.fixture
def other(tmp_path: Path, clock: FakeClock, publisher: FakePublisher) -> Iterator[Services]:
    """A fresh house with one brand of its own, in which the same three people work."""
    config = Config(data_dir=tmp_path / "other", password_cost=1, password_memory=64)
    prepare(config)
    for house in house_of(config, clock, publisher):
        brand = house.brands.create(slug="theirs", name="Theirs", zone="Europe/London", language="en")
        for login in ("mia", "hang", "grace"):
            house.accounts.add_person(
                login=login, name=login.title(), password="secret", roles={brand: Role.BRAND_MANAGER}
            )
        yield house


# The way out and back.


def test_a_brand_comes_back_the_same_in_another_house(
    services: Services, team: Team, other: Services, tmp_path: Path
) -> None:
    furnished(services, team)
    before = exported(services, "hearth", tmp_path / "out")
    result = imported(other, tmp_path / "out", slug=SECOND, user=person(other))
    assert (result.created, {one.change for one in result.files}) == (True, {"added"})
    assert result.facts is not None and result.facts.left == ()
    # Grace alone works for the new brand, and whoever does not work for a brand owns no fact of it.
    after = exported(other, SECOND, tmp_path / "back")
    assert before.keys() == after.keys()
    first, second = listed(before, "brand.yaml"), listed(after, "brand.yaml")
    assert (first.pop("slug"), second.pop("slug"), first) == ("hearth", SECOND, second)
    facts = listed(before, "facts.yaml")["facts"]
    assert [{**one, "owner": "grace"} if "owner" in one else one for one in facts] == listed(
        after, "facts.yaml"
    )["facts"]
    assert {one["owner"] for one in facts if one["status"] == "confirmed"} == {"grace", "hang"}
    for name in before.keys() - {"brand.yaml", "facts.yaml"}:
        assert before[name] == after[name], name


def test_what_was_settled_by_hand_is_listed_and_what_the_files_say_themselves_is_not(
    services: Services, team: Team, tmp_path: Path
) -> None:
    furnished(services, team)
    files = exported(services, "hearth", tmp_path / "out")
    assert listed(files, "materials.yaml")["materials"] == {
        "competitor_note/note.md": {"names": ["锅老板"]},
        "experience/a-he.md": {"consent": "", "status": "draft"},
        "news/.hidden.md": {"title": "藏", "valid_until": date(2026, 11, 28)},
        "offer/价目表.csv": {"valid_until": date(2026, 12, 20)},
        "policy/endless.md": {"valid_until": None},
        "policy/rules.md": {"valid_until": date(2027, 2, 19)},
        "selling_point/pot.md": {"title": "小灶陶锅：是 一口锅", "valid_from": date(2026, 11, 1)},
        "story/held.md": {"status": "draft"},
        "story/old.md": {"status": "retired"},
    }
    assert "materials/story/gone.md" not in files
    assert files["materials/selling_point/pot.md"] == POT.encode()
    assert [one["status"] for one in listed(files, "copy.yaml")["entries"]] == ["draft", "retired"]
    assert len({one["file"] for one in listed(files, "media.yaml")["pictures"]}) == 3


def test_the_same_library_gives_the_same_bytes_on_any_day(
    services: Services, team: Team, clock: FakeClock, tmp_path: Path
) -> None:
    furnished(services, team)
    zips = []
    for days in (0, 40):
        clock.forward(days=days)
        path = tmp_path / f"{days}.zip"
        services.exporting.write_zip(services.exporting.files(brand=team.brand), path)
        zips.append(path.read_bytes())
    assert zips[0] == zips[1]
    names = zipfile.ZipFile(io.BytesIO(zips[0])).namelist()
    assert names == sorted(names) and "materials/offer/价目表.csv" in names


def test_nothing_secret_and_nobody_leaves_the_house(services: Services, team: Team, tmp_path: Path) -> None:
    furnished(services, team)
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE destination SET settings = \'{"key": "s3cr3t-key"}\'')
    text = b"".join(exported(services, "hearth", tmp_path / "out").values())
    for hidden in ("s3cr3t-key", services.secret_key, "Grace Hart", "林小满", "argon2"):
        assert hidden.encode() not in text


def test_an_export_goes_into_a_new_folder_only(services: Services, team: Team, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict):
        services.exporting.write_folder(services.exporting.files(brand=team.brand), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} >= {"kept.txt"}


DAYS = st.one_of(st.none(), st.integers(-400, 400).map(lambda days: date(2026, 11, 21) + timedelta(days)))
TITLES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n：'\"#&*!|>-"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "")
KINDS = st.sampled_from([Kind.STORY, Kind.NEWS, Kind.POLICY, Kind.OFFER])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KINDS, TITLES, DAYS, DAYS), min_size=1, max_size=5), st.data())
def test_titles_and_days_survive_whatever_they_are(
    services: Services,
    tmp_path_factory: pytest.TempPathFactory,
    settled: list[tuple[Kind, str, date | None, date | None]],
    data: st.DataObject,
) -> None:
    home = tmp_path_factory.mktemp("settled")
    zone = data.draw(st.sampled_from(["Asia/Shanghai", "Europe/London", "America/Santiago", "Pacific/Apia"]))
    slug = f"b-{home.name.removeprefix('settled')}"
    brand = services.brands.create(slug=slug, name="B", zone=zone, language="en")
    for number, (kind, title, first, last) in enumerate(settled):
        if first and last and last < first:
            first, last = last, first
        upload = Upload(
            path=f"{kind}/{number}.md", data=b"---\nvalid_from: 2026-11-01\n---\n# T\n\nText.\n", kind=kind
        )
        material = services.ingestion.add(upload, brand=brand, actor=None).material
        assert material is not None
        services.ingestion.settle(material, brand=brand, actor=None, title=title, window=(first, last))
    exported(services, slug, home / "out")
    imported(services, home / "out", slug=f"{slug}-again", user=None)
    again = services.brands.by_slug(f"{slug}-again").id
    terms = [
        {
            (row.path, row.title, row.valid_from, row.valid_until)
            for row in services.library.materials(brand=one)
        }
        for one in (brand, again)
    ]
    assert terms[0] == terms[1]


# The way in.


def test_coming_in_again_changes_nothing_and_embeds_nothing(
    services: Services, team: Team, other: Services, tmp_path: Path
) -> None:
    furnished(services, team)
    exported(services, "hearth", tmp_path / "out")
    imported(other, tmp_path / "out", user=person(other))
    brand = other.brands.by_slug("hearth").id
    computed, state = len(embedded(other)), _state(other, brand)
    again = imported(other, tmp_path / "out", user=person(other))
    assert not again.created and {one.change for one in again.files} == {"unchanged"}
    assert again.facts is not None and again.facts.taken == 0 and again.facts.unchanged == 5
    assert again.copy is not None and again.copy.taken == 0
    assert all(one.unchanged for one in again.pictures)
    assert len(embedded(other)) == computed
    assert _state(other, brand) == state


def _state(services: Services, brand: int) -> Any:
    rows = services.library.materials(brand=brand)
    return [(row.path, row.revision, row.health, row.title) for row in rows], services.copyshelf.shelf(
        brand=brand
    )


def test_an_approval_never_comes_in_and_a_confirmation_is_the_importers_own(
    services: Services, team: Team, tmp_path: Path
) -> None:
    folder = small(
        tmp_path / "in",
        copy="entries:\n- {scene: question, title: 容量, text: 容量是 1.2 升。, status: approved, citations: []}\n",
        facts="facts:\n- {material: selling_point/pot.md, kind: price, subject: 小灶陶锅, name: 会员价, "
        "value: 239 元, quote: 小灶陶锅的会员价是 239 元。, status: confirmed, owner: nobody-here}\n",
    )
    result = imported(services, folder, user=team.manager.id)
    assert result.facts is not None and (result.facts.taken, result.facts.left) == (1, ())
    (row,) = services.factsheet.view(brand=team.brand, status=FactStatus.CONFIRMED).rows
    assert (row.value, row.owner) == ("239 元", team.manager.name)
    shelf = services.copyshelf.shelf(brand=team.brand)
    assert {str(standing): count for standing, count in shelf.by_standing.items() if count} == {"waiting": 1}


def test_without_a_person_nobody_stands_for_facts_and_copy(
    services: Services, team: Team, tmp_path: Path
) -> None:
    facts = (
        "facts:\n- {material: selling_point/pot.md, kind: price, subject: 小灶陶锅, name: 会员价, "
        "value: 239 元, quote: 小灶陶锅的会员价是 239 元。, status: confirmed}\n"
    )
    result = imported(services, small(tmp_path / "in", facts=facts), user=None)
    assert (result.facts, result.copy) == (None, None)
    assert services.factsheet.view(brand=team.brand, status=FactStatus.CONFIRMED).rows == ()


def test_what_a_person_here_decided_and_what_no_material_says_are_left_alone(
    services: Services, team: Team, tmp_path: Path
) -> None:
    library(services, team)
    price = fact_ids(services, team.brand)["239 元"]
    services.facts.dismiss([price], brand=team.brand, actor=team.manager)
    line = "- {{material: selling_point/pot.md, kind: price, subject: 小灶陶锅, name: 会员价, value: {0} 元, quote: 小灶陶锅的会员价是 {0} 元。, status: confirmed}}\n"
    facts = "facts:\n" + line.format(239) + line.format(259)
    result = imported(services, small(tmp_path / "in", facts=facts), user=team.manager.id)
    assert result.facts is not None
    assert (result.facts.taken, result.facts.unchanged) == (0, 1)
    assert len(result.facts.left) == 1 and "259 元" in result.facts.left[0]
    assert services.factsheet.fact(price, brand=team.brand).status == FactStatus.DISMISSED


def test_a_story_that_was_withdrawn_here_is_not_brought_back_by_the_same_file(
    services: Services, team: Team, tmp_path: Path
) -> None:
    story = add(services, team, "experience/a-he.md", STORY)
    services.lifecycle.withdraw(story, brand=team.brand, actor=team.manager.id)
    folder = small(tmp_path / "in")
    (folder / "materials" / "experience").mkdir()
    (folder / "materials" / "experience" / "a-he.md").write_text(STORY, encoding="utf-8")
    imported(services, folder, user=team.manager.id)
    assert services.library.material(story, brand=team.brand).material.health == "draft"


LISTINGS = [
    ("brand", "slug: hearth\n", "brand.yaml", "name"),
    ("brand", BRAND.replace("hearth", "Not A Slug"), "brand.yaml", "slug"),
    ("brand", BRAND.replace("Asia/Shanghai", "Mars/Olympus"), "brand.yaml", "zone"),
    ("brand", BRAND.replace("community", "pigeon"), "brand.yaml", "destinations[1].channel"),
    ("brand", BRAND.replace("slug: two", "slug: one"), "brand.yaml", "destinations[2].slug"),
    ("voice", "persona: 掌柜\nvioce: x\n", "voice.yaml", "vioce"),
    ("voice", "persona: 掌柜\nmax_emoji: many\n", "voice.yaml", "max_emoji"),
    ("voice", "persona: 掌柜\nscales: {friendly: 3, sad: 1}\n", "voice.yaml", "scales.sad"),
    ("columns", COLUMNS.replace("module: seeding", "module: nonsense"), "columns.yaml", "columns[1].slug"),
    (
        "materials",
        "materials:\n  selling_point/none.md: {title: x}\n",
        "materials.yaml",
        "materials.selling_point/none.md",
    ),
    (
        "materials",
        "materials:\n  selling_point/pot.md: {valid_untill: 2026-12-01}\n",
        "materials.yaml",
        "materials.selling_point/pot.md.valid_untill",
    ),
    (
        "materials",
        "materials:\n  selling_point/pot.md: {valid_until: soon}\n",
        "materials.yaml",
        "materials.selling_point/pot.md.valid_until",
    ),
    (
        "materials",
        "materials:\n  selling_point/pot.md: {valid_from: 2026-12-02, valid_until: 2026-12-01}\n",
        "materials.yaml",
        "materials.selling_point/pot.md.valid_until",
    ),
    (
        "materials",
        "materials:\n  selling_point/pot.md: {status: active}\n",
        "materials.yaml",
        "materials.selling_point/pot.md.status",
    ),
    ("facts", "facts:\n- {material: selling_point/pot.md, kind: rumour}\n", "facts.yaml", "facts[1].value"),
    (
        "facts",
        "facts:\n- {material: ../pot.md, kind: price, subject: s, name: n, value: v, quote: v, status: confirmed}\n",
        "facts.yaml",
        "facts[1].material",
    ),
    (
        "copy",
        "entries:\n- {scene: shouting, title: t, text: x, status: draft}\n",
        "copy.yaml",
        "entries[1].scene",
    ),
    (
        "copy",
        f"entries:\n- {{scene: thanks, title: {'t' * 61}, text: x, status: draft}}\n",
        "copy.yaml",
        "entries[1].title",
    ),
    ("media", "pictures:\n- {file: ../secret.png}\n", "media.yaml", "pictures[1].file"),
]


@pytest.mark.parametrize(
    ("name", "text", "file", "key"), LISTINGS, ids=[f"{one[2]}:{one[3]}" for one in LISTINGS]
)
def test_one_thing_that_does_not_fit_is_named_and_nothing_comes_in(
    services: Services, tmp_path: Path, name: str, text: str, file: str, key: str
) -> None:
    folder = small(tmp_path / "in", **{name: text})
    with pytest.raises(InvalidInput) as caught:
        imported(services, folder, user=None)
    assert list(caught.value.fields) == [file]
    assert caught.value.values["key"] == key
    assert services.brands.all() == []


def test_only_those_who_curate_the_brand_bring_something_into_it(
    services: Services, team: Team, tmp_path: Path
) -> None:
    folder = small(tmp_path / "in")
    with pytest.raises(NotAllowed):
        imported(services, folder, user=team.copywriter.id)
    stranger = services.accounts.add_person(login="ann", name="Ann", password="x", roles={})
    with pytest.raises(NotFound):
        imported(services, folder, user=stranger)
    assert services.library.materials(brand=team.brand) == []
    # A brand that is new gets who founds it.
    found = imported(services, folder, slug=SECOND, user=stranger)
    assert services.accounts.actor(user=stranger, brand=found.brand).role is Role.BRAND_MANAGER


def test_a_sync_counts_what_it_did_and_leaves_the_index_alone_when_nothing_changed(
    services: Services, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small(tmp_path / "in")
    place = folder / "materials" / "story"
    place.mkdir()
    for name in ("stays", "goes", "changes"):
        (place / f"{name}.md").write_text(f"# {name}\n\nA story of what {name}.", encoding="utf-8")
    imported(services, folder, user=None, retire=True)
    (place / "goes.md").unlink()
    (place / "changes.md").write_text("# changes\n\nAnother story.", encoding="utf-8")
    (place / "comes.md").write_text("# comes\n\nA new story.", encoding="utf-8")
    (place / "empty.md").write_text("", encoding="utf-8")
    result = imported(services, folder, user=None, retire=True)
    assert {one.file.path: one.change for one in result.files} == {
        "selling_point/pot.md": "unchanged",
        "story/changes.md": "revised",
        "story/comes.md": "added",
        "story/empty.md": "refused",
        "story/stays.md": "unchanged",
    }
    assert result.retired == ("story/goes.md",)
    (place / "empty.md").unlink()
    for deed in ("put", "remove", "search", "passages"):
        monkeypatch.setattr(services.parts.index, deed, None)
    monkeypatch.setattr(services.parts.blobs, "get", None)
    assert {one.change for one in imported(services, folder, user=None, retire=True).files} == {"unchanged"}


def test_dates_of_a_sample_are_put_in_and_those_of_an_export_stay_as_they_were_written(
    services: Services, team: Team, tmp_path: Path
) -> None:
    text = "# 日子\n\n活动到 {{day+3}} 为止。\n"
    add(services, team, "story/day.md", text)
    files = exported(services, "hearth", tmp_path / "out")
    assert listed(files, "materials.yaml")["materials"]["story/day.md"] == {"as_written": True}
    imported(services, tmp_path / "out", slug=SECOND, user=None)
    assert exported(services, SECOND, tmp_path / "back")["materials/story/day.md"] == text.encode()
    folder = small(tmp_path / "in")
    (folder / "materials" / "selling_point" / "day.md").write_text(text, encoding="utf-8")
    imported(services, folder, slug="third", user=None)
    assert (
        b"2026-11-24" in exported(services, "third", tmp_path / "resolved")["materials/selling_point/day.md"]
    )
