"""What a brand's folder holds beside its settings: materials and what people settled about them, found to fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
from copilot.services.brandsettings import BRAND
from copilot.services.brandtrees import Tree, composed
from copilot.services.brandyaml import Keys, load
from copilot.services.copylibrary import LONGEST_TEXT
from copilot.services.media import MOST_ALT

MATERIALS, FACTS, COPY, MEDIA = "materials.yaml", "facts.yaml", "copy.yaml", "media.yaml"
LISTINGS = frozenset({MATERIALS, FACTS, COPY, MEDIA})
DATED = frozenset({".md", ".csv"})
AS_WRITTEN = "as_written"
PATH = "path"
KEPT_STATUSES = (MaterialStatus.DRAFT, MaterialStatus.RETIRED)
DECIDED = (FactStatus.CONFIRMED, FactStatus.DISMISSED)

_ROOT = "materials/"
_TERMS = ("title", "valid_from", "valid_until", "attribution", "consent", "names", "status")
_SETTLED = (*_TERMS, AS_WRITTEN, PATH)
_FACT = ("material", "kind", "subject", "name", "value", "quote", "status", "owner")
_ENTRY = ("scene", "title", "text", "status", "citations")
_PICTURE = ("file", "alt", "materials", "retired")


@dataclass(frozen=True)
class MaterialFile:
    """A file of the folder `materials`. `file` is its name in the tree, `path` the one in the library.

    The two differ where materials.yaml says so: not every name of a library is one on every system.
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
    order: Mapping[str, tuple[str, ...]]
    """The files of pictures by the path of a material that shows them in another order than they are listed."""


def read_contents(tree: Tree) -> Contents:
    """Everything but the settings. InvalidInput names the file and key that does not fit, before anything changes."""
    present = set(tree.names())
    listed = _listed(tree, MATERIALS, present)
    named = listed.each("materials", known=_SETTLED) if listed is not None else {}
    settled = {composed(name): keys for name, keys in named.items()}
    materials = material_files(present, settled)
    paths = {one.file.removeprefix(_ROOT): one.path for one in materials}
    unknown = next((name for name in settled if name not in paths), None)
    if listed is not None and unknown is not None:
        raise InvalidInput({MATERIALS: "invalid.yaml_file"}, key=f"materials.{unknown}", value=unknown)
    shown = _listed(tree, MEDIA, present)
    pictures = tuple(_pictures(shown, paths, present))
    return Contents(
        materials=tuple(materials),
        facts=tuple(_facts(_listed(tree, FACTS, present), paths)),
        copy=tuple(_copy(_listed(tree, COPY, present), paths)),
        pictures=pictures,
        order=_order(shown, paths, {one.file for one in pictures}),
    )


def material_files(names: Iterable[str], settled: Mapping[str, Keys]) -> list[MaterialFile]:
    """The materials among the names of a tree; each one's kind is its folder's name.

    A tree with neither `materials` nor brand.yaml in it is taken for the materials folder itself.
    """
    present = sorted(names)
    is_brand = BRAND in present or any(name.startswith(_ROOT) for name in present)
    root = _ROOT if is_brand else ""
    found: dict[str, MaterialFile] = {}
    for name in present:
        place = name.removeprefix(root)
        is_hidden = any(part.startswith(".") for part in place.split("/")) and place not in settled
        if not name.startswith(root) or is_hidden or (not root and name in LISTINGS):
            continue
        kind, slash, _ = place.partition("/")
        if not slash:
            raise InvalidInput({name: "invalid.loose_file"}, value=place)
        if kind not in set(Kind):
            raise InvalidInput({"kind": "invalid.kind"}, value=kind)
        keys = settled.get(place)
        path = _library_path(keys, kind) if keys is not None and PATH in keys else place
        if path in found:
            raise InvalidInput({MATERIALS: "invalid.yaml_double"}, key=f"materials.{place}", value=path)
        found[path] = MaterialFile(name, path, Kind(kind), _settled(keys) if keys is not None else {})
    return list(found.values())


def material_bytes(tree: Tree, one: MaterialFile, *, today: date, language: Language) -> bytes:
    """The file's bytes; where dates are written relative to a day, they are put in for today."""
    data = tree.read(one.file)
    if PurePosixPath(one.path).suffix in DATED and not one.settled.get(AS_WRITTEN):
        # A table in another encoding has no dates of ours in it; the reader knows how to read it.
        with suppress(UnicodeDecodeError):
            return resolve(data.decode("utf-8"), today, language).encode("utf-8")
    return data


def _listed(tree: Tree, file: str, present: set[str]) -> Keys | None:
    return load(tree, file) if file in present else None


def _library_path(keys: Keys, kind: str) -> str:
    path = keys.exact_text(PATH, needed=True)
    if not path.startswith(f"{kind}/"):
        raise keys.fault("invalid.yaml_path", PATH, kind=kind)
    return path


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


def _facts(listed: Keys | None, paths: Mapping[str, str]) -> Iterable[DecidedFact]:
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


def _copy(listed: Keys | None, paths: Mapping[str, str]) -> Iterable[KeptCopy]:
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


def _pictures(listed: Keys | None, paths: Mapping[str, str], present: set[str]) -> Iterable[ListedPicture]:
    for keys in listed.entries("pictures", known=_PICTURE) if listed is not None else ():
        file = _picture_file(keys.text("file", needed=True))
        if file not in present:
            raise keys.fault("invalid.yaml_file", "file")
        alt = keys.text("alt")
        if len(alt) > MOST_ALT:
            raise keys.fault("invalid.yaml_long", "alt", most=MOST_ALT)
        materials = [composed(name) for name in keys.texts("materials")]
        if not all(name in paths for name in materials):
            raise keys.fault("invalid.yaml_file", "materials")
        yield ListedPicture(file, alt, tuple(paths[name] for name in materials), keys.switch("retired"))


def _order(
    listed: Keys | None, paths: Mapping[str, str], files: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    if listed is None or "order" not in listed:
        return {}
    keys = listed.mapping("order")
    found: dict[str, tuple[str, ...]] = {}
    for name in keys:
        shown = tuple(_picture_file(file) for file in keys.texts(name))
        if composed(name) not in paths or not all(file in files for file in shown):
            raise keys.fault("invalid.yaml_file", name)
        found[paths[composed(name)]] = shown
    return found


def _picture_file(name: str) -> str:
    return f"media/{composed(name)}"


def _path(keys: Keys, key: str, paths: Mapping[str, str]) -> str:
    """The path in the library of the file that is named."""
    name = composed(keys.text(key, needed=True))
    if name not in paths:
        raise keys.fault("invalid.yaml_file", key)
    return paths[name]
