"""`copilot copy`: the copy library as scripts use it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from copilot.cli.root import root
from copilot.domain.copylibrary import Scene, Standing
from copilot.domain.materials import Kind
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.conftest import POT, Team
from tests.steps import library

Run = Callable[..., Result]
REPLY = "小灶陶锅的会员价是 239 元，容量是 1.2 升。"


@dataclass(frozen=True)
class Opened:
    """A house whose services stand already."""

    services: Services


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def _run(*args: str, input: str | None = None) -> Result:
        return CliRunner().invoke(root, ["copy", *args], obj=Opened(services), input=input)

    return _run


def read(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_reply_is_added_approved_found_and_put_away(services: Services, team: Team, run: Run) -> None:
    library(services, team)
    here = ("--brand", "hearth", "--json")
    mia, hang = ("--as", "mia"), ("--as", "hang")
    made = read(run("add", *here, *mia, "--scene", "offer", "--title", "陶锅多少钱", "-", input=f"{REPLY}\n"))
    entry = str(made["entry"])
    assert (made["standing"], made["text"], made["approver"]) == ("waiting", REPLY, None)
    assert read(run("list", *here)) == []
    assert [row["entry"] for row in read(run("list", *here, "--show", "waiting"))] == [made["entry"]]

    refused = run("approve", *here, "--as", "mia", entry)
    assert refused.exit_code == 2 and "Your role" in refused.stderr
    assert read(run("approve", *here, *hang, entry))["approver"] == "周航"
    assert [row["title"] for row in read(run("search", *here, "陶锅 价格 多少"))] == ["陶锅多少钱"]
    assert read(run("search", *here, "--scene", "thanks", "陶锅")) == []

    dearer = POT.replace("239 元", "259 元").encode()
    upload = Upload(path="selling_point/pot.md", data=dearer, kind=Kind.SELLING_POINT)
    services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)
    (lost,) = read(run("list", *here))
    assert lost["standing"] == "look"
    assert [(one["loss"], one["title"]) for one in lost["lost"]] == [("changed", "小灶陶锅")]
    plain = run("list", "--brand", "hearth")
    assert plain.stdout.startswith(f"{entry}\tNeeds a look\tPrice and offers\t")

    assert read(run("retire", *here, *hang, entry))["standing"] == "retired"
    again = run("retire", *here, *hang, entry)
    assert again.exit_code == 2 and "retired" in again.stderr
    assert read(run("restore", *here, *hang, entry))["standing"] == "look"


def test_a_wrong_scene_is_one_line_that_names_the_scenes(team: Team, run: Run) -> None:
    refused = run("add", "--brand", "hearth", "--as", "mia", "--scene", "small-talk", "--title", "x", "-")
    assert refused.exit_code == 2


def test_the_command_knows_every_scene_and_standing(run: Run) -> None:
    shown = run("list", "--help").stdout.replace("\n", "").replace(" ", "")
    assert all(str(value) in shown for value in (*Scene, *Standing))
