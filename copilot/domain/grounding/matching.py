"""Whether a figure of the copy is a figure of the material: equal in value, and about the same thing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from copilot.domain.grounding.matches import (
    MARGIN,
    Match,
    Ruling,
    has_its_bound,
    is_closer,
    keeps_company,
    told,
)
from copilot.domain.grounding.places import Place, Reading, figure_key
from copilot.domain.grounding.sameness import comparable, counts_alike, is_of_its_sort, keys, same
from copilot.domain.grounding.sorts import opposed, sorts
from copilot.domain.grounding.subjects import variants
from copilot.domain.grounding.topics import at_odds
from copilot.domain.grounding.words import words
from copilot.domain.quantities.figures import Figure, FigureKind, Role

_OPPOSED = ({Role.START, Role.END}, {Role.LEAST, Role.MOST})
_MEASURED = (FigureKind.MEASURE, FigureKind.DURATION)
_ROUNDED = (FigureKind.MEASURE, FigureKind.PERCENT)
# What has no unit, or a small one, is found in any text: there the words must agree, too.
_LOOSE = (FigureKind.NUMBER, FigureKind.COUNT, FigureKind.CODE)
_LARGE = 100
_SHARES = (FigureKind.OFFER, FigureKind.PERCENT)
_BESIDE = 14
_PRICED = (FigureKind.PRICE, FigureKind.POINTS, FigureKind.OFFER)
# How far a rounded bound may stand from the figure that it is told of.
_NEAR_BOUND = Decimal("0.1")
# So many rulings are remembered: a copy that is being typed asks for another one at every pause.
_MOST_RULED = 2000


class Evidence:
    """The figures of some sources, findable by value, with the weight of each word among them."""

    def __init__(self, readings: Sequence[Reading], at: datetime) -> None:
        self.readings = tuple(readings)
        self._at = at
        self._by_value: dict[tuple[FigureKind, Decimal], list[tuple[Reading, Place]]] = defaultdict(list)
        self._by_kind: dict[FigureKind, list[tuple[Reading, Place]]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for reading in readings:
            for place in reading.places:
                counts.update(place.sentence_words | place.clause_words)
                self._by_kind[place.figure.kind].append((reading, place))
                values = keys(place.figure, at)
                if place.figure.high is not None and place.figure.kind in _MEASURED:
                    values = [*values, place.figure.high]
                for value in values:
                    self._by_value[place.figure.kind, value].append((reading, place))
        self._weights = {word: 1.0 / (1.0 + math.log2(count)) for word, count in counts.items()}
        self._bases = frozenset().union(*(p.basis for reading in readings for p in reading.places))
        self._ruled: dict[tuple[object, ...], Ruling] = {}

    @property
    def has_hours(self) -> bool:
        return bool(self._by_kind[FigureKind.TIME])

    def rule(self, place: Place, *, limit: int = 200) -> Ruling:
        figure = place.figure
        # All that a ruling looks at but where it stands, so that what was ruled before a keystroke holds after it.
        key = (
            figure.kind, figure.value, figure.high, figure.unit, figure.year, figure.role, place.clause_words,
            place.sentence_words, place.groups, place.explicit, place.topic, place.clause_topics, place.company,
            tuple(map(figure_key, place.sizes[:4])), tuple(map(figure_key, place.clause_sizes[:4])), place.taken_off,
            place.own_sizes, place.sorts, place.denied, place.side, place.basis, limit,
        )  # fmt: skip
        known = self._ruled.get(key)
        if known is None:
            if len(self._ruled) >= _MOST_RULED:
                self._ruled.clear()
            known = self._ruled[key] = self._rule(place, limit)
        return known

    def _rule(self, place: Place, limit: int) -> Ruling:
        if len(place.groups) > 1:
            # Said of several things at once: it must be true of each.
            ruling = Ruling()
            for group in place.groups:
                ruling = self._judge(place, group, limit)
                if ruling.match is None:
                    return ruling
            return ruling
        return self._judge(place, place.names, limit)

    def _judge(self, place: Place, names: frozenset[str], limit: int) -> Ruling:
        equal = islice(
            (pair for pair in self._equal(place.figure) if self._is_same(place, names, pair)),
            limit,
        )
        fitting: list[Match] = []
        elsewhere: list[Match] = []
        unlinked: list[Match] = []
        for reading, other in equal:
            match = self._scored(place, names, reading, other)
            if not _elliptic(place, other):
                continue
            if self._about_another(place, names, other):
                elsewhere.append(match)
            elif self._related(place, names, other, match):
                fitting.append(match)
            else:
                unlinked.append(match)
        # A figure that the copy says as well stands for itself and contests no other.
        said = place.company
        rivals = [
            self._scored(place, names, reading, other)
            for reading, other in self._alike(place.figure)[:limit]
            if comparable(place.figure, other.figure)
            and not same(place.figure, other.figure, self._at)
            and not self._about_another(place, names, other)
        ]
        best = max(fitting, key=lambda m: m.score, default=None)
        rival = max(
            (
                m
                for m in rivals
                if figure_key(m.place.figure) not in said and m.place.taken_off == place.taken_off
            ),
            key=lambda m: m.score,
            default=None,
        )
        contested = False
        if (
            best
            and rival
            and not keeps_company(place, best, rival)
            and (is_closer(rival, best) or has_its_bound(place.figure, rival, best))
        ):
            elsewhere.append(best)
            best, contested = None, True
        best = best or self._bounded(place, names, rivals)
        if best:
            return Ruling(match=best)
        nearest, sole = self._nearest(place, names, rivals)
        if (alone := self._in_other_words(place, names, unlinked, rivals)) is not None:
            return Ruling(match=alone)
        elsewhere += unlinked
        return Ruling(
            elsewhere=max(elsewhere, key=lambda m: m.score, default=None),
            nearest=nearest,
            sole=sole,
            contested=contested,
        )

    def _in_other_words(
        self, place: Place, names: frozenset[str], unlinked: Sequence[Match], rivals: Sequence[Match]
    ) -> Match | None:
        """A figure told in words that no source has, where nothing else of its sort is nearer to those words."""
        is_telling = place.figure.kind not in _LOOSE or place.figure.value >= _LARGE
        best = max(unlinked, key=lambda m: m.score, default=None) if is_telling else None
        if best is None or self._are_told_elsewhere(place, best.reading):
            return None
        related = [match for match in rivals if self._related(place, names, match.place, match)]
        if place.explicit and any(match.named for match in related):
            return None  # Of what the sentence names, the sources say something else.
        beside = _values(place.company) - _values(best.place.company)
        if any(beside & _values(match.place.company) for match in rivals):
            return None  # Three teas or more, 15%: another one stands beside what the copy tells with this.
        return None if any(told(match) > told(best) for match in related) else best

    def _are_told_elsewhere(self, place: Place, reading: Reading) -> bool:
        """Whether the sources have words for what the copy tells of, and this passage none of these."""
        known = {word for word in place.clause_words if word[0] != "#" and word in self._weights}
        return bool(known) and known.isdisjoint(frozenset().union(*reading.sentence_words))

    def at_home(self, place: Place, homes: Iterable[Reading]) -> Match | None:
        """The figure in a passage that the sentences around it were taken from: there it needs no words of its own."""
        for reading in homes:
            for other in reading.places:
                if (
                    (same(place.figure, other.figure, self._at) or counts_alike(place.figure, other.figure))
                    and _elliptic(place, other)
                    and not self._about_another(place, place.names, other)
                ):
                    return self._scored(place, place.names, reading, other)
        return None

    def ends_together(self, place: Place) -> Match | None:
        """A range both of whose ends one sentence of a source lists: 50, 53 and 59 cm are sizes from 50 to 59."""
        figure = place.figure
        if figure.high is None or figure.kind not in (*_MEASURED, FigureKind.PRICE):
            return None
        for reading, low in self._by_value.get((figure.kind, figure.value), [])[:50]:
            for other in reading.places:
                alike = (other.figure.kind, other.figure.unit) == (figure.kind, figure.unit)
                of_another = place.names and low.groups and not place.names & low.names
                ends = alike and other.sentence == low.sentence and other.figure.value == figure.high
                if ends and not of_another:
                    return self._scored(place, place.names, reading, low)
        return None

    def _bounded(self, place: Place, names: frozenset[str], rivals: Sequence[Match]) -> Match | None:
        """6.8 kg are "under 7 kilos": a bound that the material's own figure keeps to, and is near."""
        figure = place.figure
        if figure.role not in (Role.LEAST, Role.MOST) or figure.kind not in _ROUNDED:
            return None
        for match in rivals:
            its = match.place.figure
            if its.unit != figure.unit or its.high is not None or its.role is not Role.NONE or not its.value:
                continue
            keeps = its.value <= figure.value if figure.role is Role.MOST else its.value >= figure.value
            if keeps and abs(its.value - figure.value) <= _NEAR_BOUND * its.value and match.clause_score > 0:
                return match
        return None

    def _is_same(self, place: Place, names: frozenset[str], pair: tuple[Reading, Place]) -> bool:
        """Equal figures; counts of things called otherwise (50 dogs, fifty pups) where the words around agree."""
        reading, other = pair
        if same(place.figure, other.figure, self._at) or _is_far_end(place.figure, other.figure):
            return True
        return (
            counts_alike(place.figure, other.figure)
            and self._scored(place, names, reading, other).clause_score > 0
        )

    def _equal(self, figure: Figure) -> list[tuple[Reading, Place]]:
        kinds = {figure.kind}
        if figure.kind in (
            FigureKind.NUMBER,
            FigureKind.COUNT,
            FigureKind.POINTS,
            FigureKind.PRICE,
            FigureKind.MEASURE,
        ):
            kinds.add(FigureKind.NUMBER)
        if figure.kind is FigureKind.NUMBER:
            kinds |= {
                FigureKind.COUNT,
                FigureKind.DATE,
                FigureKind.PERCENT,
                FigureKind.POINTS,
                FigureKind.PRICE,
                FigureKind.MEASURE,
                FigureKind.DURATION,
            }
        if figure.kind is FigureKind.PRICE and "pound" in figure.text.lower():
            kinds.add(FigureKind.MEASURE)
        if figure.kind in (FigureKind.OFFER, FigureKind.PERCENT):
            kinds |= {FigureKind.OFFER, FigureKind.PERCENT}
        found: list[tuple[Reading, Place]] = []
        values = set(keys(figure, self._at))
        if figure.kind in (FigureKind.OFFER, FigureKind.PERCENT):
            values.add(100 - figure.value)
        for kind in sorted(kinds):
            for value in sorted(values):
                found += self._by_value.get((kind, value), [])[:1000]
        return found

    def _alike(self, figure: Figure) -> list[tuple[Reading, Place]]:
        """All the figures of its kind; a share of a price is told as what is paid of it, or as what is taken off."""
        if figure.kind in _SHARES and figure.unit in ("pay", "%"):
            return [pair for kind in _SHARES for pair in self._by_kind[kind]]
        return self._by_kind[figure.kind]

    def _about_another(self, place: Place, names: frozenset[str], other: Place) -> bool:
        named = place.explicit or other.explicit
        # A strap asks for balm every three months: what is told of the one in terms of the other is of both.
        apart = named and bool(names and other.groups) and not names & other.names
        if apart and not (_heads(other.names) - _heads(names)) & place.clause_words:
            return True
        mine, theirs = variants(names), variants(other.names)
        if mine and theirs and not mine & theirs:
            return True
        opposite = any({place.figure.role, other.figure.role} == pair for pair in _OPPOSED)
        # Not to be washed within seven days, and after seven days it may be, say the same.
        if opposite and place.denied == other.denied:
            return True
        if place.side and other.side and place.side != other.side:
            return True
        if place.basis and other.basis and not place.basis & other.basis and place.basis & self._bases:
            return True
        kinds = sorts(" ".join(sorted(other.names))) if other.explicit else frozenset()
        if opposed(place.sorts, kinds or other.sorts):
            return True
        apart = place.topic not in other.clause_topics and other.topic not in place.clause_topics
        if apart and at_odds(place.topic, other.topic):
            return True
        return self._other_size(place, other)

    def _other_size(self, place: Place, other: Place) -> bool:
        """29 for 100 ml is not 29 for 1 l: the nearest size of each kind must agree where both have one."""
        priced = place.figure.kind in _PRICED
        # "Only 100 left" a clause away is no size of the price; a volume in the same sentence is.
        ours = [
            f
            for f in (place.sizes[:4] if priced else place.clause_sizes[:4])
            if f.role is Role.NONE
            and (
                f.kind is not FigureKind.COUNT or f in place.clause_sizes or self._is_variant(f, place.figure)
            )
        ]
        theirs = other.sizes[:12] if priced else other.clause_sizes
        if place.figure.kind is FigureKind.OFFER or not place.own_sizes:
            # An offer is of all the sizes it names, and what an earlier sentence named is as likely one as the other.
            return _are_apart(ours, theirs)
        for kind in (FigureKind.MEASURE, FigureKind.COUNT, FigureKind.CODE):
            mine = next((f for f in ours if f.kind is kind), None)
            if mine is None or mine.unit == "C" or (kind, mine.value) not in self._by_value:
                continue  # a size that no source has is a fault of its own, not this figure's
            if kind is FigureKind.CODE:
                # A5 and A6 are sizes of one sort, which their letters name.
                its = next((f for f in theirs if f.kind is kind and _letters(f) == _letters(mine)), None)
                if its is not None and its.unit != mine.unit and (kind, mine.value) in self._by_value:
                    return True
                continue
            its = next((f for f in theirs if f.kind is kind and f.unit == mine.unit), None)
            if other.row and any(_is_size_of(f, mine) for f in theirs):
                continue  # A row's cells are sizes of one thing, whichever stands nearest.
            # Beside a count, another count of the same sort is a neighbour, not a size.
            itself = (
                its is not None and (other.figure.kind, other.figure.unit) == (kind, its.unit) and not priced
            )
            if its is not None and not itself and (its.value, its.high) != (mine.value, mine.high):
                return True
        return False

    def _is_variant(self, size: Figure, price: Figure) -> bool:
        """Whether rows of a table tell their products apart by this count: 30颗的小盒，双11价39元."""
        if size.value < 2 or not 0 <= price.start - size.end <= _BESIDE:
            return False
        return any(
            reading.source is not None and reading.source.fields and other.figure.unit == size.unit
            for reading, other in self._by_value.get((FigureKind.COUNT, size.value), [])
        )

    def _related(self, place: Place, names: frozenset[str], other: Place, match: Match) -> bool:
        if names and names & other.names:
            return True
        if place.topic and (place.topic == other.topic or place.topic in other.clause_topics):
            return True
        if match.clause_score > 0 or place.company & other.company:
            return True
        # A bare number says so little that words elsewhere in its sentence do not place it.
        says = place.figure.kind is not FigureKind.NUMBER or place.figure.value.as_tuple().exponent != 0
        if match.score > 0 and says:
            return True
        # A figure that stands alone ("29元！") has nothing that could be compared.
        return not place.sentence_words and not place.groups

    def _scored(self, place: Place, names: frozenset[str], reading: Reading, other: Place) -> Match:
        shared = place.clause_words & other.clause_words
        clause = self._weigh(shared)
        mixed = self._weigh(
            (place.clause_words & other.sentence_words) | (place.sentence_words & other.clause_words)
        )
        wide = self._weigh(place.sentence_words & other.sentence_words)
        context = self._weigh(place.sentence_words & other.context_words)
        score = clause + 0.5 * max(0.0, mixed - clause) + 0.25 * max(0.0, wide - mixed) + 0.25 * context
        if names and names & other.names:
            score += 1.0
            # A variant's own name holds words that the copy does not say.
            score -= 0.15 * (min(len(other.names), 6) - 1)
        score += 0.2 * min(2, len(place.company & other.company))
        if place.topic and place.topic == other.topic:
            score += 0.5
            clause += 0.5
        return Match(reading, other, score, clause, bool(names and names & other.names), shared)

    def _weigh(self, shared: Iterable[str]) -> float:
        return sum(self._weights.get(word, 0.0) for word in shared)

    def _nearest(self, place: Place, names: frozenset[str], rivals: list[Match]) -> tuple[Match | None, bool]:
        """The material's own figure for the same thing; sole when no second value competes with it."""
        near = [
            match
            for match in rivals
            if self._related(place, names, match.place, match)
            and is_of_its_sort(place.figure, match.place.figure)
        ]
        # What bounds something is a slip for another bound of it, where there is one.
        bounds = [match for match in near if match.place.figure.role is place.figure.role]
        near = bounds if place.figure.role in (Role.LEAST, Role.MOST) else near
        if not near:
            return None, False
        best_by_value: dict[tuple[Decimal, Decimal | None, str], Match] = {}
        for match in near:
            figure = match.place.figure
            key = (figure.value, figure.high, figure.unit)
            if key not in best_by_value or match.score > best_by_value[key].score:
                best_by_value[key] = match
        ranked = sorted(best_by_value.values(), key=lambda m: -m.score)
        alone = len(ranked) == 1 or ranked[0].score >= ranked[1].score + MARGIN
        # A suggestion that is one click away must share more with the copy than the product's name.
        return ranked[0], alone and ranked[0].clause_score > 0

    def difference(self, place: Place) -> Match | None:
        """A saving that no source spells out, but whose two prices one sentence of a source gives."""
        if place.figure.kind is not FigureKind.PRICE:
            return None
        for reading, other in self._by_kind[FigureKind.PRICE][:200]:
            if place.names and other.groups and not place.names & other.names:
                continue
            if other.figure.unit not in ("", place.figure.unit):
                continue
            match = self._scored(place, place.names, reading, other)
            if not self._related(place, place.names, other, match):
                continue
            there = [p.figure for p in reading.places if p.sentence == other.sentence]
            if any(
                its.kind is FigureKind.PRICE and other.figure.value - its.value == place.figure.value > 0
                for its in there[:20]
            ):
                return match
        return None


