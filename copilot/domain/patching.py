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
from copilot.domain.grounding.places import Place
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.quantities import figures
from copilot.domain.quantities.figures import Figure, FigureKind
from copilot.domain.rewriting import rewritten
from copilot.domain.saying import Subject, is_ambiguous, is_equal, is_sure, said_of
from copilot.domain.weekdays import weekday_patch

_CODE = re.compile(r"[A-Z][A-Z0-9]{3,19}")


@dataclass(frozen=True)
class Patch:
    """One replacement; `start` and `end` are code points of the copy and `text == copy[start:end]`."""

    start: int
    end: int
    text: str
    replacement: str


@dataclass(frozen=True)
class Saying:
    """Where a copy gives a value, in code points, and the patches for it: none where a person has to look."""

    places: tuple[tuple[int, int], ...] = ()
    patches: tuple[Patch, ...] = ()


def sayings(
    copy: str,
    *,
    before: str,
    after: str,
    subject: str,
    within: Sequence[tuple[int, int]],
    products: Sequence[str],
    language: str,
    name: str = "",
) -> Saying:
    """Where the copy says `before` about `subject`, and the patches that put `after` there where that is sure.

    `within` are the sentences that cite the fact's passage; empty means the whole copy. `name` is the
    fact's: with it a figure that measures something else (to soak and to rest for 30 minutes) is left alone.
    """
    if _CODE.fullmatch(before) and _CODE.fullmatch(after):
        codes = _codes(copy, before, after, within)
        return Saying(tuple((patch.start, patch.end) for patch in codes), codes)
    about = Subject.of(subject, products)
    old, new = figures(before, about.names.spellings), figures(after, about.names.spellings)
    if not old:
        return Saying()
    reading = read_copy(copy, _tongue(language), about.names)
    runs = said_of(copy, reading, old, about, name=name, within=within)
    said = tuple((run[0].figure.start, run[-1].figure.end) for run in runs)
    if not _same_shape(before, old, after, new) or is_ambiguous(runs):
        return Saying(said)
    sure = [run for run in runs if is_sure(copy, reading, run, about)]
    found = dict(patch for run in sure for patch in _patches(copy, run, old, new))
    return Saying(said, _proven(copy, found, about.names))


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
    if len({(_value(was), _value(becomes)) for was, becomes in changed}) > len(
        {_value(was) for was, _ in changed}
    ):
        return ()
    said = [f for f in figures(copy, names.spellings) if any(a <= f.start and f.end <= b for a, b in within)]
    clauses = {p.figure.start: p.clause for p in read_copy(quote, _tongue(language), names).places}
    found: list[Patch] = []
    for was, becomes in changed:
        if not any(is_equal(copy, figure, was) for figure in said):
            continue
        low, high = clauses.get(was.start, (0, len(quote)))
        clause = quote[low:high]
        about = {mention.names for mention in names.mentions(clause) or names.mentions(quote)}
        if len(about) > 1:
            return ()
        patches = sayings(
            copy,
            before=was.text,
            after=becomes.text,
            subject=min(next(iter(about), ("",))),
            within=within,
            products=products,
            language=language,
            name=_without(clause, figures(clause, names.spellings)),
        ).patches
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
