"""Texts as evidence: every figure with what stands around it, so that two figures can be told apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from copilot.domain.brands import Language
from copilot.domain.figures import Figure, FigureKind
from copilot.domain.materials import Source
from copilot.domain.quantities import figures
from copilot.domain.sentences import sentences
from copilot.domain.subjects import Catalogue, Mention
from copilot.domain.topics import POLICY, Topic, topics
from copilot.domain.words import words

_BREAK = re.compile(
    r"[；;。！？!?\n|（）()【】…]|，|、|(?<![0-9]),|,(?![0-9])|[ ](?:and|but|while|whereas|plus|or)[ ]|[ ][—–-][ ]|——",
    re.IGNORECASE,
)
_HAN = re.compile(r"[一-鿿]")
_CELL = re.compile(r"[；;\n]")
_NO_NAME = re.compile(r"说明|描述|编号|数量|编码|description|number|code", re.IGNORECASE)
_PRODUCT_HEADER = re.compile(
    r"产品|品名|商品|名称|型号|款式|套餐|套装|product|item|name|model|bundle|set\b", re.IGNORECASE
)
_HEADER = re.compile(r"^\s*([^：:]{1,30})[：:]\s*")
_HEADER_UNIT = re.compile(r"[（(]([^）)]{1,8})[）)]|[/／](元|£|ml|g|cm)$")
_PRICE_HEADER = re.compile(r"价|金额|price|cost|£|\$|¥|rrp", re.IGNORECASE)
_POINTS_HEADER = re.compile(r"积分|points", re.IGNORECASE)
_EVERYTHING = re.compile(
    r"全场|全店|所有|任意|每单|每位|新会员|any order|all orders|every order|everything|all (?:our )?products|sitewide",
    re.I,
)


@dataclass(frozen=True)
class Place:
    """A figure where it stands: its clause, its sentence, its thing and its topic.

    `groups` are the products it is about, one frozenset of synonymous names each; `explicit` says
    that its own sentence names them. `sizes` are the measures and counts near it, nearest first.
    """

    figure: Figure
    sentence: int
    clause: tuple[int, int]
    clause_words: frozenset[str]
    sentence_words: frozenset[str]
    context_words: frozenset[str]
    groups: tuple[frozenset[str], ...]
    explicit: bool
    topic: str
    clause_topics: frozenset[str]
    sizes: tuple[Figure, ...]
    clause_sizes: tuple[Figure, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*self.groups)


@dataclass(frozen=True)
class Reading:
    """A text read once: its sentences, and its figures in their places."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    sentence_words: tuple[frozenset[str], ...]
    places: tuple[Place, ...]
    source: Source | None = None


def product_cells(sources: Sequence[Source]) -> list[str]:
    """What the product columns of row sources name: products and their variants."""
    return [
        cell.strip()
        for source in sources
        for header, cell in source.fields.items()
        if _PRODUCT_HEADER.search(header) and cell.strip() and not _NO_NAME.search(header)
    ]


def read_source(source: Source, catalogue: Catalogue) -> Reading:
    """The passage with its figures in their places. The live check reads the same passages at every
    keystroke, so readings are kept by all that they depend on."""
    key = (source.text, source.title, source.context, tuple(source.fields.items()))
    return replace(_read_passage(*key, catalogue), source=source)


@lru_cache(maxsize=2048)
def _read_passage(
    text: str, title: str, context: str, fields: tuple[tuple[str, str], ...], catalogue: Catalogue
) -> Reading:
    language = Language.ZH if _HAN.search(text) else Language.EN
    spans = [(0, len(text.rstrip()))] if fields else sentences(text, language)
    own = _row_products(dict(fields), catalogue)
    return _read(text, spans, catalogue, context=f"{title}\n{context}", fields=dict(fields), own=own)


def _row_products(fields: Mapping[str, str], catalogue: Catalogue) -> list[frozenset[str]]:
    """What a row is about. A product cell such as 全部商品 names everything, hence nothing; one such as
    "Spare part" is completed by the one product that another short cell names."""
    cells = {header: cell.strip() for header, cell in fields.items() if cell.strip()}
    own: list[frozenset[str]] = []
    for header, cell in cells.items():
        if _PRODUCT_HEADER.search(header) and not _NO_NAME.search(header) and not _EVERYTHING.search(cell):
            own += [mention.names for mention in catalogue.mentions(cell)] or [frozenset({cell})]
    if own and not frozenset().union(*own) & catalogue.own:
        for cell in cells.values():
            named = {mention.names for mention in catalogue.mentions(cell) if mention.names & catalogue.own}
            if len(named) == 1 and len(cell) <= 60:
                own += named
    return own


