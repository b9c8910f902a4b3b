"""A database that is up to date costs a command two questions; one that is not is migrated."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from copilot.models import guards, migrations
from copilot.models.database import Database


def test_the_newest_revision_is_the_one_that_the_migration_tool_means(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    assert ScriptDirectory.from_config(migrations.config(db.engine)).get_current_head() == migrations.newest()
    command.upgrade(migrations.config(db.engine), "0001")
    migrations.upgrade(db.engine)
    with db.engine.connect() as connection:
        assert (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            == migrations.newest()
        )
        assert guards.installed(connection) == guards.expected()
    db.dispose()


_LET_STAND = (
    """INSERT INTO post (id, brand_id, slot_id, channel, state, head_id, created_at)
       VALUES (:number, 1, :number, 'community', :state, :number, '2026-11-20')""",
    """INSERT INTO revision (id, post_id, number, text, media, channel, digest, origin, author_id, provenance, created_at)
       VALUES (:number, :number, 1, '顶级。', '[]', 'community', 'x', 'person', 1, '{}', '2026-11-20')""",
    """INSERT INTO waiver (id, brand_id, post_id, "check", rule, text, reason, author_id, created_at)
       VALUES (:number, 1, :number, 'compliance', 'top', '顶级', 'x', 1, '2026-11-20')""",
    """INSERT INTO finding (revision_id, "check", rule, severity, start, "end", text, reason, params, waiver_id)
       VALUES (:number, 'compliance', 'top', 'block', 0, 2, '顶级', 'rule', '{}', :number)""",
)


def test_a_waiver_without_a_seat_lets_stand_only_what_was_decided_on_it(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'x.db'}")
    command.upgrade(migrations.config(db.engine), "0004")
    states = ("draft", "in_review", "changes_requested", "approved", "scheduled", "suspended", "sent")
    # On a plain connection foreign keys are off: the brand, the slots and the people do not matter here.
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as raw:
        for number, state in enumerate(states, start=1):
            for statement in _LET_STAND:
                raw.execute(statement, {"number": number, "state": state})
    migrations.upgrade(db.engine)
    with db.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT p.state FROM finding f JOIN post p ON p.head_id = f.revision_id WHERE f.waiver_id IS NOT NULL"
        ).scalars()
        assert set(kept) == {"approved", "scheduled", "suspended", "sent"}
        seats = connection.exec_driver_sql("SELECT seat FROM waiver UNION SELECT seat FROM finding").scalars()
        assert set(seats) == {""}
    with db.engine.begin() as connection:
        # What was approved on it can be withdrawn, and cannot be handed to review where it was not.
        connection.exec_driver_sql("UPDATE post SET state = 'in_review' WHERE state = 'approved'")
        with pytest.raises(IntegrityError, match="a finding blocks this copy"):
            connection.exec_driver_sql("UPDATE post SET state = 'in_review' WHERE state = 'draft'")
    db.dispose()


def test_a_database_that_is_up_to_date_never_loads_the_tool(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    db = Database(url)
    migrations.upgrade(db.engine)
    db.dispose()
    script = (
        "import sys; from copilot.models import migrations; from copilot.models.database import Database\n"
        "migrations.upgrade(Database(sys.argv[1]).engine); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
