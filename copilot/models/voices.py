"""How a brand's voice is learnt: cards read from its posts, and candidates seen in what reviewers edit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from copilot.models.base import Base


class VoiceCard(Base):
    """What sample posts say of a voice, each trait with the posts that show it. `state` is proposed, accepted or
    dismissed; accepting one makes a version of the voice."""

    __tablename__ = "voice_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    state: Mapped[str]
    samples: Mapped[list[str]]
    card: Mapped[dict[str, Any]]
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int | None]


class VoiceCandidate(Base):
    """A term, a rule or an example that reviewers' edits suggest. `kind` and `key` name it within its brand, so
    that what a person dismissed is not proposed again; `evidence` lists the edits that show it."""

    __tablename__ = "voice_candidate"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    kind: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    evidence: Mapped[list[dict[str, Any]]]
    state: Mapped[str]
    created_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
