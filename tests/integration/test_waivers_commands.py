"""`copilot review` on findings: looked up, let stand and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team
from tests.steps import COPY, drafted_post, written
from tests.waiving import TOP, WHY, WORD, edit, finding, view


class TestTheCommands:
    @pytest.fixture
    def run(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
        return lambda *args: ran(Opened(services), "review", *args)

    def test_a_finding_is_looked_up_let_stand_and_taken_back(
        self, services: Services, team: Team, run: Callable[..., Ran]
    ) -> None:
        post = drafted_post(services, team, TOP)
        (found,) = (
            row
            for row in run("findings", post, "--json").json
            if row["text"] == WORD and row["severity"] == "block"
        )
        assert (found["waived"], found["waiver"]) == (None, None)
        number = found["finding"]
        refused = run("waive", post, number, "--reason", WHY, "--as", "mia")
        assert refused.code == 2 and "Your role" in refused.err
        blank = run("waive", post, number, "--reason", " ", "--as", "hang")
        assert blank.code == 2 and blank.err.startswith("--reason: Say why")
        done = run("waive", post, number, "--reason", WHY, "--as", "hang", "--json")
        assert done.code == 0, done.err
        waiver = done.json["waiver"]
        assert done.json == {"waiver": waiver, "post": post, "blocking": 0}
        (found,) = (row for row in run("findings", post, "--json").json if row["waiver"])
        assert found["waived"] == {"by": "周航", "reason": WHY} and isinstance(found["reason"], str)
        plain = run("findings", post)
        assert plain.code == 0 and f"{waiver}\t周航\t{WHY}" in plain.out
        again = run("take-back", waiver, "--as", "hang")
        assert (again.code, again.out) == (0, f"{waiver}\t{post}\t1\n")
        assert not any(row["let_stand_before"] for row in run("findings", post, "--json").json)
        assert run("waive", post, number, "--reason", WHY, "--as", "hang").code == 0
        edit(services, team, post, TOP.replace("这口锅", "这口大锅"))
        (back,) = (row for row in run("findings", post, "--json").json if row["severity"] == "block")
        assert back["let_stand_before"] and back["waiver"] is None
        assert "the wording has changed since" in run("findings", post).out
        refused = run("submit", post, "--as", "mia")
        assert refused.code == 2 and "1 × must fix" in refused.err
        assert run("take-back", 99, "--as", "hang").code == 2

    def test_a_number_that_is_no_findings_is_told_with_those_that_there_are(
        self, services: Services, team: Team, run: Callable[..., Ran]
    ) -> None:
        post = drafted_post(services, team, f"{TOP}\n快来抢购，最后一天。")
        numbers = sorted(row["finding"] for row in run("findings", post, "--json").json)
        args = ("--reason", WHY, "--as", "hang")
        unknown = run("waive", post, 999, *args)
        assert unknown.code == 2 and len(numbers) > 1
        there = ", ".join(map(str, numbers))
        assert unknown.err == f"Post {post} has no finding 999. The numbers in its newest text: {there}.\n"
        # One of a former text is no stranger: that the text has changed is the truth.
        edit(services, team, post, COPY)
        assert "has changed since" in run("waive", post, numbers[0], *args).err
        clean = run("waive", post, 999, *args)
        assert (
            clean.err == f"Post {post} has no finding 999: the checks object to nothing in its newest text.\n"
        )

    def test_nothing_found_is_said(self, services: Services, team: Team, run: Callable[..., Ran]) -> None:
        post = drafted_post(services, team)
        assert (run("findings", post).code, run("findings", post).out) == (0, "Nothing to object to.\n")
        zh = ran(Opened(services), "--lang", "zh", "review", "findings", post)
        assert (zh.code, zh.out) == (0, "没有检查出问题。\n")
        assert run("findings", post, "--json").json == []

    def test_a_reason_too_short_is_told_as_that(
        self, services: Services, team: Team, run: Callable[..., Ran]
    ) -> None:
        post = drafted_post(services, team, TOP)
        short = run("waive", post, finding(services, team, post).id, "--reason", "x", "--as", "hang")
        assert short.code == 2 and short.err.startswith("--reason: There is no word in this")
        for note, told in (("x", "There is no word in this"), (" ", "Say what should change")):
            sent = run("request-changes", post, "--note", note, "--as", "hang")
            assert sent.code == 2 and sent.err.startswith(f"--note: {told}")

    def test_help_says_what_it_covers(self, services: Services, run: Callable[..., Ran]) -> None:
        for name in ("findings", "waive", "take-back"):
            shown = run(name, "--help")
            assert shown.code == 0 and "Usage:" in shown.out
        listed = run("--help").out
        assert all(name in listed for name in ("findings", "waive", "take-back"))


def test_only_posts_say_who_let_something_stand(services: Services, team: Team) -> None:
    """A text that is checked by itself has nobody who could."""
    post = written(services, team, "小灶陶锅。")
    check = services.handlers["check"]
    result = check(
        {"brand": team.brand, "channel": "community", "text": TOP}, lambda done, total, so_far=None: None
    )
    assert result["findings"] and all("waived" not in one for one in result["findings"])
    assert all(one.waiver is None for one in view(services, team, post).findings)
