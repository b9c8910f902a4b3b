"""`copilot rules` as a script gives it: what it prints, what it changes, and how a fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from copilot.domain.findings import Severity
from copilot.domain.rulebook import Change, RuleBook
from copilot.services.brandyaml import dump
from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team
from tests.ruling import REFILL, held, spoken, version

BY = ("--reason", "会员问起过", "--as", "grace")


def rules(services: Services, *args: object, lang: str = "en") -> Ran:
    command, *rest = args
    return ran(Opened(services), "--lang", lang, "rules", command, "--brand", "hearth", *rest)


def test_what_holds_is_listed_with_how_grave_it_is(services: Services, team: Team) -> None:
    rules(services, "set", "ad.absolute-top", "--severity", "note", *BY)
    rules(services, "set", "ad.gift-terms", "--severity", "off", *BY)
    listed = rules(services, "list").out.splitlines()
    assert "cn-ad-law\ton\tPRC Advertising Law" in listed
    assert "en-claims\toff\tEnglish-market claims" in listed
    assert any(line.startswith("note\tad.absolute-top\t") for line in listed)
    assert any(line.startswith("off\tad.gift-terms\t") for line in listed)
    whole = rules(services, "list", "--json").json
    assert whole["version"] == 2
    assert {pack["pack"]: pack["on"] for pack in whole["packs"]}["en-claims"] is False
    by_rule = {row["rule"]: row for row in whole["rules"]}
    assert by_rule["ad.absolute-top"]["shipped"] == "block" and "en.free" not in by_rule


def test_one_rule_is_shown_with_its_examples(services: Services, team: Team) -> None:
    services.rulings.keep_own(REFILL, brand=team.brand, actor=team.manager, note="so")
    shown = rules(services, "show", "own.refill").out.splitlines()
    assert "reason\t我们不说代装" in shown and "positive\t灌装也行" in shown
    shipped = rules(services, "show", "ad.absolute-named", "--json", lang="zh").json
    assert "最佳" in shipped["finds"] and shipped["reason"].startswith("这是《广告法》")
    missing = rules(services, "show", "ad.nowhere")
    assert missing.code == 2 and "ad.nowhere" in missing.err


def test_a_pack_is_switched_and_a_rule_changed(services: Services, team: Team) -> None:
    assert rules(services, "switch", "cn-platforms", "off", *BY).out == (
        "Version 1 of the rules is in force.\n"
    )
    assert rules(services, "switch", "cn-platforms", "off", *BY).out == (
        "Nothing is different, so version 1 stays.\n"
    )
    assert held(services, team).packs == ("cn-ad-law",)
    rules(services, "set", "ad.absolute-top", "--severity", "warn", *BY)
    rules(services, "set", "ad.absolute-top", "--except", "顶级大厨班", "--except", "顶级赛事", *BY)
    assert held(services, team).change_of("ad.absolute-top") == Change(
        "ad.absolute-top", Severity.WARN, exceptions=("顶级大厨班", "顶级赛事")
    )
    assert spoken(services, team, "顶级大厨班里有顶级食材") == {"ad.absolute-top": "warn"}
    rules(services, "set", "ad.absolute-top", "--severity", "default", "--except", "顶级赛事", *BY)
    assert held(services, team).change_of("ad.absolute-top") == Change(
        "ad.absolute-top", exceptions=("顶级赛事",)
    )
    rules(services, "set", "ad.absolute-top", "--severity", "default", *BY)
    assert held(services, team).changes == ()
    assert services.rulesheet.view(brand=team.brand).versions[0].note == "会员问起过"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("switch", "cn-nowhere", "on", *BY), "There is no rule pack “cn-nowhere”"),
        (("set", "ad.nowhere", "--severity", "off", *BY), "No rule pack has a rule “ad.nowhere”"),
        (("set", "ad.absolute-top", *BY), "--severity: Say what changes"),
        (("set", "ad.absolute-top", "--except", "很好喝", *BY), "contains nothing that the rule looks for"),
        (("set", "ad.absolute-top", "--severity", "off", "--reason", " ", "--as", "grace"), "Say in a few"),
        (("set", "ad.absolute-top", "--severity", "off", "--reason", "x"), "--as"),
        (("set", "ad.absolute-top", "--severity", "off", "--reason", "x", "--as", "hang"), "role"),
    ],
)
def test_a_fault_is_one_line(services: Services, team: Team, args: tuple[str, ...], told: str) -> None:
    answer = rules(services, *args)
    assert answer.code == 2
    assert told in answer.err and len(answer.err.splitlines()) == 1
    assert version(services, team) == 0


def test_a_brand_s_rules_are_a_file_out_and_in(services: Services, team: Team, tmp_path: Path) -> None:
    book = RuleBook(
        packs=("cn-ad-law",),
        changes=(Change("ad.gift-terms", is_off=True),),
        own=(REFILL,),
        declaration="本文由 AI 协助起草。",
    )
    file = tmp_path / "rules.yaml"
    file.write_bytes(dump(book.as_json()))
    assert rules(services, "import", file, *BY).out == "Version 1 of the rules is in force.\n"
    assert held(services, team) == book
    out = rules(services, "export").out
    assert out.encode() == file.read_bytes()
    assert "stays" in rules(services, "import", file, *BY).out
    file.write_text("{}\n", encoding="utf-8")
    rules(services, "import", file, *BY)
    assert (held(services, team), version(services, team)) == (RuleBook(), 2)
    assert yaml.safe_load(rules(services, "export").out) == {}


def test_a_file_whose_own_rule_fails_its_test_is_refused_whole(
    services: Services, team: Team, tmp_path: Path
) -> None:
    file = tmp_path / "rules.yaml"
    text = dump(RuleBook(packs=("cn-ad-law",), own=(REFILL,)).as_json()).decode()
    file.write_text(text.replace("- 帮你代装", "- 早上好"), encoding="utf-8")
    answer = rules(services, "import", file, *BY)
    assert answer.code == 2 and "“own.refill.positive.2” does not fit" in answer.err
    file.write_text(text + "declaraton: x\n", encoding="utf-8")
    assert "declaraton" in rules(services, "import", file, *BY).err
    file.write_bytes(b"\n")
    assert "holds nothing" in rules(services, "import", file, *BY).err
    file.write_bytes(b"\xff\xfe")
    assert rules(services, "import", file, *BY).code == 2
    assert version(services, team) == 0
