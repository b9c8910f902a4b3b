"""Reads a text: the clause, sentence, thing and topic of each figure, which tell two equal figures apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from copilot.domain.grounding.clauses import cells, clauses, lies_in
from copilot.domain.grounding.places import Place, Reading, figure_key
from copilot.domain.grounding.rows import EVERYTHING, is_for_all, typed_by_header
from copilot.domain.grounding.sorts import lasting_sorts, sorts, sorts_of_things
from copilot.domain.grounding.subjects import Catalogue, Mention
from copilot.domain.grounding.topics import POLICY, Topic, measures, topics
from copilot.domain.grounding.words import words
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind, Role

_TOGETHER = re.compile(r"都|均|each|both|all")
# What is further off than this many items explains nothing, and would cost squared time on hostile text.
_NEAR = 12
# Of a sentence with more figures than any has, fewer of those around each are looked at.
_MANY, _NEAREST = 200, 3
_AT_ONCE = 12  # Characters of an answer in which it names what was asked for.
# How far, in characters, a topic may stand from a figure of another clause.
_REACH = 32
_LEADS = 4  # Characters before a name that leads its sentence.
_FAR = 80  # Characters of a clause that are looked through for one word.


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...


_S = TypeVar("_S", bound=_Spanned)
_BESIDE = re.compile(r"^[ ]?(?:的|装|装的|of[ ])?[ ]?$")
_TAKEN_BEFORE = re.compile(
    r"(?:立?减|省下?|优惠|抵扣?|直?降|便宜了?|save|saving|saves)[ ]?(?:了)?$", re.IGNORECASE
)
_RATE_BEFORE = re.compile(r"(?:/|(?<![A-Za-z])per|每)[ ]?$", re.IGNORECASE)
_TAKEN_AFTER = re.compile(r"^[ ]?(?:off|less|discount|cheaper)(?![A-Za-z])", re.IGNORECASE)
_COORDINATES = re.compile(r"[ ]?(?:and|or|&|和|与|及|或|、)[ ]?(?:the[ ])?", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"分别|各自|依次|respectively", re.IGNORECASE)
_FORBIDS = re.compile(
    r"不可|不能|不要|不得|勿|别|禁止|不宜|(?<![A-Za-z])(?:not|never|no|cannot|[a-z]+n['’]t)(?![A-Za-z])",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(r"(?:(?:more|longer|higher|hotter|later)[ ]than|over|above|past)[ ]$", re.IGNORECASE)
_COMPARES = re.compile(r"比|(?<![A-Za-z])(?:than|as)(?![A-Za-z])")
_IT = re.compile(r"(?<![A-Za-z])(?:it|they|its|their)(?![A-Za-z])|[它其]", re.IGNORECASE)
_ALL_OF = re.compile(r"(?:(?<![A-Za-z])(?:all|every|any|each)(?:[ ]our)?[ ])$", re.IGNORECASE)
_SIDE = re.compile(
    r"[ ]?(?:(?P<before>before|ahead of|prior to|(?:之|以)?前(?![一-鿿]?排|往|面|台))|(?P<after>after|(?:之|以)?后(?!续|面|台)))",
    re.IGNORECASE,
)
_BASIS = re.compile(
    r"(?:^[ ]?/[ ]?|(?:^|[ ])(?:per|every|each|for the whole|an?)[ ])(night|stay|person|head|dog|day|week|month|year|hour|visit|car|room|pair|couple)(?![A-Za-z])"
    r"|^[ ]?(?:/[ ]?|[一每])([面台人位组晚天次趟月年束扎份节课时只双副间桌])"
)
_BASIS_BEFORE = re.compile(
    r"[一每]([面台人位组晚天次趟月年束扎份节只双副间桌])[ ]?(?:只要|只需|仅|才|是|：)?$"
)
_BASES = {"head": "person", "位": "人", "趟": "次", "时": "节", "课": "节"}
_HEADS = re.compile(r"^[ ]?[:：]")
_LEFT_OPEN = re.compile("[_＿]{2}")


@dataclass(frozen=True)
class _Around:
    """What surrounds a whole text: its title and headings, and for a row its cells. Copy has nothing."""

    evidence: bool = False
    row: bool = False
    for_all: bool = False
    calls: frozenset[str] = frozenset()
    own: tuple[frozenset[str], ...] = ()
    names: tuple[frozenset[str], ...] = ()
    words: frozenset[str] = frozenset()
    sizes: tuple[Figure, ...] = ()


def read_text(
    text: str,
    spans: Sequence[tuple[int, int]],
    catalogue: Catalogue,
    *,
    context: str | None = None,
    fields: Mapping[str, str] | None = None,
    own: Sequence[frozenset[str]] = (),
    calls: frozenset[str] = frozenset(),
) -> Reading:
    """Reads a text whose sentences are `spans`. `context` is None for copy; `own` is what a row is about, and
    `calls` are words that tell no figure from another."""
    around = _Around(calls=calls)
    if context is not None:
        around = _Around(
            evidence=True,
            row=bool(fields),
            for_all=is_for_all(fields or {}),
            own=tuple(own),
            names=tuple(mention.names for mention in catalogue.mentions(context)),
            words=frozenset(word.form for word in words(context)),
            sizes=tuple(f for f in figures(context, catalogue.spellings) if _is_size(f)),
        )
    starts = [start for start, _ in spans]
    found = _by_sentence(figures(text, catalogue.spellings), starts)
    named = _by_sentence(catalogue.mentions(text), starts)
    places: list[Place] = []
    sentence_words: list[frozenset[str]] = []
    carried: frozenset[str] | None = None
    sizes_before: tuple[Figure, ...] = ()
    for number, span in enumerate(spans):
        sentence = _Sentence(text, number, span, found[number], named[number], around, catalogue)
        sentence_words.append(sentence.words)
        if context is None and not named[number] and number + 1 < len(spans):
            carried = _answer(text, span, spans[number + 1], named[number + 1]) or carried
        if context is None and _LEFT_OPEN.search(text, *span):
            carried = None  # A riddle is not about what was named before it.
        for position in range(len(found[number])):
            places.append(sentence.place(position, carried, sizes_before))
        sizes_before = tuple(sentence.sizes[-2:]) or sizes_before
        if named[number]:
            # A source goes on about all that it named (of each model, then: check it every two weeks).
            told = named[number]
            if context is None:
                # Of two things compared, the copy goes on about the first.
                compares = _COMPARES.search(text, told[0].end, span[1])
                told = told[:1] if compares and len(told) > 1 else told[-1:]
            carried = frozenset().union(*(mention.names for mention in told))
    return Reading(text, tuple(spans), tuple(sentence_words), tuple(places))


def _answer(
    text: str, span: tuple[int, int], behind: tuple[int, int], named: Sequence[Mention]
) -> frozenset[str] | None:
    """What a question is about that names nothing, where the answer does so at once: Fifty hours? That's Fig Lane."""
    if not named or text[span[1] - 1 : span[1]] not in ("?", "？") or named[0].start - behind[0] > _AT_ONCE:
        return None
    return named[0].names


