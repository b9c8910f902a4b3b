"""A database that is up to date costs a command two questions; one that is not is migrated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

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
