"""A brand goes out and in by command, and its materials and facts are looked after by `copilot kb`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.domain.permissions import Role
from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import BRAND, COLUMNS, VOICE, Team
from tests.exchanging import PRICES, SECOND, furnished, small
from tests.steps import add, library

Run = Callable[..., Ran]


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def _run(*args: object) -> Ran:
        return ran(Opened(services), *args)

    return _run


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
    again = run("brand", "import", path, "--slug", SECOND, "--into-another")
    assert "unchanged 10" in again.out and "Name who stands for them with --as" in again.out
    hostile = tmp_path / "hostile.zip"
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr("../../brand.yaml", BRAND)
    refused = run("brand", "import", hostile)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert "leads out of the folder" in refused.err


def test_another_brands_folder_goes_into_a_brand_that_is_here_only_when_it_is_meant_to(
    services: Services, team: Team, run: Run, tmp_path: Path
) -> None:
    """A live brand was overwritten by an import into the wrong slug, without a flag and without a question."""
    theirs = (
        BRAND.replace("slug: hearth", "slug: elsewhere")
        .replace("name: Hearth", "name: Stove")
        .replace("Asia/Shanghai", "Europe/London")
        .replace("language: zh", "language: en")
        .replace("饭友一群", "对手的群")
    )
    folder = small(tmp_path / "in", brand=theirs)
    before = services.brands.by_slug("hearth")
    refused = run("brand", "import", folder, "--slug", "hearth")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert all(said in refused.err for said in ("PATH: ", "“elsewhere”", "“hearth”", "--into-another"))
    assert services.brands.by_slug("hearth") == before
    assert services.library.materials(brand=team.brand) == []

    # Meant: what it says and how it sounds comes in; where and when it speaks is for its administrators.
    meant = ("brand", "import", folder, "--slug", "hearth", "--into-another")
    done = run(*meant)
    assert done.code == 0, done.err
    assert "Settings of the brand that changed: name." in done.out
    assert (
        "only an administrator of the brand changes them (--as LOGIN): zone, language, destinations"
        in done.out
    )
    home = services.brands.by_slug("hearth")
    assert (home.name, home.zone, home.language) == ("Stove", "Asia/Shanghai", "zh")
    kept = {"changed": [], "kept": ["zone", "language", "destinations"]}
    assert run(*meant, "--as", "grace", "--json").json["settings"] == kept
    services.accounts.add_person(
        login="root", name="Ada", password="secret", roles={team.brand: Role.ADMINISTRATOR}
    )
    ruled = run(*meant, "--as", "root", "--json").json["settings"]
    assert ruled == {"changed": ["zone", "language", "destinations"], "kept": []}
    assert services.brands.by_slug("hearth").zone == "Europe/London"


def test_a_brands_own_folder_is_an_import_by_nobody_or_a_sync_by_the_machines_owner(
    services: Services, team: Team, run: Run, tmp_path: Path
) -> None:
    moved = BRAND.replace("Asia/Shanghai", "Europe/London") + (
        "  - {slug: three, name: 三群, channel: community, adapter: fake}\n"
    )
    voice, columns = VOICE.replace("小满掌柜", "大满掌柜"), COLUMNS.replace("下午好物", "好物")
    folder = small(tmp_path / "in", brand=moved, voice=voice, columns=columns)
    said = run("brand", "import", folder, "--json").json["settings"]
    assert said == {"changed": ["destinations", "voice", "columns"], "kept": ["zone", "destinations"]}
    assert services.brands.by_slug("hearth").zone == "Asia/Shanghai"
    # A sync names the brand, and the folder is that brand's: whoever has the machine settles it.
    assert "changed: zone, destinations." in run("kb", "sync", "--brand", "hearth", folder).out
    assert services.brands.by_slug("hearth").zone == "Europe/London"
    assert run("brand", "import", folder, "--json").json["settings"] == {"changed": [], "kept": []}


def test_a_brand_that_nobody_can_open_says_how_somebody_can(
    services: Services, team: Team, run: Run, tmp_path: Path
) -> None:
    furnished(services, team)
    path = tmp_path / "hearth.zip"
    assert run("brand", "export", "hearth", path).code == 0
    made = run("brand", "import", path, "--slug", SECOND)
    way_in = "copilot person add LOGIN --brand second --role brand_manager"
    assert made.code == 0 and made.out.splitlines()[-1].endswith(way_in)

    again = ("brand", "import", path, "--slug", SECOND, "--into-another", "--as", "grace")
    refused = run(*again)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert refused.err.startswith("--as: “grace” does not work for “second”. ")
    assert refused.err.rstrip().endswith(way_in.replace("LOGIN", "grace"))
    assert "“nobody”" in run(*again[:-1], "nobody").err
    assert (
        "“mia”"
        in run("copy", "add", "--brand", SECOND, "--as", "mia", "--scene", "offer", "--title", "x", path).err
    )
    command = refused.err.split("copilot ")[1].split()
    assert run(*command).code == 0
    done = run(*again, "--json")
    assert done.code == 0, done.err
    assert done.json["facts"]["taken"] == 5
    assert way_in not in run(*again).out


def test_an_export_writes_over_nothing_and_is_a_zip_or_a_folder(team: Team, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hearth.zip"
    path.write_bytes(b"the only copy of something")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note").write_text("mine", encoding="utf-8")
    for place in (path, tmp_path / "full"):
        ran = run("brand", "export", "hearth", place)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"“{place.name}” is there already")
    assert path.read_bytes() == b"the only copy of something"
    for name in ("hearth.txt", "hearth.tar.gz"):
        ran = run("brand", "export", "hearth", tmp_path / name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"PATH: “{name}” looks like a file") and not (tmp_path / name).exists()
    (tmp_path / "hearth.old").mkdir()
    for place in (tmp_path / "hearth.old", tmp_path / "hearth-1.2", tmp_path / "new.zip"):
        assert run("brand", "export", "hearth", place).code == 0


def test_a_loose_file_among_the_kinds_is_told_where_to_go(team: Team, run: Run, tmp_path: Path) -> None:
    folder = small(tmp_path / "in")
    (folder / "materials" / "empty.txt").write_text("", encoding="utf-8")
    ran = run("kb", "sync", "--brand", "hearth", folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("materials/empty.txt: “empty.txt” lies beside the folders of the materials.")
    (folder / "materials" / "empty.txt").unlink()
    (folder / "materials" / "gossip").mkdir()
    (folder / "materials" / "gossip" / "note.md").write_text("# Note", encoding="utf-8")
    assert "“gossip” is not a kind of material" in run("kb", "sync", "--brand", "hearth", folder).err


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
    pot = library(services, team)
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
    library(services, team)
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
