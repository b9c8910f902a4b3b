"""Whether a text sounds like this brand: how it is written beside the brand's own examples and beside posts of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import log, sqrt
from statistics import fmean

from copilot.domain.brands import Language, Voice
from copilot.domain.checks.tone.background import COMMON, MANNERS
from copilot.domain.checks.tone.lexicon import lowered
from copilot.domain.checks.tone.manner import is_little, manner, turns
from copilot.domain.checks.tone.scoring import REMEMBERED, has_words, size_of
from copilot.domain.checks.tone.values import OURS

FEWEST_EXAMPLES = 3
"""With fewer nobody can say what is a habit and what is chance."""

_SHORTEST = {Language.ZH: 24, Language.EN: 12}  # Characters, words: below, rates are chance.

# How much each family of features says, by the first letter of its name; chosen on tests/data/voices.yaml.
# Figures come and go with what a post is about.
_WEIGHTS = {"w": 1.0, "a": 1.2, "t": 2.2, "m": 1.3, "f": 0.6, "s": 1.6}
_TURNS, _MOST_TURNS = 4.0, 0.3
_MOST = 1.5  # What one feature may say for or against.
_FARTHEST = 3.0  # Standard deviations: rates of short texts have long tails.
_GENERIC = 1.0  # Posts of anybody that count beside the examples where these are few.
_STEADY = 4  # Examples that are taken to spread as examples of other brands do.

# How far a text may fall below the examples' own mean, in their spread, which few of them say little about.
_SPREADS, _USUAL_SPREAD, _USUAL_COUNT = 2.5, 1.1, 3
# Below, a text is more like anybody's; from this up nobody else's comes near, however alike the examples are.
_LEAST, _MOST_WANTED, _WANTED_EACH = 0.7, 3.0, 0.5
_MEAN_SCORE = 75

# The share of the examples that a brand's own word stands in, two of them at the least, and the posts of others
# in which one turns up.
_COMING_BACK, _STRAY = 0.4, 0.03


@dataclass(frozen=True)
class Feature:
    """What is usual of a feature: `mean` and `spread` in anybody's posts, the others in the brand's, counted in these."""

    name: str
    weight: float
    mean: float
    spread: float
    usual: float
    width: float

    def standing(self, value: float) -> float:
        return max(-_FARTHEST, min(_FARTHEST, (value - self.mean) / self.spread))


@dataclass(frozen=True)
class Profile:
    """How the examples are written. A text belongs to them from `least` on; `middle` is what they have themselves.

    `words` are the brand's own, `names` who speaks and how it signs; `without` is how likely a post of its own has
    none of them.
    """

    features: tuple[Feature, ...]
    turns: frozenset[str]
    words: frozenset[str]
    names: tuple[str, ...]
    without: float
    least: float = 0.0
    middle: float = 1.0

    @cached_property
    def table(self) -> tuple[tuple[str, float, float, float, float, float, float], ...]:
        return tuple(
            (one.name, one.weight, one.mean, one.spread, one.usual, one.width, log(one.width))
            for one in self.features
        )

    def usual(self, name: str) -> float:
        """The examples' own mean of a feature, as it is measured."""
        one = next(feature for feature in self.features if feature.name == name)
        return one.mean + one.spread * one.usual


@dataclass(frozen=True)
class _Read:
    """An example or a text, read once."""

    text: str
    manner: Mapping[str, float]
    turns: frozenset[str]

    @classmethod
    def of(cls, text: str, language: Language) -> _Read:
        return cls(text, manner(text, language), turns(text, language))


def against(text: str, profile: Profile, language: Language) -> tuple[tuple[float, str, float], ...]:
    """By feature how much it speaks for the brand, less than nothing where it speaks against it, and its measure."""
    measured = _read(text, language).manner
    return tuple((speaks, name, measured[name]) for speaks, _, name in _speaking(measured, profile))


def own_score(text: str, profile: Profile, language: Language) -> int:
    """From 0 to 100: OURS and above is as near to the examples as these are to one another."""
    found = _likeness(_read(text, language), profile, language)
    share = (found - profile.least) / (profile.middle - profile.least)
    return round(max(0.0, min(100.0, OURS + share * (_MEAN_SCORE - OURS))))


def names_of(voice: Voice) -> tuple[str, ...]:
    """Who speaks, and how it signs: no other brand says these."""
    return tuple(name for name in (voice.persona, voice.sign_off.strip("。.!！～~ ")) if len(name) > 1)


def is_long_enough(text: str, language: Language) -> bool:
    return size_of(text, language) >= _SHORTEST[language] and has_words(lowered(text), language)


