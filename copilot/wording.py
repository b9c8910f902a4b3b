"""Words messages in the reader's language: the one place where a message id becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from copilot import plainyaml
from copilot.domain.messages import Message

LANGUAGES = ("en", "zh")


def language(locale: str) -> str:
    """The language of a locale such as zh_Hans, zh-CN or en_GB; English for what we do not speak."""
    return "zh" if locale.lower().startswith("zh") else "en"


def word(message: Message, locale: str) -> str:
    """The sentence for a message; KeyError for an id nobody worded, which a test looks for."""
    if message.id == "rule":
        return _rule(str(message.params["rule"]), language(locale))
    if message.id == "pack":
        return _pack(str(message.params["pack"]), language(locale))
    params = {name: _worded(value, locale) for name, value in message.params.items()}
    return sentences()[message.id][language(locale)].format_map(params)


def _rule(identity: str, spoken: str) -> str:
    """A compliance rule words itself, in its pack, with the basis it stands on."""
    # The packs bring a Chinese dictionary along, for which `--help` and most messages need not wait.
    from copilot import rulepacks

    for pack in rulepacks.PACKS:
        rule = rulepacks.compiled(pack).rule(identity)
        if rule is not None:
            return rule.reason[spoken] + _bracketed(rule.basis.get(spoken, ""), spoken)
    # The pack was switched off or the rule retired after the finding was kept.
    return sentences()["rule.retired"][spoken]


def _bracketed(text: str, spoken: str) -> str:
    if not text:
        return ""
    return f"（{text}）" if spoken == "zh" else f" ({text})"


def _pack(name: str, spoken: str) -> str:
    """A pack words its own title; one that is gone is called what it was called."""
    from copilot import rulepacks

    return rulepacks.shipped(name).title[spoken] if name in rulepacks.PACKS else name


def _worded(value: Any, locale: str) -> Any:
    """A parameter may be a message itself, such as the name of a kind."""
    return word(value, locale) if isinstance(value, Message) else value


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every message id with its sentence in each language, and the reasons of the rule packs."""
    folder = resources.files("copilot") / "translations" / "messages"
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            entries = plainyaml.read(file.read_text(encoding="utf-8")) or {}
            doubled = found.keys() & entries.keys()
            if doubled:
                raise ValueError(f"{file.name} words again: {sorted(doubled)}")
            found.update(entries)
    return found
