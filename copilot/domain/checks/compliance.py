"""Rule packs against a text: law and platform rules with their exceptions, in one automaton pass."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick

from copilot.domain.checks.detectors import DETECTORS
from copilot.domain.checks.matching import Chinese, Hit, Lexicon, Reading
from copilot.domain.checks.normalize import Even, View
from copilot.domain.checks.rules import Context, Pack, Rule
from copilot.domain.checks.spellings import hyphenations, spellings
from copilot.domain.findings import Check, Finding
from copilot.domain.messages import Message
from copilot.domain.rulebook import OWN
from copilot.errors import Conflict

_SIDE = 24  # Characters of the sentence that `before` and `after` see.
_SENTENCE = 120  # Where nobody ends a sentence, it is taken to reach this far from a hit.
_SENTENCE_END = re.compile(r"[。!?;\n]|(?<![.\d])\.(?=\s|$)")


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Each pattern of the packs once, for every book that has it: more than the 512 that `re` keeps."""
    return re.compile(pattern)


def _any_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return _compiled("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


@dataclass(frozen=True)
class _Places:
    """A context with its patterns compiled, one for each place."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    sentence: re.Pattern[str] | None
    text: re.Pattern[str] | None

    @classmethod
    def of(cls, context: Context) -> _Places:
        return cls(
            _any_of(context.before), _any_of(context.after), _any_of(context.sentence), _any_of(context.text)
        )


class _Scene:
    """The surroundings of the hits in one view; what holds for the whole text is looked up once."""

    def __init__(self, view: View) -> None:
        self.text = view.text
        self._ends = [match.end() for match in _SENTENCE_END.finditer(view.text)]
        self._whole: dict[re.Pattern[str], bool] = {}

    def answers(self, places: _Places, hit: Hit) -> Iterator[bool]:
        """For each place that has patterns, whether one of them is there."""
        first, last = self._sentence(hit)
        if places.before is not None:
            yield bool(places.before.search(self.text[max(first, hit.start - _SIDE) : hit.start].rstrip()))
        if places.after is not None:
            yield bool(places.after.search(self.text[hit.end : min(last, hit.end + _SIDE)].lstrip()))
        if places.sentence is not None:
            yield bool(places.sentence.search(self.text[first:last]))
        if places.text is not None:
            yield self.has(places.text)

    def has(self, pattern: re.Pattern[str] | None) -> bool:
        """Whether the whole text has it; nothing is always there."""
        if pattern is None:
            return True
        if pattern not in self._whole:
            self._whole[pattern] = bool(pattern.search(self.text))
        return self._whole[pattern]

    def _sentence(self, hit: Hit) -> tuple[int, int]:
        before = bisect_right(self._ends, hit.start)
        after = bisect_left(self._ends, hit.end)
        first = self._ends[before - 1] if before else 0
        last = self._ends[after] if after < len(self._ends) else len(self.text)
        return max(first, hit.start - _SENTENCE), min(last, hit.end + _SENTENCE)


class _Covered:
    """Where the exceptions of one rule lie."""

    def __init__(self) -> None:
        self._ends: dict[tuple[int, int], int] = {}
        self._longest = 0

    def add(self, hit: Hit) -> None:
        place = (id(hit.view), hit.start)
        self._ends[place] = max(hit.end, self._ends.get(place, 0))
        self._longest = max(self._longest, hit.end - hit.start)

    def covers(self, hit: Hit) -> bool:
        return any(
            self._ends.get((id(hit.view), start), 0) >= hit.end
            for start in range(max(0, hit.end - self._longest), hit.start + 1)
        )


class RuleSet:
    """Packs compiled for use. Build it once for a set of packs and share it: it is immutable in use."""

    def __init__(self, packs: Sequence[Pack], chinese: Chinese) -> None:
        self.packs = tuple(packs)
        self.chinese = chinese
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self._by_id: Mapping[str, Rule] = {rule.id: rule for rule in self.rules}
        if len(self._by_id) < len(self.rules):
            ids = [rule.id for rule in self.rules]
            raise Conflict("rulepack.duplicate_rule", rule=next(i for i in ids if ids.count(i) > 1))
        entries = [
            (number, term, is_exception)
            for number, rule in enumerate(self.rules)
            for terms, is_exception in (((*rule.terms, *_spelt(rule)), False), (rule.exceptions, True))
            for term in terms
        ]
        self._owner = [(number, is_exception) for number, _, is_exception in entries]
        self.terms: tuple[str, ...] = tuple(term for _, term, _ in entries)
        self._patterns = [
            (number, _compiled(pattern))
            for number, rule in enumerate(self.rules)
            for pattern in rule.patterns
        ]
        about: dict[str, set[int]] = {}
        for number, rule in enumerate(self.rules):
            for piece in rule.about:
                about.setdefault(chinese.fold(piece), set()).add(number)
        self._about = AhoCorasick(list(about)) if about else None
        self._told_by = list(about.values())
        self._told = frozenset[int]().union(*self._told_by)
        self._functions = [
            (number, DETECTORS[rule.function]) for number, rule in enumerate(self.rules) if rule.function
        ]
        self._fixes = {
            rule.id: {
                way: fix
                for term, fix in rule.fixes.items()
                for spelt in (term, *spellings(term, rule.pinyin.get(term, "")))
                for way in hyphenations(Even.of(chinese.fold(spelt)).text)
            }
            for rule in self.rules
        }
        self._needs = [_Places.of(rule.needs) for rule in self.rules]
        self._unless = [_Places.of(rule.unless) for rule in self.rules]

    @classmethod
    def compile(cls, packs: Iterable[Pack], chinese: Chinese) -> RuleSet:
        return cls(tuple(packs), chinese)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule that words a finding, or None if its pack is switched off by now."""
        return self._by_id.get(rule_id)

    def fix(self, rule: Rule, hit: Hit) -> str | None:
        """What may replace a hit without a thought, if the rule knows such a thing."""
        return self._fixes[rule.id].get(hit.words)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self.terms, self.chinese)

    def find(self, text: str) -> tuple[Finding, ...]:
        """What the rules object to in a text that is read for nothing else."""
        reading = Reading.of(text, self.chinese)
        return self.judge(reading, self._lexicon.find(reading))

    def judge(
        self,
        reading: Reading,
        found: Iterable[Hit],
        *,
        members_only: bool = False,
        prescribed: Collection[str] = (),
    ) -> tuple[Finding, ...]:
        """One finding for each hit that the rules object to; the keys of `found` are places in `terms`.

        `members_only` where nobody else reads the text: what is asked for in public is not asked for there.
        `prescribed` are words, folded, that the brand's voice asks for.
        """
        return tuple(
            _finding(reading.typed, rule, hit, self.fix(rule, hit))
            for rule, hit in self._hits(reading, found)
            if not (members_only and rule.public) and not (rule.yields and hit.words in prescribed)
        )

    def _hits(self, reading: Reading, found: Iterable[Hit]) -> list[tuple[Rule, Hit]]:
        """Exceptions and contexts already heard, in the order of the text."""
        raised: dict[int, list[Hit]] = {}
        excepted: dict[int, _Covered] = {}
        for hit in found:
            number, is_exception = self._owner[hit.key]
            if is_exception:
                excepted.setdefault(number, _Covered()).add(hit)
            else:
                raised.setdefault(number, []).append(hit)
        scenes = {id(view): _Scene(view) for view in reading.views}
        for view in reading.views:
            skipped = self._not_about(view)
            for number, pattern in self._patterns:
                # What is looked for in the whole text is asked first: most copy is of no lottery and no wine.
                if number in skipped or not scenes[id(view)].has(self._needs[number].text):
                    continue
                for match in pattern.finditer(view.text):
                    if match.end() > match.start() and reading.plausible(view, match.start(), match.end()):
                        raised.setdefault(number, []).append(Hit(number, view, *match.span()))
        for number, detect in self._functions:
            if scenes[id(reading.folded)].has(self._needs[number].text):
                raised.setdefault(number, []).extend(
                    Hit(number, reading.folded, start, end) for start, end in detect(reading.folded.text)
                )
        heard: list[tuple[Rule, Hit]] = []
        for number, hits in raised.items():
            rule = self.rules[number]
            open_hits = [hit for hit in hits if number not in excepted or not excepted[number].covers(hit)]
            said = [hit for hit in _longest(open_hits) if self._speaks(number, hit, scenes[id(hit.view)])]
            heard.extend((rule, hit) for hit in (said[:1] if rule.once else said))
        return sorted(heard, key=lambda pair: pair[1].span)

    def _not_about(self, view: View) -> frozenset[int]:
        """The rules that say what they are about, of which this text has nothing."""
        if self._about is None:
            return self._told
        met = {found for found, _, _ in self._about.find_matches_as_indexes(view.text, overlapping=True)}
        return self._told.difference(*(self._told_by[found] for found in met))

    def _speaks(self, number: int, hit: Hit, scene: _Scene) -> bool:
        return all(scene.answers(self._needs[number], hit)) and not any(
            scene.answers(self._unless[number], hit)
        )


