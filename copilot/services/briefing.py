"""Briefs to prompts, and a model's answer to copy: all that lies between a slot and a writer, purely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from copilot.domain.brands import Language, Scales
from copilot.domain.channels import limits_of
from copilot.domain.columns import Column, Every
from copilot.domain.completing import attributed, called_to_act, signed
from copilot.domain.drafts import Assignment, Brief, Original, Question, Sentence, Stated
from copilot.domain.forms import quiz_options
from copilot.domain.longforms import DIGEST_WORDS
from copilot.domain.markers import CopyStream, clean, finished
from copilot.domain.materials import Source
from copilot.domain.positions import leads_on
from copilot.domain.sentences import sentences
from copilot.domain.striking import without
from copilot.prompts import Prompt, Prompts
from copilot.services.promptwords import (
    AND,
    CHOOSE,
    COLON,
    DAYPARTS,
    EMOJI,
    EXAMPLE_FENCES,
    FENCES,
    GIVEN,
    INSTEAD,
    LEADS_UP,
    MONTHS,
    NONE,
    NOTE_FENCES,
    OWN_GREETING,
    POSITIONS,
    SOMEBODY,
    TELLING,
    TRAITS,
    WEEKDAYS,
)

__all__ = [
    "CopyStream",
    "assignment",
    "clean",
    "completed",
    "copied",
    "harmless",
    "labels",
    "prompt_identity",
    "repair",
    "reply",
    "resaying",
    "translation",
]

_TITLE_CHARACTERS = 80
_REPLY_TOKENS = 400
_TOKENS_A_UNIT = 3  # Of a Chinese character or an English word, markers and a poor tokenizer included.

_LEAST_TALK = {Language.ZH: 60, Language.EN: 30}  # Characters or words before a quiz's question.
_EXAMPLE_CHARACTERS = 400
_TRANSLATION_TOKENS = 1600
_LONGEST = 1000  # Of a translation, where the position sets no limit that a reader would notice.
_SENTENCE_TOKENS = 200
_BESIDE = 8  # Passages that one sentence can need; not fewer than a draft by the model has.
_AROUND = 120  # Characters before and after a sentence that tell how it must join.


def assignment(brief: Brief, prompts: Prompts) -> Assignment:
    """The prompt of a first draft."""
    language, column = brief.brand.language, brief.column
    least, most = _room(brief)
    prompt = prompts[f"tasks/write.{language}"].render(
        passages=fenced_passages(brief.sources, language),
        background=_background(brief, prompts),
        examples=_examples(brief, prompts),
        line=_main_line(brief, prompts),
        column=column.name,
        purpose=column.purpose,
        when=_when(brief.starts_at, language),
        form=_form(brief, prompts),
        opening=_greeting(brief),
        parts=_parts(column, language) if brief.question is None else LEADS_UP[language],
        points=_points(brief),
        closing="\n".join(line for line in (column.call_to_action, brief.voice.sign_off) if line)
        or NONE[language],
        least=least,
        most=most,
        instruction=_instruction(brief, prompts),
    )
    return Assignment(brief, _system(brief, prompts), prompt, _max_tokens(brief))


def translation(brief: Brief, prompts: Prompts, original: Original) -> Assignment:
    """The prompt that has a post told again in the brief's channel, with the same facts."""
    language = brief.brand.language
    prompt = prompts[f"tasks/translate.{language}"].render(
        passages=fenced_passages(brief.sources, language),
        original=harmless(original.text),
        origin=POSITIONS[language][original.channel],
        position=POSITIONS[language][brief.channel],
        facts=_facts(original.stated, language),
        when=_when(brief.starts_at, language),
        closing="\n".join(filter(None, (leads_on(brief.channel, language), brief.voice.sign_off))),
        instruction=_instruction(brief, prompts),
    )
    return Assignment(brief, _system(brief, prompts), prompt, _max_tokens(brief))


def resaying(brief: Brief, prompts: Prompts, sentence: Sentence, findings: Sequence[str] = ()) -> Assignment:
    """The prompt that has one sentence of a copy said anew, because of these worded findings or as somebody likes."""
    language = brief.brand.language
    fault = prompts[f"tasks/fault.{language}"]
    prompt = prompts[f"tasks/sentence.{language}"].render(
        passages=fenced_passages(brief.sources[:_BESIDE], language),
        before=_line(sentence.copy[: sentence.start][-_AROUND:]) or NONE[language],
        sentence=_line(sentence.text),
        after=_line(sentence.copy[sentence.end :][:_AROUND]) or NONE[language],
        fault=fault.render(findings=_lines(findings, language)) if findings else "",
        instruction=_instruction(brief, prompts),
    )
    return Assignment(brief, _system(brief, prompts), prompt, _SENTENCE_TOKENS)


