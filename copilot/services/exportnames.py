"""Under which names a brand's files leave the house: its own wherever every system can have it, else one of a digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from copilot.services.brandtrees import composed, fits_everywhere

Key = TypeVar("Key")


def names_for(wanted: Mapping[Key, Sequence[str]]) -> dict[Key, str]:
    """For each the first of its names that fits and that nothing before it has; the last one it gets in any case.

    Many systems do not tell a from A, and none has a folder where a file of that name is.
    """
    files: set[str] = set()
    folders: dict[str, str] = {}
    found: dict[Key, str] = {}
    for key, (*rather, last) in wanted.items():
        name = next((one for one in rather if fits_everywhere(one) and _is_free(one, files, folders)), last)
        files.add(_folded(name))
        folders |= {_folded(folder): folder for folder in _above(name)}
        found[key] = name
    return found


def material_names(path: str, kind: str) -> list[str]:
    """The path itself, where it lies in its kind's folder; else one that no other path comes to."""
    suffix = PurePosixPath(path).suffix
    digest = hashlib.sha256(path.encode()).hexdigest()[:16]
    safe = f"materials/{kind}/{digest}{suffix if fits_everywhere(f'a{suffix}') else ''}"
    return [f"materials/{composed(path)}", safe] if path.startswith(f"{kind}/") else [safe]


def picture_names(name: str, digest: str, extension: str) -> list[str]:
    """The name itself; of several that share it, one gets it and the others a folder each."""
    safe = f"media/{digest[:16]}{extension}"
    plain = composed(name)
    return [f"media/{plain}", f"media/{digest[:12]}/{plain}", safe] if "/" not in name else [safe]


def _is_free(name: str, files: set[str], folders: Mapping[str, str]) -> bool:
    folded = _folded(name)
    return (
        folded not in files
        and folded not in folders
        and all(
            _folded(folder) not in files and folders.get(_folded(folder), folder) == folder
            for folder in _above(name)
        )
    )


def _above(name: str) -> Iterator[str]:
    """The folders that a file lies in."""
    return (str(folder) for folder in PurePosixPath(name).parents[:-1])


def _folded(name: str) -> str:
    return composed(name).casefold()
