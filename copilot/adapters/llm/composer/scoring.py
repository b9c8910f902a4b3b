"""Weighs facts: how much a form of post wants one, and how far one repeats another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.frames import Words
from copilot.adapters.llm.composer.reading import has, size
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.drafts import Brief

_DIGIT = re.compile(r"\d")
_COMMAS = re.compile(r"[，,、；;]")

_WANTED: dict[Form, dict[str, float]] = {
    Form.CHECK_IN: {"how": 0.6, "care": 0.5, "story": 0.6, "said": 0.8, "price": -1.0, "service": -0.6},
    Form.TOPIC: {"how": 0.5, "care": 0.4, "news": 0.4, "story": 0.3, "price": -1.0},
    Form.SEEDING: {"what": 0.8, "said": 0.9, "price": -0.2, "how": 0.2},
    Form.QUIZ: {"what": 0.5, "how": 0.5, "care": 0.5, "price": -0.5},
    Form.POLL: {"what": 0.6, "how": 0.3, "price": -0.5},
    Form.OFFER: {"price": 1.0},
    Form.POINTS: {"price": 0.1, "service": 0.4},
    Form.SOLITAIRE: {"story": 0.6, "how": 0.4, "care": 0.3, "price": -1.0},
    Form.DICE: {"how": 0.8, "care": 0.6, "price": -1.0},
    Form.LOTTERY: {"how": 0.6, "care": 0.4, "price": -1.0},
    Form.RED_ENVELOPE: {"how": 1.0, "care": 0.9, "price": -1.0},
    Form.PHOTO_REWARD: {"what": 0.6, "how": 0.4, "said": 0.6, "price": -1.0},
    Form.VIDEO_SCRIPT: {"how": 0.9, "care": 0.6, "what": 0.5, "said": 0.3, "price": -0.6},
    Form.LIVE_TEASER: {"how": 0.5, "what": 0.6, "price": -0.6},
}
_FIGURES = {Form.SEEDING: 0.5, Form.OFFER: 0.8, Form.POINTS: 0.6, Form.QUIZ: 0.3}
_MEANS_SOMETHING = {Language.ZH: 2, Language.EN: 5}  # Shorter pieces, such as "with", are in every text.
_HOWS = frozenset({Form.CHECK_IN, Form.TOPIC, Form.QUIZ})


def alike(one: str, other: str, language: Language) -> float:
    """The share of the shorter text's pieces (characters or words, in pairs) that the other has, too."""
    left, right = _grams(one, language), _grams(other, language)
    return len(left & right) / max(1, min(len(left), len(right)))


def _grams(text: str, language: Language, width: int = 0) -> set[tuple[str, ...]]:
    chinese = language is Language.ZH
    units = list(text) if chinese else re.findall(r"\w+", text.lower())
    width = width or (4 if chinese else 3)
    return {tuple(units[at : at + width]) for at in range(len(units) - width + 1)}


def matters(brief: Brief, words: Words) -> tuple[str, ...]:
    """The words that rewards go by: the language's, and the names that the column's purpose gives them."""
    named = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", brief.column.purpose)
    return (*words.points, *named)


def rewarding(facts: Sequence[Fact], brief: Brief, words: Words) -> list[Fact]:
    """The facts that speak of rewards or prices; all of them when these are too few."""
    terms = matters(brief, words)
    about = [fact for fact in facts if has(fact.text, *terms) or (fact.about == "price" and fact.windowed)]
    return about if len(about) > 1 else list(facts)


def score(fact: Fact, brief: Brief, words: Words) -> float:
    """How much this form of post wants the fact: concrete, of a good length, to the purpose."""
    form, language = brief.column.form, brief.brand.language
    total = 1.5 * (1 - (fact.source - 1) / max(1, len(brief.sources)))
    total += _WANTED.get(form, {}).get(fact.about, 0.0)
    least, most = (14, 36) if language is Language.ZH else (8, 20)
    total += 0.6 if least <= size(fact.text, language) <= most else 0.0
    total += _FIGURES.get(form, 0.2) if _DIGIT.search(fact.text) else 0.0
    total += 0.6 if fact.named and form is not Form.CHECK_IN else 0.0
    total += 0.4 if form in _HOWS and has(fact.text, *words.hows) else 0.0
    total -= 0.3 if len(_COMMAS.findall(fact.text)) > 3 else 0.0
    total -= 0.5 if fact.answers else 0.0
    if fact.about in ("news", "story") and not _grams(fact.place, language, 2) & _grams(
        fact.text, language, 2
    ):
        total -= 0.8  # it does not say which event or whose story it belongs to
    if form is Form.OFFER and fact.windowed:
        total += 2.0
    if form is Form.POINTS and has(fact.text, *matters(brief, words)):
        total += 1.5
    width = 2 if language is Language.ZH else 1
    wanted = _grams(brief.column.purpose, language, width)
    told = _grams(fact.text, language, width)
    total += 1.5 * len(wanted & told) / max(1, min(len(wanted), 12))
    return total + _answers(fact, told, brief, width)


def _answers(fact: Fact, told: set[tuple[str, ...]], brief: Brief, width: int) -> float:
    """A small reward for a point of our own that answers a competitor note: it is about the same things."""
    if not (brief.background and fact.named):
        return 0.0
    language = brief.brand.language
    noted = _grams(" ".join(note.text for note in brief.background), language, width)
    common = _grams(brief.column.purpose + " ".join(brief.brand.products), language, width)
    shared = [piece for piece in told & noted - common if len("".join(piece)) >= _MEANS_SOMETHING[language]]
    return min(0.6, 0.15 * len(shared))
