"""Moves a database to the newest schema, and puts the guards back after each move."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from copilot.models import guards


def config(engine: Engine) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["engine"] = engine
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrates, then installs the guards: Alembic's batch mode drops triggers without a word."""
    command.upgrade(config(engine), revision)
    with engine.begin() as connection:
        guards.install(connection)