def compliance(text: str, rules: RuleSet) -> tuple[Finding, ...]:
    """One finding for each hit; its reason is `Message("rule", …)`, which the rule's own pack words."""
    return rules.find(text)


def _finding(text: str, rule: Rule, hit: Hit, fix: str | None) -> Finding:
    start, end = _whole_words(text, *hit.span)
    # A pattern for a price may take along the mark behind it.
    end = start + max(1, len(text[start:end].rstrip(".,")))
    found = text[start:end]
    reason = Message("rule", {"rule": rule.id, "found": found})
    if rule.id.startswith(OWN):
        # No pack words a brand's own rule, and the brand may change it: what was said is kept as it was said.
        reason = Message("rule.own", {"reason": rule.reason["en"], "found": found})
    return Finding(Check.COMPLIANCE, rule.id, rule.severity, start, end, found, reason, fix)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the rest of the Latin words at its edges: a pattern may know only how a word begins."""
    while start > 0 and _is_latin(text[start - 1]) and _is_latin(text[start]):
        start -= 1
    while end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]):
        end += 1
    return start, end


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _spelt(rule: Rule) -> Iterator[str]:
    for term, letters in rule.pinyin.items():
        yield from spellings(term, letters)


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """One rule speaks once about one stretch: shorter hits inside longer ones go, and so do repeats.

    A mark behind it does not make it longer.
    """
    kept: list[Hit] = []
    furthest = -1
    for hit in sorted(hits, key=lambda hit: (hit.span[0], -hit.span[1])):
        said = hit.view.text[hit.start : hit.end].rstrip(".,")
        if hit.view.span(hit.start, hit.start + max(1, len(said)))[1] > furthest:
            kept.append(hit)
            furthest = hit.span[1]
    return kept
