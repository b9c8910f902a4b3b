"""What was typed wrongly is told by the name under which it was typed, in the reader's language, in one line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from copilot.cli.root import NOUNS, root
from copilot.services.house import Services
from tests.commanding import Opened, Ran, ran
from tests.conftest import Team

CHECK = ("check", "--brand", "hearth", "--channel", "community")
RULES = ("--brand", "hearth", "--reason", "会员问起过", "--as", "grace")
HAN = re.compile("[\u4e00-\u9fff]")


def both(services: Services, *args: object) -> dict[str, Ran]:
    """The same call in each language, refused in one line."""
    told = {lang: ran(Opened(services), "--lang", lang, *args, input="小灶见。") for lang in ("en", "zh")}
    for one in told.values():
        assert (one.code, one.out, one.err.count("\n")) == (2, "", 1), one
    return told


@pytest.mark.parametrize(
    ("args", "en"),
    [
        ((*CHECK, "-", "more"), "This is more than the command takes: more."),
        ((*CHECK, "--at"), "--at needs a value."),
        ((*CHECK, "--json=3", "-"), "--json takes no value."),
        ((*CHECK, "nowhere"), "FILE: There is nothing at “nowhere”."),
        ((*CHECK, "."), "FILE: “.” is a folder, and this takes a file."),
        ((*CHECK, "--source", "nowhere", "-"), "--source: There is nothing at “nowhere”."),
        ((*CHECK, "--column", "nope", "-"), "--column: There is no “nope”. Known are: seeding."),
        (("review", "findings", "x"), "POST must be a whole number."),
        (("copy", "list", "--brand", "hearth", "-n", "0"), "-n must be a whole number from 1 to 10000."),
        (("eval", "retrieval", __file__), f"DATASET: “{__file__}” is a file, and this takes a folder."),
        (("eval", "drafts", "hearth", "--briefs", "x"), "--briefs must be a whole number from 1 to 200."),
        (("eval", "drafts", "nobody"), "TARGET: “nobody” is neither a brand"),
        (
            ("rules", "set", "ad.nope", "--severity", "off", *RULES),
            "RULE: No rule pack has a rule “ad.nope”.",
        ),
        (("rules", "set", "ad.absolute-top", "--except", " ", *RULES), "--except: This must not be empty."),
        (
            ("draft", "--brand", "hearth", "--column", "nope", "--at", "2026-11-24"),
            "--column: There is no “nope”.",
        ),
        (("column", "add", "--brand", "hearth", "--template", "nope"), "--template: There is no “nope”."),
        (("brand", "export", "nobody", "x.zip"), "SLUG: There is no brand “nobody”"),
    ],
)
def test_it_is_named_as_it_was_typed_and_told_in_both_languages(
    services: Services, team: Team, args: tuple[object, ...], en: str
) -> None:
    told = both(services, *args)
    assert told["en"].err.startswith(en) and not HAN.search(told["en"].err)
    spoken = told["zh"].err
    for name in re.findall(r"“([^”]+)”|(--?[a-z]+|[A-Z]{2,})", en):
        spoken = spoken.replace("".join(name), "")
    # What is left is Chinese, but for names of things that there are and of commands.
    assert HAN.search(spoken)
    assert not re.search(r"\b(?:is|not|does|must|the|a|argument|directory|invalid)\b", spoken), told["zh"].err


def test_a_phrase_that_makes_no_exception_is_named_among_several(services: Services, team: Team) -> None:
    phrases = ("--except", "顶级大厨班", "--except", "很好喝")
    told = both(services, "rules", "set", "ad.absolute-top", *phrases, *RULES)
    assert told["en"].err.startswith("--except 很好喝: This contains nothing that the rule looks for")


def test_a_reason_is_asked_for_under_its_own_name(services: Services, team: Team) -> None:
    said = {
        "": "Say in a few words why",
        "x": "There is no word in this",
        "长" * 201: "At most 200 characters",
    }
    for reason, en in said.items():
        told = both(
            services,
            "rules",
            "switch",
            "cn-platforms",
            "off",
            "--brand",
            "hearth",
            "--reason",
            reason,
            "--as",
            "grace",
        )
        assert told["en"].err.startswith(f"--reason: {en}"), reason


@pytest.mark.parametrize(
    ("content", "en"),
    [
        (b"x: 1", "There is no key “x”."),
        (b"\xff\xfe", "This file is not UTF-8 text."),
        (b"", "The file holds nothing."),
        (b"- a", "“mine.yaml” must hold keys with values"),
        (b"a: [", "It cannot be read past line"),
        (b"packs: 2026-02-30", "It holds a day that no calendar has"),
        (b"changes: [{rule: ad.nope, severity: note}]", "“changes.ad.nope” does not fit"),
    ],
)
def test_a_file_of_rules_is_called_what_it_is_called(
    services: Services, team: Team, tmp_path: Path, content: bytes, en: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    told = both(services, "rules", "import", file, *RULES)
    assert told["en"].err.startswith(f"mine.yaml: {en}")
    assert HAN.search(told["zh"].err) and "calendar" not in told["zh"].err


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"day": 1}', '{"column": "noon", "day": "x"}', '{"column": "noon", "hour": 1}']
)
def test_a_brief_that_is_none_is_told_by_its_line(
    services: Services, team: Team, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "briefs.jsonl"
    file.write_text(f'{{"column": "noon"}}\n{line}\n', encoding="utf-8")
    told = both(services, "eval", "drafts", tmp_path)
    assert told["en"].err.startswith("TARGET: briefs.jsonl, line 2: write an object")
    file.write_bytes(b"\xff")
    assert both(services, "eval", "drafts", tmp_path)["en"].err.startswith(
        "TARGET: briefs.jsonl is not UTF-8"
    )


def test_a_set_that_cannot_tell_does_not_pass_and_says_why(services: Services, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    clean = {"id": "1", "label": "clean", "text": "第一步先温杯"}
    wrong = {"id": "2", "label": "violation", "text": "甄选顶级食材"}
    for row, label, figure in ((clean, "violation", "recall"), (wrong, "clean", "false_alarms")):
        file.write_text(json.dumps(row), encoding="utf-8")
        for lang, said in (("en", f"has no line labelled “{label}”"), ("zh", f"没有标为 {label} 的行")):
            told = ran(Opened(services), "--lang", lang, "eval", "checks", file)
            assert told.code == 1 and f"{figure}\t–" in told.out
            assert told.err.startswith("mine.jsonl") and said in told.err
        as_json = ran(Opened(services), "eval", "checks", file, "--json")
        assert as_json.code == 1 and as_json.json[figure] is None
    file.write_text("\n".join(map(json.dumps, (clean, wrong))), encoding="utf-8")
    assert ran(Opened(services), "eval", "checks", file).code == 0
    file.write_text("\n".join(map(json.dumps, (clean, wrong, clean))), encoding="utf-8")
    assert "lines 1 and 3: both have the id “1”" in both(services, "eval", "checks", file)["en"].err


@pytest.mark.parametrize("file", ["corpus.jsonl", "queries.jsonl"])
def test_a_data_set_has_each_id_once_and_something_to_find(
    services: Services, tmp_path: Path, file: str
) -> None:
    rows = {
        "corpus.jsonl": '{"_id": "d1", "text": "The heron waits."}\n',
        "queries.jsonl": '{"_id": "q1", "text": "heron"}\n',
        "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t0\n",
    }
    for name, text in rows.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    nothing = both(services, "eval", "retrieval", tmp_path)
    assert nothing["en"].err.startswith("DATASET: qrels.tsv names no document that answers a query")
    (tmp_path / file).write_text(rows[file] * 2, encoding="utf-8")
    twice = both(services, "eval", "retrieval", tmp_path)
    assert twice["en"].err.startswith(f"DATASET: {file}, lines 1 and 2: both have the id")


def test_a_fault_of_ours_is_told_in_the_language_that_was_chosen(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object) -> None:
        raise RuntimeError("out of rice")

    monkeypatch.setattr(type(services.brands), "all", broken)
    told = ran(Opened(services), "--lang", "zh", "brand", "list")
    assert (told.code, told.out) == (1, "") and told.err.startswith("系统出错了")


def test_a_call_with_options_alone_shows_what_there_is(services: Services) -> None:
    for args in ((), ("--lang", "zh")):
        told = ran(Opened(services), *args)
        assert told.code == 2 and all(f"  {noun} " in told.err for noun in NOUNS)


def test_every_path_that_is_typed_is_told_in_words_of_ours() -> None:
    context = click.Context(root)
    commands = [root.get_command(context, noun) for noun in root.list_commands(context)]
    while commands:
        command = commands.pop()
        assert command is not None
        if isinstance(command, click.Group):
            commands += [command.get_command(context, name) for name in command.list_commands(context)]
        for param in command.params:
            assert type(param.type) is not click.Path, (command.name, param.name)
