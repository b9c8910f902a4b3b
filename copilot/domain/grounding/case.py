"""One copy before its sources: each sentence gets a verdict, and what is wrong with it a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from copilot.domain.findings import Claim, Finding, Method, Verdict
from copilot.domain.grounding import telling
from copilot.domain.grounding.comparing import turned_round
from copilot.domain.grounding.contrast import MOST_FIGURES, Line
from copilot.domain.grounding.daywords import day_findings
from copilot.domain.grounding.everyday import is_said_in_passing
from copilot.domain.grounding.happenings import happening_findings
from copilot.domain.grounding.hearing import Heard, Lapsed
from copilot.domain.grounding.inferring import Inference
from copilot.domain.grounding.matches import Match, Ruling, strong
from copilot.domain.grounding.pairing import mismatched
from copilot.domain.grounding.places import Neighbours, Place, Reading, figure_key
from copilot.domain.grounding.promises import BINDING, facts_said
from copilot.domain.grounding.sameness import same
from copilot.domain.grounding.scope import is_limited, says_all
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.quantities.figures import Figure, FigureKind

_LOOSE = re.compile(r"[\W_]+")
# How many sentences a passage goes on speaking for the figures around one that it holds.
_AROUND = 2
# A limit is set in the sentence that grants something, or in the one behind it.
_SAID_WITH = 2
# A copy with more figures than this is no copy, and each of them is compared with fewer of the sources'.
_MANY_FIGURES = 300
_COMPARED, _COMPARED_OF_MANY = 200, 12
_PER = re.compile(r"(?:/|(?<![A-Za-z])per|每)[ ]?$", re.IGNORECASE)
_BASES = (1, 100, 500)


@dataclass(frozen=True)
class Ledger:
    """Every sentence with its verdict, and what has to be mended; `notes` are of sentences worth a look, and no more."""

    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


class Case:
    """`furniture` are phrases of the column's own, `calls` words of the names of who speaks and who reads, `numbering` places whose figures count the copy itself,
    `days` those that each sentence names."""

    def __init__(
        self,
        copy: Reading,
        heard: Heard,
        lapsed: Lapsed,
        names: Catalogue,
        at: datetime,
        *,
        furniture: Sequence[str],
        calls: frozenset[str],
        numbering: Sequence[tuple[int, int]],
        days: Sequence[frozenset[date]],
    ) -> None:
        self._copy, self._heard, self._lapsed, self._names, self._at = copy, heard, lapsed, names, at
        self._furniture = {bare for phrase in furniture for bare in _pieces(phrase)}
        self._calls = calls
        self._by_sentence: dict[int, list[Place]] = {}
        for place in copy.places:
            if not any(low <= place.figure.start < high for low, high in numbering):
                self._by_sentence.setdefault(place.sentence, []).append(place)
        self._near = Neighbours(self._by_sentence)
        self._limit = _COMPARED if len(copy.places) <= _MANY_FIGURES else _COMPARED_OF_MANY
        self._spoken_of: frozenset[str] = frozenset()
        self._rulings: dict[int, Ruling] = {}
        self._matched: dict[int, Match] = {}
        self._inference = Inference(
            copy, heard, lapsed, names, at, days=days, near=self._near, matched=self._matched
        )

    def ledger(self) -> Ledger:
        findings = self._of_the_whole()
        wrong = [(finding.start, finding.end) for finding in findings]
        self._rule()
        claims: list[Claim] = []
        for number, (start, end) in enumerate(self._copy.sentences):
            mentions = self._names.mentions(self._copy.text[start:end])
            # What names nothing goes on to speak of what was named before.
            self._spoken_of = frozenset().union(*(one.names for one in mentions)) or self._spoken_of
            claim, more = self._sentence(start, end, self._by_sentence.get(number, []))
            if any(start <= low < end for low, _ in wrong):
                claim = Claim(start, end, claim.sentence, Verdict.UNSUPPORTED, method=Method.FIGURES)
            claims.append(claim)
            findings.extend(more)
        ordered = tuple(sorted(_told_once(findings), key=lambda f: (f.start, f.end, f.rule)))
        return Ledger(tuple(claims), ordered, tuple(self._untold(claims)))

    def _untold(self, claims: Sequence[Claim]) -> Iterator[Finding]:
        """Sentences that speak of what the sources do, pass as opinion, and stand in none of them."""
        for claim in claims:
            if claim.verdict is not Verdict.OPINION or self._is_furniture(claim.sentence):
                continue
            if self._heard.statements.touches(claim.sentence, self._calls):
                yield telling.of_untold(claim.start, claim.end, claim.sentence)

    def _of_the_whole(self) -> list[Finding]:
        """Days, comparisons and traits, which are read in the whole text and not figure by figure."""
        copy, readings = self._copy, self._heard.readings
        findings = day_findings(copy, readings, self._at)
        findings += [
            telling.of_comparison(copy.text, one) for one in turned_round(copy, readings, self._names)
        ]
        findings += [telling.of_trait(copy.text, one) for one in self._heard.traits.misplaced(copy)]
        findings += [
            telling.of_listed(copy.text, one.start, one.end) for one in self._heard.listings.strange(copy)
        ]
        said = {finding.start for finding in findings}
        known = [*readings, *self._lapsed.to_come()]
        return findings + [f for f in happening_findings(copy, known, self._at) if f.start not in said]

    def _rule(self) -> None:
        """What the sources say of each figure by itself, and then beside its neighbours."""
        evidence = self._heard.evidence
        for places in self._by_sentence.values():
            self._rulings |= {id(place): evidence.rule(place, limit=self._limit) for place in places}
        if len(self._copy.places) <= MOST_FIGURES:
            for places in self._by_sentence.values():
                self._rulings |= self._told_of_siblings(places)
        self._matched |= {
            name: ruling.match for name, ruling in self._rulings.items() if ruling.match is not None
        }

    def _told_of_siblings(self, places: Sequence[Place]) -> dict[int, Ruling]:
        """Rulings turned round where everything but the figure itself speaks of another line of the material.

        Of two figures that each speak against the other's line, the one told last is at fault: 95℃ … 15 seconds.
        """
        turned: dict[int, Ruling] = {}
        at_fault = [place for place in places if self._rulings[id(place)].match is None]
        for place in reversed(places):
            denied = self._heard.lines.denies(self._copy, place)
            others = [one for one in at_fault if one is not place]
            if denied is None or any(denied[1].holds(one.figure, self._at) for one in others):
                continue
            own, right = (_as_match(line) for line in denied)
            turned[id(place)] = Ruling(elsewhere=own, nearest=right, sole=True, contested=True)
            at_fault.append(place)
        return turned

    def _sentence(self, start: int, end: int, places: Sequence[Place]) -> tuple[Claim, list[Finding]]:
        sentence = self._copy.text[start:end]
        findings: list[Finding] = []
        evidence: list[tuple[int, str]] = []
        own = 0
        found: list[tuple[Place, Match]] = []
        for place in places:
            ruling = self._rulings[id(place)]
            match = ruling.match or self._at_home(place, ruling)
            if match is not None:
                found.append((place, match))
                evidence.append(_quote(match.reading, match.place.sentence))
            elif (follows := self._inference.quote(place, ruling)) is not None:
                evidence.append(_quote(*follows))
            elif self._needs_no_source(place, ruling):
                own += 1
            else:
                findings.append(telling.of_figure(place, ruling, self._lapsed_match(place), self._at))
        findings += [telling.of_pair(*pair, self._at) for pair in mismatched(found, self._at)]
        if len(places) == own:
            return self._plain(start, end, sentence)
        findings += [
            telling.of_code(place.figure, coded.code)
            for place, _ in found
            if (coded := self._heard.codes.untold(self._copy.text, place)) is not None
        ]
        findings += self._parts(start, end, sentence, places)
        findings += self._denied(start, end, sentence, [match.reading for _, match in found])
        findings += self._widened(start, end, sentence, [match for _, match in found])
        if findings:
            return Claim(start, end, sentence, Verdict.UNSUPPORTED, method=Method.FIGURES), findings
        return _supported(start, end, sentence, evidence, Method.FIGURES), []

    def _plain(self, start: int, end: int, sentence: str) -> tuple[Claim, list[Finding]]:
        if self._is_furniture(sentence):
            return Claim(start, end, sentence, Verdict.OPINION), []
        if findings := self._denied(start, end, sentence):
            return Claim(start, end, sentence, Verdict.UNSUPPORTED), findings
        if says_all(sentence) and (quote := self._heard.statements.limited(sentence)):
            return Claim(start, end, sentence, Verdict.UNSUPPORTED), [
                telling.of_widening(start, end, sentence, quote, binds=True)
            ]
        statement = self._heard.statements.judge(sentence)
        if statement.supported and statement.quote is not None:
            reading, low, high = statement.quote
            if says_all(sentence) and is_limited(quote := reading.text[low:high]):
                return Claim(start, end, sentence, Verdict.UNSUPPORTED), [
                    telling.of_widening(start, end, sentence, quote, binds=False)
                ]
            return _supported(start, end, sentence, [_quote_span(reading, low, high)], Method.WORDS), []
        if not statement.fact:
            return Claim(start, end, sentence, Verdict.OPINION), []
        return Claim(start, end, sentence, Verdict.UNSUPPORTED), [
            self._unsaid(start, end, sentence, sentence)
        ]

    def _parts(self, start: int, end: int, sentence: str, places: Sequence[Place]) -> list[Finding]:
        """A sentence whose figures are right may still promise or name what no source does."""
        if self._is_furniture(sentence):
            return []
        rest = sentence
        for place in places:
            low, high = place.figure.start - start, place.figure.end - start
            rest = rest[:low] + " " * (high - low) + rest[high:]
        figures = frozenset(figure_key(place.figure) for place in places)
        unsaid = self._heard.statements.is_unsaid(sentence, rest, figures)
        return [self._unsaid(start, end, sentence, rest)] if unsaid else []

    def _unsaid(self, start: int, end: int, sentence: str, without_figures: str) -> Finding:
        """A promise that no source makes binds the brand all the same; any other statement may be put otherwise."""
        binds = self._heard.statements.binds(without_figures)
        return (telling.of_promise if binds else telling.of_statement)(start, end, sentence)

    def _denied(self, start: int, end: int, sentence: str, homes: Sequence[Reading] = ()) -> list[Finding]:
        """What a source says the other way; of `homes`, which bear out the figures, one word shows it."""
        turned = self._heard.denials.turned(sentence, self._spoken_of, homes)
        if turned is None or self._is_furniture(sentence):
            return []
        quote = turned.reading.text[slice(*turned.span)].strip()
        return [telling.of_denial(start, end, sentence, quote, grave=turned.grave)]

    def _widened(self, start: int, end: int, sentence: str, found: Sequence[Match]) -> list[Finding]:
        """What the sources of its figures grant some only, or whatever their next sentence says of it."""
        if not found or not says_all(sentence):
            return []
        places = {(id(match.reading), match.place.sentence): match.reading for match in found}
        for (_, first), reading in places.items():
            spans = reading.sentences[first : first + _SAID_WITH]
            quote = reading.text[spans[0][0] : spans[-1][1]]
            if is_limited(quote):
                binds = bool(facts_said(sentence) & BINDING)
                return [telling.of_widening(start, end, sentence, quote, binds=binds)]
        return []

    def _is_furniture(self, sentence: str) -> bool:
        bare = _LOOSE.sub("", sentence).lower()
        return (
            not bare
            or bare in self._furniture
            or any(
                len(piece) > 5 and (bare in piece or (piece in bare and len(piece) >= 0.8 * len(bare)))
                for piece in self._furniture
            )
        )

    def _needs_no_source(self, place: Place, ruling: Ruling) -> bool:
        """The post's own day and hour, and what is said in passing, unless a source surely says another figure."""
        if _is_denied(place, ruling):
            return False
        heard = self._heard
        return (
            self._is_slots_own(place.figure)
            or is_said_in_passing(self._copy, place, heard.statements, has_hours=heard.evidence.has_hours)
            or self._is_named(place.figure)
            or self._is_base(place.figure)
        )

    def _is_named(self, figure: Figure) -> bool:
        """Under 14, of what is called "Day Pass, youth under 14", and 1.5升 of a 1.5升砂锅."""
        number = figure.text.split()[0] if figure.text else ""
        if figure.kind is FigureKind.MEASURE:
            return self._names.spells(figure.text)
        return (
            number.replace(".", "", 1).isdigit()
            and figure.kind in (FigureKind.NUMBER, FigureKind.COUNT)
            and self._names.holds(number)
        )

    def _is_base(self, figure: Figure) -> bool:
        """£6 per 100 ml says nothing of a size: prices are told for so much."""
        before = self._copy.text[max(0, figure.start - 5) : figure.start]
        return figure.kind is FigureKind.MEASURE and figure.shown in _BASES and bool(_PER.search(before))

    def _is_slots_own(self, figure: Figure) -> bool:
        at = self._at
        if figure.kind is FigureKind.DATE:
            if figure.unit in ("month", "year"):
                month = figure.unit == "year" or int(figure.value) == at.month
                return month and figure.year in (None, at.year)
            today = Figure(0, 0, "", FigureKind.DATE, Decimal(at.month * 100 + at.day), "day", year=at.year)
            return same(figure, today, at)
        now = Figure(0, 0, "", FigureKind.TIME, Decimal(at.hour * 60 + at.minute), "clock")
        return figure.kind is FigureKind.TIME and same(figure, now, at)

    def _at_home(self, place: Place, ruling: Ruling) -> Match | None:
        """A figure without words of its own, in the passage that its neighbours come from."""
        homes: dict[int, Reading] = {}
        around = self._near.of(place.sentence - _AROUND, place.sentence + _AROUND) if self._matched else ()
        for other in around:
            known = self._matched.get(id(other))
            if known is not None:
                homes.setdefault(id(known.reading), known.reading)
        found = self._heard.evidence.ends_together(place)
        if found is None and not ruling.contested:
            found = self._heard.evidence.at_home(place, homes.values())
        if found is not None:
            self._matched[id(place)] = found  # What was taken from here speaks for what follows, too.
        return found

    def _lapsed_match(self, place: Place) -> Match | None:
        return self._lapsed.evidence.rule(place, limit=self._limit).match if self._lapsed else None


