"""Patches copy when what it was written from says another figure: the old one becomes the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from copilot.domain.brands import Language
from copilot.domain.facts import wording
from copilot.domain.facts.identity import normalised
from copilot.domain.grounding.evidence import read_copy
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.grounding.topics import at_odds, topics
from copilot.domain.grounding.words import words
from copilot.domain.pricing import is_beside, is_other_sum, names_it
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind
from copilot.domain.rewriting import rewritten
from copilot.domain.weekdays import weekday_patch

_CODE = re.compile(r"[A-Z][A-Z0-9]{3,19}")
_PRICED = re.compile(
    r"(?:价|只要|仅需|到手|price(?: is)?|pay|only|just|for)[ ]?(?:是|为|：|:)?[ ]?$", re.IGNORECASE
)
_SHADE = re.compile(r"[一-鿿]{1,3}色$")
_COLOUR = re.compile(r"^ in (?P<name>[A-Z][a-z]+)")
_GENERIC = re.compile(
    r"规格|参数|尺寸|容量|重量|温度|期限|时限|时长|价|数量|内容|specification|size|weight|capacity|period|price|duration|terms?\b",
    re.IGNORECASE,
)
_LOOSE = frozenset(
    {FigureKind.DURATION, FigureKind.COUNT, FigureKind.MEASURE, FigureKind.PERCENT, FigureKind.POINTS}
)


@dataclass(frozen=True)
class Patch:
    """One replacement; `start` and `end` are code points of the copy and `text == copy[start:end]`."""

    start: int
    end: int
    text: str
    replacement: str


def propose(
    copy: str,
    *,
    before: str,
    after: str,
    subject: str,
    within: Sequence[tuple[int, int]],
    products: Sequence[str],
    language: str,
    name: str = "",
) -> tuple[Patch, ...]:
    """The patches that put `after` where the copy says `before` about `subject`; none where that is unsure.

    `within` are the sentences that cite the fact's passage; empty means the whole copy. `name` is the
    fact's: with it a figure that measures something else (to soak and to rest for 30 minutes) is left alone.
    """
    if _CODE.fullmatch(before) and _CODE.fullmatch(after):
        return _codes(copy, before, after, within)
    about = _Subject.of(subject, products)
    old, new = figures(before, about.names.spellings), figures(after, about.names.spellings)
    if not old or not _same_shape(before, old, after, new):
        return ()
    reading = read_copy(copy, _tongue(language), about.names)
    spans = list(within) or [(0, len(copy))]
    places = [p for p in reading.places if any(a <= p.figure.start and p.figure.end <= b for a, b in spans)]
    runs = [
        run for run in _runs(copy, places, old) if _about(copy, reading, run, about, name, cited=bool(within))
    ]
    if any(names_it(copy, run[0], about.names, about.meant) for run in runs):
        runs = [run for run in runs if not is_beside(copy, run[0], about.names, about.meant, name)]
    if _ambiguous(runs):
        return ()
    found = dict(patch for run in runs for patch in _patches(copy, run, old, new))
    return _proven(copy, found, about.names)


def propose_from_quote(
    copy: str,
    *,
    quote: str,
    now: str,
    within: Sequence[tuple[int, int]],
    products: Sequence[str],
    language: str,
) -> tuple[Patch, ...]:
    """The patches where a source says the sentence it was quoted with, but for its figures; else none.

    `within` are the sentences that rest on the quote. Where one of them says a figure that has changed and
    cannot be put right, none is: half a correction reads like a whole one.
    """
    names = catalogue(tuple(products), ())
    old, new = figures(quote, names.spellings), figures(now, names.spellings)
    if _rest(quote, old) != _rest(now, new) or not _same_shape(quote, old, now, new):
        return ()
    changed = [(was, becomes) for was, becomes in zip(old, new, strict=True) if _differ(was, becomes)]
    if len({_value(was) for was, _ in changed}) < len(changed):
        return ()
    said = [f for f in figures(copy, names.spellings) if any(a <= f.start and f.end <= b for a, b in within)]
    clauses = {p.figure.start: p.clause for p in read_copy(quote, _tongue(language), names).places}
    found: list[Patch] = []
    for was, becomes in changed:
        if not any(_equal(copy, figure, was) for figure in said):
            continue
        low, high = clauses.get(was.start, (0, len(quote)))
        clause = quote[low:high]
        about = {mention.names for mention in names.mentions(clause) or names.mentions(quote)}
        if len(about) > 1:
            return ()
        patches = propose(
            copy,
            before=was.text,
            after=becomes.text,
            subject=min(next(iter(about), ("",))),
            within=within,
            products=products,
            language=language,
            name=_without(clause, figures(clause, names.spellings)),
        )
        if not patches:
            return ()
        found += patches
    return tuple(found)


def apply(copy: str, patches: Sequence[Patch]) -> str:
    """The patched copy. Patches that overlap or do not fit the copy are refused with ValueError."""
    ordered = sorted(patches, key=lambda patch: (patch.start, patch.end))
    for patch, following in pairwise(ordered):
        if following.start < patch.end:
            raise ValueError(f"overlapping patches at {following.start}")
    for patch in reversed(ordered):
        if copy[patch.start : patch.end] != patch.text:
            raise ValueError(f"the copy at {patch.start} is not what the patch replaces")
        copy = copy[: patch.start] + patch.replacement + copy[patch.end :]
    return copy


@dataclass(frozen=True)
class _Subject:
    """What a fact is about, as the copy may call it. `words` must stand beside a product that is but a part."""

    names: Catalogue
    meant: frozenset[str]
    whole: str
    words: str
    variant: str

    @classmethod
    def of(cls, subject: str, products: Sequence[str]) -> _Subject:
        base, _, variant = subject.partition(" · ")
        own = {product for product in products if product.lower() in subject.lower()}
        rest = base
        for product in sorted(own, key=len, reverse=True):
            rest = re.sub(re.escape(product), " ", rest, flags=re.IGNORECASE)
        generic = bool(variant) and not own & {base}
        names = catalogue(tuple(products), (base,) if base not in products else ())
        part = variant if generic else rest
        for product in own:
            part = re.sub(re.escape(product), " ", part, flags=re.IGNORECASE)
        return cls(names, frozenset(own), base, part.strip(), "" if generic else variant)


def _codes(copy: str, before: str, after: str, within: Sequence[tuple[int, int]]) -> tuple[Patch, ...]:
    spans = list(within) or [(0, len(copy))]
    return tuple(
        Patch(match.start(), match.end(), match.group(), after)
        for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(before)}(?![A-Za-z0-9])", copy)
        if any(low <= match.start() and match.end() <= high for low, high in spans)
    )


def _same_shape(before: str, old: Sequence[Figure], after: str, new: Sequence[Figure]) -> bool:
    """Whether the two values differ in their figures alone: "39 元/袋" and "42 元/盒" also differ in what is sold."""
    if len(old) != len(new) or any(a.kind is not b.kind for a, b in zip(old, new, strict=True)):
        return False
    if any(a.kind is FigureKind.PRICE and a.unit != b.unit for a, b in zip(old, new, strict=True)):
        return False
    rests = [_rest(before, old), _rest(after, new)]
    days = [wording.WEEKDAY.findall(text) for text in (before, after)]
    return days[0] == days[1] and (rests[0] == rests[1] or not all(rests))


def _rest(text: str, found: Sequence[Figure]) -> str:
    return normalised(_without(text, found))


def _without(text: str, found: Sequence[Figure]) -> str:
    for figure in reversed(found):
        text = text[: figure.start] + " " + text[figure.end :]
    return text


def _runs(copy: str, places: Sequence[Place], old: Sequence[Figure]) -> Iterator[list[Place]]:
    """Neighbouring figures of one sentence that say the old value, figure by figure."""
    at = 0
    while at + len(old) <= len(places):
        run = list(places[at : at + len(old)])
        if len({place.sentence for place in run}) == 1 and all(
            _equal(copy, place.figure, figure) for place, figure in zip(run, old, strict=True)
        ):
            yield run
            at += len(old)
        else:
            at += 1


def _equal(copy: str, written: Figure, old: Figure) -> bool:
    if written.kind is FigureKind.NUMBER and old.kind is FigureKind.PRICE:
        # 会员价 239 is a price although nothing says which money.
        return written.value == old.value and bool(_PRICED.search(copy[: written.start][-16:]))
    if written.kind is not old.kind or (written.value, written.high) != (old.value, old.high):
        return False
    if written.kind is FigureKind.DATE:
        return written.unit == old.unit == "day" and (
            not (written.year and old.year) or written.year == old.year
        )
    if written.kind is FigureKind.COUNT and "个" in (written.unit, old.unit):
        return True
    return written.unit == old.unit


def _about(
    copy: str, reading: Reading, run: Sequence[Place], about: _Subject, name: str, *, cited: bool
) -> bool:
    """Whether the figure is about the subject, and about what the fact is called."""
    place = run[0]
    low, high = place.clause
    clause, sentence = copy[low:high], copy[slice(*reading.sentences[place.sentence])]
    beside = copy[max(0, place.figure.start - 14) : place.figure.start]
    if (
        place.figure.kind is FigureKind.PRICE
        and about.meant
        and (wording.ABOVE.search(beside) or wording.SAVED.search(beside) or wording.REDUCED.search(beside))
    ):
        return False
    start = reading.sentences[place.sentence][0]
    if any(is_other_sum(copy, one, start, about.names, name=name, whole=about.whole) for one in run):
        return False
    if not _of_subject(copy, place, about, clause, sentence, cited=cited):
        return False
    return not name or _called(place, clause, name)


def _of_subject(copy: str, place: Place, about: _Subject, clause: str, sentence: str, *, cited: bool) -> bool:
    beside = about.names.mentions(clause)
    if not about.meant:
        named = [m for m in beside if about.whole not in m.names]
        if about.words and about.variant == "" and _shares(about.words, sentence):
            return True
        return cited and not (named and place.figure.kind in (FigureKind.PRICE, FigureKind.OFFER))
    if not place.groups:
        return cited and (not about.words or _shares(about.words, sentence))
    if not all(group & about.meant or about.whole in group for group in place.groups):
        return False
    if about.variant and normalised(about.variant) not in normalised(sentence):
        return False
    if about.words and not (place.names & {about.whole} or _shares(about.words, sentence)):
        return False
    return not _other_variant(copy, place, about)


def _other_variant(copy: str, place: Place, about: _Subject) -> bool:
    """雾蓝色小灶陶锅 and "Keeper Jar in Oat" have prices of their own, unless the fact is theirs."""
    low, high = place.clause
    for mention in about.names.mentions(copy[low:high]):
        if not mention.names & about.meant:
            continue
        shade = _SHADE.search(copy[max(0, low + mention.start - 4) : low + mention.start])
        colour = _COLOUR.match(copy[low + mention.end :])
        if shade and normalised(shade.group()[-3:]) not in normalised(about.whole + about.variant):
            return True
        if colour and normalised(colour["name"]) not in normalised(about.whole + about.variant):
            return True
    return False


def _shares(wanted: str, sentence: str) -> bool:
    """Whether the sentence has most of the content words that are wanted."""
    forms = {word.form for word in words(wanted)}
    return len(forms & {word.form for word in words(sentence)}) * 2 >= len(forms)


def _called(place: Place, clause: str, name: str) -> bool:
    topic = next((found.name for found in topics(name)), "")
    if at_odds(topic, place.topic):
        return False
    if place.figure.kind not in _LOOSE or _GENERIC.search(name):
        return True
    wanted = {word.form for word in words(name)}
    said = {word.form for word in words(clause)} | place.clause_words
    return bool(not wanted or wanted & said or (topic and topic == place.topic))


def _ambiguous(runs: Sequence[Sequence[Place]]) -> bool:
    """Two equal stretches of time in clauses without a word in common are hardly the same fact."""
    loose = [run[0] for run in runs if run[0].figure.kind in _LOOSE]
    return any(
        one.clause_words and other.clause_words and not (one.clause_words & other.clause_words)
        for one, other in pairwise(loose)
    )


def _patches(
    copy: str, run: Sequence[Place], old: Sequence[Figure], new: Sequence[Figure]
) -> Iterator[tuple[Patch, Figure | None]]:
    """The patches of one run with the figure each must read as: all of its figures that change, or none."""
    found: list[tuple[Patch, Figure | None]] = []
    for place, was, becomes in zip(run, old, new, strict=True):
        if not _differ(was, becomes):
            continue
        figure = place.figure
        written = replace(figure, kind=was.kind) if figure.kind is FigureKind.NUMBER else figure
        text = rewritten(written, was, becomes)
        if text is None:
            return
        if text != figure.text:
            found.append((Patch(figure.start, figure.end, figure.text, text), becomes))
        if figure.kind is FigureKind.DATE:
            day = weekday_patch(copy, figure, was, becomes)
            if day is not None and day[2] != day[3]:
                found.append((Patch(*day), None))
    yield from found


def _proven(copy: str, found: Mapping[Patch, Figure | None], names: Catalogue) -> tuple[Patch, ...]:
    """The patches, if the patched copy reads with the new values in their places and all others unchanged."""
    patches = tuple(sorted(found, key=lambda patch: patch.start))
    if not patches:
        return ()
    before, after = figures(copy, names.spellings), figures(apply(copy, patches), names.spellings)
    shift = 0
    for patch in patches:
        low = patch.start + shift
        shift += len(patch.replacement) - len(patch.text)
        inside = [f for f in after if low <= f.start and f.end <= low + len(patch.replacement)]
        after = [f for f in after if f not in inside]
        before = [f for f in before if f.end <= patch.start or patch.end <= f.start]
        right = found[patch]
        if right is not None and [(f.value, f.high) for f in inside] != [(right.value, right.high)]:
            return ()
    return patches if [*map(_value, before)] == [*map(_value, after)] else ()


def _differ(one: Figure, other: Figure) -> bool:
    return _value(one) != _value(other) or one.year != other.year


def _tongue(language: str) -> Language:
    return Language.ZH if language == Language.ZH else Language.EN


def _value(figure: Figure) -> tuple[FigureKind, str, Decimal, Decimal | None]:
    return figure.kind, figure.unit, figure.value, figure.high
