"""Notices to the group and teasers of live sessions: what there is, when, for whom and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from copilot.adapters.llm.composer.desk import Desk
from copilot.adapters.llm.composer.facts import Fact
from copilot.adapters.llm.composer.forms import Attempt, Shape, ending, listed, names, own, tell
from copilot.adapters.llm.composer.planning import asks, untold
from copilot.adapters.llm.composer.reading import has
from copilot.domain.brands import Language
from copilot.domain.forms import Part, operator_note, says
from copilot.domain.materials import Kind

_HAPPENING = frozenset({Kind.NEWS, Kind.EXPOSURE, Kind.NEW_PRODUCT, Kind.OFFER, Kind.BUNDLE})
_PRICED = frozenset({Kind.OFFER, Kind.BUNDLE})
_STANDING = frozenset({Kind.POLICY, Kind.LOGISTICS, Kind.COMPLAINT, Kind.BRAND_FILE})
_COUNTS = (3, 4, 2, 5)
_STEPS = 2
_MATTERS_TRIED = 6
_SUBJECT_AT_MOST = {Language.ZH: 22, Language.EN: 60}


def announcements(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """One matter to a notice: what happens soon before what always holds, and what nobody read lately first."""
    matters = _matters(desk, found)[:_MATTERS_TRIED]
    for step, matter, count in product(range(_STEPS), matters, _COUNTS):
        facts = _gist(matter, count, desk)
        stage = desk.stage_of(facts[0])
        told = tell(stage, facts, named=True, led=False)
        if told is None or (count > 2 and len(facts) < count):
            continue
        dated = any(says(Part.WHEN, fact.text, desk.language) for fact in facts)
        when = "" if dated else stage.line("whens", step)
        head = desk.words.notice.format(subject=_subject(matter[0], desk))
        note = "" if dated else operator_note("when", desk.language)
        for closing in (True, False):
            cut = Shape(closing=closing, step=step)
            body = [own(head), listed(stage.opening(step)), (*told, *own(when))]
            yield Attempt([*body, *ending(stage, cut)], note)


def teasers(desk: Desk, found: Sequence[Fact]) -> Iterator[Attempt]:
    """When a live session is, what it shows and how to come in; without a date, what it would be about."""
    told_of = [fact for fact in found if not fact.attribution and has(fact.text, *desk.words.live)]
    for step, count in product(range(_STEPS), (3, 4, 2, 1)):
        for first in told_of:
            facts = [fact for fact in found if fact.source == first.source and fact.order >= first.order]
            stage = desk.stage_of(first)
            told = tell(stage, facts[:count], named=True, led=False)
            for scene, closing in ((False, True), (True, True), (False, False)):
                cut = Shape(closing=closing, step=step)
                opening = own(stage.opening(step), stage.scene(step) if scene else "")
                if told is not None:
                    yield Attempt([opening, told, *ending(stage, cut)])
    note = operator_note("live", desk.language)
    # How to buy or to sign up for something is no preview.
    shown = [fact for fact in found if not has(fact.text, *desk.words.buying, *desk.words.todo)]
    plans = desk.fresh_plans(shown if len(shown) > 1 else found, _MATTERS_TRIED)
    for step, plan, count in product(range(_STEPS), plans, (2, 3, 1)):
        stage = desk.stage(desk.brief.column.form, plan.subject, plan.facts[0].about)
        hello, subject = stage.opening(step), stage.named("subjects", step)
        told = tell(stage, (*plan.facts, *plan.spare)[:count], named=names(stage, hello + subject))
        when = stage.line("whens", step)
        for scene, closing in ((False, True), (True, True), (False, False)):
            if told is not None:
                line = stage.scene(step) if scene else ""
                body = [own(hello, line), (*own(subject), *told), own(when)]
                yield Attempt([*body, *ending(stage, Shape(closing=closing, step=step))], note)


def _matters(desk: Desk, found: Sequence[Fact]) -> list[list[Fact]]:
    """What could be announced: all that one material says of an occasion, or one part of the standing rules."""
    groups: dict[tuple[str, int], list[Fact]] = {}
    for fact in sorted(found, key=lambda fact: (desk.brief.sources[fact.source - 1].passage, fact.order)):
        if fact.attribution or fact.answers:
            continue
        if fact.kind in _HAPPENING and not fact.row:
            groups.setdefault((fact.place.split(" › ")[0], 0), []).append(fact)
        elif (fact.kind in _PRICED and fact.windowed) or (fact.kind in _STANDING and not fact.row):
            groups.setdefault((fact.place, fact.source), []).append(fact)
    matters = [group for group in groups.values() if len(group) > 1 or group[0].row]
    if not matters:
        matters = [list(plan.facts) for plan in desk.plan(found, True)]
    dated = [group for group in matters if _soon(group, desk)]
    standing = [group for group in matters if group not in dated]
    unheard = [group for group in dated if untold(group, desk.brief.recent) == group]
    rest = [*standing, *(group for group in dated if group not in unheard)]
    return [*desk.turned(unheard), *desk.turned(rest)]


def _soon(group: Sequence[Fact], desk: Desk) -> bool:
    """Whether it passes: a thing of these days, with a time to it."""
    passing = group[0].kind in _HAPPENING and any(fact.windowed for fact in group)
    return passing and any(says(Part.WHEN, fact.text, desk.language) for fact in group)


def _gist(matter: Sequence[Fact], count: int, desk: Desk) -> list[Fact]:
    """So many facts in the material's order: when it is, what to do, and what stands beside these."""
    first = next((fact for fact in matter if says(Part.WHEN, fact.text, desk.language)), matter[0])
    asking = [fact for fact in matter if fact is not first and _asks(fact, desk)]
    # Of what is asked for, that with a day to it is what one could miss.
    asking.sort(key=lambda fact: not says(Part.WHEN, fact.text, desk.language))
    todo = asking[:1]
    at = matter.index(first)
    beside = [fact for fact in (*matter[at + 1 :], *matter[:at]) if fact not in todo]
    chosen = [first, *todo, *beside][:count]
    return [fact for fact in matter if fact in chosen]


def _asks(fact: Fact, desk: Desk) -> bool:
    return asks(fact, desk.brief) or has(fact.text, *desk.words.todo)


def _subject(fact: Fact, desk: Desk) -> str:
    """What the notice is called: the row's own name, the occasion, or the part of the rules."""
    parts = fact.place.split(" › ")
    title, heading = parts[0], parts[-1]
    if fact.row:
        return fact.label
    if fact.kind in _HAPPENING or heading in title or heading.lower() in title.lower():
        return title
    if desk.language is Language.ZH:
        whole = f"{title}：{heading}"
    else:
        named = any(heading.startswith(name) for name in desk.brief.brand.products)
        whole = f"{title} ({heading if named else heading[0].lower() + heading[1:]})"
    return whole if len(whole) <= _SUBJECT_AT_MOST[desk.language] else heading