@lru_cache(maxsize=64)
def profile_of(examples: tuple[str, ...], names: tuple[str, ...], language: Language) -> Profile | None:
    """None with fewer than three examples of some length.

    Made once for a voice: each example is held against the others, to see how far they lie from one another.
    """
    read = [_read(one, language) for one in examples if is_long_enough(one, language)]
    if len(read) < FEWEST_EXAMPLES:
        return None
    apart = [
        _likeness(one, _profile(_without(read, at), names, language), language) for at, one in enumerate(read)
    ]
    middle, count = fmean(apart), len(apart)
    spread = sum((one - middle) ** 2 for one in apart) + _USUAL_COUNT * _USUAL_SPREAD**2
    least = middle - _SPREADS * sqrt(spread / (count - 1 + _USUAL_COUNT))
    least = max(_LEAST, min(_MOST_WANTED, _WANTED_EACH * count, least))
    whole = _profile(read, names, language)
    return replace(whole, least=least, middle=max(middle, least + _USUAL_SPREAD))


def _without(read: Sequence[_Read], at: int) -> list[_Read]:
    return [*read[:at], *read[at + 1 :]]


def _read(text: str, language: Language) -> _Read:
    return _read_once(text, language) if len(text) <= REMEMBERED else _Read.of(text, language)


@lru_cache(maxsize=256)
def _read_once(text: str, language: Language) -> _Read:
    return _Read.of(text, language)


def _profile(read: Sequence[_Read], names: tuple[str, ...], language: Language) -> Profile:
    generic = MANNERS[language]
    sizes = Counter(name[0] for name in generic)
    count = len(read)
    features = []
    for name, (mean, spread, within) in generic.items():
        bare = Feature(name, _WEIGHTS[name[0]] / sizes[name[0]], mean, spread, 0.0, 1.0)
        placed = [bare.standing(one.manner[name]) for one in read]
        own = sum(placed) / count
        varied = sum((at - own) ** 2 for at in placed) + _STEADY * within**2
        width = sqrt(varied / (count - 1 + _STEADY) + within**2 / (count + _GENERIC))
        features.append(Feature(name, bare.weight, mean, spread, sum(placed) / (count + _GENERIC), width))
    words = _own_words(read, language)
    silent = sum(
        not _speaks_of(one, _own_words(_without(read, at), language), names) for at, one in enumerate(read)
    )
    return Profile(
        tuple(features),
        frozenset().union(*(one.turns for one in read)),
        words,
        names,
        (silent + 1) / (count + 2),
    )


def _own_words(read: Sequence[_Read], language: Language) -> frozenset[str]:
    """Words that the examples come back to and that nobody in particular uses."""
    spread = Counter(turn for one in read for turn in one.turns)
    least = max(2.0, _COMING_BACK * len(read))
    common = COMMON[language]
    return frozenset(
        turn
        for turn, count in spread.items()
        if count >= least and turn not in common and not is_little(turn, language)
    )


def _speaks_of(text: _Read, words: frozenset[str], names: tuple[str, ...]) -> bool:
    return bool(text.turns & words) or any(name in text.text for name in names)


def speaks_of_brand(text: str, profile: Profile, language: Language) -> bool:
    return _speaks_of(_read(text, language), profile.words, profile.names)


def _speaking(measured: Mapping[str, float], profile: Profile) -> list[tuple[float, float, str]]:
    """By feature: by how much its value is likelier in the brand's posts than in anybody's, as a logarithm, and its weight."""
    found = []
    # Written out, without a call inside: some eighty features of every text that is typed.
    for name, weight, mean, spread, usual, width, narrowness in profile.table:
        at = (measured[name] - mean) / spread
        at = -_FARTHEST if at < -_FARTHEST else _FARTHEST if at > _FARTHEST else at
        off = (at - usual) / width
        speaks = (at * at - off * off) / 2 - narrowness
        found.append((-_MOST if speaks < -_MOST else _MOST if speaks > _MOST else speaks, weight, name))
    return found


def _likeness(text: _Read, profile: Profile, language: Language) -> float:
    """Above nought the text is likelier the brand's than anybody's."""
    found = sum([weight * speaks for speaks, weight, _ in _speaking(text.manner, profile)])
    found += _TURNS * min(_MOST_TURNS, _shared(text.turns, profile.turns, language))
    if profile.words or profile.names:
        if _speaks_of(text, profile.words, profile.names):
            found += min(2.0, log((1 - profile.without) / _STRAY))
        else:
            found += max(-2.5, log(profile.without / (1 - _STRAY)))
    return found


def _shared(said: frozenset[str], known: frozenset[str], language: Language) -> float:
    """How much of what is said the examples say too; what everybody says weighs little."""
    common = COMMON[language]
    total = both = 0.0
    for turn in said:
        weight = 1 / (1 + common.get(turn, 0))
        total += weight
        if turn in known:
            both += weight
    return both / total if total else 0.0
