"""What people's edits of machine drafts say about the voice: terms, rules and examples for a person to decide on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from copilot.domain.brands import Language, Voice
from copilot.domain.checks.measures import emoji, exclamations, length
from copilot.domain.checks.tone import tone
from copilot.domain.quantities import figures
from copilot.domain.sentences import sentences
from copilot.domain.voicehabits import PASSING, greets
from copilot.domain.voicepairs import Swap, swaps
from copilot.domain.voiceprofile import LONGEST_TEXT, SHORTEST_SENTENCE, says
from copilot.domain.voicerules import rule
from copilot.domain.voicetraits import usual_most

SWAPPED, TAKEN_OUT = 2, 3
"""Posts in which the same edit has to be seen: one word for another says more than a word left out."""
RULED, MOST_EDITS = 3, 0.6
"""Posts, and the share of those in which it could be seen, that make an edit a rule."""
MOST_EXAMPLES_OPEN = 3
_ALIKE = 0.5
_SHORTER, _LONGER, _CALMER = 0.85, 1.2, 0.8


class CandidateKind(StrEnum):
    PREFERRED = "preferred"
    BANNED = "banned"
    RULE = "rule"
    EXAMPLE = "example"


@dataclass(frozen=True)
class Edit:
    """A post from the machine's draft to the text that was approved; `drafted` is empty where a person began it."""

    post: int
    drafted: str
    approved: str

    @property
    def is_edited(self) -> bool:
        return bool(self.drafted) and self.drafted != self.approved


@dataclass(frozen=True)
class Seen:
    """One edit that shows it: the words before and after, letter for letter."""

    post: int
    before: str
    after: str


@dataclass(frozen=True)
class Candidate:
    """`key` names it within its kind for good; `part` of the profile would take `value`."""

    kind: CandidateKind
    key: str
    part: str
    value: Any
    evidence: tuple[Seen, ...]


def candidates(
    edits: Sequence[Edit], voice: Voice, language: Language, *, names: Sequence[str]
) -> tuple[Candidate, ...]:
    """All that the voice does not say yet, in a fixed order. `names` are products and people: never terms."""
    edited = [edit for edit in edits if edit.is_edited]
    found = [*_terms(edited, language, names), *_rules(edited, voice, language)]
    return tuple(one for one in found if not says(voice, one.part, one.value))


def _terms(edited: Sequence[Edit], language: Language, names: Sequence[str]) -> Iterator[Candidate]:
    seen: dict[tuple[str, str], dict[int, Swap]] = defaultdict(dict)
    for edit in edited:
        for swap in swaps(edit.drafted, edit.approved, language, names=names):
            seen[swap.old.lower(), swap.new.lower()].setdefault(edit.post, swap)
    best: dict[str, tuple[str, str]] = {}
    for old, new in sorted(seen, key=lambda pair: (-len(seen[pair]), pair)):
        best.setdefault(old, (old, new))
    for (old, new), by_post in sorted(seen.items()):
        kept = sum(old in edit.drafted.lower() and old in edit.approved.lower() for edit in edited)
        # Two people who change it both ways, or a word that mostly stays, show no manner.
        if len(by_post) < (SWAPPED if new else TAKEN_OUT) or kept > len(by_post) or best[old] != (old, new):
            continue
        if len(seen.get((new, old), ())) >= len(by_post):
            continue
        swap = next(iter(by_post.values()))
        shown = tuple(Seen(post, one.before, one.after) for post, one in sorted(by_post.items()))
        if new:
            value = {"use": _spelt(swap.new, language), "instead_of": [_spelt(swap.old, language)]}
            yield Candidate(CandidateKind.PREFERRED, f"{old}→{new}", "preferred", value, shown)
        else:
            value = {"term": _spelt(swap.old, language), "instead": ""}
            yield Candidate(CandidateKind.BANNED, old, "banned", value, shown)


def _spelt(term: str, language: Language) -> str:
    """English terms in small letters: a capital came from the beginning of a sentence."""
    return term.lower() if language is Language.EN else term


def _rules(edited: Sequence[Edit], voice: Voice, language: Language) -> Iterator[Candidate]:
    pairs = [_Pair.of(edit, language) for edit in edited]
    for name, part, could, did in _IN_WORDS:
        open_to = [pair for pair in pairs if could(pair)]
        if shown := _usual(open_to, [pair for pair in open_to if did(pair)]):
            yield Candidate(CandidateKind.RULE, name, part, rule(name, language), shown)
    yield from _figures(pairs, voice)
    for old, new in (("你", "您"), ("您", "你")) if language is Language.ZH else ():
        open_to = [pair for pair in pairs if old in pair.before]
        if shown := _usual(open_to, [one for one in open_to if old not in one.after and new in one.after]):
            yield Candidate(CandidateKind.RULE, f"address:{new}", "address", new, shown)
    signed = [pair for pair in pairs if voice.sign_off and voice.sign_off in pair.before]
    if shown := _usual(signed, [pair for pair in signed if voice.sign_off not in pair.after]):
        yield Candidate(CandidateKind.RULE, "sign_off", "sign_off", "", shown)


