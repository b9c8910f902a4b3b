"""What a folder may do to a house and what not, and that every export can come back, whatever its files are called."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from copilot.app import create_app
from copilot.domain.brands import Language
from copilot.domain.channels import Channel
from copilot.domain.facts import FactKind
from copilot.domain.materials import Kind
from copilot.domain.permissions import Role
from copilot.errors import Conflict, InvalidInput
from copilot.services.brandcontents import read_contents
from copilot.services.brandplans import plan_json
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import ZipTree, open_tree
from copilot.services.copylibrary import CopyLibrary
from copilot.services.house import Services
from copilot.services.media import PictureFile
from tests.conftest import BRAND, COLUMNS, POT, VOICE, Team
from tests.documents import png
from tests.exchanging import SECOND, STORY, exported, fact_ids, imported, listed, small, upload, zip_of
from tests.steps import add, library, run_newest
from tests.visiting import HOME, Visitor, said

AGREED = "# 一家五口\n\n周末焖了一锅饭，女儿吃了十碗。\n"
E_ACUTE, E_APART = "\u00e9", "e\u0301"


def zipped(*members: tuple[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return file.getvalue()


def brand_zip(brand: str = BRAND, *more: tuple[str, str]) -> bytes:
    settings = (("brand.yaml", brand), ("voice.yaml", VOICE), ("columns.yaml", COLUMNS))
    return zipped(*settings, ("materials/selling_point/pot.md", POT), *more)


def noise() -> str:
    """Somewhat more than four megabytes that do not pack well."""
    return random.Random(1).randbytes(2_200_000).hex()


def texts(services: Services, brand: int) -> dict[str, str]:
    """The text of every material by its path."""
    return {
        row.path: services.library.material(row.id, brand=brand).passages[0].text
        for row in services.library.materials(brand=brand)
    }


# Consent.


@pytest.mark.parametrize("deed", ["withdraw", "discard", "retire"])
def test_a_consent_that_was_taken_back_stays_gone_whatever_an_old_folder_says(
    services: Services, team: Team, tmp_path: Path, deed: str
) -> None:
    given = add(services, team, "experience/given.md", AGREED, consent="2026-11-01", attribution="阿禾")
    written = add(services, team, "experience/written.md", STORY)
    exported(services, "hearth", tmp_path / "out")
    for story in (given, written):
        services.telling.withdraw(story, brand=team.brand, actor=team.manager)
        if deed == "discard":
            services.telling.discard(story, brand=team.brand, actor=team.manager)
        if deed == "retire":
            services.lifecycle.retire([story], brand=team.brand, actor=None)
    for _ in range(2):
        imported(services, tmp_path / "out", user=team.manager.id)
        for story in (given, written):
            view = services.library.material(story, brand=team.brand)
            assert (view.material.health, view.consent) == ("draft", "")
    # Neither by other words under the same path, nor by the same words under another.
    place = tmp_path / "out" / "materials" / "experience"
    (place / "given.md").write_text(AGREED + "\n又一碗。\n", encoding="utf-8")
    (place / "written.md").rename(place / "moved.md")
    imported(services, tmp_path / "out", user=team.manager.id)
    healths = {row.path: row.health for row in services.library.materials(brand=team.brand)}
    assert healths["experience/given.md"] == healths["experience/moved.md"] == "draft"
    found = services.retrieval.search("女儿吃了", brand=team.brand, kinds=[Kind.EXPERIENCE], k=5)
    assert list(found) == []
    # A person here gives it back, and the folder takes it from nobody.
    services.telling.agree(
        given, consent="今天说的", attribution="阿禾", brand=team.brand, actor=team.manager
    )
    imported(services, tmp_path / "out", user=team.manager.id)
    assert services.library.material(given, brand=team.brand).material.health == "active"


# Old exports.


@pytest.mark.parametrize("deed", ["delete", "withdraw"])
def test_an_export_is_stale_by_its_bytes_wherever_the_material_went(
    services: Services, team: Team, deed: str
) -> None:
    story = add(services, team, "experience/a.md", STORY)
    waiting = add(services, team, "experience/waiting.md", AGREED)
    old = services.exporting.files(brand=team.brand)
    services.ingestion.settle(waiting, brand=team.brand, actor=None, kind=Kind.PRAISE)
    services.exporting.require_current(old, brand=team.brand)
    if deed == "delete":
        services.ingestion.settle(story, brand=team.brand, actor=None, kind=Kind.PRAISE)
        services.lifecycle.delete([story], brand=team.brand, actor=None)
    else:
        services.lifecycle.withdraw(story, brand=team.brand, actor=None)
    with pytest.raises(Conflict):
        services.exporting.require_current(old, brand=team.brand)
    # A new one says how things stand, and may leave: also when the same bytes were deleted under another name.
    services.lifecycle.delete([waiting], brand=team.brand, actor=None)
    add(services, team, "experience/again.md", AGREED)
    services.exporting.require_current(services.exporting.files(brand=team.brand), brand=team.brand)


# Names.


AWKWARD = [
    "story/A.md",
    "story/a.md",
    "story/a.md/b.md",
    "story/A.md/c.md",
    "story/Deep/x.md",
    "story/deep/y.md",
    f"story/{E_ACUTE}.md",
    f"story/{E_APART}.md",
    "story/con.md",
    "story/lpt1.md",
    "story/a:b?.md",
    "story/x .md/y.md",
    "story/end./x.md",
    "story/end /x.md",
    "story/back\\slash.md",
    "story/" + "锅" * 100 + ".md",
    "story/" + "锅" * 100 + "2.md",
    "story/" + "/".join("d" * 18) + "/x.md",
    "story/Thumbs.db/x.md",
]


def test_every_name_goes_out_as_one_that_every_system_has_and_comes_back_as_it_was(
    services: Services, team: Team, tmp_path: Path
) -> None:
    for number, path in enumerate(AWKWARD):
        # Half of them say the same: their bytes do not tell them apart.
        text = f"# T\n\nText number {number // 2}.\n"
        add(services, team, path, text)
    picture = [
        PictureFile(name, png(size), name) for size, name in enumerate(("A.png", "a.png", "con.png"), 10)
    ]
    services.media.add(picture, brand=team.brand, actor=None)
    before = texts(services, team.brand)
    files = exported(services, "hearth", tmp_path / "out")
    assert len({name.casefold() for name in files}) == len(files)
    assert "materials/story/A.md" in files
    for name in files:
        assert not set(name) & set('<>:"|?*\\') and not any(part[-1] in " ." for part in name.split("/"))
    zip_of(services, team, tmp_path / "out.zip")
    again = imported(services, tmp_path / "out.zip", user=team.manager.id)
    assert {one.change for one in again.files} == {"unchanged"}
    assert texts(services, team.brand) == before
    second = imported(services, tmp_path / "out", slug=SECOND, user=team.manager.id)
    assert texts(services, second.brand) == before
    assert exported(services, SECOND, tmp_path / "back").keys() == files.keys()


def test_a_brand_without_materials_comes_back(services: Services, team: Team, tmp_path: Path) -> None:
    exported(services, "hearth", tmp_path / "out")
    assert imported(services, tmp_path / "out", slug=SECOND, user=None).files == ()


def test_a_name_from_a_mac_is_the_same_name(services: Services, team: Team, tmp_path: Path) -> None:
    kept = add(services, team, f"story/caf{E_ACUTE}.md", "# T\n\nText.\n")
    folder = small(tmp_path / "in", materials=f"materials:\n  story/caf{E_ACUTE}.md: {{title: Coffee}}\n")
    (folder / "materials" / "story").mkdir()
    (folder / "materials" / "story" / f"caf{E_APART}.md").write_text("# T\n\nText.\n", encoding="utf-8")
    imported(services, folder, user=team.manager.id)
    assert services.library.material(kept, brand=team.brand).material.title == "Coffee"
    # Two spellings of one name side by side would be one file elsewhere.
    (folder / "materials" / "story" / f"caf{E_ACUTE}.md").write_text("# U\n\nOther.\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        imported(services, folder, user=team.manager.id)
    assert caught.value.fields == {"path": "invalid.zip_double"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{path: story/pot.md}", "invalid.yaml_path"),
        ("{path: ' '}", "invalid.yaml_text"),
        ("{path: selling_point/lid.md}", "invalid.yaml_double"),
    ],
)
def test_a_path_that_is_settled_stays_on_its_shelf_and_is_nobody_elses(
    services: Services, team: Team, tmp_path: Path, line: str, message: str
) -> None:
    folder = small(tmp_path / "in", materials=f"materials:\n  selling_point/pot.md: {line}\n")
    (folder / "materials" / "selling_point" / "lid.md").write_text("# 盖\n\n一个盖。\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        imported(services, folder, user=None)
    assert caught.value.fields == {"materials.yaml": message}


# Pictures.


def test_each_material_shows_its_pictures_in_its_own_order_afterwards(
    services: Services, team: Team, tmp_path: Path
) -> None:
    ids = [add(services, team, f"story/{name}.md", f"# {name}\n\nText {name}.\n") for name in "ab"]
    pictures = services.media.add(
        [PictureFile(f"p{n}.png", png(10 * n), f"p{n}", ()) for n in (1, 2, 3)], brand=team.brand, actor=None
    )
    one, two, three = (added.picture for added in pictures)
    assert one and two and three
    services.media.attach(ids[0], [one, two], brand=team.brand, actor=None)
    services.media.attach(ids[1], [three, two, one], brand=team.brand, actor=None)
    files = exported(services, "hearth", tmp_path / "out")
    assert listed(files, "media.yaml")["order"] == {"story/b.md": ["p3.png", "p2.png", "p1.png"]}
    second = imported(services, tmp_path / "out", slug=SECOND, user=None).brand

    def shown(brand: int, path: str) -> list[str]:
        (row,) = [row for row in services.library.materials(brand=brand) if row.path == path]
        return [picture.name for picture in services.pictures.of_material(row.id, brand=brand).shown]

    assert shown(second, "story/a.md") == ["p1.png", "p2.png"]
    assert shown(second, "story/b.md") == ["p3.png", "p2.png", "p1.png"]
    # A picture that the house put there besides comes after those of the folder.
    services.media.attach(ids[0], [three], brand=team.brand, actor=None)
    services.media.reorder(ids[1], [one, three, two], brand=team.brand, actor=None)
    imported(services, tmp_path / "out", user=team.manager.id)
    assert shown(team.brand, "story/a.md") == ["p1.png", "p2.png", "p3.png"]
    assert shown(team.brand, "story/b.md") == ["p3.png", "p2.png", "p1.png"]


def test_an_order_names_pictures_and_materials_that_are_there(services: Services, tmp_path: Path) -> None:
    for order in ("{selling_point/none.md: []}", "{selling_point/pot.md: [none.png]}"):
        media = f"pictures: []\norder: {order}\n"
        with pytest.raises(InvalidInput) as caught:
            imported(services, small(tmp_path / f"in{len(order)}", media=media), user=None)
        assert caught.value.fields == {"media.yaml": "invalid.yaml_file"}


# Copy.


def test_copy_that_was_put_away_here_stays_away_and_a_text_that_is_both_comes_as_both(
    services: Services, team: Team, tmp_path: Path
) -> None:
    shelf: CopyLibrary = services.copylibrary
    library(services, team)
    text = "小灶陶锅的容量是 1.2 升。"
    entry = shelf.add(brand=team.brand, actor=team.manager, scene="question", title="容量", text=text)
    exported(services, "hearth", tmp_path / "out")
    shelf.retire(entry, brand=team.brand, actor=team.manager)
    result = imported(services, tmp_path / "out", user=team.manager.id)
    assert result.copy is not None and (result.copy.taken, result.copy.unchanged) == (0, 1)
    shelf.add(brand=team.brand, actor=team.manager, scene="question", title="容量", text=text)
    exported(services, "hearth", tmp_path / "both")
    for taken in (2, 0):
        result = imported(services, tmp_path / "both", slug=SECOND, user=team.manager.id)
        assert result.copy is not None and result.copy.taken == taken


# Settings.


@pytest.mark.parametrize(
    "voice",
    [
        "persona: A\npreferred: [{use: 饭友}]\n",
        "persona: A\nbanned: [{term: 996}, {term: 007, reason: 1, instead: }]\n",
        "persona: 2026\nsign_off: 2026\naddress: 1.5\n",
        "persona: A\ngreetings:\nbanned:\nscales:\nmax_emoji:\nsign_off:\n",
        "persona: A\ngreetings: [早, 2026]\n",
    ],
)
def test_whatever_voice_comes_in_the_house_can_speak_with_it(
    services: Services, tmp_path: Path, voice: str
) -> None:
    for _ in range(2):
        folder = tmp_path / "in"
        result = imported(services, folder if folder.exists() else small(folder, voice=voice), user=None)
    checked = services.checking.check_text(
        "每天 996 也开心。", brand=result.brand, channel=Channel.WECOM_PRIVATE
    )
    assert checked is not None
    with services.parts.db.engine.begin() as connection:
        versions = connection.exec_driver_sql("SELECT max(version) FROM voice").scalar()
    assert versions == 1


def test_a_short_name_may_be_a_number(services: Services, tmp_path: Path) -> None:
    numbered = BRAND.replace("slug: one", "slug: 1").replace("饭友一群", "2026")
    columns = COLUMNS.replace("[one, two]", "[1, two]").replace("下午好物", "1500")
    folder = small(tmp_path / "in", brand=numbered, columns=columns)
    for _ in range(2):
        brand = imported(services, folder, user=None).brand
    assert set(services.brands.destinations(brand)) == {"1", "two"}
    assert [row.name for row in services.brands.columns(brand)] == ["1500"]


def destinations(services: Services) -> set[tuple[Any, ...]]:
    with services.parts.db.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT slug, name, channel, adapter FROM destination")
        return {tuple(row) for row in rows}


def test_where_a_brand_posts_is_changed_by_its_administrators_alone(services: Services, team: Team) -> None:
    changed = (
        BRAND.replace("饭友一群", "对手的群")
        .replace("adapter: manual", "adapter: fake")
        .replace("Asia/Shanghai", "Europe/London")
        .replace("name: Hearth", "name: Stove")
    ) + "  - {slug: three, name: 三群, channel: community, adapter: fake}\n"
    before = destinations(services)
    app = create_app(services)
    grace = Visitor(app, "grace")
    assert upload(grace, brand_zip(changed)).status_code == 303
    assert run_newest(services, team, "import").state == "done"
    assert destinations(services) == before | {("three", "三群", "community", "manual")}
    home = services.brands.by_slug("hearth")
    assert (home.name, home.zone) == ("Stove", "Asia/Shanghai")
    assert "an administrator changes those" in said(grace.get(f"{HOME}/library/exchange"))
    services.accounts.add_person(
        login="root", name="Ada", password="secret", roles={team.brand: Role.ADMINISTRATOR}
    )
    ada = Visitor(app, "root")
    assert "an administrator changes those" not in said(ada.get(f"{HOME}/library/exchange"))
    assert upload(ada, brand_zip(changed)).status_code == 303
    assert run_newest(services, team, "import").state == "done"
    assert ("one", "对手的群", "community", "fake") in destinations(services)
    assert services.brands.by_slug("hearth").zone == "Europe/London"


# The page.


def test_the_page_shows_a_sync_that_nobody_stood_for(services: Services, team: Team, tmp_path: Path) -> None:
    copy = "entries:\n- {scene: question, title: 容量, text: 容量是 1.2 升。, status: draft}\n"
    with open_tree(small(tmp_path / "in", copy=copy)) as tree:
        plan = services.importing.plan(
            tree,
            read_contents(tree),
            slug="hearth",
            settings=None,
            zone="Asia/Shanghai",
            language=Language.ZH,
            retire=True,
        )
    job = services.jobs.enqueue("import", {"plan": plan_json(plan), "user": None}, brand=team.brand)
    services.jobs.run(job)
    grace = Visitor(create_app(services), "grace")
    for place in ("", f"/jobs/{job}"):
        page = grace.get(f"{HOME}/library/exchange{place}")
        assert page.status_code == 200
        assert "1 fact or piece of copy was left out" in said(page)
        assert "copy drafts" not in said(page)


def test_an_import_that_failed_says_why(services: Services, team: Team) -> None:
    grace = Visitor(create_app(services), "grace")
    assert upload(grace, brand_zip()).status_code == 303
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE membership SET role = 'copywriter'")
    assert run_newest(services, team, "import").state == "failed"
    with services.parts.db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE membership SET role = 'brand_manager'")
    assert "Your role in this brand" in said(grace.get(f"{HOME}/library/exchange"), ".errand")


def test_a_long_import_is_heard_of_until_its_end(services: Services, team: Team, tmp_path: Path) -> None:
    """A job that is silent for ten minutes is begun anew by the next sweep."""
    library(services, team)
    known = fact_ids(services, team.brand)
    row = services.factsheet.fact(known["9 毫米"], brand=team.brand)
    services.facts.correct(
        row.id,
        brand=team.brand,
        actor=team.manager,
        kind=FactKind.SPECIFICATION,
        subject="锅",
        name="壁厚",
        value="9 毫米",
        owner=team.operator.id,
    )
    services.copylibrary.add(
        brand=team.brand, actor=team.manager, scene="question", title="容量", text="容量是 1.2 升。"
    )
    services.media.add([PictureFile("p.png", png(10), "p", ())], brand=team.brand, actor=None)
    exported(services, "hearth", tmp_path / "out")
    (tmp_path / "out" / "materials.yaml").write_text(
        "materials:\n  selling_point/pot.md: {names: [x]}\n", encoding="utf-8"
    )
    heard: list[tuple[int, int]] = []
    with open_tree(tmp_path / "out") as tree:
        plan = services.importing.plan(
            tree,
            read_contents(tree),
            slug=SECOND,
            settings=read_settings(tree),
            zone="Asia/Shanghai",
            language=Language.ZH,
        )
    services.importing.carry_out(
        plan, user=team.manager.id, progress=lambda done, total: heard.append((done, total))
    )
    # The file, then the terms, the picture, the fact and the copy.
    assert heard == [(1, 1)] * 5


def test_a_zip_whose_lists_would_fill_the_memory_is_refused_beside_the_field(
    services: Services, team: Team
) -> None:
    grace = Visitor(create_app(services), "grace")
    flood = upload(grace, brand_zip(BRAND, ("media.yaml", "pictures: [" + "a," * 300_000 + "]")))
    assert flood.status_code == 422
    assert "media.yaml" in said(flood, "#file-error") and "200000" in said(flood, "#file-error")
    assert services.jobs.recent(brand=team.brand, kind="import") == []


def test_a_yaml_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = brand_zip(BRAND, ("copy.yaml", "# " + noise()))
    tree = ZipTree(io.BytesIO(data), "x.zip")
    read = tree.read
    monkeypatch.setattr(tree, "read", lambda name: read(name) if name != "copy.yaml" else pytest.fail(name))
    with pytest.raises(InvalidInput) as caught:
        read_contents(tree)
    assert caught.value.fields == {"copy.yaml": "invalid.yaml_large"}
