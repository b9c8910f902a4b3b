"""How writers spell a forbidden term in letters, so that a list would miss it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

_SHORTEST_INITIALS = 3  # One letter beside one character is a class (D级), two letters are an abbreviation.
_LONGEST = 4


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
