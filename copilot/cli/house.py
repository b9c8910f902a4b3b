"""What the composition hands the commands: services that are built when a command first asks for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from flask import Flask

    from copilot.services.house import Services


class House(Protocol):
    """Fulfilled by `copilot.__main__`; nothing is imported or opened before it is needed."""

    @property
    def services(self) -> Services:
        """The services of the configured data folder, over a database of the newest schema."""

    def prepare(self) -> None:
        """Makes the data folder and migrates the database."""

    def at(self, now: datetime) -> Services:
        """The same services, for whom it is always `now`."""

    def scratch(self, folder: Path) -> Services:
        """Services over another, empty data folder that nobody else uses."""

    def own(self, role: str) -> None:
        """Takes the lock of the data folder for this process and its forks; Conflict if another one holds it."""

    def open_web(self, bound_to: str) -> tuple[Services, Flask]:
        """Services that know the folder to be theirs, and the app over them; to be called after a fork."""
