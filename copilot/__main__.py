"""The command line's composition: hands lazily built services to the commands of `copilot.cli`."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.cli.root import root

if TYPE_CHECKING:
    from flask import Flask

    from copilot.adapters.ownership import Ownership
    from copilot.config import Config
    from copilot.services.house import Services


class Composition:
    """Builds at first use: `--help` must not wait for a database, and a fork must not inherit one."""

    def __init__(self) -> None:
        self._ownership: Ownership | None = None

    @cached_property
    def _config(self) -> Config:
        from copilot import logs
        from copilot.config import Config

        logs.configure()
        return Config()

    @cached_property
    def services(self) -> Services:
        from copilot.bootstrap import build

        self.prepare()
        return build(self._config)

    def prepare(self) -> None:
        from copilot.bootstrap import prepare

        prepare(self._config)

    def at(self, now: datetime) -> Services:
        from copilot.bootstrap import build

        self.prepare()
        return build(self._config, clock=lambda: now)

    def scratch(self, folder: Path) -> Services:
        from copilot.bootstrap import build, prepare

        config = self._config.model_copy(update={"data_dir": folder, "database_url": ""})
        prepare(config)
        return build(config)

    def own(self, role: str) -> None:
        from copilot.adapters.ownership import Ownership
        from copilot.bootstrap import require_folder

        require_folder(self._config)
        self._ownership = Ownership(self._config.data_dir)
        self._ownership.take(role)

    def open_web(self, bound_to: str) -> tuple[Services, Flask]:
        from copilot import logs
        from copilot.app import create_app
        from copilot.bootstrap import build

        logs.configure(logging.WARNING)
        services = build(self._config)
        if self._ownership is not None:
            # The lock was taken before the fork and lives in the file that this process inherited.
            services = replace(services, ownership=self._ownership)
        return services, create_app(services, bound_to=bound_to)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        # Results are UTF-8 whatever the locale says: JSON is, and Chinese fits nothing smaller.
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    root(obj=Composition())


if __name__ == "__main__":
    main()
