"""Which product a stretch of text speaks of: full names first, then what only one product is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_HAN = re.compile(r"[㐀-䶿一-鿿]")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[’'.-][A-Za-z0-9]+)*|[㐀-䶿一-鿿]+")
_INNER = re.compile(r"[（(【\[]([^）)】\]]+)[)）】\]]")
# What many things are called says nothing of which is meant.
_PLAIN_STARTS = frozenset(
    [
        "普通",
        "经典",
        "迷你",
        "旅行",
        "家庭",
        "新款",
        "限定",
        "手工",
        "有机",
        "生鲜",
        "四季",
        "日常",
        "基础",
        "会员",
        "礼盒",
        "套装",
        "天然",
        "纯棉",
        "大号",
        "小号",
        "中号",
        "儿童",
        "成人",
        "双人",
        "单人",
        "精选",
        "原味",
        "无糖",
        "低糖",
        "冬季",
        "夏季",
        "春季",
        "秋季",
        "早晚",
        "每日",
        "加厚",
        "加高",
        "便携",
        "智能",
        "可爱",
        "快乐",
        "小小",
        "大大",
    ]
)
_FAMILY = 4
_ARTICLE = re.compile(
    r"(?:^|[^A-Za-z])(?:(?:the|a|an|our|your|my|this|that|each|every|one|two|both|new)[ ](?:\w+[ ])?|[0-9]+[ -]?(?:cm|mm|ml|g|kg|l|oz|inch|litre|liter)[ ])$",
    re.I,
)
_HAN_DIGITS = "零一二三四五六七八九"
_COUNTED = re.compile(r"(?<![0-9])([1-9][0-9]?)([一-鿿]{1,4})")
_DIGIT = re.compile(r"[0-9]")
_BESIDE = 2  # Characters between a variant's name and its product's.
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
        for alias, variant in _inner_names(listed, own).items():
            self._meaning.setdefault(alias, frozenset({variant, *(name for name in own if name in variant)}))
        self._first_words = {
            name.split()[0].lower() for name in self.names if name[0].isascii() and " " in name
        }
        self._squeezed = "\n".join("".join(name.split()).lower() for name in self.names)
        self.spellings: tuple[str, ...] = tuple(dict.fromkeys([*self.names, *self._meaning]))
        spellings = sorted(self._meaning, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_bounded, spellings)), re.IGNORECASE) if spellings else None

    def holds(self, number: str) -> bool:
        """Whether a number stands in one of the names."""
        return any(re.search(rf"(?<![0-9]){re.escape(number)}(?![0-9])", name) for name in self.names)

    def spells(self, figure: str) -> bool:
        """Whether one of the names has these very characters, white space aside."""
        sought = "".join(figure.split()).lower()
        return sought in self._squeezed and bool(
            re.search(rf"(?<![0-9.]){re.escape(sought)}(?![A-Za-z0-9])", self._squeezed)
        )

    def without_names(self, text: str) -> str:
        """The text with blanks for the names in it: a name promises and denies nothing, whatever its words are."""
        parts, at = [], 0
        for mention in self.mentions(text):
            parts += [text[at : mention.start], " " * (mention.end - mention.start)]
            at = mention.end
        return "".join((*parts, text[at:]))

    def mentions(self, text: str) -> list[Mention]:
        if self._pattern is None:
            return []
        found: list[Mention] = []
        for match in self._pattern.finditer(text):
            spelling = match.group()
            names = self._meaning.get(spelling.lower())
            # A word of an English name is often an everyday word: its capital makes it a name, or an article before.
            everyday = spelling.islower() and (
                spelling in self._first_words
                or (
                    spelling.isascii()
                    and " " not in spelling
                    and not spelling.endswith("s")
                    and not _ARTICLE.search(text[: match.start()])
                )
            )
            if names and not everyday and not (found and _is_of(found[-1], match, names)):
                found.append(Mention(match.start(), match.end(), names))
        return found


def _inner_names(listed: Sequence[str], own: Sequence[str]) -> dict[str, str]:
    """What only one variant of a product has in brackets: 玉米虾仁 of 冻水饺（玉米虾仁）."""
    owners: dict[str, set[str]] = {}
    for name in listed:
        for part in _INNER.findall(name) if any(product in name for product in own) else ():
            if len(part.strip()) >= (4 if part.isascii() else 2) and not _DIGIT.search(part):
                owners.setdefault(part.strip().lower(), set()).add(name)
    return {part: next(iter(names)) for part, names in owners.items() if len(names) == 1}


@lru_cache(maxsize=1024)
def variants(names: frozenset[str]) -> frozenset[str]:
    """Those of some names that are a product's with something added, where the product is among them."""
    return frozenset(name for name in names if any(other != name and other in name for other in names))


