"""A brand's files behind one face, from a folder or from a zip that nobody trusts yet."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from copilot.errors import InvalidInput

MEGABYTE = 1024 * 1024
MOST_FILES = 20_000
MOST_INFLATED = 1024 * MEGABYTE
MOST_OF_ONE = 128 * MEGABYTE
MOST_RATIO = 200
MOST_DEPTH = 20
LONGEST_NAME = 255
MOST_DIRECTORY = 16 * MEGABYTE

_RATIO_MATTERS = MEGABYTE
_END, _END_SIZE, _LOCATOR, _LOCATOR_SIZE, _COMMENT = b"PK\x05\x06", 22, b"PK\x06\x07", 20, 65535
_ENCRYPTED = 0x1
_JUNK = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_UNCOMMON = frozenset('<>:"|?*')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


class Tree(Protocol):
    """Files by name. Names are relative, with slashes, and composed; none leads out of the tree."""

    @property
    def label(self) -> str:
        """The name that the folder or zip has, without what it lay in, for people."""

    def names(self) -> Sequence[str]:
        """Every file's name, sorted."""

    def size(self, name: str) -> int:
        """How many bytes `read` gives at most, known before anything is read."""

    def read(self, name: str) -> bytes:
        """The file's bytes. KeyError for a name that is not among the names."""


class FolderTree:
    """A folder on this machine. InvalidInput for a link that leads out of it: it would carry off another file."""

    def __init__(self, folder: Path) -> None:
        self.label = folder.name
        root = folder.resolve()
        self._files: dict[str, Path] = {}
        for path in folder.rglob("*"):
            name = composed(path.relative_to(folder).as_posix())
            if is_junk(name) or not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                raise InvalidInput({"path": "invalid.tree_link"}, name=name)
            if name in self._files:
                raise InvalidInput({"path": "invalid.zip_double"}, name=name)
            self._files[name] = path
            if len(self._files) > MOST_FILES:
                raise InvalidInput({"path": "invalid.tree_many"}, most=MOST_FILES)

    def names(self) -> Sequence[str]:
        return sorted(self._files)

    def size(self, name: str) -> int:
        return self._files[name].stat().st_size

    def read(self, name: str) -> bytes:
        return self._files[name].read_bytes()


