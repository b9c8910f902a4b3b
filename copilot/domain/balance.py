"""What a week gives its readers: how much of each value and module, and where one of them outweighs the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.columns import Module, Value
from copilot.domain.messages import Message
from copilot.domain.occasions import QUIET_MODULES

_FEW = 7  # Of fewer posts than one a day a single one weighs too much to speak of balance.
_MOST_OF_A_VALUE = 0.6  # Of three values each fairly has a third.
_MOST_PROMOTION = 0.5


@dataclass(frozen=True)
class Balance:
    """Posts by value and by module, most first among what there is; `notes` say what a reader would miss."""

    values: Mapping[Value, int]
    modules: Mapping[Module, int]
    notes: tuple[Message, ...]


def balance(posts: Sequence[tuple[Module, Value]]) -> Balance:
    modules = Counter(module for module, _ in posts)
    values = Counter(dict.fromkeys(Value, 0))
    values.update(value for _, value in posts)
    notes: list[Message] = []
    if len(posts) >= _FEW:
        for value, count in values.items():
            if not count:
                notes.append(Message(f"balance.{value}_absent"))
            elif count > _MOST_OF_A_VALUE * len(posts):
                notes.append(Message(f"balance.{value}_most", {"share": _percent(count, len(posts))}))
        promoting = sum(modules[module] for module in QUIET_MODULES)
        if promoting > _MOST_PROMOTION * len(posts):
            notes.append(Message("balance.promotion_most", {"share": _percent(promoting, len(posts))}))
    return Balance(dict(values.most_common()), dict(modules.most_common()), tuple(notes))


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)
