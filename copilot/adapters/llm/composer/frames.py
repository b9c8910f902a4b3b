"""Loads the authored frames and refuses a file that is thin, misspelt or states a fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from copilot import plainyaml
from copilot.domain.brands import Language
from copilot.errors import PromptError

ABOUT = ("how", "care", "what", "price", "points", "story", "service", "news")

_TALK = {"openings": 12, "scenes": 12, "closings": 8}
# The lists of frames of each form, and how many each has at least: a column comes round every week or day.
LISTS: Mapping[str, Mapping[str, int]] = {
    "check_in": _TALK,
    "points": _TALK,
    "topic": _TALK,
    "seeding": _TALK,
    "quiz": {**_TALK, "answers": 8},
    "poll": _TALK,
    "offer": _TALK,
    "welcome": {**_TALK, "questions": 4, "rules": 4, "fallback_rules": 4},
    "text": _TALK,
    "announcement": {"openings": 12, "whens": 6, "closings": 10},
    "solitaire": {**_TALK, "bridges": 8, "starts": 10, "rules": 10},
    "dice": {"openings": 12, "rules": 10, "outcomes": 36, "tellings": 8, "closings": 10},
    "lottery": {
        "openings": 12,
        "honours": 10,
        "tellings": 8,
        "entries": 10,
        "slips": 8,
        "draws": 10,
        "closings": 8,
    },
    "red_envelope": {"openings": 12, "insides": 10, "watchwords": 10, "closings": 10},
    "photo_reward": {"openings": 12, "subjects": 16, "ways": 10, "honours": 10, "closings": 8},
    "video_script": {"openings": 12, "pictures": 30, "closings": 10},
    "live_teaser": {"openings": 12, "subjects": 10, "whens": 10, "closings": 10},
    "article": {"openings": 10, "titles": 10, "digests": 10, "leads": 24, "closings": 10},
}
FORMS = tuple(LISTS)
_MORE = {
    "quiz": {"asks": ("product", "match", "figure", "judge"), "options": ("judge",)},
    "poll": {"asks": ("product", "habit"), "options": ("habit",)},
}
_PARTS = ("greeting", "parting", "creed")  # a script's first and last shot; what a brand believes
_WORDS_AT_LEAST = 30
_SLOTS = frozenset(
    [
        "hello",
        "members",
        "persona",
        "brand",
        "product",
        "weekday",
        "now",
        "you",
        "attribution",
        "fact",
        "word",
        "last",
        "near",
        "first",
        "second",
        "line",
    ]
)
_SLOT = re.compile(r"\{(\w*)\}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Frame:
    """An authored sentence. `about` names the facts that it suits; empty, it suits any."""

    text: str
    about: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FormFrames:
    """What can be said around the facts of one form of post.

    `words` are those that a chain may begin with, each with the words of a fact that lead to it.
    """

    lists: Mapping[str, tuple[Frame, ...]]
    asks: Mapping[str, tuple[str, ...]]
    options: Mapping[str, tuple[tuple[str, ...], ...]]
    words: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> tuple[Frame, ...]:
        """A list of frames; empty for a form that has none of that name."""
        return self.lists.get(name, ())

    @property
    def openings(self) -> tuple[Frame, ...]:
        return self["openings"]

    @property
    def scenes(self) -> tuple[Frame, ...]:
        return self["scenes"]

    @property
    def closings(self) -> tuple[Frame, ...]:
        return self["closings"]


@dataclass(frozen=True)
class Leads:
    """What stands before a fact: `about` names the product that it leaves out, `said` the member it quotes.

    `line` names what ties the week's posts together.
    """

    about: tuple[str, ...]
    said: tuple[str, ...]
    line: tuple[str, ...]


@dataclass(frozen=True)
class Daypart:
    hello: str
    now: str
    words: tuple[str, ...]  # a greeting with one of these belongs to this part of the day


@dataclass(frozen=True)
class Words:
    """What the code must know of one language, kept as data so that an editor can mend it."""

    everyone: str
    you: str
    weekdays: tuple[str, ...]
    dayparts: Mapping[str, Daypart]
    any_hello: str
    letters: tuple[str, ...]
    shorter: tuple[str, ...]
    longer: tuple[str, ...]
    dangling: tuple[str, ...]
    unfit: tuple[str, ...]
    inward: tuple[str, ...]
    doing: tuple[str, ...]
    buying: tuple[str, ...]
    verbs: tuple[str, ...]
    pronouns: tuple[str, ...]
    pronoun: str
    possessive: str
    after_pronoun: tuple[str, ...]
    units: tuple[str, ...]
    ours: tuple[str, ...]
    absolutes: tuple[str, ...]
    articles: tuple[str, ...]
    hows: tuple[str, ...]
    rules: tuple[str, ...]
    welfare: tuple[str, ...]
    service: tuple[str, ...]
    newcomers: tuple[str, ...]
    points: tuple[str, ...]
    price_headers: tuple[str, ...]
    until_headers: tuple[str, ...]
    limit_headers: tuple[str, ...]
    ends: tuple[str, ...]
    answers: tuple[str, ...]
    todo: tuple[str, ...]
    reveals: tuple[str, ...]
    draws: tuple[str, ...]
    envelopes: tuple[str, ...]
    photos: tuple[str, ...]
    live: tuple[str, ...]
    dice: tuple[str, ...]
    dice_pairs: tuple[str, ...]
    shot: str
    shots: tuple[str, ...]
    notice: str
    digest: str
    until: str
    until_alone: str
    row_end: str
    blank: str


@dataclass(frozen=True)
class Book:
    """All frames of one language."""

    language: Language
    forms: Mapping[str, FormFrames]
    leads: Leads
    words: Words


@cache
def book(language: Language) -> Book:
    """The frames of a language, read once; PromptError names the file and what is wrong with it."""
    return Book(
        language=language,
        forms={form: _form(language, form) for form in FORMS},
        leads=_leads(language),
        words=_words(language),
    )


def _read(language: Language, name: str) -> dict[str, Any]:
    path = files("copilot.adapters.llm.composer").joinpath("frames", language.value, f"{name}.yaml")
    data = plainyaml.read(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise _wrong(language, name, "is not a mapping")
    return data


def _wrong(language: Language, name: str, detail: str) -> PromptError:
    return PromptError(f"composer/frames/{language.value}/{name}", detail)


def _keys(language: Language, name: str, data: Mapping[str, Any], expected: set[str]) -> None:
    if data.keys() != expected:
        raise _wrong(language, name, f"keys differ from the contract: {sorted(data.keys() ^ expected)}")


def _texts(language: Language, name: str, key: str, value: Any, least: int = 1) -> tuple[str, ...]:
    """A list of frames: no figures, no unknown slots, none twice."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _wrong(language, name, f"{key} is not a list of texts")
    if len(value) < least or len(set(value)) < len(value):
        raise _wrong(language, name, f"{key} has fewer than {least} frames, or one twice")
    for text in value:
        if _DIGIT.search(text):
            raise _wrong(language, name, f"{key} holds a figure: {text}")
        if unknown := set(_SLOT.findall(text)) - _SLOTS:
            raise _wrong(language, name, f"{key} has unknown slots {sorted(unknown)}")
    return tuple(value)


