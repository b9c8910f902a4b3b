"""The claim ledger: each sentence of the copy held against the sources that are valid at the slot's time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from copilot.domain.brands import Language
from copilot.domain.findings import Check, Claim, Finding, Severity, Verdict
from copilot.domain.grounding.comparing import Compared, turned_round
from copilot.domain.grounding.contrast import Line, Lines
from copilot.domain.grounding.dates import resolve
from copilot.domain.grounding.daywords import day_findings, day_words
from copilot.domain.grounding.everyday import is_said_in_passing
from copilot.domain.grounding.evidence import read_copy, read_source
from copilot.domain.grounding.happenings import days_left, days_said, happening_findings, is_announced
from copilot.domain.grounding.matching import Evidence, Match, Ruling, strong
from copilot.domain.grounding.pairing import mismatched
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.reckoning import Reckoning
from copilot.domain.grounding.rows import product_cells
from copilot.domain.grounding.sameness import same, written_like
from copilot.domain.grounding.statements import Statements
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.grounding.traits import Misplaced, Traits
from copilot.domain.materials import Source
from copilot.domain.messages import Message
from copilot.domain.quantities.figures import Figure, FigureKind

_LOOSE = re.compile(r"[\W_]+")
_MOST_KEPT = 60  # Passages: what a draft is written from is kept, and no whole library.
_SAVING = re.compile(
    r"省|便宜|立减|少花|少付|(?<![A-Za-z])(?:saves?|saving|less|cheaper|off)(?![A-Za-z])", re.IGNORECASE
)


# How many sentences a passage goes on speaking for the figures around one that it holds.
_AROUND = 2
_MOST_NEAR = 60
_FEW = 10
_OF_A_SORT = re.compile(
    r"[款种样类瓶只支个]$|(?:kinds?|sorts?|sizes?|flavou?rs?|colou?rs?|versions?)$", re.IGNORECASE
)
_OVER = re.compile(
    r"结束了|收官|截止了|落幕|过了|(?<![A-Za-z])(?:finished|ended|closed|wrapped up|is over|was)(?![A-Za-z])",
    re.IGNORECASE,
)
_PER = re.compile(r"(?:/|(?<![A-Za-z])per|每)[ ]?$", re.IGNORECASE)
_BUDGET = re.compile(r"预算|以内|以下|budget|under|or less", re.IGNORECASE)
_LEFT_BEFORE = re.compile(r"(?:还剩|还有|只剩|仅剩|剩下?|最后|倒数|only|last|final|just)[ ]?$", re.IGNORECASE)
_LENGTH_BEFORE = re.compile(r"(?:连着|连续|为期|一共|共|限时|只有|仅|整整|for|just)[ ]?$", re.IGNORECASE)
_LEFT_AFTER = re.compile(r"^[ ]?(?:left|to go|remain\w*|more|倒计时|结束)", re.IGNORECASE)


@dataclass(frozen=True)
class Ledger:
    """Every sentence with its verdict, and what has to be mended."""

    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]


def ledger(
    text: str,
    sources: Sequence[Source],
    *,
    at: datetime,
    language: Language,
    products: Sequence[str] = (),
    furniture: Sequence[str] = (),
    numbering: Sequence[tuple[int, int]] = (),
) -> Ledger:
    """Judges `text` as copy for the slot at `at`, an aware time in the brand's zone.

    `furniture` are the column's own phrases (greeting, sign-off, call to action, quiz options):
    they need no source as long as they state no figure. `numbering` are places whose figures count the copy
    itself, such as a script's shots.
    """
    names = catalogue(tuple(products), tuple(product_cells(sources)))
    copy = read_copy(text, language, names)
    days = days_said(copy, at)
    named = frozenset().union(*days)
    holding = [s for s in sources if s.window.covers(at) or is_announced(s, named, at)]
    heard = (_heard if len(holding) <= _MOST_KEPT else _heard.__wrapped__)(tuple(holding), names, at)
    # Without any figure there is nothing that only an expired source could support.
    lapsed = [s for s in sources if s not in holding] if copy.places or named else []
    case = _Case(copy, heard, lapsed, names, at, furniture, numbering, days)
    return case.ledger()


@dataclass(frozen=True)
class _Heard:
    """Sources read and made findable; what was found once for a figure is found again at no cost."""

    readings: tuple[Reading, ...]
    evidence: Evidence
    statements: Statements
    lines: Lines
    traits: Traits


@lru_cache(maxsize=32)
def _heard(sources: tuple[Source, ...], names: Catalogue, at: datetime) -> _Heard:
    """Kept while somebody types: the same few passages are heard at every pause."""
    readings = tuple(read_source(source, names) for source in sources)
    return _Heard(
        readings,
        Evidence(readings, at),
        Statements(readings, names),
        Lines(readings, at),
        Traits(readings, names),
    )


class _Case:
    def __init__(
        self,
        copy: Reading,
        heard: _Heard,
        lapsed: Sequence[Source],
        names: Catalogue,
        at: datetime,
        furniture: Sequence[str],
        numbering: Sequence[tuple[int, int]],
        days: Sequence[frozenset[date]],
    ) -> None:
        self._days = days
        self._copy = copy
        self._at = at
        self._catalogue = names
        self._valid = heard.readings
        self._evidence = heard.evidence
        self._statements = heard.statements
        self._lines = heard.lines
        self._traits = heard.traits
        # What is to come has its days, though nothing of it may be told as if it held already.
        ahead = [s for s in lapsed if s.window.start is not None and s.window.start > at]
        self._coming = [*heard.readings, *(read_source(source, names) for source in ahead)]
        self._lapsed_sources = lapsed
        self._lapsed: Evidence | None = None
        self._furniture = {bare for phrase in furniture for bare in _pieces(phrase)}
        self._numbering = numbering
        self._by_sentence: dict[int, list[Place]] = {}
        self._rulings: dict[int, Ruling] = {}
        self._matched: dict[int, Match] = {}
        self._reckoning = Reckoning(self._evidence, copy, names, self._matched)
        self._limit = 200 if len(copy.places) <= 300 else 12

    def ledger(self) -> Ledger:
        findings = day_findings(self._copy, self._valid, self._at)
        findings += [
            _comparison_finding(self._copy.text, compared)
            for compared in turned_round(self._copy, self._valid, self._catalogue)
        ]
        findings += [_trait_finding(self._copy.text, one) for one in self._traits.misplaced(self._copy)]
        said = {finding.start for finding in findings}
        findings += [f for f in happening_findings(self._copy, self._coming, self._at) if f.start not in said]
        wrong_days = [(f.start, f.end) for f in findings]
        claims: list[Claim] = []
        by_sentence = self._by_sentence
        for place in self._copy.places:
            if any(low <= place.figure.start < high for low, high in self._numbering):
                continue
            by_sentence.setdefault(place.sentence, []).append(place)
        self._rulings = {
            id(place): self._evidence.rule(place, limit=self._limit)
            for places in by_sentence.values()
            for place in places
        }
        for places in by_sentence.values():
            self._rulings |= self._told_of_siblings(places)
        self._matched |= {
            name: ruling.match for name, ruling in self._rulings.items() if ruling.match is not None
        }
        for number, (start, end) in enumerate(self._copy.sentences):
            claim, more = self._sentence(number, start, end, by_sentence.get(number, []))
            if any(start <= low < end for low, _ in wrong_days):
                claim = Claim(start, end, claim.sentence, Verdict.UNSUPPORTED)
            claims.append(claim)
            findings.extend(more)
        return Ledger(tuple(claims), tuple(sorted(findings, key=lambda f: (f.start, f.end, f.rule))))

    def _told_of_siblings(self, places: Sequence[Place]) -> dict[int, Ruling]:
        """Rulings turned round where everything but the figure itself speaks of another line of the material.

        Of two figures that each speak against the other's line, the one told last is at fault: 95℃ … 15 seconds.
        """
        turned: dict[int, Ruling] = {}
        at_fault = [place for place in places if self._rulings[id(place)].match is None]
        for place in reversed(places):
            if self._rulings[id(place)].match is None:
                continue
            denied = self._lines.denies(self._copy, place)
            if denied is None or any(denied[1].holds(one.figure, self._at) for one in at_fault):
                continue
            own, right = (_as_match(line) for line in denied)
            turned[id(place)] = Ruling(elsewhere=own, nearest=right, sole=True, contested=True)
            at_fault.append(place)
        return turned

    def _sentence(
        self, number: int, start: int, end: int, places: Sequence[Place]
    ) -> tuple[Claim, list[Finding]]:
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
            elif (quote := self._other_quote(place, ruling)) is not None:
                evidence.append(quote)
            elif self._needs_no_source(place, ruling):
                own += 1
            else:
                findings.append(self._figure_finding(place, ruling))
        findings += [self._pair_finding(*pair) for pair in mismatched(found, self._at)]
        claimed = len(places) - own
        if claimed:
            findings += self._parts(start, end, sentence, places)
            if findings:
                return Claim(start, end, sentence, Verdict.UNSUPPORTED), findings
            return _supported(start, end, sentence, evidence), []
        return self._plain(start, end, sentence)

    def _plain(self, start: int, end: int, sentence: str) -> tuple[Claim, list[Finding]]:
        if self._is_furniture(sentence):
            return Claim(start, end, sentence, Verdict.OPINION), []
        statement = self._statements.judge(sentence)
        if statement.supported and statement.quote is not None:
            reading, low, high = statement.quote
            return _supported(start, end, sentence, [_quote_span(reading, low, high)]), []
        if not statement.fact:
            return Claim(start, end, sentence, Verdict.OPINION), []
        return Claim(start, end, sentence, Verdict.UNSUPPORTED), [_statement_finding(start, end, sentence)]

    def _parts(self, start: int, end: int, sentence: str, places: Sequence[Place]) -> list[Finding]:
        """A sentence whose figures are right may still promise or name what no source does."""
        if self._is_furniture(sentence):
            return []
        rest = sentence
        for place in places:
            low, high = place.figure.start - start, place.figure.end - start
            rest = rest[:low] + " " * (high - low) + rest[high:]
        promises, things = self._statements.unsupported_parts(rest)
        unsaid = (
            promises
            or things
            or self._statements.unsaid_gifts(sentence)
            or self._statements.excuses(sentence)
        )
        return [_statement_finding(start, end, sentence)] if unsaid else []

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

    def _saving_quote(self, place: Place) -> tuple[int, str] | None:
        """比平时省10元 is supported by a sentence that gives both prices."""
        low, high = place.clause
        start, end = place.figure.start, place.figure.end
        if not _SAVING.search(self._copy.text, max(low, start - 30), min(high, end + 30)):
            return None
        match = self._evidence.difference(place)
        return None if match is None else _quote(match.reading, match.place.sentence)

    def _needs_no_source(self, place: Place, ruling: Ruling) -> bool:
        """The post's own day and hour, unless a source surely gives another for the same thing."""
        if self._is_denied(place, ruling):
            return False
        return (
            self._is_slots_own(place.figure)
            or is_said_in_passing(self._copy, place, self._statements, has_hours=self._evidence.has_hours)
            or self._is_named(place.figure)
            or self._is_base(place.figure)
        )

    def _is_named(self, figure: Figure) -> bool:
        """Under 14, of what is called "Day Pass, youth under 14"."""
        number = figure.text.split()[0] if figure.text else ""
        return (
            number.isdigit()
            and figure.kind in (FigureKind.NUMBER, FigureKind.COUNT)
            and self._catalogue.holds(number)
        )

    def _is_base(self, figure: Figure) -> bool:
        """£6 per 100 ml says nothing of a size: prices are told for so much."""
        before = self._copy.text[max(0, figure.start - 5) : figure.start]
        return (
            figure.kind is FigureKind.MEASURE and figure.shown in (1, 100, 500) and bool(_PER.search(before))
        )

    @staticmethod
    def _is_denied(place: Place, ruling: Ruling) -> bool:
        """Whether a source surely gives another figure for the same thing."""
        if ruling.nearest is None:
            return False
        other = ruling.nearest.place
        return strong(ruling.nearest) or bool(place.names & other.names and place.company & other.company)

    def _is_slots_own(self, figure: Figure) -> bool:
        if figure.kind is FigureKind.DATE:
            if figure.unit in ("month", "year"):
                month = figure.unit == "year" or int(figure.value) == self._at.month
                return month and figure.year in (None, self._at.year)
            own = Figure(
                0,
                0,
                "",
                FigureKind.DATE,
                Decimal(self._at.month * 100 + self._at.day),
                "day",
                year=self._at.year,
            )
            return same(figure, own, self._at)
        if figure.kind is FigureKind.TIME:
            own = Figure(0, 0, "", FigureKind.TIME, Decimal(self._at.hour * 60 + self._at.minute), "clock")
            return same(figure, own, self._at)
        return False

    def _near(self, first: int, last: int) -> list[Place]:
        """The copy's figures in these sentences, few enough to be gone through for each of them."""
        found = (place for number in range(first, last + 1) for place in self._by_sentence.get(number, ()))
        return list(islice(found, _MOST_NEAR))

    def _at_home(self, place: Place, ruling: Ruling) -> Match | None:
        """A figure without words of its own, in the passage that its neighbours come from."""
        homes: dict[int, Reading] = {}
        for other in self._near(place.sentence - _AROUND, place.sentence + _AROUND):
            known = self._matched.get(id(other))
            if known is not None:
                homes.setdefault(id(known.reading), known.reading)
        found = self._evidence.ends_together(place)
        if found is None and not ruling.contested:
            found = self._evidence.at_home(place, homes.values())
        if found is not None:
            self._matched[id(place)] = found  # What was taken from here speaks for what follows, too.
        return found

    def _other_quote(self, place: Place, ruling: Ruling) -> tuple[int, str] | None:
        """What no source says in so many words but what follows from one: a saving, an edge of a window, days left."""
        quote = self._saving_quote(place) or self._window_quote(place) or self._days_left_quote(place)
        elsewhere = ruling.elsewhere.place if ruling.elsewhere is not None else None
        if quote is not None or (elsewhere is not None and elsewhere.names & place.names):
            return quote  # What stands there for another size of the thing is no sum.
        if (counted := self._counted_quote(place) or self._kept_bound_quote(place)) is not None:
            return counted
        # A sum is told beside its terms: in the same sentence, or in the one before.
        near = [other for other in self._near(place.sentence - 1, place.sentence) if other is not place]
        reckoned = self._reckoning.quote(place, near)
        return None if reckoned is None else _quote(*reckoned)

    def _counted_quote(self, place: Place) -> tuple[int, str] | None:
        """两款笔, 两种规格: as many as the sources have of what the copy speaks of."""
        figure = place.figure
        if figure.kind is not FigureKind.COUNT or figure.high is not None or not 1 < figure.value <= _FEW:
            return None
        named = place.names or frozenset().union(
            *(near.names for near in self._near(0, len(self._by_sentence)))
        )
        rows: dict[tuple[str, ...], set[int]] = {}
        for reading in self._valid:
            about = frozenset().union(*(other.names for other in reading.places))
            header = tuple(reading.source.fields) if reading.source is not None else ()
            if not header or not reading.places:
                continue
            rows.setdefault(header, set()).add(id(reading))
            if not named or about & named or not about:
                rows.setdefault((*header, "named"), set()).add(id(reading))
        alike = [len(found) for found in rows.values()]
        things = {min(other.names) for reading in self._valid for other in reading.places if other.names}
        said = {min(mention.names) for mention in self._catalogue.mentions(self._copy.text)}
        first = next((reading for reading in self._valid if reading.sentences), None)
        if (
            first is not None
            and int(figure.value) in {*alike, len(things), len(said)}
            and _OF_A_SORT.search(figure.text)
        ):
            return _quote(first, 0)
        return None

    def _kept_bound_quote(self, place: Place) -> tuple[int, str] | None:
        """预算二十块以内: a bound that the price told beside it keeps to, where it is the reader's and no offer's."""
        figure = place.figure
        if figure.kind is not FigureKind.PRICE or not _BUDGET.search(self._around(figure)):
            return None
        for other in self._near(place.sentence, place.sentence):
            match = self._matched.get(id(other))
            if (
                match is not None
                and other.figure.kind is FigureKind.PRICE
                and other.figure.value <= figure.value
            ):
                return _quote(match.reading, match.place.sentence)
        return None

    def _around(self, figure: Figure) -> str:
        return self._copy.text[max(0, figure.start - 8) : figure.end + 8]

    def _days_left_quote(self, place: Place) -> tuple[int, str] | None:
        """还剩三天 follows from the day on which what a source says ends."""
        figure = place.figure
        if figure.kind is not FigureKind.DURATION or figure.unit != "s" or figure.value % 86400:
            return None
        before = self._copy.text[max(0, figure.start - 6) : figure.start]
        after = self._copy.text[figure.end : figure.end + 12]
        counted = int(figure.value // 86400)
        listed = day_words(self._copy.text[max(0, figure.start - 16) : figure.start], self._at)
        is_left = bool(_LEFT_BEFORE.search(before) or _LEFT_AFTER.search(after))
        is_length = bool(_LENGTH_BEFORE.search(before))
        for reading in self._valid:
            if reading.source is None or not reading.sentences or reading.source.window.end is None:
                continue
            start, end = reading.source.window.start, reading.source.window.end
            if is_left and counted in days_left(self._at, [end]):
                return _quote(reading, 0)
            if is_length and start is not None and round((end - start) / timedelta(days=1)) == counted:
                return _quote(reading, 0)
        if len(listed) == counted > 1 and (first := next((r for r in self._valid if r.sentences), None)):
            return _quote(first, 0)  # 周五、周六两天 counts the days that it names.
        return None

    def _window_quote(self, place: Place) -> tuple[int, str] | None:
        """A source's own window is evidence for the first and the last day of what it says, and for their hours."""
        if place.figure.kind is FigureKind.TIME:
            return self._window_hour_quote(place)
        day = resolve(place.figure, self._at) if place.figure.kind is FigureKind.DATE else None
        if day is None:
            return None
        for reading in self._valid:
            source = reading.source
            if source is None or not reading.sentences:
                continue
            edges = []
            if source.window.start is not None and place.figure.role != "end":
                edges.append(source.window.start.astimezone(self._at.tzinfo).date())
            if source.window.end is not None and place.figure.role != "start":
                edges.append(
                    (source.window.end.astimezone(self._at.tzinfo) - timedelta(microseconds=1)).date()
                )
            if day not in edges:
                continue
            named = {name for other in reading.places for name in other.names}
            shared = any(place.sentence_words & forms for forms in reading.sentence_words)
            if (place.names & named) or (not (place.explicit and named) and shared):
                return _quote(reading, 0)
        return None

    def _window_hour_quote(self, place: Place) -> tuple[int, str] | None:
        """明晚十二点 is the end of what ends tomorrow at midnight."""
        days = self._days[place.sentence]
        start, end = self._copy.sentences[place.sentence]
        readings = [*self._valid]
        if _OVER.search(self._copy.text, start, end):
            readings += self._lapsed_evidence.readings  # What has ended has ended at the hour of its window.
            days = days or frozenset({self._at.date(), self._at.date() - timedelta(days=1)})
        for reading in readings:
            if reading.source is None or not reading.sentences:
                continue
            window = reading.source.window
            for edge in (window.start, window.end):
                if edge is None:
                    continue
                local = edge.astimezone(self._at.tzinfo)
                # What ends at the last second of a day ends at midnight, and so does what ends at the next day's first.
                near = (local + timedelta(seconds=60)).replace(second=0)
                for moment, day in (
                    (local, local.date()),
                    (near, near.date()),
                    (near, (near - timedelta(minutes=1)).date()),
                ):
                    hour = Decimal(moment.hour * 60 + moment.minute)
                    if day in days and _same_hour(place.figure, hour):
                        return _quote(reading, 0)
        return None

    def _figure_finding(self, place: Place, ruling: Ruling) -> Finding:
        figure = place.figure
        nearest = ruling.nearest.place.figure.text if ruling.nearest else ""
        lapsed = self._lapsed_match(place)
        if lapsed is not None and lapsed.reading.source is not None:
            window = lapsed.reading.source.window
            started = window.start is None or window.start <= self._at
            if started and window.end is not None:
                last = (window.end.astimezone(self._at.tzinfo) - timedelta(microseconds=1)).date().isoformat()
                reason = Message("claims.expired", {"figure": figure.text, "until": last, "nearest": nearest})
            else:
                first = window.start.astimezone(self._at.tzinfo).date().isoformat() if window.start else ""
                reason = Message("claims.not_yet", {"figure": figure.text, "from": first, "nearest": nearest})
            return self._finding("expired", figure, reason, self._suggestion(place, ruling))
        if ruling.elsewhere is not None:
            thing = _thing(ruling.elsewhere)
            subject = ", ".join(sorted(min(group, key=len) for group in place.groups))
            params = {"figure": figure.text, "subject": subject, "elsewhere": thing, "nearest": nearest}
            message = "claims.wrong_subject_nearest" if nearest else "claims.wrong_subject"
            return self._finding(
                "wrong_subject", figure, Message(message, params), self._suggestion(place, ruling)
            )
        message = "claims.unsupported_figure_nearest" if nearest else "claims.unsupported_figure"
        reason = Message(message, {"figure": figure.text, "nearest": nearest})
        return self._finding("unsupported_figure", figure, reason, self._suggestion(place, ruling))

    def _pair_finding(self, place: Place, other: Place, right: Figure) -> Finding:
        params = {"figure": place.figure.text, "other": other.figure.text, "nearest": right.text}
        suggestion = written_like(place.figure, right, self._at)
        return self._finding(
            "wrong_subject", place.figure, Message("claims.mismatched_pair", params), suggestion
        )

    def _lapsed_match(self, place: Place) -> Match | None:
        return self._lapsed_evidence.rule(place, limit=self._limit).match if self._lapsed_sources else None

    @property
    def _lapsed_evidence(self) -> Evidence:
        if self._lapsed is None:
            self._lapsed = Evidence([read_source(s, self._catalogue) for s in self._lapsed_sources], self._at)
        return self._lapsed

    def _suggestion(self, place: Place, ruling: Ruling) -> str | None:
        if ruling.nearest is None or not ruling.sole:
            return None
        return written_like(place.figure, ruling.nearest.place.figure, self._at)

    def _finding(self, rule: str, figure: Figure, reason: Message, suggestion: str | None) -> Finding:
        return Finding(
            check=Check.CLAIMS,
            rule=rule,
            severity=Severity.BLOCK,
            start=figure.start,
            end=figure.end,
            text=figure.text,
            reason=reason,
            suggestion=suggestion,
        )


def _as_match(line: Line) -> Match:
    return Match(line.reading, line.place, 0.0, 0.0)


def _same_hour(figure: Figure, minutes: Decimal) -> bool:
    if figure.unit == "clock12":
        return figure.value % 720 == minutes % 720
    return figure.value % 1440 == minutes % 1440


def _supported(start: int, end: int, sentence: str, evidence: Sequence[tuple[int, str]]) -> Claim:
    unique = tuple(dict.fromkeys(evidence))
    passage, quote = unique[0]
    return Claim(start, end, sentence, Verdict.SUPPORTED, passage, quote, unique)


def _quote(reading: Reading, sentence: int) -> tuple[int, str]:
    return _quote_span(reading, *reading.sentences[sentence])


def _quote_span(reading: Reading, start: int, end: int) -> tuple[int, str]:
    assert reading.source is not None
    return reading.source.passage, reading.text[start:end]


def _statement_finding(start: int, end: int, sentence: str) -> Finding:
    return Finding(
        check=Check.CLAIMS,
        rule="unsupported_statement",
        severity=Severity.WARN,
        start=start,
        end=end,
        text=sentence,
        reason=Message("claims.unsupported_statement", {"sentence": sentence}),
    )


def _comparison_finding(text: str, compared: Compared) -> Finding:
    start, end = compared.start, compared.end
    params = {"first": compared.first, "second": compared.second}
    reason = Message("claims.comparison", params)
    return Finding(Check.CLAIMS, "comparison", Severity.BLOCK, start, end, text[start:end], reason)


def _trait_finding(text: str, found: Misplaced) -> Finding:
    params = {"thing": found.thing, "other": found.other, "said": " · ".join(dict.fromkeys(found.said))}
    reason = Message("claims.trait_of_another" if found.other else "claims.trait_denied", params)
    start, end = found.start, found.end
    return Finding(Check.CLAIMS, "wrong_trait", Severity.WARN, start, end, text[start:end], reason)


def _thing(match: Match) -> str:
    names = match.place.names
    if names:
        return min(names, key=len)
    start, end = match.place.clause
    return match.reading.text[start:end].strip()[:40]


def _pieces(phrase: str) -> list[str]:
    """A phrase and its lines, without punctuation and case, as they are looked for in the copy."""
    bare = [_LOOSE.sub("", part).lower() for part in (phrase, *phrase.splitlines())]
    return [piece for piece in bare if piece]
