"""The labelled sets that come with the product, and what the rules and the ledger make of them."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from copilot import rulepacks, wording
from copilot.domain.messages import Message
from copilot.domain.sentences import HAN
from copilot.errors import InvalidInput
from copilot.services.checkeval import CheckScore, score_checks, score_claims, score_json, shipped

# What they reach, less a little: a change that costs more than this is looked at before it is kept.
RULES = {"precision": 0.98, "recall": 0.98}
CLAIMS = {"recall": 0.97, "false_alarms": 0.04}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shipped(name).splitlines()]


@pytest.fixture(scope="module")
def rules() -> CheckScore:
    return score_checks(shipped("checks"))


@pytest.fixture(scope="module")
def claims() -> CheckScore:
    return score_claims(shipped("claims"))


def test_the_set_of_rules_has_violations_of_every_sort_and_more_that_is_clean() -> None:
    rows = lines("checks")
    labels = Counter(row["label"] for row in rows)
    assert labels["violation"] >= 150
    assert labels["clean"] >= 300
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["variant"] for row in rows} >= {
        "fullwidth",
        "traditional",
        "spaced",
        "zerowidth",
        "emoji",
        "pinyin",
    }
    for row in rows:
        assert (row["severity"] in ("block", "warn")) == (row["label"] == "violation")
        assert all(0 <= start < end <= len(row["text"]) for start, end in row["spans"])


def test_no_rule_has_its_examples_from_the_set_that_measures_it() -> None:
    measured = [row["text"] for row in lines("checks")]
    for name in rulepacks.PACKS:
        for rule in rulepacks.shipped(name).rules:
            for example in (*rule.positive, *rule.negative):
                told = example.rstrip("。.!！")
                # Short ones are what everybody writes.
                if len(told) >= (12 if re.search(f"[{HAN}]", told) else 30):
                    assert not any(told in text for text in measured), f"{rule.id}: {example}"


def test_half_of_the_claims_are_altered_in_one_thing_over_the_same_passages() -> None:
    pairs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in lines("claims"):
        pairs[row["id"][:-1]].append(row)
    assert len(pairs) >= 200
    for one, other in pairs.values():
        assert {one["label"], other["label"]} == {"faithful", "altered"}
        assert (one["passages"], one["products"]) == (other["passages"], other["products"])
        # What is altered is the copy, or the day on which the same copy goes out: the offer is over by then.
        assert (one["at"] == other["at"]) != (one["copy"] == other["copy"])
    assert Counter(pair[0]["language"] for pair in pairs.values())["zh"] >= 100


def test_the_rules_catch_what_they_did_and_leave_alone_what_they_did(rules: CheckScore) -> None:
    assert rules.precision >= RULES["precision"]
    assert rules.recall >= RULES["recall"]
    assert rules.blocked <= 0.03 * rules.clean


def test_the_ledger_finds_what_it_did_and_alarms_no_more_often(claims: CheckScore) -> None:
    assert claims.recall >= CLAIMS["recall"]
    assert claims.false_alarms <= CLAIMS["false_alarms"]


def test_a_line_is_caught_only_as_gravely_as_it_expects_and_at_the_words_it_means() -> None:
    line = {
        "id": "1",
        "label": "violation",
        "text": "甄选顶级食材，今天到店",
        "spans": [[2, 4]],
        "severity": "block",
    }
    assert score_checks(json.dumps(line)).recall == 1
    assert score_checks(json.dumps({**line, "severity": "warn"})).recall == 0
    assert score_checks(json.dumps({**line, "spans": [[7, 9]]})).recall == 0
    clean = {"id": "2", "label": "clean", "text": "甄选顶级食材"}
    (missed,) = score_checks(json.dumps(clean)).misses
    assert missed.said == ("ad.absolute-top block “顶级”",)


def test_a_line_without_language_is_read_in_the_one_it_is_written_in() -> None:
    line = {"id": "1", "label": "violation", "text": "This serum cures acne in a week.", "spans": []}
    assert HAN and score_checks(json.dumps(line)).recall == 1


CHECK = {"id": "1", "label": "clean", "text": "x"}
CLAIM = {
    "id": "1",
    "label": "faithful",
    "at": "2026-11-22T10:00+08:00",
    "passages": [{"text": "x"}],
    "copy": "x",
}
ODD_PASSAGE = [{"text": "x"}, {"text": "y", "valid_from": "soon"}]


@pytest.mark.parametrize(
    ("score", "good", "line", "field"),
    [
        (score_checks, CHECK, "no json", None),
        (score_checks, CHECK, "[]", None),
        (score_checks, CHECK, {**CHECK, "label": "odd"}, "label"),
        (score_checks, CHECK, {"label": "clean", "text": "x"}, "id"),
        (score_checks, CHECK, {"id": "1", "label": "clean"}, "text"),
        (score_checks, CHECK, {**CHECK, "text": 7}, "text"),
        (score_checks, CHECK, {**CHECK, "severity": "grave"}, "severity"),
        (score_checks, CHECK, {**CHECK, "spans": [[1]]}, "spans"),
        (score_claims, CLAIM, {**CLAIM, "label": "clean"}, "label"),
        (score_claims, CLAIM, {**CLAIM, "at": "noon"}, "at"),
        (score_claims, CLAIM, {**CLAIM, "language": "fr"}, "language"),
        (score_claims, CLAIM, {**CLAIM, "passages": "x"}, "passages"),
        (score_claims, CLAIM, {**CLAIM, "passages": [{"title": "x"}]}, "passages[1]"),
        (score_claims, CLAIM, {**CLAIM, "passages": ODD_PASSAGE}, "passages[2].valid_from"),
        (score_claims, CLAIM, {key: CLAIM[key] for key in CLAIM if key != "copy"}, "copy"),
        (score_claims, CLAIM, {**CLAIM, "wrong": [["0", "1"]]}, "wrong"),
    ],
)
def test_what_does_not_fit_is_named_by_file_line_and_field(
    score: Callable[..., CheckScore], good: dict[str, Any], line: Any, field: str | None
) -> None:
    said = line if isinstance(line, str) else json.dumps(line)
    with pytest.raises(InvalidInput) as refused:
        score(f"{json.dumps(good)}\n\n{said}", file="mine.jsonl")
    params = refused.value.params
    assert (params["file"], params["line"], params.get("field")) == ("mine.jsonl", 3, field)
    sentence = wording.word(Message(refused.value.fields["file"], params), "en")
    assert sentence.startswith("mine.jsonl, line 3: ") and (field or "JSON") in sentence


def test_a_time_without_a_zone_is_one_in_utc() -> None:
    passages = [{"text": "x", "valid_from": "2026-11-01", "valid_until": "2026-12-01"}]
    row = {**CLAIM, "at": "2026-11-22T10:00", "passages": passages, "copy": "x 5 kg"}
    assert score_claims(json.dumps(row)).clean == 1


ALTERED = {**CLAIM, "label": "altered", "copy": "x 5 kg"}
VIOLATION = {"id": "1", "label": "violation", "text": "甄选顶级食材"}


@pytest.mark.parametrize(
    ("score", "line", "lacking"),
    [
        (score_checks, CHECK, {"recall", "precision"}),
        (score_checks, {**CHECK, "text": "甄选顶级食材"}, {"recall", "precision"}),
        (score_checks, VIOLATION, {"precision", "false_alarms"}),
        (score_claims, CLAIM, {"recall", "precision"}),
        (score_claims, ALTERED, {"precision", "false_alarms"}),
    ],
)
def test_a_set_that_lacks_one_kind_of_line_has_no_figure_of_it_and_passes_nothing(
    score: Callable[..., CheckScore], line: dict[str, Any], lacking: set[str]
) -> None:
    found = score(json.dumps(line))
    shares = {name: getattr(found, name) for name in ("recall", "precision", "false_alarms")}
    assert {name for name, share in shares.items() if share is None} == lacking
    assert not found.passes
    told = score_json(found)
    assert {name for name in shares if told[name] is None} == lacking


def test_a_set_passes_only_where_both_shares_are_high_enough() -> None:
    clean = {**CHECK, "id": "2", "text": "第一步先温杯"}
    assert score_checks("\n".join(map(json.dumps, (VIOLATION, clean)))).passes
    missed = {**VIOLATION, "text": "第二步再冲水"}
    unseen = score_checks("\n".join(map(json.dumps, (missed, clean))))
    assert (unseen.recall, unseen.precision, unseen.passes) == (0, None, False)


@pytest.mark.parametrize(("score", "good"), [(score_checks, CHECK), (score_claims, CLAIM)])
@pytest.mark.parametrize("ids", [("1", "1"), (7, "7")])
def test_an_id_that_is_there_twice_is_refused_with_both_its_lines(
    score: Callable[..., CheckScore], good: dict[str, Any], ids: tuple[object, object]
) -> None:
    first, second = ({**good, "id": name} for name in ids)
    other = {**good, "id": "between"}
    with pytest.raises(InvalidInput) as refused:
        score("\n".join(json.dumps(row) for row in (other, first, second)), file="mine.jsonl")
    told = wording.word(Message(refused.value.fields["file"], refused.value.params), "en")
    assert told.startswith(f"mine.jsonl, lines 2 and 3: both have the id “{ids[1]}”")


@pytest.mark.parametrize("name", ["checks", "claims"])
def test_the_shipped_sets_give_each_line_its_own_id(name: str) -> None:
    found = [row["id"] for row in lines(name)]
    assert len(set(found)) == len(found)
