"""What the database makes of a finding that somebody lets stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.config import Config
from copilot.services.house import Services
from copilot.services.waiving import standing_waivers
from tests.conftest import Team
from tests.steps import drafted_post
from tests.waiving import TOP, WORD, edit, finding, let_stand


class TestTheDatabase:
    """By raw SQL, on a connection as any other program would open it."""

    @pytest.fixture
    def raw(self, services: Services, config: Config) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(Path(config.database.removeprefix("sqlite:///")), isolation_level=None)
        yield connection
        connection.close()

    APPROVE = (
        "INSERT INTO approval (post_id, revision_id, digest, window_start, window_end, approver_id, created_at)"
        " SELECT p.id, r.id, r.digest, r.created_at, r.created_at, ?, r.created_at"
        " FROM post p JOIN revision r ON r.id = p.head_id WHERE p.id = ?"
    )

    def test_no_approval_and_no_review_while_a_block_stands(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        given = (team.operator.id, post)
        for statement, values in (
            (self.APPROVE, given),
            ("UPDATE post SET state = 'in_review' WHERE id = ?", (post,)),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
                raw.execute(statement, values)
        let_stand(services, team, post)
        raw.execute("UPDATE post SET state = 'in_review' WHERE id = ?", (post,))
        raw.execute(self.APPROVE, given)

    @pytest.mark.parametrize(
        "forged",
        [
            "UPDATE finding SET waiver_id = 99 WHERE severity = 'block'",
            "UPDATE finding SET waiver_id = (SELECT min(id) FROM waiver) WHERE severity = 'block'",
        ],
        ids=["a waiver that is none", "a waiver of other words"],
    )
    def test_a_waiver_of_something_else_opens_nothing(
        self, services: Services, team: Team, raw: sqlite3.Connection, forged: str
    ) -> None:
        post = drafted_post(services, team, TOP.replace(WORD, "最佳"))
        let_stand(services, team, post, text="最佳")
        edit(services, team, post, TOP)
        raw.execute(forged)
        with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
            raw.execute(self.APPROVE, (team.operator.id, post))

    def test_a_waiver_of_another_sentence_opens_nothing(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, f"{WORD}的锅来了。\n{TOP}")
        let_stand(services, team, post)
        raw.execute("UPDATE finding SET waiver_id = (SELECT min(id) FROM waiver) WHERE severity = 'block'")
        with pytest.raises(sqlite3.IntegrityError, match="a finding blocks this copy"):
            raw.execute(self.APPROVE, (team.operator.id, post))

    def test_a_waiver_has_a_seat_and_keeps_it(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        columns = 'brand_id, post_id, "check", rule, text, seat, reason, author_id, created_at'
        without = columns.replace("seat", "''")
        for statement in (
            f"INSERT INTO waiver ({columns}) SELECT {without} FROM waiver",
            "UPDATE waiver SET seat = 'x'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="a waiver"):
                raw.execute(statement)
        (kept,) = raw.execute("SELECT seat FROM waiver WHERE id = ?", (waiver,)).fetchone()
        assert kept == finding(services, team, post).seat

    def test_what_stands_in_the_rows_is_what_stands(
        self, services: Services, team: Team, raw: sqlite3.Connection
    ) -> None:
        post = drafted_post(services, team, TOP)
        waiver = let_stand(services, team, post)
        with services.parts.db.read() as session:
            (kept,) = standing_waivers(session, post)
        assert (kept.id, kept.text) == (waiver, WORD)
        services.waiving.take_back(waiver, brand=team.brand, actor=team.operator)
        assert raw.execute("SELECT count(*) FROM finding WHERE waiver_id IS NOT NULL").fetchone() == (0,)
        with services.parts.db.read() as session:
            assert standing_waivers(session, post) == ()