def reply(brief: Brief, prompts: Prompts, question: str, facts: Sequence[str]) -> Assignment:
    """The prompt that has a member's question answered with these sentences of the first passage.

    What the member wrote is data, too.
    """
    language = brief.brand.language
    prompt = prompts[f"tasks/reply.{language}"].render(
        passages=fenced_passages(brief.sources, language),
        question=harmless(question),
        facts=_lines((f"{fact} [1]" for fact in facts), language),
    )
    return Assignment(brief, _system(brief, prompts), prompt, _REPLY_TOKENS)


def repair(brief: Brief, prompts: Prompts, copy: str, findings: Sequence[str]) -> Assignment:
    """The prompt that hands copy back with what the checks found; each finding is a worded sentence."""
    language = brief.brand.language
    least, most = _length(brief)
    prompt = prompts[f"tasks/repair.{language}"].render(
        passages=fenced_passages(brief.sources, language),
        copy=harmless(copy),
        findings=_lines(findings, language),
        least=least,
        most=most,
        instruction=_instruction(brief, prompts),
    )
    return Assignment(brief, _system(brief, prompts), prompt, _max_tokens(brief))


def copied(answer: str, brief: Brief, *, was_short: bool = False) -> str:
    """A model's answer as copy: cleaned, and without a sentence that the end of its tokens broke off."""
    text = clean(answer, labels(brief))
    return finished(text) if was_short else text


def completed(text: str, brief: Brief) -> str:
    """The copy with what a model may leave out: whose words it tells, the brief's question, the call to act."""
    if not text or brief.original is not None:
        return text
    call, sign_off, language = brief.column.call_to_action, brief.voice.sign_off, brief.brand.language
    text = attributed(
        signed(text, sign_off), brief.sources, language, but=(brief.brand.name, brief.voice.persona)
    )
    if brief.question is not None:
        text = _asking(text, brief.question, brief)
    return called_to_act(text, call, sign_off)


def _asking(text: str, asked: Question, brief: Brief) -> str:
    """The copy with the question in it, no other, and nothing that gives the answer away.

    No model writes it: a weak one copies it wrong, forgets it, or fills in the blank itself.
    """
    spans = sentences(text, brief.brand.language)
    told = [(start, end) for start, end in spans if asked.is_told_by(text[start:end])]
    text = without(text, [*told, *quiz_options(brief.column.form, text)])
    return asked.put_into(text, (brief.column.call_to_action, brief.voice.sign_off))


def prompt_identity(brief: Brief, prompts: Prompts) -> dict[str, Any]:
    """Which files a draft of this brief comes from: by name, their version and the hash of the whole file."""
    return {prompt.name: {"version": prompt.version, "hash": prompt.hash} for prompt in _used(brief, prompts)}


def labels(brief: Brief) -> tuple[str, ...]:
    """Names in the prompt that a weak model writes at the head of a line, for `clean` to take off.

    An article's digest is told by such a head, so that one stays.
    """
    names = (brief.column.name, *brief.column.structure)
    return tuple(name for name in names if name.casefold() not in DIGEST_WORDS)


def _used(brief: Brief, prompts: Prompts) -> tuple[Prompt, ...]:
    language, column = brief.brand.language, brief.column
    names = (
        "tasks/draft",
        *_tasks(brief),
        *(("tasks/background",) if brief.background else ()),
        *(("tasks/examples",) if brief.examples else ()),
        *(("tasks/line",) if brief.line else ()),
        *(("tasks/instruction",) if harmless(brief.instruction) else ()),
        f"modules/{column.module}",
        "tasks/question" if brief.question is not None else f"forms/{column.form}",
        f"channels/{brief.channel}",
    )
    return tuple(prompts[f"{name}.{language}"] for name in names)


def _tasks(brief: Brief) -> tuple[str, ...]:
    if brief.sentence is not None:
        return ("tasks/sentence",)
    first = "tasks/translate" if brief.original is not None else "tasks/write"
    return (first, "tasks/repair", "tasks/sentence", "tasks/fault")


