"""Long articles: a title, a digest, and sections that each tell what one place in the materials says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from copilot.adapters.llm.composer import planning
from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Paragraph, Shape, ending, listed, own, tell
from copilot.adapters.llm.composer.reading import has, size
from copilot.adapters.llm.composer.scoring import alike
from copilot.adapters.llm.composer.stage import Stage
from copilot.domain.brands import Language
from copilot.domain.columns import Form
from copilot.domain.forms import DIGEST_AT_MOST, SECTIONS, TITLE_AT_MOST
from copilot.domain.materials import Kind

_FACTS = (2, 6)  # of a section
_HEADING_AT_MOST = 24
_STEPS = 2
_WORDINGS = 6
_ARTICLES_TRIED = 16  # An article takes as long to judge as a dozen posts.
# Title, digest, opening, leads and ending take about so much, in characters or words.
_AROUND = {Language.ZH: 130, Language.EN: 70}
_TELLS_TWICE = 0.35  # of the shorter sentence's pieces
_NEARLY = 0.15  # of the length asked for: what is further off is not worth writing out
_OF_THE_HOUSE = frozenset({Kind.CONCEPT, Kind.CULTURE, Kind.BRAND_FILE})
_CREED = "creed"  # what a brand believes is no tale
# What a reader wants to know of a thing, in this order.
_ORDER = {_CREED: 0, "story": 0, "news": 0, "what": 1, "how": 2, "care": 3, "said": 4}
_TELLING = frozenset({"story", "news", "said", _CREED})  # understood without a product's name


@dataclass(frozen=True)
class _Section:
    """A place in the materials under its own heading; `product` is the one thing that it is about, if any."""

    heading: str
    title: str
    about: str
    product: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class _Subject:
    """What an article is about: a product, or a material that has a title of its own, or neither."""

    product: str
    title: str
    sections: tuple[_Section, ...]


def articles(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """As many sections, and as much in each, as the column's length asks for; each subject has its turn."""
    yield from islice(_every(desk, found), _ARTICLES_TRIED)