def _frames(language: Language, name: str, key: str, value: Any, least: int) -> tuple[Frame, ...]:
    """Frames written as text, or as `say` with the kinds of fact it is `about`."""
    items = value if isinstance(value, list) else []
    plain = [item["say"] if isinstance(item, dict) else item for item in items]
    texts = _texts(language, name, key, plain, least)
    suited = [frozenset(item.get("about", ()) if isinstance(item, dict) else ()) for item in items]
    if any(not about <= {*ABOUT, "said", *_PARTS} for about in suited):
        raise _wrong(language, name, f"{key} names a kind of fact that there is not")
    return tuple(Frame(text, about) for text, about in zip(texts, suited, strict=True))


def _form(language: Language, form: str) -> FormFrames:
    data = _read(language, form)
    more = _MORE.get(form, {})
    words = {"words"} if form == "solitaire" else set()
    _keys(language, form, data, {*LISTS[form], *more, *words})
    asks = data.get("asks", {})
    if tuple(asks) != more.get("asks", ()):
        raise _wrong(language, form, f"asks are {sorted(asks)}")
    options = data.get("options", {})
    if tuple(options) != more.get("options", ()):
        raise _wrong(language, form, f"options are {sorted(options)}")
    triples = {
        key: tuple(_texts(language, form, f"options.{key}", choice, 3) for choice in value)
        for key, value in options.items()
    }
    if any(len(choice) != 3 for value in triples.values() for choice in value):
        raise _wrong(language, form, "options do not come in threes")
    return FormFrames(
        lists={key: _frames(language, form, key, data[key], least) for key, least in LISTS[form].items()},
        asks={key: _texts(language, form, f"asks.{key}", value, 4) for key, value in asks.items()},
        options=triples,
        words=_chain(language, form, data["words"]) if words else {},
    )


def _chain(language: Language, form: str, data: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(data, dict) or len(data) < _WORDS_AT_LEAST:
        raise _wrong(language, form, f"words has fewer than {_WORDS_AT_LEAST} words")
    _texts(language, form, "words", list(data))
    return {word: _texts(language, form, f"words.{word}", near, 0) for word, near in data.items()}


def _leads(language: Language) -> Leads:
    data = _read(language, "leads")
    names = [field.name for field in fields(Leads)]
    _keys(language, "leads", data, set(names))
    return Leads(**{key: _texts(language, "leads", key, data[key], 3) for key in names})


def _words(language: Language) -> Words:
    data = _read(language, "words")
    _keys(language, "words", data, {field.name for field in fields(Words)})
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key == "dayparts":
            values[key] = {
                name: Daypart(part["hello"], part["now"], tuple(part["words"]))
                for name, part in value.items()
            }
        elif isinstance(value, list):
            if not all(isinstance(text, str) for text in value):
                raise _wrong(language, "words", f"{key} holds something that is not text")
            values[key] = tuple(value)
        else:
            values[key] = value
    return Words(**values)
