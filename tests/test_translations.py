"""Pages are complete in both languages, and the compiled catalogue is the one that was written."""

from __future__ import annotations

from gettext import GNUTranslations

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from copilot import files

CATALOGUE = files.package_folder("translations") / "zh_Hans" / "LC_MESSAGES"
METHODS = [("copilot/**.py", "python"), ("templates/**.html", "jinja2")]


def test_every_word_of_the_pages_has_its_chinese() -> None:
    root = files.folder("templates").parent
    found = {
        message if isinstance(message, str) else message[0]
        for _, _, message, *_ in extract_from_dir(
            root,
            METHODS,
            directory_filter=lambda path: not path.rsplit("/", 1)[-1].startswith((".", "_files")),
        )
    }
    with (CATALOGUE / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    known = {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): entry.string
        for entry in catalogue
        if entry.id
    }
    assert len(found) > 300
    assert sorted(found - known.keys()) == []
    assert [name for name, text in known.items() if not all([text] if isinstance(text, str) else text)] == []
    assert sorted(known.keys() - found) == [], "make messages takes these out"


def test_the_compiled_catalogue_is_fresh() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        written = {
            entry.id: entry.string
            for entry in read_po(file, locale="zh_Hans")
            if isinstance(entry.id, str) and entry.id
        }
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [name for name, text in written.items() if compiled.gettext(name) != text]
    assert stale == [], "run: make messages"
