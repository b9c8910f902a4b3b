"""`copilot copy`: the copy library as scripts use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copilot.domain.copylibrary import Scene, Standing
from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team
from tests.steps import library, revise

Run = Callable[..., Ran]
REPLY = "小灶陶锅的会员价是 239 元，容量是 1.2 升。"


@pytest.fixture
def run(services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def _run(*args: str, input: str | None = None) -> Ran:
        return ran(Opened(services), "copy", *args, input=input)

    return _run


def read(result: Ran) -> Any:
    assert result.code == 0, result.err
    return result.json


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
    assert refused.code == 2 and "Your role" in refused.err
    assert read(run("approve", *here, *hang, entry))["approver"] == "周航"
    assert [row["title"] for row in read(run("search", *here, "陶锅 价格 多少"))] == ["陶锅多少钱"]
    assert read(run("search", *here, "--scene", "thanks", "陶锅")) == []

    revise(services, team, ("239 元", "259 元"))
    (lost,) = read(run("list", *here))
    assert lost["standing"] == "look"
    assert [(one["loss"], one["title"]) for one in lost["lost"]] == [("changed", "小灶陶锅")]
    plain = run("list", "--brand", "hearth")
    assert plain.out.startswith(f"{entry}\tNeeds a look\tPrice and offers\t")

    assert read(run("retire", *here, *hang, entry))["standing"] == "retired"
    again = run("retire", *here, *hang, entry)
    assert again.code == 2 and "retired" in again.err
    assert read(run("restore", *here, *hang, entry))["standing"] == "look"


def test_a_wrong_scene_is_one_line_that_names_the_scenes(team: Team, run: Run) -> None:
    refused = run("add", "--brand", "hearth", "--as", "mia", "--scene", "small-talk", "--title", "x", "-")
    assert refused.code == 2


def test_the_command_knows_every_scene_and_standing(run: Run) -> None:
    shown = run("list", "--help").out.replace("\n", "").replace(" ", "")
    assert all(str(value) in shown for value in (*Scene, *Standing))
