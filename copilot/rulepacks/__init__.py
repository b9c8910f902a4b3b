"""Reads the rule packs and what matching must know of Chinese; refuses a pack with any fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from copilot import plainyaml
from copilot.domain.brands import Language
from copilot.domain.checks.compliance import RuleSet
from copilot.domain.checks.detectors import DETECTORS
from copilot.domain.checks.matching import Chinese
from copilot.domain.checks.normalize import Folding
from copilot.domain.checks.rules import Context, Pack, Rule, Sourced
from copilot.domain.checks.ruling import in_force
from copilot.domain.cutting import cut
from copilot.domain.findings import Severity
from copilot.domain.rulebook import RuleBook
from copilot.domain.simplified import SIMPLIFIED
from copilot.errors import InvalidInput, NotFound

PACKS = ("cn-ad-law", "cn-platforms", "en-claims")

_LANGUAGES = {"en", "zh"}
_PLACES = {"before", "after", "sentence", "text"}
_WORDED = ("reason", "basis")
_LISTS = ("positive", "negative", "terms", "exceptions", "patterns", "about", "alternatives")
_RULE_KEYS = {
    "id",
    "category",
    "severity",
    "needs",
    "unless",
    "once",
    "public",
    "yields",
    "sourced",
    "fixes",
    "function",
    "pinyin",
    *_WORDED,
    *_LISTS,
}
_PACK_KEYS = {"pack", "version", "language", "title", "note", "rules"}
# What keeps every rule of a pack silent: that something is only quoted, denied or warned of.
_SHARED = "unless"
# Without a bound, a repeat that starts anywhere reads a long text again and again, and a nested one for ever.
_UNBOUNDED = re.compile(r"(?<!\\)[+*]|(?<!\\)\{\d*,\}")
_ANCHORED = "^(?="  # The form for "somewhere in the text": it starts only once.
_LEAST_EXAMPLES = 3


def for_brand_language(language: str) -> tuple[str, ...]:
    """The packs that are on for a brand of this language until somebody switches them."""
    return ("cn-ad-law", "cn-platforms") if language == "zh" else ("en-claims",)


@cache
def chinese() -> Chinese:
    """Simplified forms of single characters and rjieba's words."""
    return Chinese(Folding(SIMPLIFIED), cut)


@cache
def shipped(name: str) -> Pack:
    """One of the packs that the product ships, read once in the life of the process."""
    if name not in PACKS:
        raise NotFound("rulepack", name)
    return parse(_read(f"{name}.yaml"))


@cache
def compiled(*names: str) -> RuleSet:
    """The rules of these shipped packs, compiled once in the life of the process."""
    return RuleSet.compile([shipped(name) for name in names], chinese())


@lru_cache(maxsize=64)
def for_brand(language: Language, book: RuleBook) -> RuleSet:
    """The rules that hold for a brand, compiled once for each version of its rule book."""
    names = for_brand_language(language) if book.packs is None else book.packs
    if not book.changes and not book.own:
        return compiled(*names)
    return RuleSet.compile(in_force([shipped(name) for name in names], book, language), chinese())


def parse(text: str) -> Pack:
    """A pack from its YAML, or InvalidInput naming the place of the first fault."""
    try:
        data = plainyaml.read(text)
    except yaml.YAMLError as exc:
        raise InvalidInput({"pack": "rulepack.not_yaml"}) from exc
    pack = _mapping(data, "pack", _PACK_KEYS | {_SHARED}, required=_PACK_KEYS)
    shared = _context(pack.get(_SHARED, {}), f"pack.{_SHARED}")
    rules = pack["rules"]
    if not isinstance(rules, list) or not isinstance(pack["version"], int):
        raise InvalidInput({"pack": "rulepack.wrong_kind"})
    return Pack(
        name=str(pack["pack"]),
        version=pack["version"],
        language=str(pack["language"]),
        title=_worded(pack["title"], "title"),
        note=_worded(pack["note"], "note"),
        rules=tuple(_rule(rule, f"rules[{number}]", shared) for number, rule in enumerate(rules)),
    )


