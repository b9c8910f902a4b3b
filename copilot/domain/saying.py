"""Finds where a copy gives a value of the thing that is meant, and whether more than the value hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from copilot.domain.facts import wording
from copilot.domain.facts.identity import normalised
from copilot.domain.grounding.places import Place, Reading
from copilot.domain.grounding.subjects import Catalogue, catalogue
from copilot.domain.grounding.topics import at_odds, topics
from copilot.domain.grounding.words import words
from copilot.domain.pricing import is_beside, is_other_sum, names_it
from copilot.domain.quantities.figures import Figure, FigureKind

_PRICED = re.compile(
    r"(?:价|只要|仅需|到手|price(?: is)?|pay|only|just|for)[ ]?(?:是|为|：|:)?[ ]?$", re.IGNORECASE
)
_SHADE = re.compile(r"[一-鿿]{1,3}色$")
_COLOUR = re.compile(r"^ in (?P<name>[A-Z][a-z]+)")
_PAST = re.compile(
    r"(?:原来|以前|(?<![日号月周天])之前|从前|过去|曾经?|去年|上次|(?<![A-Za-z])(?:used to|was|were|formerly|previously|once))"
    r"[^，,。；;：:]{0,12}$",
    re.IGNORECASE,
)
_RISEN_FROM = re.compile(r"(?:从|由|(?<![A-Za-z])(?:up|down|risen|fallen) from )[ ]?$", re.IGNORECASE)
# A sum that was worked out from the price: nobody but a person works it out again.
_WORKED_OUT = re.compile(
    r"一共|总共|合计|共计|加起来|[两二三四五六七八九十2-9][组个口袋罐只瓶件份套盒]|省|便宜|差价|少花|立减"
    r"|(?<![A-Za-z])(?:sav(?:e|es|ed|ing)|cheaper|in total|in all|altogether|(?:for|any) (?:two|three|2|3))(?![A-Za-z])",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"规格|参数|尺寸|容量|重量|温度|期限|时限|时长|价|数量|内容|specification|size|weight|capacity|period|price|duration|terms?\b",
    re.IGNORECASE,
)
_LOOSE = frozenset(
    {FigureKind.DURATION, FigureKind.COUNT, FigureKind.MEASURE, FigureKind.PERCENT, FigureKind.POINTS}
)


@dataclass(frozen=True)
class Subject:
    """What a fact is about, as the copy may call it. `words` must stand beside a product that is but a part."""

    names: Catalogue
    meant: frozenset[str]
    whole: str
    words: str
    variant: str

    @classmethod
    def of(cls, subject: str, products: Sequence[str]) -> Subject:
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

    def is_variant_in(self, text: str) -> bool:
        return bool(self.variant) and normalised(self.variant) in normalised(text)


def said_of(
    copy: str,
    reading: Reading,
    value: Sequence[Figure],
    about: Subject,
    *,
    name: str,
    within: Sequence[tuple[int, int]],
) -> list[list[Place]]:
    """Where the copy says these figures of the subject; each is a run of neighbouring places.

    `within` are the sentences that rest on what the value comes from; empty means the whole copy.
    """
    spans = list(within) or [(0, len(copy))]
    places = [p for p in reading.places if any(a <= p.figure.start and p.figure.end <= b for a, b in spans)]
    runs = [
        run
        for run in _runs(copy, places, value)
        if _about(copy, reading, run, about, name, cited=bool(within))
    ]
    if any(names_it(copy, run[0], about.names, about.meant) for run in runs):
        runs = [
            run
            for run in runs
            if about.is_variant_in(_clause(copy, run[0]))
            or not is_beside(copy, run[0], about.names, about.meant, name)
        ]
    return _of_variant(reading, copy, runs, about)


def is_sure(copy: str, reading: Reading, run: Sequence[Place], about: Subject) -> bool:
    """Whether another value may be written there without a person: 原来卖 239 元 may be history.

    The price of one variant is nobody's to write over that of all, or of several; a sum that was made with
    the price, there or in the sentence after it, would be wrong afterwards.
    """
    sentence = copy[slice(*reading.sentences[run[0].sentence])]
    if about.variant and (not about.is_variant_in(sentence) or _is_one_of_several(about.variant, sentence)):
        return False
    return not _is_past(copy, run) and not _is_worked_with(copy, reading, run)


def is_ambiguous(runs: Sequence[Sequence[Place]]) -> bool:
    """Two equal stretches of time in clauses without a word in common are hardly the same fact."""
    loose = [run[0] for run in runs if run[0].figure.kind in _LOOSE]
    return any(
        one.clause_words and other.clause_words and not (one.clause_words & other.clause_words)
        for one, other in pairwise(loose)
    )


def _runs(copy: str, places: Sequence[Place], old: Sequence[Figure]) -> Iterator[list[Place]]:
    """Neighbouring figures of one sentence that say the old value, figure by figure."""
    at = 0
    while at + len(old) <= len(places):
        run = list(places[at : at + len(old)])
        if len({place.sentence for place in run}) == 1 and all(
            is_equal(copy, place.figure, figure) for place, figure in zip(run, old, strict=True)
        ):
            yield run
            at += len(old)
        else:
            at += 1


def is_equal(copy: str, written: Figure, old: Figure) -> bool:
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
    copy: str, reading: Reading, run: Sequence[Place], about: Subject, name: str, *, cited: bool
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


def _of_subject(copy: str, place: Place, about: Subject, clause: str, sentence: str, *, cited: bool) -> bool:
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
    if about.words and not (place.names & {about.whole} or _shares(about.words, sentence)):
        return False
    return not _other_variant(copy, place, about)


def _of_variant(
    reading: Reading, copy: str, runs: Sequence[list[Place]], about: Subject
) -> list[list[Place]]:
    """Where a sentence gives each variant its figure, the one beside the variant's own name."""
    named = {
        place.sentence
        for place in reading.places
        if runs and place.figure.kind is runs[0][0].figure.kind and about.is_variant_in(_clause(copy, place))
    }
    return [run for run in runs if run[0].sentence not in named or about.is_variant_in(_clause(copy, run[0]))]


def _is_past(copy: str, run: Sequence[Place]) -> bool:
    before = copy[run[0].clause[0] : run[0].figure.start]
    return bool(_PAST.search(before) or _RISEN_FROM.search(before))


def _is_worked_with(copy: str, reading: Reading, run: Sequence[Place]) -> bool:
    if run[0].figure.kind is not FigureKind.PRICE:
        return False
    own = {place.figure.value for place in run}
    return any(
        _WORKED_OUT.search(copy[low:high])
        and any(
            place.figure.kind is FigureKind.PRICE and place.figure.value not in own
            for place in reading.places
            if low <= place.figure.start < high
        )
        for low, high in reading.sentences[run[0].sentence : run[0].sentence + 2]
    )


def _is_one_of_several(variant: str, sentence: str) -> bool:
    name, joint = re.escape(variant), r"[ ]?(?:,|、|/|和|或|与|or(?![a-z])|and(?![a-z]))[ ]?"
    return bool(re.search(rf"[^\W\d]{joint}{name}|{name}{joint}[^\W\d]", sentence, re.IGNORECASE))


def _clause(copy: str, place: Place) -> str:
    return copy[slice(*place.clause)]


def _other_variant(copy: str, place: Place, about: Subject) -> bool:
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
