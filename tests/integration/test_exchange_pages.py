"""The page through which a brand manager makes a zip of the brand and brings one in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from copilot.domain.permissions import Role
from copilot.services.house import Services
from tests.conftest import BRAND, Team
from tests.exchanging import furnished, small, upload, zip_of
from tests.steps import POT_FILE, run_newest
from tests.visiting import HOME, Visitor, said


def test_a_brand_manager_makes_a_zip_and_brings_it_back(
    services: Services, team: Team, app: Flask, tmp_path: Path
) -> None:
    furnished(services, team)
    assert Visitor(app, "mia").get(f"{HOME}/library/exchange").status_code == 403
    grace = Visitor(app, "grace")
    asked = grace.post(f"{HOME}/library/exchange/export")
    assert asked.status_code == 303
    job = run_newest(services, team, "export")
    page = grace.get(f"{HOME}/library/exchange")
    assert "hearth.zip is ready: 20 files" in said(page)
    answer = grace.get(f"{HOME}/library/exchange/exports/{job.id}")
    assert answer.mimetype == "application/zip"
    data = answer.data
    answer.close()
    assert data == zip_of(services, team, tmp_path / "x.zip")
    assert upload(grace, data).status_code == 303
    assert run_newest(services, team, "import").state == "done"
    assert "unchanged 10" in said(grace.get(f"{HOME}/library/exchange"))
    # What was deleted since must not leave with an old export.
    (row,) = (row for row in services.library.materials(brand=team.brand) if row.path == POT_FILE)
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
    assert run_newest(services, team, "import").state == "done"
    assert [row.slug for row in services.brands.all()] == ["hearth"]
    # Only an administrator founds a brand.
    assert upload(grace, data.getvalue(), slug="fresh").status_code == 403
    services.accounts.add_person(
        login="root", name="Ada", password="secret", roles={team.brand: Role.ADMINISTRATOR}
    )
    ada = Visitor(app, "root")
    assert "already" in said(upload(ada, data.getvalue(), slug="hearth"))
    assert upload(ada, data.getvalue(), slug="fresh").status_code == 303
    assert run_newest(services, team, "import").state == "done"
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
