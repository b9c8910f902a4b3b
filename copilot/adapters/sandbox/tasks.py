"""What may be asked of a child: to read a document or to inspect a picture."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from copilot.adapters.sandbox.process import Task
from copilot.adapters.sandbox.wire import Frame

_WHOLE = ("copilot.adapters.readers", "docx", "encodings", "openpyxl", "pptx")
_ALSO = (
    "PIL.BmpImagePlugin",  # Pillow looks these two up before it opens anything.
    "PIL.PpmImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.MpoImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.WebPImagePlugin",
    "copilot.adapters.pictures",
    # The standard library's own, which it imports inside functions: Counter needs heapq to sort.
    "_strptime",
    "base64",
    "bisect",
    "calendar",
    "copy",
    "decimal",
    "fractions",
    "hashlib",
    "heapq",
    "html.entities",
    "locale",
    "mimetypes",
    "random",
    "statistics",
    "tempfile",
    "textwrap",
    "xml.etree.ElementTree",
    "lxml.etree",
    "pypdfium2",
    "selectolax.lexbor",
    "traceback",
    "yaml",
)


def prepare() -> Mapping[str, Task]:
    """Loads all that reading can come to need: a child, which can open no file, imports nothing more."""
    # openpyxl can do without numpy, whose threads and tables would be copied into every child.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    for name in _ALSO:
        import_module(name)
    for name in _WHOLE:
        _load(import_module(name))
    return {"document": _document, "picture": _picture}


def _load(package: ModuleType) -> None:
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        try:
            import_module(module.name)
        except ImportError:
            continue  # A part that wants something not installed is one that reading does without.


def _document(name: str, data: bytes) -> Iterator[Frame]:
    from copilot.adapters.readers import read
    from copilot.adapters.readers.bounded import frames

    yield from frames(read(name, data))


def _picture(name: str, data: bytes) -> Iterator[Frame]:
    from copilot.adapters.pictures import frames, inspect

    yield from frames(inspect(name, data))
