"""What a model leaves out of a copy and code can put in: whose words it tells, the call to act, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from copilot.domain.brands import Language
from copilot.domain.likeness import pieces
from copilot.domain.materials import Source
from copilot.domain.sentences import sentences

_RESTS = 0.6  # Of a sentence's four-character pieces.
_SAYS_ENOUGH = 5  # Pieces; a shorter sentence is anybody's.
_CALLS = 0.5  # Of the call's pieces: a model may put it in its own words.
_SAYS = {Language.ZH: "{said}说：", Language.EN: "{said} says: "}


def attributed(copy: str, sources: Sequence[Source], language: Language, *, but: Iterable[str] = ()) -> str:
    """The copy with a name before the words of everybody who is quoted in it as if the brand itself spoke.

    A run of sentences out of one person's passage is theirs; it is left alone where their name stands in it or in
    the sentence before it, or where somebody in `but` speaks, such as the brand's own persona.
    """
    spoken = [source for source in sources if source.attribution]
    silent = [pieces(source.text) for source in sources if not source.attribution]
    ours = [name for name in but if name]
    runs: list[tuple[str, int, int]] = []
    before = ""
    for start, end in sentences(copy, language):
        sentence = copy[start:end]
        whose = _whose(sentence, spoken, silent)
        if whose and not any(name in whose for name in ours):
            is_going_on = runs and runs[-1][0] == whose and not copy[runs[-1][2] : start].strip()
            if is_going_on:
                runs[-1] = (whose, runs[-1][1], end)
            elif _called(whose, language) not in before:
                runs.append((whose, start, end))
        before = sentence if not whose else before + sentence
    for whose, start, end in reversed(runs):
        words = copy[start:end]
        if _called(whose, language) not in words:
            copy = copy[:start] + _under(whose, words, spoken, language) + copy[end:]
    return copy


def called_to_act(copy: str, call: str, sign_off: str) -> str:
    """The copy with the call to act, before the sign-off if that ends it; as it is where it has the call in some words."""
    own = pieces(call)
    if not own or len(own & pieces(copy)) >= _CALLS * len(own):
        return copy
    if sign_off and copy.endswith(sign_off):
        return f"{copy.removesuffix(sign_off).rstrip()}\n{call}\n{sign_off}"
    return f"{copy.rstrip()}\n{call}"


def signed(copy: str, sign_off: str) -> str:
    """The copy up to its sign-off: a weak model that has signed may begin to tell it all again."""
    if not sign_off:
        return copy
    end = re.search(rf"{re.escape(sign_off)}[ \t]*\n", copy)
    return copy[: end.start()] + sign_off if end is not None and end.start() > len(copy) / 2 else copy


def _whose(sentence: str, spoken: Sequence[Source], silent: Sequence[frozenset[str]]) -> str:
    """Whose words a sentence is; nobody's where a passage without a name says it, too."""
    own = pieces(sentence)
    if len(own) < _SAYS_ENOUGH or any(len(own & one) >= _RESTS * len(own) for one in silent):
        return ""
    shares = [(len(own & pieces(source.text)), source.attribution) for source in spoken]
    most, whose = max(shares, default=(0, ""))
    return whose if most >= _RESTS * len(own) else ""


def _under(whose: str, words: str, spoken: Sequence[Source], language: Language) -> str:
    """The words with their name; between quotation marks only where the person said just that."""
    passages = ["".join(source.text.split()) for source in spoken if source.attribution == whose]
    said = ["".join(words[start:end].split()) for start, end in sentences(words, language)]
    if all(any(one in passage for passage in passages) for one in said):
        words = f"“{words.replace('“', '‘').replace('”', '’')}”"
    # An apposition is closed as it was opened: "Esther, slow baker in Ludlow, says".
    name = f"{whose}," if language is Language.EN and "," in whose else whose
    return _SAYS[language].format(said=name) + words


def _called(said_by: str, language: Language) -> str:
    """The name alone: 饭友一群 阿棉 is 阿棉, and "Esther, slow baker in Ludlow" is Esther."""
    if language is Language.ZH:
        return re.split(r"[\s·]+", said_by.strip())[-1]
    return said_by.split(",")[0].strip()
