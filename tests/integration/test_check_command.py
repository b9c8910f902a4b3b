"""`copilot check` on what files really hold: control characters, line ends, sources in other encodings."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from copilot.domain.materials import Kind
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.commanding import Opened, Ran, ran
from tests.conftest import POT, Team

STEERED = "小灶\x1b[2m陶锅\u202e顶\x07级，\r\n会员价\x00 2\x0839 元。\x7f\u2066打 139\x0012345678。"


def check(services: Services, *args: object, text: str = "", lang: str = "en") -> Ran:
    options = ("check", "--brand", "hearth", "--channel", "community")
    return ran(Opened(services), "--lang", lang, *options, *args, "-", input=text)


@pytest.fixture
def pot(tmp_path: Path) -> Path:
    file = tmp_path / "pot.md"
    file.write_text(POT, encoding="utf-8")
    return file


@pytest.mark.parametrize("is_grounded", [True, False], ids=["on files", "on the library"])
def test_control_characters_count_and_hide_nothing(
    services: Services, team: Team, pot: Path, is_grounded: bool
) -> None:
    given = ("--source", pot) if is_grounded else ()
    told = check(services, *given, "--json", text=STEERED)
    assert told.code == 1, told.err
    found = {one["rule"]: one for one in told.json["findings"]}
    # The desk would take them out and find as much.
    assert found["ad.absolute-top"]["text"] == "顶\x07级"
    assert found["mobile"]["text"] == "139\x0012345678"
    for one in told.json["findings"]:
        if one["end"]:
            assert STEERED[one["start"] : one["end"]] == one["text"]
    for one in told.json["claims"]:
        assert STEERED[one["start"] : one["end"]] == one["sentence"]


def test_what_is_printed_steers_no_terminal_and_turns_no_line_round(services: Services, team: Team) -> None:
    for args in ((), ("--json",)):
        told = check(services, *args, text=STEERED)
        assert not any(
            unicodedata.category(sign) == "Cc" for sign in told.out.replace("\n", "").replace("\t", "")
        )
        assert not set("\u202e\u2066") & set(told.out)
    assert json.loads(told.out)["findings"]
    assert "顶\\u0007级" in check(services, text=STEERED).out
    # What is wrong with a call quotes what was typed.
    refused = check(services, "--at", "\x1b[2m\u202e", text=STEERED)
    assert refused.code == 2 and "“\\u001b[2m\\u202e”" in refused.err


def test_lines_may_end_as_they_do_on_another_machine(services: Services, team: Team, pot: Path) -> None:
    lines = ("小灶陶锅的会员价是 239 元。", "小灶陶锅的容量是 1.2 升。")
    shown = [
        [
            one["sentence"]
            for one in check(services, "--source", pot, "--json", text=end.join(lines)).json["claims"]
        ]
        for end in ("\n", "\r\n", "\r")
    ]
    assert shown == [list(lines)] * 3


def test_control_characters_alone_are_no_text(services: Services, team: Team) -> None:
    told = check(services, text="\x00\x1b\r\n")
    assert (told.code, told.err) == (2, "FILE: There is no text. Write something first.\n")


def test_help_says_how_places_are_counted(services: Services) -> None:
    said = " ".join(ran(Opened(services), "check", "--help").out.split())
    assert "counted in characters of FILE as it stands" in said and r"\u001b" in said


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (POT, "gb18030"),
        ("小灶陶鍋的會員價是 239 元。坐在灶上燜一鍋飯，要等二十五分鐘。", "big5"),
        ("The café sells the pot for £39.\n" * 3, "cp1252"),
    ],
)
def test_a_source_in_another_encoding_is_read_as_an_upload_is_and_says_so(
    services: Services, team: Team, tmp_path: Path, text: str, encoding: str
) -> None:
    file = tmp_path / "pot.txt"
    file.write_bytes(text.encode(encoding))
    copy = "小灶陶锅的会员价是 239 元。" if encoding == "gb18030" else "小灶见。"
    told = check(services, "--source", file, "--json", text=copy)
    assert told.code == 0, told.out
    assert told.err.startswith("“pot.txt” is not UTF-8") and told.err.count("\n") == 1
    if encoding == "gb18030":
        (claim,) = told.json["claims"]
        assert (claim["verdict"], claim["quote"]) == ("supported", "小灶陶锅的会员价是 239 元。")
    taken = services.ingestion.add(
        Upload("selling_point/pot.txt", file.read_bytes(), Kind.SELLING_POINT),
        brand=team.brand,
        actor=team.manager.id,
    )
    assert taken.material is not None
    assert "不是 UTF-8" in check(services, "--source", file, text=copy, lang="zh").err


def test_a_source_whose_encoding_is_certain_is_read_in_silence(
    services: Services, team: Team, tmp_path: Path
) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(POT.encode(encoding))
        told = check(services, "--source", file, text="小灶陶锅的会员价是 239 元。")
        assert (told.code, told.err) == (0, ""), encoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Новый рис стоит сорок рублей за мешок. Очень вкусный рис.", "cp1251"),
        ("新しいお米は５キロで四千円です。とてもおいしいです。", "shift_jis"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused_by_its_name_as_an_upload_is(
    services: Services, team: Team, tmp_path: Path, text: str, encoding: str
) -> None:
    file = tmp_path / "rice.txt"
    file.write_bytes(text.encode(encoding))
    told = check(services, "--source", file, text="小灶见。")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("--source: “rice.txt” cannot be read.") and "encoding UTF-8" in told.err
    refused = services.ingestion.add(
        Upload("selling_point/rice.txt", file.read_bytes(), Kind.SELLING_POINT),
        brand=team.brand,
        actor=team.manager.id,
    )
    assert refused.reason is not None and refused.reason.id == "unreadable.encoding"
