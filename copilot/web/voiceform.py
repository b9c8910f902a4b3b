"""The voice page's form as a voice: lists of one entry a line, rows of terms, and numbers that may be none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from copilot.domain.brands import BannedTerm, PreferredTerm, Scales, Voice
from copilot.domain.checks.measures import emoji
from copilot.domain.voiceprofile import LEVELS, SCALES
from copilot.errors import InvalidInput

NUMBERS = ("max_emoji", "max_exclamations", "max_sentence")
LISTS = ("values", "greetings", "competitors", "links", "do", "dont")
TAKE_OUT = "out"

_SEPARATORS = re.compile(r"[\n、,;；]")


@dataclass(frozen=True)
class Typed:
    """What the form shows. `numbers` are the figures as they were typed, `wrong` those that are no figures."""

    voice: Voice
    numbers: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, voice: Voice) -> Typed:
        return cls(voice, {name: str(getattr(voice, name)) for name in NUMBERS})

    def require_figures(self) -> None:
        if self.wrong:
            raise InvalidInput(self.wrong)


def read(form: MultiDict[str, str], held: Voice) -> Typed:
    """What was typed, whatever is wrong with it; a scale or number that is none keeps the value that is held."""
    numbers = {name: form.get(name, "").strip() for name in NUMBERS}
    figures = {name: _figure(text) for name, text in numbers.items()}
    levels = {name: form.get(name, type=int) for name in SCALES}
    plain: dict[str, Any] = {
        **{name: _each(map(_line, form.get(name, "").splitlines())) for name in LISTS},
        **{name: getattr(held, name) if figure is None else figure for name, figure in figures.items()},
    }
    steps: dict[str, Any] = {
        name: level if level in LEVELS else getattr(held.scales, name) for name, level in levels.items()
    }
    voice = Voice(
        persona=_line(form.get("persona", "")),
        role=_line(form.get("role", "")),
        description=_text(form.get("description", "")),
        address=_line(form.get("address", "")),
        scales=Scales(**steps),
        emoji=tuple(_pictures(form.get("emoji", ""))),
        sign_off=_line(form.get("sign_off", "")),
        preferred=tuple(_preferred(form)),
        banned=tuple(_banned(form)),
        examples=_each(map(_text, form.getlist("example"))),
        **plain,
    )
    wrong = {name: "invalid.voice_number" for name, figure in figures.items() if figure is None}
    return Typed(voice, numbers, wrong)


def _preferred(form: MultiDict[str, str]) -> Iterable[PreferredTerm]:
    columns = (form.getlist(f"preferred_{name}") for name in ("use", "instead_of", "reason"))
    for use, instead_of, reason in zip(*columns, strict=False):
        row = PreferredTerm(_line(use), _each(map(_line, _SEPARATORS.split(instead_of))), _line(reason))
        if row.use or row.instead_of:
            yield row


def _banned(form: MultiDict[str, str]) -> Iterable[BannedTerm]:
    columns = (form.getlist(f"banned_{name}") for name in ("term", "instead", "how", "reason"))
    for term, instead, how, reason in zip(*columns, strict=False):
        if _line(term):
            yield BannedTerm(_line(term), _line(reason), _line(instead) or ("" if how == TAKE_OUT else None))


def _figure(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _pictures(text: str) -> Iterable[str]:
    """Emoji set apart by blanks or not at all."""
    found = []
    for piece in text.split():
        spans = emoji(piece)
        whole = sum(end - start for start, end in spans) == len(piece)
        found += [piece[start:end] for start, end in spans] if whole else [piece]
    return dict.fromkeys(found)


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _each(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