def _every(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    for step, subject in product(range(_STEPS), _subjects(desk, found)):
        most = min(SECTIONS[1], len(subject.sections))
        for count, facts in product(range(most, SECTIONS[0] - 1, -1), range(_FACTS[1], _FACTS[0] - 1, -1)):
            chosen = _chosen(desk, subject.sections, count)
            fits = len(chosen) == count and _fits(desk, chosen, facts)
            attempt = _article(desk, subject, chosen, facts, step) if fits else None
            if attempt is not None:
                yield attempt


def _article(
    desk: Desk, subject: _Subject, sections: Sequence[_Section], most: int, step: int
) -> Attempt | None:
    stage = desk.stage(Form.ARTICLE, subject.product)
    first, second = sections[0].heading, sections[-1].heading
    title = subject.title or _title(stage, step, first, second)
    digest = _digest(stage, step, first, second)
    opening = stage.opening(step)
    if not (title and digest and opening):
        return None
    paragraphs: list[Paragraph] = [
        own(title),
        listed(stage.words.digest.format(text=digest)),
        own(opening, stage.scene(step)),
    ]
    for section in sections:
        told = tell(stage, section.facts[:most], named=True)
        if told is None:
            return None
        text = (*own(stage.line("leads", step, about=section.about)), *told)
        paragraphs += [own(section.heading), (replace(text[0], listed=True), *text[1:])]
    return Attempt([*paragraphs, *ending(stage, Shape(step=step))])


def _title(stage: Stage, step: int, first: str, second: str) -> str:
    made = (stage.named("titles", step + at, first=first, second=second) for at in range(_WORDINGS))
    return next((text for text in made if 0 < len(text) <= TITLE_AT_MOST), "")


def _digest(stage: Stage, step: int, first: str, second: str) -> str:
    made = (stage.line("digests", step + at, first=first, second=second) for at in range(_WORDINGS))
    return next((text for text in made if 0 < len(text) <= DIGEST_AT_MOST), "")


def _fits(desk: Desk, sections: Sequence[_Section], most: int) -> bool:
    """Whether so many facts of each section come near the length that the column asks for."""
    told = sum(size(fact.text, desk.language) for section in sections for fact in section.facts[:most])
    least, longest = desk.brief.column.length
    return least * (1 - _NEARLY) <= told + _AROUND[desk.language] <= longest * (1 + _NEARLY)


def _subjects(desk: Desk, found: Sequence[Fact]) -> list[_Subject]:
    """What there is enough of for an article, today's first: a product, a tale, or else a bit of everything."""
    told = [fact for fact in found if fact.lifted and not fact.row and not planning.asks(fact, desk.brief)]
    calm = [fact for fact in told if fact.about in _ORDER]
    subjects: list[_Subject] = []
    for facts in (planning.untold(calm, desk.brief.recent), calm):
        sections = _sections(facts, desk)
        groups: dict[tuple[str, str], list[_Section]] = {}
        for section in sections:
            if section.product:
                groups.setdefault((section.product, ""), []).append(section)
            if section.about in ("story", "news") and len(section.title) <= TITLE_AT_MOST:
                groups.setdefault(("", section.title), []).append(section)
        able = [_Subject(*of, tuple(group)) for of, group in groups.items() if len(group) >= SECTIONS[0]]
        subjects += desk.turned(able)
        whole = [section for section in sections if section.product or section.about in _TELLING]
        if len(whole) >= SECTIONS[0]:
            subjects.append(_Subject("", "", tuple(_labelled(section, desk) for section in whole)))
    return subjects


def _labelled(section: _Section, desk: Desk) -> _Section:
    """A section among others about other things says in its heading what it is about."""
    if not section.product or section.product in section.heading:
        return section
    colon = "：" if desk.language is Language.ZH else ": "
    return replace(section, heading=section.product + colon + section.heading)


def _sections(facts: Sequence[Fact], desk: Desk) -> list[_Section]:
    """The places that say at least two things, under the headings that they have in their material."""
    places: dict[int, list[Fact]] = {}
    for fact in facts:
        places.setdefault(fact.source, []).append(fact)
    made: dict[tuple[str, str], _Section] = {}
    for group in map(_to_the_point, places.values()):
        parts = group[0].place.split(" › ")
        heading = parts[-1].strip()
        if len(group) >= _FACTS[0] and len(heading) <= _HEADING_AT_MOST:
            section = _Section(
                heading, parts[0], _about(group[0], heading, desk), _product(group), tuple(group)
            )
            made.setdefault((section.title, heading), section)
    return list(made.values())


def _to_the_point(group: list[Fact]) -> list[Fact]:
    """The facts of a place without those that are only about another thing."""
    product = _product(group)
    return [fact for fact in group if not product or not fact.products or product in fact.products]


def _about(fact: Fact, heading: str, desk: Desk) -> str:
    if fact.kind in _OF_THE_HOUSE:
        return _CREED
    return "how" if fact.about == "what" and has(heading, *desk.words.doing) else fact.about


def _product(group: Sequence[Fact]) -> str:
    """The product that at least half of these facts are about."""
    subjects = [fact.subject for fact in group if fact.named or fact.subject != fact.place]
    best = max(set(subjects), key=lambda name: (subjects.count(name), name), default="")
    return best if 2 * subjects.count(best) >= len(group) else ""


def _chosen(desk: Desk, sections: Sequence[_Section], count: int) -> list[_Section]:
    """So many sections, another choice each day, in the order in which one reads of a thing.

    What an earlier one tells in other words is left out of the later ones.
    """
    chosen = sorted(
        desk.turned(sections)[:count], key=lambda section: (_ORDER[section.about], _passage(section, desk))
    )
    told: list[Fact] = []
    kept: list[_Section] = []
    for section in {section.heading: section for section in chosen}.values():
        facts = [
            fact
            for fact in section.facts
            if all(alike(fact.text, other.text, desk.language) < _TELLS_TWICE for other in told)
        ]
        told += facts
        if len(facts) >= _FACTS[0]:
            kept.append(replace(section, facts=tuple(facts)))
    return kept


def _passage(section: _Section, desk: Desk) -> int:
    """Its place among the brand's passages: one material's follow one another."""
    return desk.brief.sources[section.facts[0].source - 1].passage
