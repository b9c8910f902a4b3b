"""How writers spell a forbidden term so that a list would miss it: in letters, and without its hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, product

_SHORTEST_INITIALS = 3  # One letter beside one character is a class (D级), two letters are an abbreviation.
_LONGEST = 4
_HYPHEN = re.compile(r"(?<=[a-z0-9])-(?=[a-z0-9])")
_MOST_HYPHENS = 3  # Of a term with more, all are written alike.


def spellings(term: str, pinyin: str) -> Iterator[str]:
    """The ways to write `term` with its syllables (`pinyin`, parted by spaces) for some or all of its characters.

    国家级 is guojiaji, gjj, 国jia级, 国j级 and so on. Nothing where the syllables do not match the characters.
    """
    syllables = pinyin.split()
    if not pinyin or len(syllables) != len(term) or len(term) > _LONGEST:
        return
    forms = [(character, syllable, syllable[0]) for character, syllable in zip(term, syllables, strict=True)]
    ways = 3 if len(term) >= _SHORTEST_INITIALS else 2
    for chosen in product(range(ways), repeat=len(term)):
        # In letters throughout, it is spelt out or said by initials; a mixture of both nobody could read.
        if any(chosen) and (not all(chosen) or len(set(chosen)) == 1):
            yield "".join(form[pick] for form, pick in zip(forms, chosen, strict=True))


def hyphenations(term: str) -> Iterator[str]:
    """A folded term, and the same with a space or nothing for each hyphen within it: gluten free and glutenfree."""
    first, *others = _HYPHEN.split(term)
    repeated = len(others) if len(others) <= _MOST_HYPHENS else 1
    for joints in product(("-", " ", ""), repeat=repeated if others else 0):
        each = joints if len(joints) == len(others) else joints * len(others)
        yield "".join(chain((first,), *zip(each, others, strict=True)))
