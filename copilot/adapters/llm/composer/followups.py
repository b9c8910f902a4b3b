"""Composes what staff say after a post: authored lines in the order of its form, and its own sentences again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from copilot import plainyaml
from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.checks.measures import emoji, length
from copilot.domain.columns import Form
from copilot.domain.forms import Part, quiz_options, says
from copilot.domain.posing import posing
from copilot.domain.scripts import Cue, Line, Speaker, introduced
from copilot.domain.sentences import sentences
from copilot.errors import PromptError

_KEYS = frozenset({"after", "aim", "part", "say", "repeat", "named"})
_NEEDED = frozenset({"after", "aim", "say"})
_AT_LEAST = 3
_LONGEST_REPEATED = {Language.ZH: 55, Language.EN: 30}
_FRIENDS = {Language.ZH: "朋友", Language.EN: "everyone"}
_OWN = re.compile(r"[我「“\"]|\b(?:I|me|my|mine)\b")
"""The post's own voice, or somebody's quoted words: another mouth cannot say them again. 「…」 in a call is both."""

_CALL = frozenset({Part.ACTION, Part.ANSWER, Part.ENTRY, Part.HAND_IN})
_ENDS = re.compile(
    r"截止|结束|到期|为止|有效|最后一天|\b(?:until|till|ends?|expires?|by|last day)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Step:
    """One line of a form's follow-up; `repeat` takes `{quote}`, `named` takes `{subject}`, `say` needs neither."""

    after: int
    aim: str
    say: tuple[str, ...]
    part: Part | None = None
    repeat: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def compose(
    post: str,
    people: Sequence[Speaker],
    *,
    brand: Brand,
    voice: Voice,
    form: Form,
    call: str,
    seed: int,
) -> tuple[Cue, ...]:
    """Three or four lines in their order, spoken in turn; the same post, people and seed get the same words.

    `call` is the column's call to act, which is said again where the post has it.
    """
    language = brand.language
    turn = int(hashlib.sha256(f"{seed}:{post}".encode()).hexdigest()[:8], 16)
    subject = next((name for name in brand.products if name in post), "")
    slots = {
        "you": voice.address if language is Language.ZH and voice.address in ("你", "您") else "你",
        "friends": brand.members_called or _FRIENDS[language],
        "subject": subject,
    }
    lines, aims = [], []
    for at, step in enumerate(steps(form, language)):
        quote = _repeated(post, step.part, form, call, brand, voice) if step.part is not None else ""
        pool = step.repeat if quote else step.named if subject and step.named else step.say
        text = pool[(turn >> 3 * at) % len(pool)].format(quote=quote, **slots)
        lines.append(Line(people[at % len(people)], step.after, text[:1].upper() + text[1:]))
        aims.append(step.aim.format(quote=quote, **slots))
    if voice.max_emoji and voice.emoji and not emoji(lines[-1].text):
        last = lines[-1]
        lines[-1] = Line(last.speaker, last.minutes, f"{last.text} {voice.emoji[turn % len(voice.emoji)]}")
    return tuple(Cue(line, aim) for line, aim in zip(introduced(lines, language), aims, strict=True))


def steps(form: Form, language: Language) -> tuple[Step, ...]:
    """The steps of a form in their order, the common ending last."""
    own, ending = _book(language)
    return (*own[form], ending)


def _repeated(post: str, part: Part, form: Form, call: str, brand: Brand, voice: Voice) -> str:
    """The post's sentence that tells this part, if another mouth can say it: the call to act where one is asked for."""
    language = brand.language
    if part in _CALL and call and call in post and length(call, language) <= _LONGEST_REPEATED[language]:
        return call
    options = quiz_options(form, post)
    fitting = [
        post[start:end]
        for start, end in sentences(post, language)
        if says(part, post[start:end], language)
        and not any(start < high and low < end for low, high in options)
        and length(post[start:end], language) <= _LONGEST_REPEATED[language]
        and post[start:end] not in (voice.sign_off, *voice.greetings)
        and not _OWN.search(_without_call(post[start:end]))
        and not posing(post[start:end], language, brand.members_called)
        and not emoji(post[start:end])
    ]
    if part is Part.UNTIL:
        fitting = [sentence for sentence in fitting if _ENDS.search(sentence) and sentence != call]
    return fitting[0] if fitting else ""


def _without_call(sentence: str) -> str:
    """The sentence without the short words that members are asked to send, such as 「开饭」."""
    return re.sub(r"「[^」]{1,12}」|“[^”]{1,24}”|\"[^\"]{1,24}\"", "", sentence)


@cache
def _book(language: Language) -> tuple[Mapping[Form, tuple[Step, ...]], Step]:
    """All steps of a language, read once; PromptError says what is wrong with the file."""
    path = files("copilot.adapters.llm.composer").joinpath("frames", language.value, "followups.yaml")
    data = plainyaml.read(path.read_text(encoding="utf-8"))
    name = f"composer/frames/{language.value}/followups"
    if not isinstance(data, dict) or data.keys() != {"forms", "ending"} or data["forms"].keys() != set(Form):
        raise PromptError(name, "needs an ending and every form")
    own = {Form(form): tuple(_step(name, one) for one in told) for form, told in data["forms"].items()}
    return own, _step(name, data["ending"])


def _step(name: str, data: Any) -> Step:
    if not isinstance(data, dict) or not _NEEDED <= data.keys() <= _KEYS:
        raise PromptError(name, f"a step needs {sorted(_NEEDED)} and may have {sorted(_KEYS - _NEEDED)}")
    if ("part" in data) != ("repeat" in data):
        raise PromptError(name, "part and repeat belong together")
    pools = {key: tuple(data.get(key, ())) for key in ("say", "repeat", "named")}
    for key, slot in (("repeat", "{quote}"), ("named", "{subject}")):
        if any(slot not in text for text in pools[key]):
            raise PromptError(name, f"{key} without {slot}")
    if any(pool and len(set(pool)) < _AT_LEAST for pool in pools.values()):
        raise PromptError(name, f"fewer than {_AT_LEAST} ways to say a line")
    part = Part(data["part"]) if "part" in data else None
    return Step(int(data["after"]), str(data["aim"]), part=part, **pools)