def _system(brief: Brief, prompts: Prompts) -> str:
    draft, *_, module, _, channel = _used(brief, prompts)
    brand, voice = brief.brand, brief.voice
    language = brand.language
    none, and_ = NONE[language], AND[language]
    never, some, of_these = EMOJI[language]
    emoji = never if not voice.max_emoji else of_these if voice.emoji else some
    preferred = [
        INSTEAD[language].format(use=term.use, not_these=and_.join(term.instead_of))
        for term in voice.preferred
    ]
    return draft.render(
        brand=brand.name,
        persona=voice.persona,
        role=voice.role or none,
        description=voice.description,
        values=and_.join(voice.values) or none,
        address=voice.address or none,
        members=brand.members_called or none,
        scales=_scales(voice.scales, language),
        max_sentence=voice.max_sentence,
        max_exclamations=voice.max_exclamations,
        emoji=emoji.format(n=voice.max_emoji, these=" ".join(voice.emoji)),
        preferred=("；" if language is Language.ZH else "; ").join(preferred) or none,
        banned=and_.join(term.term for term in voice.banned) or none,
        competitors=and_.join(voice.competitors) or none,
        do=_lines(voice.do, language),
        dont=_lines(voice.dont, language),
        example=_sound(brief) or none,
        module=module.render().strip(),
        channel=channel.render().strip(),
    )


def fenced_passages(sources: Sequence[Source], language: Language) -> str:
    """Every passage between its fences, numbered from 1; all of it is somebody else's text."""
    opening, closing, said = FENCES[language]
    blocks = []
    for n, source in enumerate(sources, 1):
        # A table row is shown cell by cell: a model retells that, and copies a line of headings.
        cells = [f"{key}{COLON[language]}{value}" for key, value in source.fields.items() if value]
        lines = [
            opening.format(n=n, title=_line(source.context or source.title)[:_TITLE_CHARACTERS]),
            *([said.format(said=_line(source.attribution))] if source.attribution else []),
            harmless("\n".join(cells) or source.text),
            closing.format(n=n),
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) or NONE[language]


def _background(brief: Brief, prompts: Prompts) -> str:
    """Competitor notes between fences of their own. Their names are not in them: nobody tells what they never read."""
    language = brief.brand.language
    opening, closing = NOTE_FENCES[language]
    blocks = [
        "\n".join((opening.format(n=n), _nameless(harmless(note.text), brief), closing.format(n=n)))
        for n, note in enumerate(brief.background, 1)
    ]
    if not blocks:
        return ""
    part = prompts[f"tasks/background.{language}"]
    return part.render(notes="\n".join(blocks)) + "\n"


def _examples(brief: Brief, prompts: Prompts) -> str:
    """Approved posts of the same module, fenced: they are somebody's text, too."""
    if not brief.examples:
        return ""
    language = brief.brand.language
    opening, closing = EXAMPLE_FENCES[language]
    blocks = (
        "\n".join((opening.format(n=n), harmless(text)[:_EXAMPLE_CHARACTERS], closing.format(n=n)))
        for n, text in enumerate(brief.examples, 1)
    )
    return prompts[f"tasks/examples.{language}"].render(posts="\n".join(blocks)) + "\n"


def _nameless(text: str, brief: Brief) -> str:
    for name in sorted(filter(None, brief.voice.competitors), key=len, reverse=True):
        text = re.sub(re.escape(name), SOMEBODY[brief.brand.language], text, flags=re.IGNORECASE)
    return text


def _main_line(brief: Brief, prompts: Prompts) -> str:
    if not brief.line:
        return ""
    return prompts[f"tasks/line.{brief.brand.language}"].render(line=_line(brief.line))


def _form(brief: Brief, prompts: Prompts) -> str:
    """How the post is built; a question that is there already takes the place of how to think of one."""
    language = brief.brand.language
    if brief.question is None:
        return prompts[f"forms/{brief.column.form}.{language}"].render().strip()
    return prompts[f"tasks/question.{language}"].render().strip()


def _points(brief: Brief) -> str:
    """What the post is to tell, each with the numbers of its passages; a choice where nothing was chosen."""
    language = brief.brand.language
    if not brief.points:
        return CHOOSE[language]
    return _facts(brief.points, language)