def read_copy(text: str, language: Language, catalogue: Catalogue) -> Reading:
    return _read(text, sentences(text, language), catalogue)


def _read(
    text: str,
    spans: Sequence[tuple[int, int]],
    catalogue: Catalogue,
    *,
    context: str | None = None,
    fields: Mapping[str, str] | None = None,
    own: Sequence[frozenset[str]] = (),
) -> Reading:
    """`context` is None for copy, which carries its subject on only from what it named before."""
    row = bool(fields)
    evidence = context is not None
    context = context or ""
    for_all = _is_for_all(fields or {})
    found = figures(text, catalogue.names)
    mentions = catalogue.mentions(text)
    around = [mention.names for mention in catalogue.mentions(context)]
    context_sizes = tuple(f for f in figures(context, catalogue.names) if _is_size(f)) if context else ()
    context_words = frozenset(word.form for word in words(context)) if context else frozenset()
    starts = [start for start, _ in spans]
    per_sentence: list[list[Figure]] = [[] for _ in spans]
    for figure in found:
        index = bisect_right(starts, figure.start) - 1
        if index >= 0:
            per_sentence[index].append(figure)
    named: list[list[Mention]] = [[] for _ in spans]
    for mention in mentions:
        index = bisect_right(starts, mention.start) - 1
        if index >= 0:
            named[index].append(mention)

    places: list[Place] = []
    sentence_words: list[frozenset[str]] = []
    carried: list[frozenset[str]] = []
    sizes_before: tuple[Figure, ...] = ()
    for number, (start, end) in enumerate(spans):
        part = text[start:end]
        forms = [(start + word.start, start + word.end, word.form) for word in words(part)]
        whole = frozenset(form for _, _, form in forms)
        sentence_words.append(whole)
        here = per_sentence[number]
        if here:
            clauses = _clauses(text, start, end, _CELL if row else _BREAK)
            clause_starts = [clause[0] for clause in clauses]
            said = [Topic(t.start + start, t.end + start, t.name) for t in topics(part)]
            sizes = [figure for figure in here if _is_size(figure)]
            everything = bool(_EVERYTHING.search(part))
            for figure in here:
                clause = clauses[max(0, bisect_right(clause_starts, figure.start) - 1)]
                if row:
                    figure = _typed_by_header(text, clause, figure)
                inside = _clause_words(forms, clauses, clause)
                inside |= {
                    _key(f)
                    for f in sizes[:40]
                    if f.start != figure.start and clause[0] <= f.start < clause[1]
                }
                topic, clause_topics = _topic(text, said, figure, clause, row)
                groups, explicit = _about(text, figure, clause, (start, end), here, named[number])
                if own:
                    # A cell may name a part of its bundle: the figure beside it is about either.
                    groups, explicit = (frozenset().union(*own, *groups),), True
                elif for_all:
                    groups, explicit = (), False
                elif not groups and not everything:
                    if not (topic in POLICY and evidence):
                        groups = _carried(carried, around, evidence)
                near = sorted(
                    (f for f in sizes[:40] if f.start != figure.start),
                    key=lambda f: _gap(text, figure, f, clause),
                )
                places.append(
                    Place(
                        figure=figure,
                        sentence=number,
                        clause=clause,
                        clause_words=inside,
                        sentence_words=whole,
                        context_words=context_words,
                        groups=groups,
                        explicit=explicit,
                        topic=topic,
                        clause_topics=clause_topics,
                        sizes=(*near, *sizes_before, *context_sizes),
                        clause_sizes=tuple(f for f in near if clause[0] <= f.start < clause[1]),
                    )
                )
            if sizes:
                sizes_before = tuple(sizes[-2:])
        if named[number]:
            carried = [named[number][-1].names]
    return Reading(text, tuple(spans), tuple(sentence_words), tuple(places))


def _clause_words(
    forms: Sequence[tuple[int, int, str]], clauses: Sequence[tuple[int, int]], clause: tuple[int, int]
) -> frozenset[str]:
    """The clause's content words; a clause without any ("得 15 积分") goes with the one before it."""
    at = clauses.index(clause)
    while True:
        low = clauses[at][0]
        inside = frozenset(form for start, end, form in forms if start >= low and end <= clause[1])
        if inside or at == 0:
            return inside
        at -= 1


def _is_for_all(fields: Mapping[str, str]) -> bool:
    return any(_PRODUCT_HEADER.search(header) and _EVERYTHING.search(cell) for header, cell in fields.items())


