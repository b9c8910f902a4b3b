"""YAML as plain values: the safe loader, in C where PyYAML was built with it, which is nine times as fast."""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str) -> Any:
    """What the text says, as mappings, lists and scalars and nothing else; raises yaml.YAMLError."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe one, whichever it is
