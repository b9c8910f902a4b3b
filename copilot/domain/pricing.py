"""Whose money an amount in copy is: a product's price, a fee on top of it, or a price by another name."""

from __future__ import annotations

import re

from copilot.domain.facts import naming, wording
from copilot.domain.grounding.places import Place
from copilot.domain.grounding.subjects import Catalogue
from copilot.domain.grounding.topics import topics
from copilot.domain.grounding.words import words
from copilot.domain.quantities.figures import FigureKind

_LABEL = re.compile(r"(?:价格?|price|prices)$", re.IGNORECASE)
_MONEY = (FigureKind.PRICE, FigureKind.NUMBER)
_BESIDE = 14
# Words that tie an amount to what was named before it: "…, still 239 in all".
_TYING = frozenset(word.form for word in words("还是 一共 一律 统统 价格 到手价 特价 price costs"))


def is_other_sum(copy: str, place: Place, start: int, names: Catalogue, *, name: str, whole: str) -> bool:
    """Whether an amount is, or may be, something else than the fact `name` of `whole`.

    `start` is where the amount's sentence begins: an amount without words of its own ("postage on top, £20")
    is explained by what goes before it.
    """
    if place.figure.kind not in _MONEY:
        return False
    low, high = place.clause
    if wording.ABOVE.search(copy[max(0, place.figure.start - _BESIDE) : place.figure.start]):
        return False
    beside = copy[low if _own_words(copy[low:high]) else start : high]
    for mention in reversed(names.mentions(beside)):
        beside = f"{beside[: mention.start]} {beside[mention.end :]}"
    is_fee = bool(wording.FEE.search(name))
    if not wording.FEE.search(whole) and bool(wording.FEE.search(beside)) != is_fee:
        return True
    mentions = [(low + mention.start, low + mention.end) for mention in names.mentions(copy[low:high])]
    return _goes_by_another_name(name, naming.before(copy, low, place.figure.start, mentions))


def is_beside(copy: str, place: Place, names: Catalogue, meant: frozenset[str], name: str) -> bool:
    """Whether an amount's clause names something of its own and not the product: "and gift wrap is £20 extra"."""
    if place.figure.kind not in _MONEY or names_it(copy, place, names, meant):
        return False
    said = {word.form for word in words(name)} | _TYING
    return bool(_own_words(copy[slice(*place.clause)]) - said) and not _is_labelled(copy, place, name)


def names_it(copy: str, place: Place, names: Catalogue, meant: frozenset[str]) -> bool:
    """Whether the product is named in the amount's own clause."""
    return any(mention.names & meant for mention in names.mentions(copy[slice(*place.clause)]))


def _is_labelled(copy: str, place: Place, name: str) -> bool:
    label = naming.before(copy, place.clause[0], place.figure.start, ())
    return bool(naming.specific(name)) and naming.alike(name, label)


def _goes_by_another_name(name: str, label: str) -> bool:
    """A price that is called something says whose it is: 门店价 is not the 会员价."""
    mine = naming.specific(name)
    if not mine or not _LABEL.search(label) or not naming.specific(label):
        return False
    if _topics(name) & _topics(label) or naming.alike(name, label):
        return False
    return not label.casefold().endswith(name.casefold())


def _topics(text: str) -> set[str]:
    return {topic.name for topic in topics(text)}


def _own_words(clause: str) -> set[str]:
    return {word.form for word in words(clause) if not word.form[0].isdigit()}