def _by_sentence(items: Sequence[_S], starts: Sequence[int]) -> list[list[_S]]:
    sorted_out: list[list[_S]] = [[] for _ in starts]
    for item in items:
        index = bisect_right(starts, item.start) - 1
        if index >= 0:
            sorted_out[index].append(item)
    return sorted_out


class _Sentence:
    """One sentence while its figures are placed."""

    def __init__(
        self,
        text: str,
        number: int,
        span: tuple[int, int],
        found: Sequence[Figure],
        named: Sequence[Mention],
        around: _Around,
        catalogue: Catalogue,
    ) -> None:
        self._catalogue = catalogue
        start, end = span
        part = text[start:end]
        self._text, self._number, self._start, self._end = text, number, start, end
        self._found, self._named, self._around = found, named, around
        spoken = words(part)
        self.words = frozenset(word.form for word in spoken)
        # Names are compared as names; as words they would make all figures of a product look alike.
        named_at = bytearray(len(part))
        for mention in named:
            named_at[mention.start - start : mention.end - start] = b"\x01" * (mention.end - mention.start)
        # So is what stands in a figure, but for the noun that a count counts.
        for figure in found:
            if figure.kind is not FigureKind.COUNT:
                named_at[figure.start - start : figure.end - start] = b"\x01" * (figure.end - figure.start)
        self._forms = [
            (start + word.start, word.form)
            for word in spoken
            if not named_at[word.start] and word.form not in around.calls
        ]
        self._form_starts = [at for at, _ in self._forms]
        self._about = frozenset(form for _, form in self._forms)
        self.sizes = [figure for figure in found if _is_size(figure) and not self._is_rate(figure)]
        if not found:
            return
        self._keys = {figure.start: figure_key(figure) for figure in found}
        self._clauses = cells(text, start, end) if around.row else clauses(text, start, end)
        self._clause_starts = [clause[0] for clause in self._clauses]
        self._topics = [Topic(t.start + start, t.end + start, t.name) for t in topics(part)]
        self._everything = bool(EVERYTHING.search(part))
        self._sorts = sorts_of_things(part)

    def place(self, position: int, carried: frozenset[str] | None, sizes_before: tuple[Figure, ...]) -> Place:
        figure = self._found[position]
        clause_number = max(0, bisect_right(self._clause_starts, figure.start) - 1)
        clause = self._clauses[clause_number]
        if self._around.row:
            figure = typed_by_header(self._text, clause, figure)
        reach = _NEAR if len(self._found) <= _MANY else _NEAREST
        near = [size for size in _close(self.sizes, figure.start, reach) if size.start != figure.start]
        near.sort(key=lambda size: _gap(figure, size, clause))
        inside = [size for size in near if lies_in(size.start, clause)]
        spoken = self._clause_words(clause_number)
        topic, clause_topics = self._topic(figure, clause, telling=bool(spoken) or self._around.row)
        groups, explicit = self._thing(figure, clause, position, topic, carried)
        return Place(
            figure=figure,
            sentence=self._number,
            clause=clause,
            clause_words=spoken | {self._keys[size.start] for size in inside},
            sentence_words=self._about,
            context_words=self._around.words,
            groups=groups,
            explicit=explicit,
            topic=topic,
            clause_topics=clause_topics,
            company=frozenset(
                self._keys[f.start]
                for f in _close(self._found, figure.start, reach)
                if f.start != figure.start
            ),
            sizes=(*near, *sizes_before, *self._around.sizes),
            clause_sizes=tuple(inside),
            taken_off=figure.kind is FigureKind.PRICE and self._is_taken_off(figure),
            row=self._around.row,
            own_sizes=bool(near),
            side=self._side(figure),
            basis=self._basis(figure),
            denied=self._is_denied(figure, clause),
            sorts=sorts(self._text[clause[0] : clause[1]]) or self._sorts_until(clause[1]),
        )

    def _sorts_until(self, end: int) -> frozenset[str]:
        """What was not opened yet, as said before: what is said of the opened thereafter is of another clause."""
        if len(self._found) > _MANY:
            return self._sorts
        return self._sorts | lasting_sorts(self._text[self._start : end])

    def _is_denied(self, figure: Figure, clause: tuple[int, int]) -> bool:
        """Whether the clause forbids what it goes on to name, or what is more: not for more than 12 hours."""
        if _FORBIDS.search(self._text, figure.end, min(clause[1], figure.end + _FAR)):
            return True
        more = _MORE_THAN.search(self._text, max(clause[0], figure.start - _FAR), figure.start)
        # No more than twelve is a bound by itself, and forbids nothing.
        return (
            figure.role is Role.LEAST
            and more is not None
            and bool(_FORBIDS.search(self._text, clause[0], more.start()))
        )

    def _side(self, figure: Figure) -> str:
        told = _SIDE.match(self._text, figure.end) if figure.kind is FigureKind.DURATION else None
        return (told.lastgroup or "") if told else ""

    def _basis(self, figure: Figure) -> frozenset[str]:
        if figure.kind is not FigureKind.PRICE:
            return frozenset()
        behind = self._text[figure.end : min(self._end, figure.end + 30)]
        ahead = self._text[max(self._start, figure.start - 8) : figure.start]
        found = [*_BASIS.finditer(behind.split("，")[0].split(",")[0]), *_BASIS_BEFORE.finditer(ahead)]
        return frozenset(_BASES.get(one, one) for match in found for one in match.groups() if one)

    def _is_rate(self, figure: Figure) -> bool:
        """Whether a measure is only what a price is reckoned by: 12元/斤, three bucks a pound, £6 per 100 ml."""
        before = self._text[max(self._start, figure.start - 5) : figure.start]
        follows = any(
            0 <= figure.start - price.end <= 2 and price.kind is FigureKind.PRICE
            for price in _close(self._found, figure.start)
        )
        return figure.kind is FigureKind.MEASURE and bool(
            _RATE_BEFORE.search(before)
            or (follows and figure.text.lower().startswith(("a ", "an ", "一", "每")))
        )

    def _is_taken_off(self, figure: Figure) -> bool:
        before = self._text[max(0, figure.start - 6) : figure.start]
        return bool(
            _TAKEN_BEFORE.search(before) or _TAKEN_AFTER.match(self._text[figure.end : figure.end + 12])
        )

    def _clause_words(self, clause_number: int) -> frozenset[str]:
        """The clause's content words; a clause without any ("得 15 积分") goes with the one before it."""
        inside: frozenset[str] = frozenset()
        for low, high in reversed(self._clauses[max(0, clause_number - _NEAR) : clause_number + 1]):
            first, last = bisect_left(self._form_starts, low), bisect_left(self._form_starts, high)
            inside = frozenset(form for _, form in self._forms[first : min(last, first + 200)])
            if inside:
                break
        return inside

    def _topic(self, figure: Figure, clause: tuple[int, int], *, telling: bool) -> tuple[str, frozenset[str]]:
        """The figure's topic and its clause's topics. A clause with words of its own (`telling`) speaks for
        itself; another is explained by the nearest topic close by ("within 48 hours: dispatch")."""
        best, name = _REACH, ""
        inside: set[str] = set()
        sort = {
            "money": figure.kind
            in (FigureKind.PRICE, FigureKind.OFFER, FigureKind.PERCENT, FigureKind.POINTS),
            "time": figure.kind in (FigureKind.DURATION, FigureKind.TIME),
            "extent": figure.kind in (FigureKind.MEASURE, FigureKind.NUMBER),
        }
        for topic in _close(self._topics, figure.start):
            if not measures(topic.name, **sort):
                continue
            within = lies_in(topic.start, clause)
            if within:
                inside.add(topic.name)
            elif telling:
                continue
            gap = max(figure.start - topic.end, topic.start - figure.end, 0) + (0 if within else 20)
            if gap < best or (within and not name):
                best, name = gap, topic.name
        return name, frozenset(inside)

    def _thing(
        self,
        figure: Figure,
        clause: tuple[int, int],
        position: int,
        topic: str,
        carried: frozenset[str] | None,
    ) -> tuple[tuple[frozenset[str], ...], bool]:
        around = self._around
        neighbours = self._found[max(0, position - _NEAR) : position + _NEAR]
        groups, explicit = self._named_for(figure, clause, neighbours)
        if around.own:
            # A cell may name a part of its bundle: the figure beside it is about either.
            # "First car" is no product: the table's title says of what.
            titled = () if frozenset().union(*around.own) & self._catalogue.own else around.names
            return (frozenset().union(*around.own, *groups, *titled),), True
        if around.for_all:
            return (), False
        if (
            groups
            and around.evidence
            and carried
            and _IT.search(self._text, max(self._start, figure.start - _FAR), figure.start)
        ):
            return (frozenset().union(carried, *groups),), True  # It adds five minutes to a full test.
        if groups or self._everything or (topic in POLICY and around.evidence):
            return groups, explicit
        if not around.evidence:
            # When something holds is often said of all that was told before.
            is_moment = figure.kind in (FigureKind.DATE, FigureKind.TIME)
            return (() if carried is None or is_moment else (carried,)), False
        # In a source, a sentence without a name is about what was named last or what the headings name.
        together = frozenset().union(carried or frozenset(), *around.names)
        return ((together,) if together else ()), False

    def _named_for(
        self, figure: Figure, clause: tuple[int, int], neighbours: Sequence[Figure]
    ) -> tuple[tuple[frozenset[str], ...], bool]:
        """The products named for a figure: before it in its clause, else after it, else the sentence's nearest."""
        mentions = _close(self._named, figure.start)
        if self._around.evidence:
            # All frames are no Featherlite Frames, though that is how their name ends.
            mentions = [
                m
                for m in mentions
                if not (
                    self._text[m.start].islower()
                    and _ALL_OF.search(self._text, max(self._start, m.start - _REACH), m.start)
                )
            ]
        if not mentions:
            return (), False
        if self._around.evidence:
            mentions = self._coordinated(mentions)
        if figure.kind in (FigureKind.DATE, FigureKind.TIME):
            # When something holds is said once, of all that the sentence names.
            return (frozenset().union(*(m.names for m in mentions)),), True
        if _is_size(figure):
            # 50克保湿面霜, two Elm Skillets: what stands right behind a measure is what is measured.
            behind = [m for m in mentions if m.start >= figure.end]
            if behind and _BESIDE.match(self._text[figure.end : behind[0].start]):
                return (behind[0].names,), True
        head = self._named[0]
        if (
            self._around.evidence
            and _HEADS.match(self._text[head.end : head.end + 2])
            and head.start <= self._start + 2
        ):
            # "Night Bundle: a Nightjar and its expansion, £44" is about the bundle, or about what is in it.
            nearest = [m for m in mentions if m.end <= figure.start][-1:]
            return (frozenset().union(head.names, *(m.names for m in nearest)),), True
        spanned = [m for m in mentions if m.start >= figure.start and m.end <= figure.end]
        if spanned:  # "buy two refills of Moss and get one free"
            return (spanned[0].names,), True
        before = [m for m in mentions if m.end <= figure.start]
        in_clause = [m for m in before if m.start >= clause[0]]
        if in_clause:
            floor = max(
                (f.end for f in neighbours if f.end <= figure.start and f.kind is figure.kind),
                default=self._start,
            )
            fresh = [m for m in in_clause if m.start >= floor]
            return tuple(m.names for m in (fresh or in_clause[-1:])), True
        after = [m for m in mentions if m.start >= figure.end]
        if after and lies_in(after[0].start, clause):
            return (after[0].names,), True
        if before:
            # "A、B都是29元" names several things in clauses of their own, with no figure between them.
            floor = max((f.end for f in neighbours if f.end <= figure.start), default=self._start)
            joined = [m for m in before if m.start >= floor]
            if len(joined) > 1 and _TOGETHER.search(self._text, joined[-1].end, figure.start):
                return tuple(m.names for m in joined), True
            # "The Red Filter clips onto both headlamps, £6" has its price at the end of what leads it.
            led = head.start <= self._start + _LEADS and self._found[0].start >= figure.start
            its = head.names if self._around.evidence and led else frozenset[str]()
            return (before[-1].names | its,), True
        return ((after[0].names,), True) if after else ((), False)

    def _coordinated(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The same, where things named side by side (the Drift Mat or Harbour Mat) are named together."""
        joined: list[Mention] = []
        for mention in mentions:
            last = joined[-1] if joined else None
            if (
                last is not None
                and _COORDINATES.fullmatch(self._text, last.end, mention.start)
                and not _RESPECTIVELY.search(self._text, self._start, self._end)
            ):
                joined[-1] = Mention(last.start, mention.end, last.names | mention.names)
            else:
                joined.append(mention)
        return joined


def _close(items: Sequence[_S], at: int, reach: int = _NEAR) -> list[_S]:
    """The items next to a place in the text, in order."""
    middle = bisect_right(items, at, key=lambda item: item.start)
    return list(items[max(0, middle - reach) : middle + reach])


def _gap(figure: Figure, other: Figure, clause: tuple[int, int]) -> int:
    gap = max(other.start - figure.end, figure.start - other.end, 0)
    return gap + (0 if lies_in(other.start, clause) else 30)


def _is_size(figure: Figure) -> bool:
    return figure.kind in (FigureKind.MEASURE, FigureKind.COUNT, FigureKind.CODE)
