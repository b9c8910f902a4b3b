"""Every message that the code can send is worded in both languages, and with values that its sender gives."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

import copilot
from copilot import rulepacks, wording
from copilot.domain.messages import Message

SOURCE = Path(copilot.__file__).parent
# Constructors whose second word completes an id, and the family that it completes.
_REASONS = {"Retryable": "external", "Permanent": "external", "OutcomeUnknown": "external"}
_KEY = re.compile(r"^([a-z][\w.-]*):", re.MULTILINE)
_IN_CODE = re.compile(r"(error|invalid|external|unreadable|warning|rulepack|cli)\.[a-z][a-z_]*")


@dataclass(frozen=True)
class Sent:
    """An id as the code sends it; `given` is None where the values cannot be read off the call."""

    message: str
    where: str
    given: frozenset[str] | None


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _strings(node: ast.AST) -> Iterator[str]:
    """The string constants of an expression: both arms of a conditional one."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _arms(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _arms(node.body) + _arms(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _keywords(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name is not None)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _sent_by(call: ast.Call, where: str) -> Iterator[Sent]:
    name, given = _called(call), _keywords(call)
    if name == "Unreadable" and call.args:
        yield from (Sent(f"unreadable.{reason}", where, given) for reason in _arms(call.args[0]))
    elif name in _REASONS and len(call.args) > 1:
        known = given | {"service"} if given is not None else None
        yield from (Sent(f"external.{reason}", where, known) for reason in _arms(call.args[1]))
    elif name == "Conflict" and call.args:
        yield from (Sent(message, where, given) for message in _arms(call.args[0]))
    elif name == "InvalidInput" and call.args and isinstance(call.args[0], ast.Dict):
        for value in call.args[0].values:
            yield from (Sent(message, where, given) for message in _arms(value))
    elif name == "Message" and call.args:
        params = call.args[1] if len(call.args) > 1 else None
        values: frozenset[str] | None = frozenset() if params is None else None
        if isinstance(params, ast.Dict) and None not in params.keys:
            values = frozenset(key for one in params.keys if one is not None for key in _strings(one))
        yield from (Sent(message, where, values) for message in _arms(call.args[0]))
    elif name in ("word", "say") and call.args:
        yield from (Sent(message, where, given) for message in _arms(call.args[0]) if "." in message)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_IN_CODE.fullmatch(value)) and not value.endswith(".html")


def _sent() -> list[Sent]:
    found: list[Sent] = []
    for where, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                place = f"{where}:{node.lineno}"
                found += [
                    one for one in _sent_by(node, place) if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", one.message)
                ]
            elif isinstance(node, ast.Constant) and _is_id(node.value):
                found.append(Sent(str(node.value), f"{where}:{node.lineno}", None))
    return found


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name)


SENT = _sent()


def test_the_scan_finds_what_the_code_sends() -> None:
    ids = {one.message for one in SENT}
    assert {"error.stale_revision", "invalid.zone", "unreadable.encrypted", "external.rate_limited"} <= ids


@pytest.mark.parametrize("message", sorted({one.message for one in SENT}))
def test_every_message_is_worded(message: str) -> None:
    places = [one.where for one in SENT if one.message == message]
    assert message in wording.sentences(), f"{message} has no words; sent by {places}"


@pytest.mark.parametrize("message", sorted(wording.sentences()))
def test_both_languages_say_it_with_the_same_values(message: str) -> None:
    worded = wording.sentences()[message]
    assert set(worded) == set(wording.LANGUAGES)
    assert all(text.strip() for text in worded.values())
    assert _placeholders(worded["en"]) == _placeholders(worded["zh"])


@pytest.mark.parametrize("one", [one for one in SENT if one.given is not None], ids=lambda one: one.message)
def test_a_sentence_asks_only_for_values_that_its_sender_gives(one: Sent) -> None:
    needed = _placeholders(wording.sentences()[one.message]["en"])
    assert one.given is not None
    assert needed <= one.given, f"{one.where} does not give {sorted(needed - one.given)}"


def test_chinese_is_chinese() -> None:
    """A sentence that someone forgot to write in Chinese is no sentence in Chinese."""
    for message, worded in wording.sentences().items():
        if re.match(r"(error|invalid|external|unreadable|warning)\.", message):
            assert re.search(r"[\u4e00-\u9fff]", worded["zh"]), message


def test_a_rule_bears_its_basis_in_the_brackets_of_its_language() -> None:
    rule = rulepacks.compiled("cn-ad-law").rule("ad.absolute-top")
    assert rule is not None
    message = Message("rule", {"rule": rule.id})
    assert wording.word(message, "zh_Hans") == f"{rule.reason['zh']}（{rule.basis['zh']}）"
    assert wording.word(message, "en") == f"{rule.reason['en']} ({rule.basis['en']})"


def test_no_message_is_worded_twice() -> None:
    """YAML keeps the last of two and says nothing, so that one reason would be told in the words of another."""
    files = sorted((SOURCE / "translations" / "messages").glob("*.yaml"))
    worded = Counter(key for file in files for key in _KEY.findall(file.read_text(encoding="utf-8")))
    assert len(worded) > 100
    assert [key for key, times in worded.items() if times > 1] == []