def _told_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, but that a sentence which a source speaks against is not told to lack a source as well."""
    against = [one.start for one in findings if one.rule == "wrong_trait"]
    for one in findings:
        if one.rule != "unsupported_statement" or not any(one.start <= at < one.end for at in against):
            yield one


def _is_denied(place: Place, ruling: Ruling) -> bool:
    """Whether a source surely gives another figure for the same thing."""
    if ruling.nearest is None:
        return False
    other = ruling.nearest.place
    return strong(ruling.nearest) or bool(place.names & other.names and place.company & other.company)


def _as_match(line: Line) -> Match:
    return Match(line.reading, line.place, 0.0, 0.0)


def _supported(
    start: int, end: int, sentence: str, evidence: Sequence[tuple[int, str]], method: Method
) -> Claim:
    unique = tuple(dict.fromkeys(evidence))
    passage, quote = unique[0]
    return Claim(start, end, sentence, Verdict.SUPPORTED, passage, quote, unique, method)


def _quote(reading: Reading, sentence: int) -> tuple[int, str]:
    return _quote_span(reading, *reading.sentences[sentence])


def _quote_span(reading: Reading, start: int, end: int) -> tuple[int, str]:
    assert reading.source is not None
    return reading.source.passage, reading.text[start:end]


def _pieces(phrase: str) -> list[str]:
    """A phrase and its lines, without punctuation and case, as they are looked for in the copy."""
    bare = [_LOOSE.sub("", part).lower() for part in (phrase, *phrase.splitlines())]
    return [piece for piece in bare if piece]
