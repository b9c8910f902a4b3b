"""People, and the role each has in each brand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from copilot.models.base import Base


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    memberships: Mapped[list[Membership]] = relationship(back_populates="user")


class Membership(Base):
    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "brand_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"))
    role: Mapped[str]
    user: Mapped[User] = relationship(back_populates="memberships")
