"""What a brand's folder holds beside its settings: materials and what people settled about them, found to fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from copilot.domain.brands import Language
from copilot.domain.copylibrary import LONGEST_TITLE, EntryStatus, Scene
from copilot.domain.daydates import resolve
from copilot.domain.facts import FactKind, FactStatus
from copilot.domain.materials import Kind, MaterialStatus
from copilot.errors import InvalidInput
from copilot.services.brandtrees import Tree
from copilot.services.brandyaml import Keys, parse
from copilot.services.copylibrary import LONGEST_TEXT
from copilot.services.media import MOST_ALT

MATERIALS, FACTS, COPY, MEDIA = "materials.yaml", "facts.yaml", "copy.yaml", "media.yaml"
LISTINGS = frozenset({MATERIALS, FACTS, COPY, MEDIA})
DATED = frozenset({".md", ".csv"})
AS_WRITTEN = "as_written"
KEPT_STATUSES = (MaterialStatus.DRAFT, MaterialStatus.RETIRED)
DECIDED = (FactStatus.CONFIRMED, FactStatus.DISMISSED)

_SETTLED = ("title", "valid_from", "valid_until", "attribution", "consent", "names", "status", AS_WRITTEN)
_FACT = ("material", "kind", "subject", "name", "value", "quote", "status", "owner")
_ENTRY = ("scene", "title", "text", "status", "citations")
_PICTURE = ("file", "alt", "materials", "retired")


@dataclass(frozen=True)
class MaterialFile:
    """A file of the folder `materials`. `file` is its name in the tree, `path` the one in the library.

    `settled` holds what materials.yaml says of it, as plain values: a key that is absent leaves what the
    file says of itself, or what stands in the library; a None takes a day away.
    """

    file: str
    path: str
    kind: Kind
    settled: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DecidedFact:
    material: str
    kind: FactKind
    subject: str
    name: str
    value: str
    quote: str
    status: FactStatus
    owner: str = ""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> DecidedFact:
        return cls(**{**plain, "kind": FactKind(plain["kind"]), "status": FactStatus(plain["status"])})


@dataclass(frozen=True)
class KeptCopy:
    """An entry of the copy library. What it cites is for readers: a house finds its own sources for a text."""

    scene: Scene
    title: str
    text: str
    status: EntryStatus

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> KeptCopy:
        return cls(**{**plain, "scene": Scene(plain["scene"]), "status": EntryStatus(plain["status"])})


@dataclass(frozen=True)
class ListedPicture:
    file: str
    alt: str
    materials: tuple[str, ...]
    retired: bool

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> ListedPicture:
        return cls(**{**plain, "materials": tuple(plain["materials"])})

    @property
    def name(self) -> str:
        return PurePosixPath(self.file).name


@dataclass(frozen=True)
class Contents:
    materials: tuple[MaterialFile, ...]
    facts: tuple[DecidedFact, ...]
    copy: tuple[KeptCopy, ...]
    pictures: tuple[ListedPicture, ...]


def read_contents(tree: Tree) -> Contents:
    """Everything but the settings. InvalidInput names the file and key that does not fit, before anything changes."""
    present = set(tree.names())
    listed = _listed(tree, MATERIALS, present)
    settled = listed.each("materials", known=_SETTLED) if listed is not None else {}
    materials = material_files(present, settled)
    paths = {one.path for one in materials}
    unknown = next((path for path in settled if path not in paths), None)
    if listed is not None and unknown is not None:
        raise InvalidInput({MATERIALS: "invalid.yaml_file"}, key=f"materials.{unknown}", value=unknown)
    return Contents(
        materials=tuple(materials),
        facts=tuple(_facts(_listed(tree, FACTS, present), paths)),
        copy=tuple(_copy(_listed(tree, COPY, present), paths)),
        pictures=tuple(_pictures(_listed(tree, MEDIA, present), paths, present)),
    )


def material_files(names: Iterable[str], settled: Mapping[str, Keys]) -> list[MaterialFile]:
    """The materials among the names of a tree; each one's kind is its folder's name.

    A tree without `materials` in it is taken for the materials folder itself.
    """
    present = sorted(names)
    root = "materials/" if any(name.startswith("materials/") for name in present) else ""
    found: list[MaterialFile] = []
    for name in present:
        path = name.removeprefix(root)
        is_hidden = any(part.startswith(".") for part in path.split("/")) and path not in settled
        if not name.startswith(root) or is_hidden or (not root and name in LISTINGS):
            continue
        kind = path.partition("/")[0]
        if kind not in set(Kind):
            raise InvalidInput({"kind": "invalid.kind"}, value=kind)
        said = _settled(settled[path]) if path in settled else {}
        found.append(MaterialFile(name, path, Kind(kind), said))
    return found


def material_bytes(tree: Tree, one: MaterialFile, *, today: date, language: Language) -> bytes:
    """The file's bytes; where dates are written relative to a day, they are put in for today."""
    data = tree.read(one.file)
    if PurePosixPath(one.path).suffix in DATED and not one.settled.get(AS_WRITTEN):
        # A table in another encoding has no dates of ours in it; the reader knows how to read it.
        with suppress(UnicodeDecodeError):
            return resolve(data.decode("utf-8"), today, language).encode("utf-8")
    return data