def _is_of(variant: Mention, match: re.Match[str], names: frozenset[str]) -> bool:
    """Whether a product's name only goes on with the variant named right before it: 玉米虾仁馅的水饺."""
    return match.start() - variant.end <= _BESIDE and names < variant.names


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
        inner = [part.strip() for part in _INNER.findall(name) if len(part.strip()) >= 3]
        for alias in {bare, *_short(bare), *inner}:
            if alias and alias.lower() != name.lower():
                meant.setdefault(alias, set()).add(name)
    unique: dict[str, list[str]] = {}
    for alias, owners in meant.items():
        others = [name for name in names if name not in owners]
        # What several are called is a family (both Ridge tents); what all are called is the brand.
        is_family = 1 < len(owners) <= _FAMILY and len(owners) < len(names)
        if (len(owners) == 1 or is_family) and not any(alias.lower() in other.lower() for other in others):
            unique[alias] = sorted(owners)
    starts: dict[str, set[str]] = {}
    for name in names:
        own = _BRACKETS.sub("", name[len(_shared_start(names)) :]).strip()
        if len(own) >= 4 and _HAN.match(own):
            # 多功能 of 多功能护理液, where nothing else begins so.
            for size in (2, 3):
                if own[:size] not in _PLAIN_STARTS:
                    starts.setdefault(own[:size], set()).add(name)
    for start, owners in starts.items():
        others = [name for name in names if name not in owners]
        # What a few begin with is what they are called together: 冻干 of 冻干鸡胸肉 and 冻干鳕鱼.
        is_family = 1 < len(owners) <= _FAMILY and len(owners) < len(names)
        if (len(owners) == 1 or is_family) and not any(start in other for other in others):
            unique.setdefault(start, sorted(owners))
    for name in names:
        spoken = _in_numerals(name)
        if spoken != name:
            unique.setdefault(spoken, [name])
    for name in names:
        # 保湿面霜 of 棠雾保湿面霜: without the brand that all names begin with.
        bare = name[len(_shared_start(names)) :].strip()
        if 2 <= len(bare) < len(name):
            unique.setdefault(bare, [name])
    return unique


def _in_numerals(name: str) -> str:
    """十次卡 of 团课10次卡: the number as it is spoken, with what it counts."""
    found = _COUNTED.search(name)
    return f"{_spoken(int(found[1]))}{found[2]}" if found else name


def _spoken(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_HAN_DIGITS[tens]}十"
    return head + (_HAN_DIGITS[ones] if ones else "")


def _shared_start(names: list[str]) -> str:
    """What all the names begin with, in whole words where they have any."""
    if len(names) < 2:
        return ""
    least = min(map(len, names))
    same = next((at for at in range(least) if len({name[at] for name in names}) > 1), least)
    start = names[0][:same]
    return start[: start.rfind(" ") + 1] if start and start[-1].isascii() else start


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
        numbered = next((n for n, token in enumerate(tokens) if token.isdigit()), 0)
        if numbered:
            # Ridge 2 of Ridge 2 Tent; Bag 20 of Lark Down Bag 20.
            found.update((" ".join(tokens[: numbered + 1]), " ".join(tokens[numbered - 1 : numbered + 1])))
        plain = [token for token in tokens if token.isalpha() and token not in ("No", "Nr")]
        if len(plain) > 1:
            if len(plain[-1]) >= 4:
                found.add(plain[-1])
            found.add(" ".join(plain[-2:]))
            if len(plain[0]) >= 3 and plain[0][0].isupper():
                found.add(plain[0])
            found.add(" ".join(plain[:2]))
    return found