def _facts(points: Iterable[Stated], language: Language) -> str:
    """One fact on a line with the markers of its passages; what one person says, on one line under the name."""
    said = FENCES[language][2]
    lines = []
    for whose, told in groupby(points, key=lambda point: point.said_by):
        facts = [_line(point.text) + "".join(f"[{number}]" for number in point.sources) for point in told]
        # Named once, where it says several things: a model repeats what it reads.
        lines += [said.format(said=_line(whose)) + " ".join(facts)] if whose else facts
    return "\n".join(f"- {line}" for line in lines) or NONE[language]


def _instruction(brief: Brief, prompts: Prompts) -> str:
    asked = harmless(brief.instruction)
    return prompts[f"tasks/instruction.{brief.brand.language}"].render(instruction=asked) if asked else ""


def harmless(text: str) -> str:
    """Text that cannot open or close a fence."""
    return re.sub(r"<{3,}", "‹‹", re.sub(r">{3,}", "››", text)).strip()


def _line(text: str) -> str:
    return " ".join(harmless(text).split())


def _lines(items: Iterable[str], language: Language) -> str:
    return "\n".join(f"- {_line(item)}" for item in items) or NONE[language]


def _scales(scales: Scales, language: Language) -> str:
    words = [
        steps[0 if value <= 1 else 2 if value >= 4 else 1]
        for name, steps in TRAITS[language].items()
        for value in (getattr(scales, name),)
    ]
    return "，".join(words) + "。" if language is Language.ZH else ", ".join(words) + "."


def _when(at: datetime, language: Language) -> str:
    weekday = WEEKDAYS[language][at.weekday()]
    if language is Language.ZH:
        return f"{at.year} 年 {at.month} 月 {at.day} 日 {weekday} {at:%H:%M}"
    return f"{weekday} {at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def _greeting(brief: Brief) -> str:
    """One of the voice's greetings that fits the hour and was heard least of late, another for another seed.

    A newcomer comes at any hour: a greeting on joining names none.
    """
    language = brief.brand.language
    parts = DAYPARTS[language]
    now = max((part for part in parts if part[0] <= brief.starts_at.hour), default=parts[-1])
    own = now[1] if brief.column.cadence.every is not Every.JOIN else ()
    named = [word for part in parts for word in part[1]]

    def fits(greeting: str) -> bool:
        opening = re.split(r"[，,。.！!？?]", greeting.lower(), maxsplit=1)[0]
        return any(word in opening for word in own) or not any(word in opening for word in named)

    fitting = [greeting for greeting in brief.voice.greetings if fits(greeting)]
    heard = {greeting: sum(greeting in text for text in brief.recent) for greeting in fitting}
    fresh = [greeting for greeting in fitting if heard[greeting] == min(heard.values())]
    return fresh[brief.seed % len(fresh)] if fresh else OWN_GREETING[language]


def _parts(column: Column, language: Language) -> str:
    named = [_line(part.replace("_", " ")) for part in column.structure]
    return AND[language].join(part for part in named if part not in GIVEN[language]) or _line(column.purpose)


def _sound(brief: Brief) -> str:
    """Sentences of the voice's examples that state nothing checkable and tell nobody's story.

    A weak model repeats what it is shown, whatever it is told: so it is shown only what does no harm.
    """
    language, voice = brief.brand.language, brief.voice
    told = (*voice.greetings, voice.sign_off, voice.persona, *brief.brand.products)
    found = [
        example[start:end]
        for example in voice.examples
        for start, end in sentences(example.replace("；", "，"), language)
        if example[end - 1] in "。." and not TELLING[language].search(example[start:end])
    ]
    return "\n".join(sentence for sentence in found if not any(known and known in sentence for known in told))


def _room(brief: Brief) -> tuple[int, int]:
    """The column's length, less what its question takes."""
    least, most = brief.column.length
    if brief.question is None:
        return least, most
    asked = "\n".join(brief.question.lines)
    taken = len(asked) if brief.brand.language is Language.ZH else len(asked.split())
    most = max(_LEAST_TALK[brief.brand.language], most - taken)
    return min(least, most // 2), most


def _length(brief: Brief) -> tuple[int, int]:
    """The column's length, which holds on its own channel; elsewhere the copy may be as long as the position takes."""
    if brief.original is None:
        return brief.column.length
    limits = limits_of(brief.channel, brief.brand.language)
    return 1, min(limits.comfortable or limits.max_characters or _LONGEST, _LONGEST)


def _max_tokens(brief: Brief) -> int:
    if brief.original is not None:
        return _TRANSLATION_TOKENS
    return min(4000, max(300, brief.column.length[1] * _TOKENS_A_UNIT))
