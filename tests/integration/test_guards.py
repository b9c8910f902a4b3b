"""What the database refuses by itself, asked by raw SQL on a plain connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.config import Config
from copilot.models import guards, migrations
from copilot.models.database import Database
from copilot.services.house import Services
from tests.conftest import Team
from tests.steps import approved_post, drafted_post, scheduled_post

REFUSED = "guard: "


@pytest.fixture
def raw(services: Services, config: Config) -> Iterator[sqlite3.Connection]:
    """A connection as any other program would open it: no pragma, no ORM."""
    connection = sqlite3.connect(Path(config.database.removeprefix("sqlite:///")), isolation_level=None)
    yield connection
    connection.close()


def refused(raw: sqlite3.Connection, statement: str, *values: object) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        raw.execute(statement, values)


def insert_delivery(
    raw: sqlite3.Connection, post: int, *, digest: str | None = None, due: str | None = None
) -> None:
    """A delivery of a post's newest revision to its first destination, as an SQL script would write it."""
    raw.execute(
        """
        INSERT INTO delivery (brand_id, post_id, slot_id, revision_id, destination_id, digest, state, due_at,
                              expires_at, attempts, fence, outcome, changed_at, created_at)
        SELECT p.brand_id, p.id, p.slot_id, p.head_id, (SELECT min(id) FROM destination WHERE brand_id = p.brand_id),
               coalesce(?, r.digest), 'due', coalesce(?, s.starts_at), s.starts_at, 0, 0, '', s.starts_at, s.starts_at
        FROM post p JOIN revision r ON r.id = p.head_id JOIN slot s ON s.id = p.slot_id WHERE p.id = ?
        """,
        (digest, due, post),
    )


def test_a_delivery_needs_an_approval(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    post = drafted_post(services, team)
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        insert_delivery(raw, post)


def test_an_approved_post_can_be_delivered_as_it_was_approved(
    services: Services, team: Team, raw: sqlite3.Connection
) -> None:
    post = approved_post(services, team)
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        insert_delivery(raw, post, digest="0" * 64)
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        insert_delivery(raw, post, due="2031-01-01 00:00:00.000000")
    insert_delivery(raw, post)
    with pytest.raises(sqlite3.IntegrityError, match="one live delivery"):
        insert_delivery(raw, post)


def test_nothing_moves_after_its_approval_was_withdrawn(
    services: Services, team: Team, raw: sqlite3.Connection
) -> None:
    post = scheduled_post(services, team)
    services.reviewing.withdraw(post, brand=team.brand, actor=team.operator)
    states = {row[0] for row in raw.execute("SELECT state FROM delivery WHERE post_id = ?", (post,))}
    assert states == {"held"}
    for state in ("due", "claimed", "sending", "awaiting_person"):
        refused(raw, "UPDATE delivery SET state = ? WHERE post_id = ?", state, post)
    refused(raw, "UPDATE delivery SET state = 'sent' WHERE post_id = ?", post)


def test_an_edit_holds_what_was_scheduled(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    post = scheduled_post(services, team)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text=head.text + "\n再聊。", based_on=head.number
    )
    refused(raw, "UPDATE delivery SET state = 'sending' WHERE post_id = ?", post)


def test_the_audit_log_cannot_be_rewritten(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    scheduled_post(services, team)
    identity, action = raw.execute("SELECT id, action FROM audit ORDER BY id LIMIT 1").fetchone()
    refused(raw, "UPDATE audit SET action = 'nothing.happened' WHERE id = ?", identity)
    refused(raw, "DELETE FROM audit WHERE id = ?", identity)
    refused(
        raw,
        "INSERT OR REPLACE INTO audit (id, at, subject, subject_id, action, data) "
        "VALUES (?, '2026-01-01', 'post', 1, 'nothing.happened', '{}')",
        identity,
    )
    assert raw.execute("SELECT action FROM audit WHERE id = ?", (identity,)).fetchone() == (action,)


@pytest.mark.parametrize("table", ["revision", "approval", "delivery", "approval_destination"])
def test_what_was_decided_is_kept(
    services: Services, team: Team, raw: sqlite3.Connection, table: str
) -> None:
    scheduled_post(services, team)
    refused(raw, f"DELETE FROM {table}")


def test_a_revision_never_changes(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    scheduled_post(services, team)
    refused(raw, "UPDATE revision SET text = '全场一折'")
    refused(raw, "INSERT OR REPLACE INTO revision SELECT * FROM revision LIMIT 1")


def test_author_and_approver_differ(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    post = approved_post(services, team)
    refused(
        raw,
        "INSERT INTO approval (post_id, revision_id, digest, window_start, window_end, approver_id, created_at) "
        "SELECT a.post_id, a.revision_id, a.digest, a.window_start, a.window_end, r.author_id, a.created_at "
        "FROM approval a JOIN revision r ON r.id = a.revision_id WHERE a.post_id = ?",
        post,
    )


def test_an_approval_cannot_be_widened(services: Services, team: Team, raw: sqlite3.Connection) -> None:
    post = approved_post(services, team)
    refused(raw, "UPDATE approval SET window_end = '2031-01-01' WHERE post_id = ?", post)
    refused(raw, "UPDATE approval SET digest = 'x' WHERE post_id = ?", post)
    refused(raw, "UPDATE approval_destination SET destination_id = 99")
    refused(
        raw,
        "INSERT INTO approval_destination (approval_id, destination_id) SELECT id, 99 FROM approval WHERE post_id = ?",
        post,
    )


def test_a_withdrawn_approval_stays_withdrawn(
    services: Services, team: Team, raw: sqlite3.Connection
) -> None:
    post = approved_post(services, team)
    services.reviewing.withdraw(post, brand=team.brand, actor=team.operator)
    refused(raw, "UPDATE approval SET withdrawn_at = NULL WHERE post_id = ?", post)


def test_the_guards_stand_after_a_migration(services: Services, config: Config) -> None:
    db = Database(config.database)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_is_kept")
    migrations.upgrade(db.engine)
    with db.engine.connect() as connection:
        assert guards.installed(connection) == guards.expected()
    db.dispose()


def test_every_guard_that_is_declared_is_installed(services: Services) -> None:
    with services.parts.db.engine.connect() as connection:
        assert guards.installed(connection) == guards.expected()
