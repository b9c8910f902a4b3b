"""Moves a database to the newest schema, and puts the guards back after each move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from copilot.models import guards

if TYPE_CHECKING:
    from alembic.config import Config


def config(engine: Engine) -> Config:
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["engine"] = engine
    return settings


def newest() -> str:
    """The newest revision that this code knows: each one's file begins with its number."""
    return max(path.name.partition("_")[0] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrates, then installs the guards: Alembic's batch mode drops triggers without a word.

    Every command comes through here, so that a database which is up to date costs two short questions:
    neither the migration tool is loaded nor anything written beside a running server.
    """
    if revision != "head" or _revision(engine) != newest():
        from alembic import command

        command.upgrade(config(engine), revision)
    with engine.connect() as connection:
        is_guarded = engine.dialect.name == "sqlite" and guards.installed(connection) == guards.expected()
    if not is_guarded:
        with engine.begin() as connection:
            guards.install(connection)


def _revision(engine: Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