def _rule(data: Any, place: str, shared: Context) -> Rule:
    required = {"id", "category", "severity", "reason", "basis", "positive", "negative"}
    raw = _mapping(data, place, _RULE_KEYS, required=required)
    place = str(raw["id"])
    if raw["severity"] not in set(Severity):
        raise InvalidInput({f"{place}.severity": "rulepack.unknown_severity"})
    lists = {key: _strings(raw.get(key, []), f"{place}.{key}") for key in _LISTS}
    function = str(raw.get("function", ""))
    if function and function not in DETECTORS:
        raise InvalidInput({f"{place}.function": "rulepack.unknown_function"}, function=function)
    if not lists["terms"] and not lists["patterns"] and not function:
        raise InvalidInput({place: "rulepack.nothing_to_find"})
    if min(len(lists["positive"]), len(lists["negative"])) < _LEAST_EXAMPLES:
        raise InvalidInput({place: "rulepack.too_few_examples"}, least=_LEAST_EXAMPLES)
    for pattern in lists["patterns"]:
        _check_pattern(pattern, f"{place}.patterns")
    fixes = _mapping(raw.get("fixes", {}), f"{place}.fixes", set(lists["terms"]))
    pinyin = _mapping(raw.get("pinyin", {}), f"{place}.pinyin", set(lists["terms"]))
    for term, letters in pinyin.items():
        if len(str(letters).split()) != len(term):
            raise InvalidInput({f"{place}.pinyin": "rulepack.wrong_pinyin"}, term=term)
    return Rule(
        id=place,
        category=str(raw["category"]),
        severity=Severity(raw["severity"]),
        reason=_worded(raw["reason"], f"{place}.reason"),
        basis=_worded(raw["basis"], f"{place}.basis"),
        needs=_context(raw.get("needs", {}), f"{place}.needs"),
        unless=_context(raw.get("unless", {}), f"{place}.unless").joined(shared),
        once=raw.get("once") is True,
        public=raw.get("public") is True,
        yields=raw.get("yields") is True,
        sourced=_sourced(raw["sourced"], f"{place}.sourced") if "sourced" in raw else None,
        function=function,
        pinyin={term: str(letters) for term, letters in pinyin.items()},
        fixes={str(term): str(fix) for term, fix in fixes.items()},
        **lists,
    )


def _context(data: Any, place: str) -> Context:
    raw = _mapping(data, place, _PLACES)
    context = Context(**{key: _strings(value, f"{place}.{key}") for key, value in raw.items()})
    for pattern in context.patterns:
        _check_pattern(pattern, place)
    return context


def _sourced(data: Any, place: str) -> Sourced:
    keys = {"said", "stated"}
    raw = _mapping(data, place, keys, required=keys)
    said, stated = (_strings(raw[key], f"{place}.{key}") for key in ("said", "stated"))
    for pattern in (*said, *stated):
        _check_pattern(pattern, place)
    return Sourced(said, stated)


def _check_pattern(pattern: str, place: str) -> None:
    try:
        compiled_pattern = re.compile(pattern)
    except re.error as exc:
        raise InvalidInput({place: "rulepack.bad_pattern"}, pattern=pattern) from exc
    if _UNBOUNDED.search(pattern) and not pattern.startswith(_ANCHORED):
        raise InvalidInput({place: "rulepack.slow_pattern"}, pattern=pattern)
    if compiled_pattern.search("") and not pattern.startswith(_ANCHORED):
        raise InvalidInput({place: "rulepack.empty_pattern"}, pattern=pattern)


def _mapping(data: Any, place: str, allowed: set[str], required: Iterable[str] = ()) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise InvalidInput({place: "rulepack.wrong_kind"})
    if unknown := sorted(str(key) for key in data if key not in allowed):
        raise InvalidInput({f"{place}.{unknown[0]}": "rulepack.unknown_key"})
    if missing := sorted(key for key in required if key not in data):
        raise InvalidInput({f"{place}.{missing[0]}": "rulepack.missing_key"})
    return data


def _strings(data: Any, place: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(item, str) and item for item in data):
        raise InvalidInput({place: "rulepack.wrong_kind"})
    return tuple(data)


def _worded(data: Any, place: str) -> Mapping[str, str]:
    raw = _mapping(data, place, _LANGUAGES, required=_LANGUAGES)
    return {language: str(sentence) for language, sentence in raw.items()}


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
