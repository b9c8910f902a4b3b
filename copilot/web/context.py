"""What views reach for: the services of this app."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from copilot.services.house import Services


def services() -> Services:
    return cast("Services", current_app.extensions["copilot"])
