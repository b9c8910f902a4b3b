"""Generations: one run of a writer, the numbered events that any process can tail, and the variants it left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base
from copilot.models.posts import Post


class Generation(Base):
    """`state` is running, done, stopped or failed. `error` is a message id with its params.

    `kind` says what is wanted: a draft, a variant beside it, one sentence anew, or a translation into another
    position; `payload` holds what only that kind needs. A job has one generation for each post: what a run that
    died left behind is taken up again, never begun a second time.
    """

    __tablename__ = "generation"
    __table_args__ = (UniqueConstraint("job_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    kind: Mapped[str] = mapped_column(default="draft")
    state: Mapped[str]
    instruction: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    requested_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    stop_requested: Mapped[bool] = mapped_column(default=False)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    error: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    post: Mapped[Post] = relationship()


class GenerationEvent(Base):
    """`kind` is delta, note or end; a reader that lost its connection goes on from `seq`."""

    __tablename__ = "generation_event"

    generation_id: Mapped[int] = mapped_column(ForeignKey("generation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    data: Mapped[str]


class Variant(Base):
    """Copy that was written beside a post's newest revision; only when a person takes it does it become one.

    `checked` holds its findings and claims as `copilot check --json` prints them.
    """

    __tablename__ = "variant"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    generation_id: Mapped[int] = mapped_column(ForeignKey("generation.id"))
    text: Mapped[str]
    origin: Mapped[str]
    provenance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
