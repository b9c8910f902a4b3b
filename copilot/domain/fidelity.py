"""What only a model does: it obeys what a material says to it, or tells what no material does.

A person may say on their own word what they like. A model has no word of its own: what it writes is told from the
passages that it was given, or it is nothing that a brand could stand by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.domain.brands import Brand, Language, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column
from copilot.domain.festivals import FESTIVALS
from copilot.domain.findings import Check, Claim, Finding, Severity, Verdict, blocking
from copilot.domain.grounding.evidence import passage_sentences, stated
from copilot.domain.grounding.words import words
from copilot.domain.materials import Source
from copilot.domain.messages import Message
from copilot.domain.orders import is_order, states
from copilot.domain.posing import Pose, posing
from copilot.domain.quantities.lists import listed
from copilot.domain.reported import reported
from copilot.domain.sentences import HAN

_TOLD = 0.15  # Of the composer's posts on the sample brands the least told one has .25.
_ALIKE = 0.6
_QUOTED = 120  # Characters of an order that tell a person which one is meant.
_FEW = 6  # Words of a sentence that tell in which language it is.
# Content words from which on a sentence has to share one with what is known: no talk of the composer's is so long.
_LONG = {Language.ZH: 8, Language.EN: 6}
_BREATH = re.compile(r"[，,；;。.！!？?：:\n]+(?!\d)")
_BREATHES = {Language.ZH: 6, Language.EN: 5}  # Characters, words.
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’&.-]*[A-Za-z]")
# "I" have used it: nobody has, as far as any passage tells.
_LIVED = {
    Language.ZH: re.compile(
        r"我(?:们家?|家)?(?:自己|也|都|常|总|就|一直|[今昨前][天晚早中午上]{0,4}){0,2}(?:用|拿)[^，。！？\n]{1,12}(?:煮|焖|做|烤|泡|炖|炒|洗|试)(?:了|过)"
    ),
    Language.EN: re.compile(
        r"\bI(?:['’]ve| have)(?: \w+){0,2}? (?:been using|used|tried|owned|baked|cooked|made|eaten|drunk|worn)\b"
    ),
}
# Other poses are harmless in a post: "as a member you collect points" speaks to members.
_AS_A_CUSTOMER = frozenset({f"posing.{Pose.BUYER}", f"posing.{Pose.PRAISE}"})
_SPOKEN = 4  # Content words; fewer are a name, a title or what to reply.
_LITTLE_WORDS = frozenset(
    listed(
        "a an and are as at be been but by can did do does for from get go had has have he her here him his how i if "
        "in into is it its it's just me more my no not now of off on one only or our out over she so some than that "
        "the their them then there these they this those to too up us very was we were what when where which who "
        "why will with would you your you're don't that's let's we're i've all any each every"
    )
)
_LEAST_LITTLE = 0.12
_FAMILIAR = 0.5
_UNNAMED = frozenset(
    listed(
        "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
        "august september october november december mr mrs ms dr uk gmt bst am pm ok okay diy vip app pdf qr wi-fi "
        "wifi sms ps pps faq q a b c d e english british chinese ml cl kg mg mm cm km oz lb lbs kcal"
    )
)


@dataclass(frozen=True)
class Setting:
    """What a model knew beside its passages. `has_points` says that there was something to tell; `given` are words
    that people gave it to work on, `notes` competitor notes, which it was shown and must not tell."""

    brand: Brand
    voice: Voice
    column: Column
    channel: Channel
    has_points: bool
    given: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def ordered(sources: Iterable[Source]) -> tuple[Finding, ...]:
    """Blocks a copy whose writer read an order: whatever became of it, a person has to see the material first."""
    for source in sources:
        if order := next(_orders(source), ""):
            reason = Message("claims.ordered", {"title": source.title, "order": order[:_QUOTED]})
            return (_finding("ordered", 0, 0, "", reason),)
    return ()


def strays(
    claims: Sequence[Claim], known_faults: Sequence[Finding], sources: Sequence[Source], setting: Setting
) -> tuple[Finding, ...]:
    """Blocks what a model's copy tells beside its passages, and a copy that hardly tells anything of them.

    Of the latter nothing is said where `known_faults` block already: what is left once they are mended is judged then.
    """
    own = _own_words(setting)
    texts = [*own, *setting.given, *map(_told, sources)]
    known = "\n".join(texts)
    known_words = frozenset().union(*(_forms(text) for text in known.splitlines()))
    language = setting.brand.language
    notes = [note[start:end] for note in setting.notes for start, end in passage_sentences(note)]
    found: list[Finding] = []
    said: set[str] = set()
    for claim in claims:
        clauses = _clauses(claim.sentence, language)
        is_round_again = not said.isdisjoint(clauses)
        said |= clauses
        if claim.verdict is Verdict.SUPPORTED or any(claim.sentence in text for text in setting.given):
            continue
        rest = (claim.start, claim.end, claim.sentence)
        if _is_among(claim.sentence, notes):
            found.append(_finding("internal", *rest, Message("claims.internal")))
        elif _is_invented_speech(claim.sentence, language, texts):
            found.append(_finding("invented_speech", *rest, Message("claims.invented_speech")))
        elif reason := _pretence(claim.sentence, setting.brand, own):
            found.append(_finding("pretence", *rest, reason))
        elif _echoes(claim.sentence, sources):
            found.append(_finding("echoed", *rest, Message("claims.echoed")))
        elif _is_foreign(claim.sentence, language, known_words):
            found.append(_finding("foreign", *rest, Message("claims.foreign")))
        elif _is_elsewhere(claim.sentence, language, known_words):
            found.append(_finding("elsewhere", *rest, Message("claims.elsewhere")))
        elif is_round_again and not any(claim.sentence in phrase for phrase in own):
            found.append(_finding("circles", *rest, Message("claims.circles")))
        else:
            found += _strangers(claim, language, known)
    if setting.has_points and not found and not blocking(known_faults) and _share_told(claims, own) < _TOLD:
        found.append(_finding("untold", 0, 0, "", Message("claims.untold")))
    return tuple(found)


def _orders(source: Source) -> Iterator[str]:
    """What a passage says to its writer: in a sentence, in a cell, in the headings above it."""
    said = (source.text[start:end] for start, end in _sentences(source))
    return filter(is_order, (*source.context.split(" › "), *source.fields.values(), *said))


def _told(source: Source) -> str:
    """All that a passage says; what it asks of its writer, or of anybody, it does not say."""
    cells = "\n".join(cell for cell in source.fields.values() if states(cell))
    text = cells if source.fields else stated(source.text, _sentences(source))
    headings = [heading for heading in source.context.split(" › ") if states(heading)]
    return "\n".join([text, *headings, source.attribution])


def _sentences(source: Source) -> list[tuple[int, int]]:
    return passage_sentences(source.text)


def _own_words(setting: Setting) -> list[str]:
    """What the brand says of itself and of this post, whatever the library holds."""
    brand, voice, column, channel = setting.brand, setting.voice, setting.column, setting.channel
    texts = (
        brand.name, brand.members_called, *brand.products,
        voice.persona, voice.role, voice.description, voice.sign_off,
        *voice.values, *voice.greetings, *voice.examples, *voice.do, *(term.use for term in voice.preferred),
        column.name, column.purpose, column.call_to_action, *column.structure, channel.replace("_", " "),
        "WeChat WeCom Moments Telegram Discord Slack",
        *(name for festival in FESTIVALS.values() for name in (festival.zh, festival.en)),
    )  # fmt: skip
    return [text for text in texts if text]


def _echoes(sentence: str, sources: Iterable[Source]) -> bool:
    """Whether the copy says aloud what a passage said to its writer."""
    return _is_among(sentence, (order for source in sources for order in _orders(source)))


def _is_among(sentence: str, others: Iterable[str]) -> bool:
    """Whether most of what a sentence says stands in one of the others."""
    own = _forms(sentence)
    return len(own) > 1 and any(len(own & _forms(other)) >= _ALIKE * len(own) for other in others)


def _is_invented_speech(sentence: str, language: Language, known: Sequence[str]) -> bool:
    """Whether somebody is said to say more than a few words that stand in nothing that is known."""
    told = reported(sentence, language, "\n".join(known))
    return any(len(_forms(said)) >= _SPOKEN and not _is_among(said, known) for said in told)


def _pretence(sentence: str, brand: Brand, own: Iterable[str]) -> Message | None:
    """Why nobody stands behind a sentence that tells of using or buying a thing; what the brand itself has said may
    ask for just that, such as "reply: I will take one"."""
    if any(sentence in phrase for phrase in own):
        return None
    if _LIVED[brand.language].search(sentence):
        return Message("claims.lived")
    poses = posing(sentence, brand.language, brand.members_called)
    return next((one.reason for one in poses if one.rule in _AS_A_CUSTOMER), None)


def _is_foreign(sentence: str, language: Language, known: frozenset[str]) -> bool:
    """Whether a longer sentence is in no language that the brand's readers read, or in none at all.

    A row of product names is not: of such words a fair share is known.
    """
    latin = [
        word.lower().replace("’", "'")
        for word in re.findall(r"[^\s，。！？、；：]+", _HAN.sub(" ", sentence))
    ]
    latin = [bare for word in latin if (bare := word.strip(".,;:!?\"'()[]“”‘’…—-–")) and not bare.isdigit()]
    own = _forms(" ".join(latin))
    if len(latin) < _FEW or (own and len(own & known) >= _FAMILIAR * len(own)):
        return False
    if language is Language.ZH:
        return len(_HAN.findall(sentence)) < len(latin)
    return sum(word in _LITTLE_WORDS for word in latin) < _LEAST_LITTLE * len(latin)


def _is_elsewhere(sentence: str, language: Language, known: frozenset[str]) -> bool:
    """Whether a longer sentence that asks nothing shares no word with anything that the model was to speak of."""
    own = _forms(sentence)
    asks = sentence.rstrip("”\"’')） ").endswith(("?", "？"))
    return not asks and len(own) >= _LONG[language] and not own & known


def _clauses(sentence: str, language: Language) -> set[str]:
    """What a sentence says in one breath, where it is long enough that nobody says it twice on purpose."""
    clauses = (clause.casefold().strip() for clause in _BREATH.split(sentence))
    least = _BREATHES[language]
    is_zh = language is Language.ZH
    return {one for one in clauses if (len(one) if is_zh else len(one.split())) >= least}


def _forms(text: str) -> frozenset[str]:
    return frozenset(word.form.removeprefix("¬") for word in words(text))


def _strangers(claim: Claim, language: Language, known: str) -> Iterator[Finding]:
    """Names of places, people and things that neither a passage nor the brand knows."""
    lowered = known.lower()
    for start, name in _names(claim.sentence, language):
        if name.lower().removesuffix("'s").removesuffix("’s") not in lowered:
            at = claim.start + start
            reason = Message("claims.stranger", {"name": name})
            yield _finding("stranger", at, at + len(name), name, reason)


def _names(sentence: str, language: Language) -> Iterator[tuple[int, str]]:
    """Words with a capital where no sentence begins; in Chinese, where none is to be seen, words in Latin letters."""
    matches = list(_LATIN.finditer(sentence))
    is_sentence = sentence.rstrip("”\"’')")[-1:] in ".!?"
    if (
        language is Language.EN
        and not is_sentence
        and sum(m[0][0].isupper() for m in matches) > len(matches) / 2
    ):
        return  # A heading, or a line that shouts.
    for match in matches:
        word, before = match[0], sentence[: match.start()].rstrip(" \"'“‘(")
        opens = not before or before[-1] in "\n.!?:;…—–-"
        is_name = language is Language.ZH or (word[0].isupper() and not opens)
        if is_name and word.lower() not in _UNNAMED:
            yield match.start(), word


def _share_told(claims: Sequence[Claim], own: Sequence[str]) -> float:
    """How much of what the copy says is told from a passage; the brand's own phrases count for nothing."""
    told = sum(len(claim.sentence) for claim in claims if claim.verdict is Verdict.SUPPORTED)
    said = sum(
        len(claim.sentence)
        for claim in claims
        if claim.verdict is Verdict.SUPPORTED or not any(claim.sentence in phrase for phrase in own)
    )
    return told / said if said else 0.0


def _finding(rule: str, start: int, end: int, text: str, reason: Message) -> Finding:
    return Finding(Check.CLAIMS, rule, Severity.BLOCK, start, end, text, reason)
