"""Alembic's entry: runs migrations on the engine it is handed, never on one it makes up."""

from typing import Literal

from alembic import context

from copilot.models import Base
from copilot.models.base import UtcDateTime

engine = context.config.attributes["engine"]


def _ours(obj: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith("passage_words"))


def _plain_instant(kind: str, obj: object, _context: object) -> str | Literal[False]:
    """Migrations hold plain types: a type of ours may change, what was migrated may not."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(obj, UtcDateTime) else False


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        include_object=_ours,
        render_item=_plain_instant,
    )
    with context.begin_transaction():
        context.run_migrations()