def _listed(tree: Tree, file: str, present: set[str]) -> Keys | None:
    return parse(file, tree.read(file)) if file in present else None


def _settled(keys: Keys) -> dict[str, Any]:
    """Only the keys that are written down; a day as ISO text, or None for a day that is taken away."""
    found: dict[str, Any] = {}
    if "title" in keys:
        found["title"] = keys.text("title", needed=True)
    for key in ("attribution", "consent"):
        if key in keys:
            found[key] = keys.text(key)
    for key in ("valid_from", "valid_until"):
        if key in keys:
            day = keys.day(key)
            found[key] = day.isoformat() if day is not None else None
    first, last = found.get("valid_from"), found.get("valid_until")
    if first and last and last < first:
        raise keys.fault("invalid.yaml_window", "valid_until")
    if "names" in keys:
        found["names"] = keys.texts("names")
    if "status" in keys:
        found["status"] = str(keys.one_of("status", KEPT_STATUSES))
    if keys.switch(AS_WRITTEN):
        found[AS_WRITTEN] = True
    return found


def _facts(listed: Keys | None, paths: set[str]) -> Iterable[DecidedFact]:
    for keys in listed.entries("facts", known=_FACT) if listed is not None else ():
        value, quote = keys.text("value", needed=True), keys.text("quote", needed=True)
        if value not in quote:
            raise keys.fault("invalid.yaml_value_not_in_quote", "value")
        yield DecidedFact(
            material=_path(keys, "material", paths),
            kind=keys.one_of("kind", tuple(FactKind)),
            subject=keys.text("subject", needed=True),
            name=keys.text("name", needed=True),
            value=value,
            quote=quote,
            status=keys.one_of("status", DECIDED),
            owner=keys.text("owner"),
        )


def _copy(listed: Keys | None, paths: set[str]) -> Iterable[KeptCopy]:
    for keys in listed.entries("entries", known=_ENTRY) if listed is not None else ():
        title, text = keys.text("title", needed=True), keys.text("text", needed=True)
        for key, said, most in (("title", title, LONGEST_TITLE), ("text", text, LONGEST_TEXT)):
            if len(said) > most:
                raise keys.fault("invalid.yaml_long", key, most=most)
        for citation in keys.entries("citations", known=("material", "quote")):
            _path(citation, "material", paths)
            citation.text("quote")
        yield KeptCopy(
            scene=keys.one_of("scene", tuple(Scene)),
            title=title,
            text=text,
            status=keys.one_of("status", tuple(EntryStatus)),
        )


def _pictures(listed: Keys | None, paths: set[str], present: set[str]) -> Iterable[ListedPicture]:
    for keys in listed.entries("pictures", known=_PICTURE) if listed is not None else ():
        file = f"media/{keys.text('file', needed=True)}"
        if file not in present:
            raise keys.fault("invalid.yaml_file", "file")
        alt = keys.text("alt")
        if len(alt) > MOST_ALT:
            raise keys.fault("invalid.yaml_long", "alt", most=MOST_ALT)
        materials = keys.texts("materials")
        missing = next((path for path in materials if path not in paths), None)
        if missing is not None:
            raise keys.fault("invalid.yaml_file", "materials") from None
        yield ListedPicture(file, alt, tuple(materials), keys.switch("retired"))


def _path(keys: Keys, key: str, paths: set[str]) -> str:
    path = keys.text(key, needed=True)
    if path not in paths:
        raise keys.fault("invalid.yaml_file", key)
    return path
