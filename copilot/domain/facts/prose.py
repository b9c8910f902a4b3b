"""Facts that sentences state, and the long cells of a row that hold sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from copilot.domain.brands import Language
from copilot.domain.facts import naming, wording
from copilot.domain.facts.drafts import Said
from copilot.domain.facts.reading import Value, bounded, values
from copilot.domain.facts.topic import part, topic
from copilot.domain.facts.values import FactKind
from copilot.domain.grounding.clauses import clauses
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.materials import Family, Kind, Source
from copilot.domain.quantities.figures import FigureKind

_SPECIFIED = frozenset({FigureKind.MEASURE, FigureKind.DURATION, FigureKind.COUNT, FigureKind.PERCENT})
_TIMED = frozenset({FigureKind.DURATION, FigureKind.DATE, FigureKind.TIME})
_GUIDES = frozenset({Kind.USER_GUIDE, Kind.MAINTENANCE})
_DATED = frozenset({Kind.OFFER, Kind.BUNDLE, Kind.NEW_PRODUCT, Kind.EXPOSURE, Kind.POLICY, Kind.LOGISTICS})
_LIMITED = frozenset({Kind.OFFER, Kind.BUNDLE, Kind.NEW_PRODUCT, Kind.EXPOSURE, Kind.POLICY})


def said_in_prose(reading: Reading, source: Source, names: Catalogue, language: str) -> Iterator[Said]:
    for span in reading.sentences:
        yield from Statement(reading, source, names, language, span).said()


@dataclass(frozen=True)
class _Around:
    """The words on both sides of a value within its clause."""

    before: str
    after: str
    clause: str


class Statement:
    """One sentence while its facts are read. `subject` is what a row is about; its key cell is `topic`."""

    def __init__(
        self,
        reading: Reading,
        source: Source,
        names: Catalogue,
        language: str,
        span: tuple[int, int],
        *,
        subject: str = "",
        topic: str = "",
    ) -> None:
        self._text = reading.text
        self._source, self._names, self._language = source, names, language
        self._low, self._high = span
        self._subject, self._key = subject, topic
        self._sentence = self._text[self._low : self._high]
        self._places = [p for p in reading.places if self._low <= p.figure.start < self._high]
        self._mentions = [
            (m.start + self._low, m.end + self._low, m.names) for m in names.mentions(self._sentence)
        ]
        self._values = list(values(self._text, self._places))
        self._clauses = clauses(self._text, self._low, self._high)
        parts = source.context.split(" › ")
        self._heading = parts[-1] if parts else ""

    def said(self) -> Iterator[Said]:
        if self._is_step() or wording.TALE.search(self._sentence):
            return
        free = self._source.kind.family is Family.OPERATION or self._source.kind is Kind.BRAND_FILE
        count = 0
        for value in self._values:
            around = self._around(value)
            kind = self._kind(value, around)
            if kind is FactKind.SPECIFICATION:
                start, end = bounded(self._text, value.start, value.end, value.kind)
                value = replace(value, start=start, end=end)
                around = self._around(value)
            if kind is not None:
                count += 1
                yield self._fact(kind, value, around)
        if not count and free and wording.FREE.search(self._sentence):
            yield self._promise()

    def _is_step(self) -> bool:
        guide = self._source.kind in _GUIDES or self._source.kind is Kind.SELLING_POINT
        return guide and bool(wording.STEP.match(self._sentence))

    def _around(self, value: Value) -> _Around:
        low, high = next(
            (span for span in self._clauses if span[0] <= value.start < span[1]), (self._low, self._high)
        )
        high = max(high, value.end)
        return _Around(self._text[low : value.start], self._text[value.end : high], self._text[low:high])

    def _kind(self, value: Value, around: _Around) -> FactKind | None:
        figure = value.place.figure
        if figure.kind is FigureKind.OFFER:
            return FactKind.OFFER
        if self._is_reward(value):
            return FactKind.OFFER
        if figure.kind is FigureKind.PRICE:
            return self._money(value, around)
        if figure.kind is FigureKind.DATE:
            return FactKind.DATE if self._is_dated(value) else None
        if figure.kind is FigureKind.TIME:
            return self._hour(value, around)
        if figure.kind not in _SPECIFIED:
            return None
        if _lasts(value):
            if self._is_validity(around):
                return FactKind.OFFER
            if self._is_promise(around):
                return FactKind.PROMISE
        if self._is_limit(value, around):
            return FactKind.OFFER
        return FactKind.SPECIFICATION if self._is_specification(value, around) else None

    def _money(self, value: Value, around: _Around) -> FactKind | None:
        if not wording.MONEY_MARK.search(self._text, value.start, value.end):
            return None
        if wording.SAVED.search(around.before) or wording.SAVED_AFTER.match(around.after):
            return None
        if wording.ABOVE.search(around.before) or wording.ABOVE_AFTER.match(around.after):
            following = self._text[value.end : self._high]
            gives = wording.BENEFIT.search(following) or wording.BENEFIT.search(around.clause)
            return FactKind.OFFER if gives and "不满" not in around.before else None
        if (
            wording.REDUCED.search(around.before)
            or wording.REDUCED_AFTER.match(around.after)
            or wording.COUPON.match(around.after)
        ):
            return FactKind.OFFER
        if any(self._is_reward(other) for other in self._values):
            return FactKind.OFFER if self._language == Language.EN else None
        if wording.REPLACED.search(around.before) and not part(self._text, value.start):
            return None
        if self._is_bare_item_of_a_list() or (
            self._source.kind is Kind.LOGISTICS and not wording.FEE.search(self._sentence)
        ):
            return None
        return FactKind.PRICE

    def _is_bare_item_of_a_list(self) -> bool:
        """In "the prices of £9, £24 and £58" nothing says whose price each one is."""
        prices = [other for other in self._values if other.kind is FigureKind.PRICE]
        bare = [other for other in prices if not naming.tidy(self._around(other).before)]
        return len(prices) > 2 and len(bare) > 1

    def _is_reward(self, value: Value) -> bool:
        """Points, also with a name of the brand's own: Crumbs in the material "The Crumbs programme"."""
        if value.kind is FigureKind.POINTS:
            # 七分白 and 八分满 are parts, not points.
            return bool(wording.POINTS.search(self._sentence))
        unit = value.unit
        title = self._source.title.lower()
        if value.kind is not FigureKind.COUNT or len(unit) < 3 or unit not in title:
            return False
        return not any(unit in name.lower() for name in self._names.names)

    def _is_dated(self, value: Value) -> bool:
        if self._source.kind not in _DATED or value.place.figure.unit not in ("day", "day?"):
            return False
        return bool(wording.EVENT.search(self._sentence) or wording.EVENT.search(self._heading))

    def _hour(self, value: Value, around: _Around) -> FactKind | None:
        if self._source.kind is Kind.EXPOSURE:
            return FactKind.DATE if wording.EVENT.search(self._sentence) else None
        span = ".." in value.amount
        due = wording.LATEST.search(around.before) and wording.PROMISED.search(around.clause)
        if due and self._source.kind.family is Family.OPERATION:
            return FactKind.PROMISE
        if span and (wording.SERVED.search(self._sentence) or wording.SERVED.search(self._key)):
            return FactKind.PROMISE
        weekly = " " in value.amount
        return FactKind.DATE if weekly and self._source.kind in _DATED else None

    def _is_validity(self, around: _Around) -> bool:
        rewarding = self._source.kind is Kind.POLICY or wording.POINTS.search(self._sentence)
        return bool(rewarding and wording.VALID.search(around.clause))

    def _is_promise(self, around: _Around) -> bool:
        spoken = f"{self._key} {self._sentence}"
        if self._source.kind.family is Family.PUBLICITY and self._source.kind is not Kind.BRAND_FILE:
            return bool(wording.DISPATCHED.search(around.clause))
        if self._source.kind in (Kind.USER_GUIDE, Kind.MAINTENANCE, Kind.BRAND_FILE):
            return bool(wording.PROMISED.search(spoken)) and not wording.KEPT.search(around.clause)
        if self._source.kind.family is Family.PRODUCT:
            return bool(wording.PROMISED.search(around.clause) or wording.FREE.search(self._sentence))
        return bool(wording.PROMISED.search(spoken))

    def _is_limit(self, value: Value, around: _Around) -> bool:
        if self._source.kind not in _LIMITED or value.kind is not FigureKind.COUNT:
            return False
        if value.unit in ("time", "次", "倍") or wording.SPELLED.match(self._text, value.start):
            return False
        if value.unit == "place":
            return True
        return bool(wording.LIMIT.search(around.before) or wording.LIMIT_AFTER.match(around.after))

    def _is_specification(self, value: Value, around: _Around) -> bool:
        if not value.place.groups and not self._subject:
            return False
        if value.kind is FigureKind.COUNT and (
            value.unit in ("倍", "款") or wording.SPELLED.match(self._text, value.start) or not around.before
        ):
            return False
        if value.kind is FigureKind.DURATION and not any(c.isdigit() for c in value.place.figure.text):
            return False
        if self._source.kind in _GUIDES:
            return bool(value.place.explicit and wording.LASTING.search(self._sentence))
        if wording.SPECIFYING_HEADING.search(self._heading):
            return value.kind is FigureKind.MEASURE or bool(wording.ATTRIBUTE.search(around.clause))
        if value.kind is FigureKind.MEASURE and around.before.rstrip().endswith(("是", "也是", "都是")):
            return value.place.explicit
        return bool(value.place.explicit and wording.ATTRIBUTE.search(around.clause))

    def _fact(self, kind: FactKind, value: Value, around: _Around) -> Said:
        return Said(
            kind=kind,
            subject=self._subject or self._about(value.place),
            name=self._name(kind, value, around),
            value=self._text[value.start : value.end],
            amount=value.amount,
            unit=value.unit,
            quote=self._sentence,
        )

    def _about(self, place: Place) -> str:
        """The product in the sentence's own spelling, else the brand's, else the material's title."""
        meant = place.names
        spoken = [
            naming.widened(self._text, start, end, self._source.context)
            for start, end, names in self._mentions
            if names & meant
            and any(self._text[start:end].lower() == name.lower() for name in self._names.names)
        ]
        if spoken:
            return max(spoken, key=len)
        answered = self._text[: self._low].rstrip().endswith(("？", "?"))
        if not place.explicit and not answered:
            # Without a name of its own the sentence is about what the material's headings name.
            mentions = self._names.mentions(self._source.context)
            meant = frozenset().union(*(mention.names for mention in mentions)) & self._names.own
            if len(meant) != 1 or self._source.kind.family not in (Family.PRODUCT, Family.OPERATION):
                return self._topic()
        own = sorted(meant & self._names.own, key=len)
        return own[0] if own else min(meant, key=len) if meant else self._topic()

    def _topic(self) -> str:
        above = topic(self._source, self._low)
        named = next((m for m in self._names.mentions(above) if m.names & self._names.own), None)
        return above[named.start : named.end] if named and above != self._source.title else above

    def _name(self, kind: FactKind, value: Value, around: _Around) -> str:
        low = value.start - len(around.before)
        mentions = [
            (start, start + len(naming.widened(self._text, start, end, self._source.context)))
            if self._language == Language.EN
            else (start, end)
            for start, end, _ in self._mentions
        ]
        if kind in (FactKind.PRICE, FactKind.SPECIFICATION):
            pattern = wording.TRAILING if kind is FactKind.SPECIFICATION else wording.FEE_AFTER
            trailing = pattern.match(around.after)
            ends = (v.end for v in self._values if not wording.SPELLED.match(self._text, v.start))
            low = max([low, *(end for end in ends if end <= value.start)])
            name = naming.before(self._text, low, value.start, mentions)
            if kind is FactKind.PRICE and wording.REPLACED.search(name):
                name = f"{part(self._text, low)}{name}"
            if trailing:
                named = trailing.group("name")
                if kind is FactKind.PRICE:
                    return named
                return f"{name} {named}".strip() if self._language == Language.EN else f"{name}{named}"
            return name or naming.usual(kind, value, self._language)
        name = naming.elided(self._text, low, value.end + len(around.after), (value.start, value.end))
        if len(name.strip("… ")) < 2:
            name = naming.elided(self._text, self._low, self._high, (value.start, value.end))
        return name

    def _promise(self) -> Said:
        """A promise without a figure, such as a free repair: the sentence itself is the value."""
        subject = self._subject or next(
            (self._text[start:end] for start, end, names in self._mentions if names & self._names.own), ""
        )
        return Said(
            kind=FactKind.PROMISE,
            subject=subject or self._topic(),
            name=self._heading or self._source.title,
            value=self._sentence.rstrip("。.;；"),
            amount="",
            unit="",
            quote=self._sentence,
        )


def _lasts(value: Value) -> bool:
    """Whether the value is a stretch of time; "4 working hours" is counted, not measured."""
    return value.kind is FigureKind.DURATION or (value.kind is FigureKind.COUNT and value.unit == "hour")