def _figures(pairs: Sequence[_Pair], voice: Voice) -> Iterator[Candidate]:
    """Bounds that the approved texts keep although the drafts did not need to."""
    bounds: list[tuple[str, int, tuple[Seen, ...]]] = []
    for part, count in _COUNTS.items():
        having = [pair for pair in pairs if count(pair.before)]
        fewer = _usual(having, [one for one in having if count(one.after) < count(one.before)], count)
        bounds.append((part, usual_most([count(pair.after) for pair in pairs]) if fewer else 0, fewer))
    calmer = _usual(pairs, [one for one in pairs if one.longest_after <= _CALMER * one.longest_before])
    sizes = [size for pair in pairs for size in pair.sizes_after]
    most = max(SHORTEST_SENTENCE, usual_most(sizes, 0.95)) if calmer else 0
    for part, bound, shown in (*bounds, ("max_sentence", most, calmer)):
        if shown and bound < getattr(voice, part):
            yield Candidate(CandidateKind.RULE, f"{part}:{bound}", part, bound, shown)


@dataclass(frozen=True)
class _Pair:
    """An edit with both texts read once."""

    post: int
    before: str
    after: str
    language: Language
    old: tuple[str, ...]
    new: tuple[str, ...]

    @classmethod
    def of(cls, edit: Edit, language: Language) -> _Pair:
        old, new = (
            tuple(text[start:end] for start, end in sentences(text, language))
            for text in (edit.drafted, edit.approved)
        )
        return cls(edit.post, edit.drafted, edit.approved, language, old, new)

    @property
    def shrinks_to(self) -> float:
        return length(self.after, self.language) / max(1, length(self.before, self.language))

    @property
    def sizes_after(self) -> list[int]:
        return [length(one, self.language) for one in self.new]

    @property
    def longest_before(self) -> int:
        return max((length(one, self.language) for one in self.old), default=0)

    @property
    def longest_after(self) -> int:
        return max(self.sizes_after, default=0)

    @property
    def greeted(self) -> bool:
        """Whether the draft opened with a greeting; `greets` says so of the approved text."""
        return bool(self.old) and greets(self.old[0], self.language)

    @property
    def greets(self) -> bool:
        return bool(self.new) and greets(self.new[0], self.language)

    def seen(self, wanted: Callable[[str], object] = bool) -> Seen:
        """The first such sentence that did not stay as it was, and what stands nearest to it now."""
        changed = [one for one in self.old if one not in self.new] or list(self.old)
        gone = next((one for one in changed if wanted(one)), next(iter(changed), ""))
        near = max(self.new, key=lambda one: SequenceMatcher(None, gone, one).ratio(), default="")
        is_near = bool(near) and SequenceMatcher(None, gone, near).ratio() >= _ALIKE
        return Seen(self.post, gone, near if is_near else "")


_Test = Callable[[_Pair], bool]
_IN_WORDS: tuple[tuple[str, str, _Test, _Test], ...] = (
    ("shorter", "do", lambda pair: True, lambda pair: pair.shrinks_to <= _SHORTER),
    ("longer", "do", lambda pair: True, lambda pair: pair.shrinks_to >= _LONGER),
    ("no_greeting", "dont", lambda pair: pair.greeted, lambda pair: not pair.greets),
)
"""Rules in words with the part they belong to: in which edits each could be seen, and in which it was."""

_COUNTS: Mapping[str, Callable[[str], int]] = {
    "max_exclamations": lambda text: sum(end - start for start, end in exclamations(text)),
    "max_emoji": lambda text: len(emoji(text)),
}


def _usual(
    open_to: Sequence[_Pair], done: Sequence[_Pair], wanted: Callable[[str], object] = bool
) -> tuple[Seen, ...]:
    """The edits that did it, where enough of those that could have did; none otherwise."""
    is_usual = len(done) >= RULED and len(done) >= MOST_EDITS * len(open_to)
    return tuple(pair.seen(wanted) for pair in done) if is_usual else ()


def examples(
    edits: Sequence[Edit], voice: Voice, language: Language, *, most: int = MOST_EXAMPLES_OPEN
) -> tuple[Candidate, ...]:
    """Approved texts worth imitating: in the wanted tone, with no price or date that will be over, unlike each other.

    Those that a person worked on come first: theirs are the voice's own words.
    """
    held = [_grams(text) for text in voice.examples]
    chosen: list[Candidate] = []

    def rank(edit: Edit) -> tuple[int, bool, int]:
        passing = sum(one.kind in PASSING for one in figures(edit.approved))
        return passing, bool(edit.drafted) and not edit.is_edited, -edit.post

    for edit in sorted(edits, key=rank):
        grams = _grams(edit.approved)
        if len(chosen) >= most:
            break
        if len(edit.approved) > LONGEST_TEXT or any(_overlap(grams, other) > _ALIKE for other in held):
            continue
        if tone(edit.approved, voice.scales, language)[0].passes is not True:
            continue
        held.append(grams)
        key = hashlib.sha256(edit.approved.encode()).hexdigest()[:16]
        seen = (Seen(edit.post, edit.drafted, edit.approved),)
        chosen.append(Candidate(CandidateKind.EXAMPLE, key, "examples", edit.approved, seen))
    return tuple(chosen)


def _grams(text: str) -> frozenset[str]:
    plain = "".join(text.split())
    return frozenset(plain[at : at + 3] for at in range(max(1, len(plain) - 2)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
