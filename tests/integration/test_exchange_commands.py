"""A brand goes out and in by command, and its materials and facts are looked after by `copilot kb`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import BRAND, Team
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
