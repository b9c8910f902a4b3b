"""Generations: one run of a writer, and the numbered events that any process can tail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class Generation(Base):
    """`state` is running, done, stopped or failed. `error` is a message id with its params."""

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    state: Mapped[str]
    instruction: Mapped[str] = mapped_column(default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    stop_requested: Mapped[bool] = mapped_column(default=False)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    error: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class GenerationEvent(Base):
    """`kind` is delta, note or end; a reader that lost its connection goes on from `seq`."""

    __tablename__ = "generation_event"

    generation_id: Mapped[int] = mapped_column(ForeignKey("generation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    data: Mapped[str]
