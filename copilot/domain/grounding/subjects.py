"""Which product a stretch of text speaks of: full names first, then what only one product is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_HAN = re.compile(r"[㐀-䶿一-鿿]")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[’'.-][A-Za-z0-9]+)*|[㐀-䶿一-鿿]+")
_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")


@dataclass(frozen=True)
class Mention:
    """`names` are the products that the words may mean: a variant's name also means its product."""

    start: int
    end: int
    names: frozenset[str]


@lru_cache(maxsize=64)
def catalogue(products: tuple[str, ...], rows: tuple[str, ...]) -> Catalogue:
    return Catalogue(products, rows)


class Catalogue:
    """The product names of one check. `products` are the brand's own, `rows` those of product columns."""

    def __init__(self, products: Sequence[str], rows: Iterable[str] = ()) -> None:
        own = [name.strip() for name in products if name.strip()]
        listed = sorted({name.strip() for name in rows if 1 < len(name.strip()) <= 40} - set(own))
        self.own: frozenset[str] = frozenset(own)
        self.names: tuple[str, ...] = tuple(dict.fromkeys([*own, *listed]))
        self._meaning: dict[str, frozenset[str]] = {}
        for name in self.names:
            inner = {other for other in own if other.lower() in name.lower()}
            self._meaning.setdefault(name.lower(), frozenset({name, *inner}))
        bases = own or list(listed)
        bases += (
            [name for name in listed if not any(base.lower() in name.lower() for base in own)] if own else []
        )
        for alias, names in _aliases(list(dict.fromkeys(bases))).items():
            self._meaning.setdefault(alias.lower(), frozenset(names))
        self._first_words = {
            name.split()[0].lower() for name in self.names if name[0].isascii() and " " in name
        }
        self.spellings: tuple[str, ...] = tuple(dict.fromkeys([*self.names, *self._meaning]))
        spellings = sorted(self._meaning, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_bounded, spellings)), re.IGNORECASE) if spellings else None

    def mentions(self, text: str) -> list[Mention]:
        if self._pattern is None:
            return []
        found: list[Mention] = []
        for match in self._pattern.finditer(text):
            spelling = match.group()
            names = self._meaning.get(spelling.lower())
            # The first word of an English name is often an everyday word; only its capital makes it a name.
            if names and not (spelling.islower() and spelling in self._first_words):
                found.append(Mention(match.start(), match.end(), names))
        return found


def _bounded(spelling: str) -> str:
    before = r"(?<![A-Za-z0-9])" if spelling[0].isascii() else ""
    after = (
        r"(?![0-9])" if spelling[-1].isdigit() else r"(?![A-RT-Za-rt-z0-9])" if spelling[-1].isascii() else ""
    )
    return before + re.escape(spelling) + after


def _aliases(names: list[str]) -> dict[str, list[str]]:
    """Shorter spellings that belong to exactly one product: its model code, its own first word, its last."""
    meant: dict[str, set[str]] = {}
    for name in names:
        bare = _BRACKETS.sub("", name).strip()
        for alias in {bare, *_short(bare)}:
            if alias and alias.lower() != name.lower():
                meant.setdefault(alias, set()).add(name)
    unique: dict[str, list[str]] = {}
    for alias, owners in meant.items():
        others = [name for name in names if name not in owners]
        if len(owners) == 1 and not any(alias.lower() in other.lower() for other in others):
            unique[alias] = sorted(owners)
    return unique


def _short(name: str) -> set[str]:
    found: set[str] = set()
    tokens = _TOKEN.findall(name)
    for token in tokens:
        if any(c.isdigit() for c in token) and any(c.isalpha() for c in token) and token.isascii():
            found.add(token)
    if not tokens:
        return found
    if _HAN.search(name):
        # A Chinese name ends in what the thing is (小灶陶锅, 陶锅); its beginning is often the brand's.
        han = "".join(token for token in tokens if _HAN.match(token))
        if len(han) >= 4:
            found.update((han[-3:], han[-2:]))
        elif len(han) == 3:
            found.add(han[-2:])
    else:
        plain = [token for token in tokens if token.isalpha()]
        if len(plain) > 1:
            if len(plain[-1]) >= 4:
                found.add(plain[-1])
            found.add(" ".join(plain[-2:]))
            if len(plain[0]) >= 5:
                found.add(plain[0])
            found.add(" ".join(plain[:2]))
    return found
