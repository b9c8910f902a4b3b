"""A zip or folder from anywhere: what lies in it is read, and what it could do to the house is refused first."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.errors import InvalidInput
from copilot.services import brandtrees
from copilot.services.brandtrees import FolderTree, ZipTree, fits_everywhere, is_portable
from copilot.services.brandyaml import dump, parse


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], packed: bool = True) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    file.seek(0)
    return file


def refused(file: io.BytesIO) -> str:
    with pytest.raises(InvalidInput) as caught:
        ZipTree(file, "brand.zip")
    return caught.value.fields["path"]


def member(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def test_a_zip_is_read_by_name_and_what_desktops_leave_in_it_is_not_seen() -> None:
    tree = ZipTree(
        zipped(
            ("brand.yaml", b"slug: x"),
            ("materials/story/家.md", "家".encode()),
            ("__MACOSX/brand.yaml", b"litter"),
            ("materials/.DS_Store", b"litter"),
        ),
        "brand.zip",
    )
    assert tree.names() == ["brand.yaml", "materials/story/家.md"]
    assert tree.read("materials/story/家.md") == "家".encode()
    with pytest.raises(KeyError):
        tree.read("__MACOSX/brand.yaml")


def test_a_zip_is_called_what_its_file_is_called_wherever_that_lay() -> None:
    for path in ("hearth.zip", "C:\\zips\\hearth.zip", "/zips/hearth.zip"):
        assert ZipTree(zipped(("a.md", b"a")), path).label == "hearth.zip"


def test_a_name_is_found_however_a_mac_spelt_it() -> None:
    tree = ZipTree(zipped(("story/e\u0301.md", b"e")), "x.zip")
    assert tree.names() == ["story/\u00e9.md"]
    assert (tree.size("story/\u00e9.md"), tree.read("story/\u00e9.md")) == (1, b"e")
    assert refused(zipped(("e\u0301.md", b"one"), ("\u00e9.md", b"two"))) == "invalid.zip_double"


@pytest.mark.parametrize(
    "name",
    [
        "con.md",
        "a/NUL",
        "Com1.tar.gz",
        "aux .md",
        "a:b",
        "a?",
        "a*b",
        "<a>",
        'a"b',
        "a|b",
        "a.",
        "a /b",
        ".DS_Store",
    ],
)
def test_a_name_that_some_system_cannot_have_is_read_but_not_written(name: str) -> None:
    assert is_portable(name) and not fits_everywhere(name)


@pytest.mark.parametrize(
    "name", ["a.md", "家/锅 盖.md", ".hidden.md", "console.md", " a.md", "COM.md", "a..md"]
)
def test_an_ordinary_name_is_written_as_it_is(name: str) -> None:
    assert fits_everywhere(name)


def test_a_folder_that_wraps_everything_is_taken_for_the_brand() -> None:
    file = zipped(("hearth/brand.yaml", b"slug: x"), ("hearth/materials/story/a.md", b"a"))
    assert ZipTree(file, "x.zip").names() == ["brand.yaml", "materials/story/a.md"]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.md",
        "materials/../../outside.md",
        "/etc/passwd",
        "C:/windows/a.md",
        "materials\\..\\a.md",
        "materials//a.md",
        "./a.md",
        "a\nb.md",
        "a\x00.md",
        "x" * 300 + ".md",
        "/".join("abcdefghijklmnopqrstuvwxyz") + ".md",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert not is_portable(name)
    # The library tidies names up when it writes them: a hostile zip is made by hand.
    plain = name.encode()
    stand_in = "N" * len(plain)
    data = zipped((stand_in, b"x")).getvalue().replace(stand_in.encode(), plain)
    assert refused(io.BytesIO(data)) == "invalid.zip_path"


def test_links_and_devices_are_refused() -> None:
    assert refused(zipped((member("materials/story/a.md", 0o120777), b"/etc/passwd"))) == "invalid.tree_link"
    assert refused(zipped((member("materials/story/a.md", 0o020666), b""))) == "invalid.zip_path"


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        file = zipped(("a.md", b"one"), ("a.md", b"two"))
    assert refused(file) == "invalid.zip_double"
    assert refused(zipped(("a", b"a file"), ("a/b.md", b"in a folder of that name"))) == "invalid.zip_double"


def test_a_bomb_is_refused_by_what_it_inflates_to_whatever_it_declares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refused(zipped(("a.md", b"\0" * 5_000_000))) == "invalid.zip_inflates"
    monkeypatch.setattr(brandtrees, "MOST_INFLATED", 2_000_000)
    large = [(f"{n}.md", bytes(range(256)) * 4_000) for n in range(3)]
    assert refused(zipped(*large, packed=False)) == "invalid.zip_large"
    # The same, with headers that claim ten bytes each.
    data = zipped(("a.md", b"\0" * 5_000_000)).getvalue()
    lying = data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10))
    assert refused(io.BytesIO(lying)) in ("invalid.zip_inflates", "invalid.zip_broken")


def test_too_many_files_are_refused_before_their_list_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brandtrees, "MOST_FILES", 3)
    assert refused(zipped(*((f"{n}.md", b"x") for n in range(4)))) == "invalid.tree_many"
    listing = zipped(*((f"{n}.md", b"x") for n in range(3)))
    monkeypatch.setattr(brandtrees, "MOST_DIRECTORY", 100)
    # Whoever asked the library for the list by now would fail in another way.
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refused(listing) == "invalid.tree_many"


def test_names_in_another_encoding_are_refused_and_those_of_a_desktop_without_the_mark_are_read() -> None:
    def unmarked(name: bytes) -> io.BytesIO:
        stand_in = b"N" * len(name)
        return io.BytesIO(zipped((stand_in.decode(), b"x")).getvalue().replace(stand_in, name))

    assert refused(unmarked("materials/story/家.md".encode("gb18030"))) == "invalid.zip_names"
    assert ZipTree(unmarked("story/家.md".encode()), "x.zip").names() == ["story/家.md"]


def test_what_is_no_zip_or_has_a_password_is_refused() -> None:
    whole = zipped(("a.md", b"x" * 100)).getvalue()
    for data in (b"", b"PK\x05\x06", b"hello", whole[:-30], whole[40:]):
        assert refused(io.BytesIO(data)) == "invalid.zip_broken", data
    locked = bytearray(whole)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(signature) + place] |= 1
    assert refused(io.BytesIO(bytes(locked))) == "invalid.zip_encrypted"


def test_a_link_in_a_folder_may_stay_inside_and_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / "a.md").write_text("a", encoding="utf-8")
    (tmp_path / "brand" / "b.md").symlink_to(tmp_path / "brand" / "a.md")
    assert FolderTree(tmp_path / "brand").names() == ["a.md", "b.md"]
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    (tmp_path / "brand" / "c.md").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidInput) as caught:
        FolderTree(tmp_path / "brand")
    assert caught.value.fields == {"path": "invalid.tree_link"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: !!python/object/apply:os.system [echo]", "invalid.yaml_broken"),
        (b"a: [1, 2", "invalid.yaml_broken"),
        (b"a: \x07", "invalid.yaml_broken"),
        (b"a: 2026-02-30", "invalid.yaml_value"),
        (b"a: &x [1]\nb: [*x, *x]", "invalid.yaml_alias"),
        (b"a: " + b"[" * 50 + b"]" * 50, "invalid.yaml_deep"),
        (b"- a\n- b", "invalid.yaml_mapping"),
        ("a: 家".encode("gb18030"), "invalid.not_utf8"),
        (b"b: 1", "invalid.yaml_unknown"),
        (b"a: [" + b"a," * 200_000 + b"]", "invalid.yaml_many"),
    ],
)
def test_yaml_that_is_more_than_plain_values_is_refused_by_the_name_of_its_file(
    text: bytes, message: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("facts.yaml", text, known=["a"])
    assert caught.value.fields == {"facts.yaml": message}


def test_what_is_written_reads_the_same_and_is_written_the_same() -> None:
    content = {
        "title": "是: 否",
        "text": "一行\n两行🍚\n",
        "list": ["no", "2026-11-24", "", " x "],
        "none": None,
    }
    data = dump(content)
    assert parse("x.yaml", data).plain() == content
    assert dump(parse("x.yaml", data).plain()) == data
    assert "两行🍚" in data.decode()


@settings(max_examples=300)
@given(st.text(st.sampled_from(" \n\t\r\x85\u2028\u2029\ufeffa:-#'\"|>😀\x00\x1b锅"), max_size=8))
def test_every_text_reads_as_it_was_written(text: str) -> None:
    assert parse("x.yaml", dump({"a": [text, {"b": text}]})).plain() == {"a": [text, {"b": text}]}