class ZipTree:
    """A zip, every member of which was inflated once and found harmless before anything is read from it.

    InvalidInput names what is wrong with it. A zip that wraps everything in one folder is taken for that folder.
    """

    def __init__(self, file: IO[bytes], label: str) -> None:
        # A browser on Windows may send the whole path.
        self.label = PurePosixPath(label.replace("\\", "/")).name
        _check_directory(file)
        try:
            # Without their flag, names are UTF-8 as some desktops write it, or not to be read at all.
            self._zip = zipfile.ZipFile(file, metadata_encoding="utf-8")
        except UnicodeDecodeError as exc:
            raise InvalidInput({"path": "invalid.zip_names"}) from exc
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as exc:
            raise InvalidInput({"path": "invalid.zip_broken"}) from exc
        members = [_checked(member) for member in self._zip.infolist()]
        files = [member for member in members if not member.is_dir()]
        _check_names([composed(member.filename) for member in files])
        if len(members) > MOST_FILES:
            raise InvalidInput({"path": "invalid.tree_many"}, most=MOST_FILES)
        self._inflate(files)
        kept = {composed(member.filename): member for member in files if not is_junk(member.filename)}
        wrapper = _wrapper(list(kept))
        self._members = {name.removeprefix(wrapper): member for name, member in kept.items()}

    def names(self) -> Sequence[str]:
        return sorted(self._members)

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        return self._zip.read(self._members[name])

    def _inflate(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Inflates all of it once in small steps and throws it away, because declared sizes can lie."""
        if sum(member.file_size for member in members) > MOST_INFLATED:
            raise InvalidInput({"path": "invalid.zip_large"}, limit=MOST_INFLATED // MEGABYTE)
        total = 0
        for member in members:
            size = 0
            try:
                with self._zip.open(member) as stream:
                    while block := stream.read(MEGABYTE):
                        size += len(block)
                        total += len(block)
                        _check_size(member, size, total)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                OSError,
                ValueError,
                NotImplementedError,
            ) as exc:
                raise InvalidInput({"path": "invalid.zip_broken"}) from exc
            except UnicodeDecodeError as exc:
                raise InvalidInput({"path": "invalid.zip_names"}) from exc


@contextmanager
def open_tree(path: Path) -> Iterator[Tree]:
    """The tree of a folder, or of a zip file."""
    if path.is_dir():
        yield FolderTree(path)
    else:
        with path.open("rb") as file:
            yield ZipTree(file, path.name)


def composed(name: str) -> str:
    """A name in one spelling: a Mac takes an é apart that other systems write as one character."""
    return unicodedata.normalize("NFC", name)


def is_junk(name: str) -> bool:
    """What a desktop leaves behind in folders: it is nobody's material."""
    parts = PurePosixPath(name).parts
    return any(part in _JUNK or part == ".DS_Store" or part.startswith("._") for part in parts)


def is_portable(name: str) -> bool:
    """Whether a name means the same relative file wherever it is unpacked."""
    parts = name.split("/")
    return (
        len(parts) <= MOST_DEPTH
        and not (len(parts[0]) == 2 and parts[0][1] == ":")
        and all(_is_plain(part) for part in parts)
    )


def fits_everywhere(name: str) -> bool:
    """Whether every system can have a file of this name, so that a folder with it can be unpacked anywhere."""
    return is_portable(name) and not is_junk(name) and all(_is_common(part) for part in name.split("/"))


def _is_common(part: str) -> bool:
    return (
        not _UNCOMMON & set(part)
        and part[-1] not in " ."
        and part.partition(".")[0].rstrip().casefold() not in _DEVICES
    )


def _is_plain(part: str) -> bool:
    return (
        part not in ("", ".", "..")
        and len(part.encode("utf-8", "replace")) <= LONGEST_NAME
        and "\\" not in part
        and not any(unicodedata.category(character) in ("Cc", "Cs") for character in part)
    )


def _check_directory(file: IO[bytes]) -> None:
    """Looks at the end of a zip before its list of members is loaded: a small file can list a million."""
    size = file.seek(0, 2)
    tail_size = min(size, _END_SIZE + _COMMENT + _LOCATOR_SIZE)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise InvalidInput({"path": "invalid.zip_broken"})
    # The long form is for archives that are larger than what is taken in at all.
    is_long = tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR)
    if is_long or int.from_bytes(tail[at + 12 : at + 16], "little") > MOST_DIRECTORY:
        raise InvalidInput({"path": "invalid.tree_many"}, most=MOST_FILES)


def _checked(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    if member.flag_bits & _ENCRYPTED:
        raise InvalidInput({"path": "invalid.zip_encrypted"})
    kind = stat.S_IFMT(member.external_attr >> 16)
    if stat.S_ISLNK(kind):
        raise InvalidInput({"path": "invalid.tree_link"}, name=member.filename)
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise InvalidInput({"path": "invalid.zip_path"}, name=member.filename)
    # The library cuts a name at its first NUL; what was written there is what counts.
    if not is_portable(member.orig_filename.removesuffix("/")):
        raise InvalidInput({"path": "invalid.zip_path"}, name=member.orig_filename)
    return member


def _check_names(names: Sequence[str]) -> None:
    """Two files of one name, or a file where another name has a folder, would overwrite each other."""
    doubled = next((name for name, count in Counter(names).items() if count > 1), None)
    folders = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
    clash = doubled or next((name for name in names if name in folders), None)
    if clash is not None:
        raise InvalidInput({"path": "invalid.zip_double"}, name=clash)


def _check_size(member: zipfile.ZipInfo, size: int, total: int) -> None:
    if total > MOST_INFLATED:
        raise InvalidInput({"path": "invalid.zip_large"}, limit=MOST_INFLATED // MEGABYTE)
    is_bomb = size > _RATIO_MATTERS and size > MOST_RATIO * max(member.compress_size, 1)
    if is_bomb or size > MOST_OF_ONE:
        raise InvalidInput({"path": "invalid.zip_inflates"}, name=member.filename)


def _wrapper(names: Sequence[str]) -> str:
    """The one folder that all of a zip lies in, with its slash; nothing where brand.yaml lies at the top."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1 or "brand.yaml" in names:
        return ""
    top = next(iter(tops))
    return f"{top}/" if f"{top}/brand.yaml" in names else ""
