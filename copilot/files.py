"""Finds the files that live beside the package: in a checkout next to it, in an installed wheel inside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `prompts`, `templates`, `static` or `knowledge_base`; FileNotFoundError says a broken install."""
    for candidate in (_PACKAGE / "_files" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is neither in the package nor beside it")


def package_folder(name: str) -> Path:
    """A folder that is part of the package itself, such as the translations."""
    return _PACKAGE / name
