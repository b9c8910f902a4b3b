"""Which kinds of facts a kind of material may pin down."""

from __future__ import annotations

from copilot.domain.facts.values import FactKind
from copilot.domain.materials import Kind

_ALL = frozenset(FactKind)
_SOLD = frozenset({FactKind.PRICE, FactKind.OFFER})
_SERVICE = frozenset({FactKind.PRICE, FactKind.OFFER, FactKind.DATE, FactKind.PROMISE})
# Members' stories, news, trends and competitors' doings are told, not promised: they pin nothing.
_PINNED_FROM: dict[Kind, frozenset[FactKind]] = {
    Kind.STORY: _SOLD,
    Kind.CULTURE: _SOLD,
    Kind.CONCEPT: frozenset({FactKind.PRICE, FactKind.OFFER, FactKind.PROMISE}),
    Kind.BRAND_FILE: _ALL,
    Kind.EXPOSURE: _SERVICE,
    Kind.SELLING_POINT: _ALL,
    Kind.HIGHLIGHT: _ALL,
    Kind.NEW_PRODUCT: _ALL,
    Kind.OFFER: _ALL,
    Kind.BUNDLE: _ALL,
    Kind.USER_GUIDE: _ALL,
    Kind.MAINTENANCE: _ALL,
    Kind.LOGISTICS: _SERVICE,
    Kind.COMPLAINT: frozenset({FactKind.PROMISE}),
    Kind.POLICY: _SERVICE,
}


def pinned_from(kind: Kind) -> frozenset[FactKind]:
    return _PINNED_FROM.get(kind, frozenset())