def _carried(
    carried: list[frozenset[str]], around: list[frozenset[str]], evidence: bool
) -> tuple[frozenset[str], ...]:
    """Without a name of its own, a sentence is about what was named last; in a source also about its headings."""
    if not evidence:
        return tuple(carried)
    together = [*carried, *around]
    return (frozenset().union(*together),) if together else ()


def _about(
    text: str,
    figure: Figure,
    clause: tuple[int, int],
    sentence: tuple[int, int],
    here: Sequence[Figure],
    mentions: Sequence[Mention],
) -> tuple[tuple[frozenset[str], ...], bool]:
    """The products a figure is about: those before it in its clause, else after it, else the sentence's nearest."""
    if not mentions:
        return (), False
    inside = [m for m in mentions if clause[0] <= m.start < clause[1]]
    before = [m for m in inside if m.end <= figure.start]
    if before:
        floor = max(
            (f.end for f in here if f.end <= figure.start and f.kind is figure.kind), default=sentence[0]
        )
        fresh = [m for m in before if m.start >= floor]
        return tuple(m.names for m in (fresh or before[-1:])), True
    after = [m for m in inside if m.start >= figure.end]
    if after:
        return (after[0].names,), True
    earlier = [m for m in mentions if m.end <= figure.start]
    if earlier:
        # "A、B都是29元" names several things in clauses of their own, with no figure between them.
        floor = max((f.end for f in here if f.end <= figure.start), default=sentence[0])
        joined = [m for m in earlier if m.start >= floor]
        if len(joined) > 1 and re.search(r"都|均|each|both|all", text[joined[-1].end : figure.start]):
            return tuple(m.names for m in joined), True
        return (earlier[-1].names,), True
    later = [m for m in mentions if m.start >= figure.end]
    return ((later[0].names,), True) if later else ((), False)


def _topic(
    text: str, said: Sequence[Topic], figure: Figure, clause: tuple[int, int], row: bool
) -> tuple[str, frozenset[str]]:
    best, name = 60, ""
    inside: set[str] = set()
    for topic in said:
        within = clause[0] <= topic.start < clause[1]
        if within:
            inside.add(topic.name)
        elif row:
            continue
        low, high = (topic.end, figure.start) if topic.end <= figure.start else (figure.end, topic.start)
        if high < low:
            gap = 0
        elif high - low > 60:
            continue
        else:
            gap = high - low + 20 * len(_BREAK.findall(text, low, high))
        if gap < best:
            best, name = gap, topic.name
    return name, frozenset(inside)


def _clauses(text: str, start: int, end: int, breaks: re.Pattern[str]) -> list[tuple[int, int]]:
    edges: list[tuple[int, int]] = []
    begin = start
    for match in breaks.finditer(text, start, end):
        if match.start() > begin:
            edges.append((begin, match.start()))
        begin = match.end()
    if begin < end:
        edges.append((begin, end))
    return edges or [(start, end)]


def _gap(text: str, figure: Figure, other: Figure, clause: tuple[int, int]) -> int:
    gap = max(other.start - figure.end, figure.start - other.end, 0)
    return gap + (0 if clause[0] <= other.start < clause[1] else 30)


def _is_size(figure: Figure) -> bool:
    return figure.kind in (FigureKind.MEASURE, FigureKind.COUNT, FigureKind.CODE)


def _key(figure: Figure) -> str:
    return f"#{figure.kind}:{figure.unit}:{figure.value.normalize()}"


def _typed_by_header(text: str, clause: tuple[int, int], figure: Figure) -> Figure:
    """A bare number in a cell takes its unit from the column's header: 价格（元）, Volume (ml), Points."""
    if figure.kind is not FigureKind.NUMBER:
        return figure
    header = _HEADER.match(text[clause[0] : figure.start])
    if not header:
        return figure
    title = header.group(1)
    unit = _HEADER_UNIT.search(title)
    if unit:
        spelled = (unit.group(1) or unit.group(2) or "").strip()
        for written in (f"{figure.text}{spelled}", f"{spelled}{figure.text}"):
            read = figures(written)
            if len(read) == 1 and read[0].text == written and read[0].kind is not FigureKind.NUMBER:
                return replace(
                    read[0], start=figure.start, end=figure.end, text=figure.text, role=figure.role
                )
    if _POINTS_HEADER.search(title):
        return replace(figure, kind=FigureKind.POINTS)
    if _PRICE_HEADER.search(title):
        return replace(figure, kind=FigureKind.PRICE)
    return figure