@lru_cache(maxsize=1024)
def _heads(names: frozenset[str]) -> frozenset[str]:
    """What things are by the last word of their English names: the balm of a Leather balm."""
    return frozenset(found[-1].form for name in names if name.isascii() and (found := words(name)))


def _is_size_of(one: Figure, other: Figure) -> bool:
    return (one.kind, one.unit, one.value, one.high) == (other.kind, other.unit, other.value, other.high)


def _are_apart(ours: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    """Whether both name sizes of one sort, and none that the other does."""
    sorts = {(size.kind, size.unit) for size in ours} & {(size.kind, size.unit) for size in theirs}
    mine = {(size.kind, size.unit, size.value) for size in ours if (size.kind, size.unit) in sorts}
    its = {(size.kind, size.unit, size.value) for size in theirs if (size.kind, size.unit) in sorts}
    return bool(mine and its) and not mine & its


def _letters(figure: Figure) -> str:
    return figure.unit.rstrip("+0123456789.")


def _is_far_end(figure: Figure, other: Figure) -> bool:
    """Up to three months, of one to three months."""
    is_bound = figure.role is Role.MOST and figure.high is None and other.high is not None
    return is_bound and (figure.kind, figure.unit) == (other.kind, other.unit) and figure.value == other.high


def _elliptic(place: Place, other: Place) -> bool:
    """A bare number stands for a measure only beside another of that sort: 4.8 kilos for one, 6.1 for the other."""
    if place.figure.kind is not FigureKind.NUMBER or other.figure.kind not in _MEASURED:
        return True
    if place.figure.high is not None:
        return True  # Two ends that both agree are no coincidence: children of six to nine.
    beside = f"#{other.figure.kind}:{other.figure.unit}:"
    before = (size.kind is other.figure.kind and size.unit == other.figure.unit for size in place.sizes)
    return any(key.startswith(beside) for key in place.company) or any(before)


def _values(company: frozenset[str]) -> set[str]:
    """The bare values of the figures near one, but for those that stand near any."""
    values = {key.rpartition(":")[2] for key in company}
    return values - {"1", "2"}
