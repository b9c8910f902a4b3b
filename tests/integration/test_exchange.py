"""A brand leaves the house as a folder and comes back the same: nothing lost, nothing half, no approval smuggled in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.app import create_app
from copilot.bootstrap import prepare
from copilot.cli.root import root
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.facts import FactKind, FactStatus
from copilot.domain.materials import Kind
from copilot.domain.permissions import Role
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.brandcontents import read_contents
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import open_tree
from copilot.services.house import Services
from copilot.services.importing import Imported
from copilot.services.media import PictureFile
from copilot.services.terms import Upload
from tests.conftest import BRAND, COLUMNS, POT, VOICE, Team, _house
from tests.fakes import FakeClock, FakeEmbedder, FakePublisher
from tests.steps import png
from tests.visiting import HOME, Visitor, said

SECOND = "second"
STORY = "---\nattribution: 饭友阿禾\nconsent: 2026-11-01 私聊同意\n---\n# 一家三口\n\n周末焖了一锅饭，女儿吃了两碗。\n"
NOTE = "# 对手笔记\n\n---\n\n他家的锅要 399 元，没有内盖。\n"
PRICES = "商品,会员价,有效期起,有效期止\n溪石米缸,129 元,2026-11-01,2026-12-31\n小灶陶锅,239 元,2026-11-01,2026-12-31\n"


@pytest.fixture
def other(tmp_path: Path, clock: FakeClock, publisher: FakePublisher) -> Iterator[Services]:
    """A fresh house with one brand of its own, in which the same three people work."""
    config = Config(data_dir=tmp_path / "other", password_cost=1, password_memory=64)
    prepare(config)
    for house in _house(config, clock, publisher):
        brand = house.brands.create(slug="theirs", name="Theirs", zone="Europe/London", language="en")
        for login in ("mia", "hang", "grace"):
            house.accounts.add_person(
                login=login, name=login.title(), password="secret", roles={brand: Role.BRAND_MANAGER}
            )
        yield house


def add(services: Services, team: Team, path: str, text: str, **given: Any) -> int:
    upload = Upload(path=path, data=text.encode(), kind=Kind(path.split("/")[0]), **given)
    result = services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)
    assert result.material is not None, result
    return result.material


def fact_ids(services: Services, brand: int, status: FactStatus = FactStatus.SUGGESTED) -> dict[str, int]:
    return {row.value: row.id for row in services.factsheet.view(brand=brand, status=status).rows}


def furnished(services: Services, team: Team) -> None:
    """A library in which something of everything was settled by hand."""
    brand, manager = team.brand, team.manager
    pot = add(services, team, "selling_point/pot.md", POT)
    prices = add(services, team, "offer/价目表.csv", PRICES)
    story = add(services, team, "experience/a-he.md", STORY)
    add(services, team, "experience/waiting.md", "# 等同意\n\n这口锅煮粥不溢锅。\n")
    note = add(services, team, "competitor_note/note.md", NOTE)
    gone = add(services, team, "story/gone.md", "# 旧事\n\n从前的故事。\n")
    old = add(services, team, "story/old.md", "# 老故事\n\n一条青溪边的老窑。\n")
    held = add(services, team, "story/held.md", "# 未定\n\n下个月再说。\n", hold=True)
    add(services, team, "policy/rules.md", "# 群规\n\n每天一条。\n")
    endless = add(services, team, "policy/endless.md", "# 总则\n\n互相尊重。\n")
    add(services, team, "news/.hidden.md", "# 藏\n\n今天开窑。\n")
    settle = services.ingestion.settle
    settle(pot, brand=brand, actor=manager.id, title="小灶陶锅：是 一口锅", window=(date(2026, 11, 1), None))
    settle(prices, brand=brand, actor=manager.id, window=(None, date(2026, 12, 20)))
    settle(endless, brand=brand, actor=manager.id, window=(None, None))
    settle(note, brand=brand, actor=manager.id, names=["锅老板"])
    services.lifecycle.withdraw(story, brand=brand, actor=manager.id)
    services.lifecycle.delete([gone], brand=brand, actor=manager.id)
    services.lifecycle.retire([old], brand=brand, actor=manager.id)
    assert held
    known = fact_ids(services, brand)
    services.facts.confirm([known["1.2 升"], known["129 元"]], brand=brand, actor=manager)
    services.facts.dismiss([known["239 元"]], brand=brand, actor=manager)
    row = services.factsheet.fact(known["9 毫米"], brand=brand)
    services.facts.correct(
        row.id,
        brand=brand,
        actor=manager,
        kind=FactKind.SPECIFICATION,
        subject="小灶陶锅",
        name="壁厚",
        value="9 毫米",
        owner=team.operator.id,
    )
    material = services.library.material(pot, brand=brand)
    services.facts.pin(
        material.passages[0].id,
        brand=brand,
        actor=manager,
        kind=FactKind.PROMISE,
        subject="小灶陶锅",
        name="明火",
        value="可以直接上明火",
        quote="小灶陶锅可以直接上明火",
    )
    shelf = services.copylibrary
    for title, text in (("开锅", "小灶陶锅的容量是 1.2 升。\n够三个人吃饭。"), ("收起", "这句收起来了。")):
        entry = shelf.add(brand=brand, actor=manager, scene="question", title=title, text=text)
    shelf.retire(entry, brand=brand, actor=manager)
    pictures = [
        PictureFile("pot.png", png(10), "一口陶锅", ("selling_point/pot.md", "offer/价目表.csv")),
        PictureFile("pot.png", png(20), "锅盖", ("selling_point/pot.md",)),
        PictureFile("old.png", png(30), "旧包装"),
    ]
    added = services.media.add(pictures, brand=brand, actor=manager.id)
    assert added[2].picture is not None
    services.media.retire(added[2].picture, brand=brand, actor=manager.id)


def exported(services: Services, slug: str, target: Path) -> dict[str, bytes]:
    files = services.exporting.files(brand=services.brands.by_slug(slug).id)
    services.exporting.write_folder(files, target)
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()
    }


def imported(
    services: Services, path: Path, *, slug: str = "", user: int | None, retire: bool = False
) -> Imported:
    with open_tree(path) as tree:
        found = read_settings(tree)
        plan = services.importing.plan(
            tree,
            read_contents(tree),
            slug=slug or found.slug,
            settings=found,
            zone=found.brand["zone"],
            language=Language(found.brand["language"]),
            retire=retire,
        )
    return services.importing.carry_out(plan, user=user)


def person(services: Services, login: str = "grace") -> int:
    return services.importing.person(login)


def listed(files: dict[str, bytes], name: str) -> Any:
    return yaml.safe_load(files[name])


def embedded(services: Services) -> list[str]:
    return cast("FakeEmbedder", cast("Any", services.parts.embedder)._embedder).embedded


def small(folder: Path, **files: str) -> Path:
    """A brand's folder with one material and, by name, whatever else is written into it."""
    (folder / "materials" / "selling_point").mkdir(parents=True)
    (folder / "materials" / "selling_point" / "pot.md").write_text(POT, encoding="utf-8")
    for name, text in {"brand": BRAND, "voice": VOICE, "columns": COLUMNS, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


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
    add(services, team, "selling_point/pot.md", POT)
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


# Commands.


@dataclass(frozen=True)
class _Stub:
    services: Services


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def command(*args: object) -> Ran:
        result = CliRunner().invoke(root, [str(arg) for arg in args], obj=_Stub(services))
        return Ran(result.exit_code, result.stdout, result.stderr)

    return command


def test_a_brand_goes_out_and_in_by_command(services: Services, team: Team, run: Run, tmp_path: Path) -> None:
    furnished(services, team)
    path = tmp_path / "hearth.zip"
    out = run("brand", "export", "hearth", path, "--json")
    assert out.code == 0, out.err
    assert out.json == {"brand": "hearth", "path": str(path), "files": 20, "materials": 10}
    done = run("brand", "import", path, "--slug", SECOND, "--as", "grace", "--json")
    assert done.code == 0, done.err
    assert done.json["counts"] == {"added": 10, "revised": 0, "unchanged": 0, "refused": 0, "retired": 0}
    assert done.json["created"] and done.json["facts"]["taken"] == 5
    again = run("brand", "import", path, "--slug", SECOND)
    assert "unchanged 10" in again.out and "Name who stands for them with --as" in again.out
    hostile = tmp_path / "hostile.zip"
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr("../../brand.yaml", BRAND)
    refused = run("brand", "import", hostile)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert "leads out of the folder" in refused.err


def test_a_sync_says_what_it_came_to_and_keeps_to_its_contract(run: Run, team: Team, tmp_path: Path) -> None:
    folder = small(tmp_path / "in", materials="materials:\n  selling_point/pot.md: {title: 一口锅}\n")
    first = run("kb", "sync", "--brand", "hearth", folder)
    assert (first.code, first.out.splitlines()[-1]) == (
        0,
        "Added 1, revised 0, unchanged 0, retired 0, refused 0.",
    )
    files = run("kb", "sync", "--brand", "hearth", folder / "materials", "--json").json
    assert [(file["path"], file["status"], file["change"]) for file in files] == [
        ("selling_point/pot.md", "indexed", "unchanged")
    ]
    assert run("kb", "show", "--brand", "hearth", "selling_point/pot.md", "--json").json["title"] == "一口锅"


def test_materials_are_looked_after_by_number_or_path(services: Services, team: Team, run: Run) -> None:
    pot = add(services, team, "selling_point/pot.md", POT)
    add(services, team, "offer/价目表.csv", PRICES)
    rows = run("kb", "list", "--brand", "hearth", "--json").json
    assert {(row["path"], row["health"]) for row in rows} == {
        ("selling_point/pot.md", "active"),
        ("offer/价目表.csv", "active"),
    }
    assert [
        row["material"]
        for row in run("kb", "list", "--brand", "hearth", "--kind", "selling_point", "--json").json
    ] == [pot]
    window = run(
        "kb", "window", "--brand", "hearth", "offer/价目表.csv", "--valid-until", "2026-12-01", "--json"
    )
    assert (window.code, window.json["status"], window.json["valid_until"]) == (0, "settled", "2026-12-01")
    assert (
        run("kb", "list", "--brand", "hearth", "--health", "expiring", "--json").json[0]["valid_until"]
        == "2026-12-01"
    )
    assert run("kb", "window", "--brand", "hearth", pot).code == 2
    assert run("kb", "window", "--brand", "hearth", pot, "--valid-until", "2026-12-01", "--no-end").code == 2
    assert (
        run("kb", "window", "--brand", "hearth", "offer/价目表.csv", "--no-end", "--json").json["valid_until"]
        is None
    )
    for deed, health in (
        ("retire", "retired"),
        ("restore", "active"),
        ("delete", "deleted"),
        ("restore", "active"),
    ):
        did = run("kb", deed, "--brand", "hearth", "--as", "grace", pot, "offer/价目表.csv", "--json")
        assert (did.code, {row["health"] for row in did.json}) == (0, {health}), did.err
        if deed == "delete":
            assert run("kb", "list", "--brand", "hearth", "--json").json == []
    assert run("kb", "retire", "--brand", "hearth", "--as", "mia", pot).code == 2
    assert "nowhere.md" in run("kb", "retire", "--brand", "hearth", "nowhere.md").err
    shown = run("kb", "show", "--brand", "hearth", pot)
    assert shown.code == 0 and "小灶陶锅" in shown.out


def test_facts_are_listed_and_confirmed_by_somebody(services: Services, team: Team, run: Run) -> None:
    add(services, team, "selling_point/pot.md", POT)
    rows = run("kb", "facts", "--brand", "hearth", "--status", "suggested", "--json").json
    price = next(row["fact"] for row in rows if row["value"] == "239 元")
    done = run("kb", "confirm", "--brand", "hearth", "--as", "grace", price, "--json")
    assert done.json == [{"fact": price, "status": "confirmed", "owner": "Grace Hart"}]
    assert run("kb", "confirm", "--brand", "hearth", "--as", "mia", price).code == 2
    assert "239 元" in run("kb", "facts", "--brand", "hearth", "--status", "confirmed").out


def test_a_members_story_without_consent_is_kept_as_a_draft_and_told_so(
    team: Team, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "story.md"
    path.write_text("# 周末\n\n焖了一锅饭。\n", encoding="utf-8")
    told = run(
        "kb", "add", "--brand", "hearth", "--kind", "experience", path, "--attribution", "阿禾", "--json"
    )
    assert (told.code, told.json[0]["status"]) == (0, "warned") and "agrees" in told.json[0]["reason"]
    assert (
        run("kb", "list", "--brand", "hearth", "--health", "draft", "--json").json[0]["path"]
        == "experience/story.md"
    )
    path.write_text("# 周末\n\n焖了两锅饭。\n", encoding="utf-8")
    agreed = run(
        "kb",
        "add",
        "--brand",
        "hearth",
        "--kind",
        "experience",
        path,
        "--title",
        "阿禾的周末",
        "--consent",
        "私聊同意",
        "--json",
    )
    assert agreed.json[0]["status"] == "indexed"
    shown = run("kb", "show", "--brand", "hearth", "experience/story.md", "--json").json
    assert (shown["title"], shown["consent"], shown["health"]) == ("阿禾的周末", "私聊同意", "active")
    other = tmp_path / "other.md"
    other.write_text("# 另一份\n\n也是。\n", encoding="utf-8")
    assert run("kb", "add", "--brand", "hearth", "--kind", "story", path, other, "--title", "两份").code == 2


# The page.


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


def upload(visitor: Visitor, data: bytes, **form: Any) -> Any:
    return visitor.post(f"{HOME}/library/exchange/import", {"file": (io.BytesIO(data), "brand.zip"), **form})


def run_jobs(services: Services, team: Team, kind: str) -> Any:
    job = services.jobs.recent(brand=team.brand, kind=kind)[0]
    services.jobs.run(job.id)
    return services.jobs.view(job.id)


def zip_of(services: Services, team: Team, path: Path) -> bytes:
    services.exporting.write_zip(services.exporting.files(brand=team.brand), path)
    return path.read_bytes()


def test_a_brand_manager_makes_a_zip_and_brings_it_back(
    services: Services, team: Team, app: Flask, tmp_path: Path
) -> None:
    furnished(services, team)
    assert Visitor(app, "mia").get(f"{HOME}/library/exchange").status_code == 403
    grace = Visitor(app, "grace")
    asked = grace.post(f"{HOME}/library/exchange/export")
    assert asked.status_code == 303
    job = run_jobs(services, team, "export")
    page = grace.get(f"{HOME}/library/exchange")
    assert "hearth.zip is ready: 20 files" in said(page)
    answer = grace.get(f"{HOME}/library/exchange/exports/{job.id}")
    assert answer.mimetype == "application/zip"
    data = answer.data
    answer.close()
    assert data == zip_of(services, team, tmp_path / "x.zip")
    assert upload(grace, data).status_code == 303
    assert run_jobs(services, team, "import").state == "done"
    assert "unchanged 10" in said(grace.get(f"{HOME}/library/exchange"))
    # What was deleted since must not leave with an old export.
    (row,) = [
        row for row in services.library.materials(brand=team.brand) if row.path == "selling_point/pot.md"
    ]
    services.lifecycle.delete([row.id], brand=team.brand, actor=None)
    assert grace.get(f"{HOME}/library/exchange/exports/{job.id}").status_code == 409


def test_another_brands_zip_goes_in_only_when_it_is_meant_to(
    services: Services, team: Team, app: Flask, tmp_path: Path
) -> None:
    small(tmp_path / "in", brand=BRAND.replace("hearth", "elsewhere"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted((tmp_path / "in").rglob("*.*")):
            archive.write(path, path.relative_to(tmp_path / "in").as_posix())
    grace = Visitor(app, "grace")
    refused = upload(grace, data.getvalue())
    assert refused.status_code == 422
    assert "is of the brand “elsewhere”, and here is “hearth”" in said(refused)
    assert services.jobs.recent(brand=team.brand, kind="import") == []
    assert upload(grace, data.getvalue(), anyway="1").status_code == 303
    assert run_jobs(services, team, "import").state == "done"
    assert [row.slug for row in services.brands.all()] == ["hearth"]
    # Only an administrator founds a brand.
    assert upload(grace, data.getvalue(), slug="fresh").status_code == 403
    services.accounts.add_person(
        login="root", name="Ada", password="secret", roles={team.brand: Role.ADMINISTRATOR}
    )
    ada = Visitor(app, "root")
    assert "already" in said(upload(ada, data.getvalue(), slug="hearth"))
    assert upload(ada, data.getvalue(), slug="fresh").status_code == 303
    assert run_jobs(services, team, "import").state == "done"
    assert "as the brand fresh" in said(ada.get(f"{HOME}/library/exchange"))
    assert ada.get("/b/fresh/library/exchange").status_code == 200
    assert grace.get("/b/fresh/library/exchange").status_code == 404


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_brand_is_refused_beside_the_field(
    team: Team, app: Flask, services: Services, data: bytes
) -> None:
    answer = upload(Visitor(app, "grace"), data)
    assert answer.status_code == 422
    assert said(answer, "#file-error") != ""
    assert services.jobs.recent(brand=team.brand, kind="import") == []


def test_other_jobs_and_other_brands_jobs_are_not_shown_here(
    services: Services, team: Team, app: Flask
) -> None:
    theirs = services.brands.create(slug="theirs", name="T", zone="Europe/London", language="en")
    export = services.jobs.enqueue("export", {"brand": theirs}, brand=theirs)
    services.jobs.run(export)
    ingest = services.jobs.enqueue("ingest", {"brand": team.brand, "files": []}, brand=team.brand)
    grace = Visitor(app, "grace")
    for job in (export, ingest):
        assert grace.get(f"{HOME}/library/exchange/exports/{job}").status_code == 404
        assert grace.get(f"{HOME}/library/exchange/jobs/{job}").status_code == 404
