"""Names of files as people's machines write them, and the one way in which they are read here."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath


def given_path(name: str) -> PurePosixPath:
    """The path that a name means, whichever way its slashes lean.

    A Mac writes é as e and an accent, everybody else as one character: the same file must have one name.
    """
    return PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/"))
