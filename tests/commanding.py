"""Commands as a script gives them: how they end, and what they print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from click.testing import CliRunner

from copilot import logs
from copilot.cli.root import root
from copilot.services.house import Services


@dataclass(frozen=True)
class Opened:
    """A house whose services stand already."""

    services: Services


@dataclass(frozen=True)
class Ran:
    """A command that is over."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def ran(
    composition: object, *args: object, input: str | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    logs.configure()  # As the composition of the command line does.
    result = CliRunner().invoke(root, [str(arg) for arg in args], obj=composition, input=input, env=env)
    return Ran(result.exit_code, result.stdout, result.stderr)
