"""What a voice does again and again: how it opens and closes, what it asks for, which words it likes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from copilot.domain.brands import Language, Scales
from copilot.domain.checks.measures import emoji, length
from copilot.domain.checks.tone import tone
from copilot.domain.quantities import FigureKind, figures
from copilot.domain.voicerules import rule
from copilot.domain.voicetraits import Post, Shown, Trait, few_quotes
from copilot.domain.voicewords import plain_words

_GREETS = {
    Language.ZH: re.compile(
        r"早|[上中下晚]午?好|午安|晚安|你好|您好|大家好|各位|哈喽|嗨|亲爱的|来啦|好久不见"
    ),
    Language.EN: re.compile(
        r"\b(?:hello|hi|hey|hiya|dear|(?:good )?(?:morning|afternoon|evening)|noon|welcome|greetings)\b", re.I
    ),
}
_LONGEST_OPENING = {Language.ZH: 24, Language.EN: 12}
_CALLS = {
    Language.ZH: re.compile(
        r"回复|私聊|私信|留言|下单|登记|接龙|打卡|报名|投票|转发|点[开击进]|扫码|晒[一出]?|说[一]?声|说来听听|告诉|来领|试试看|发[「“一给到]|戳"
    ),
    Language.EN: re.compile(
        r"\b(?:reply|tell us|tell me|send|answer|comment|vote|join|click|tap|order|book|sign up|check in|share|post|say|write|"
        r"message|register|pick|choose|let us know|show us|come and)\b",
        re.I,
    ),
}
_QUESTION = re.compile(r"[？?]")
_NOBODY = frozenset("我你您他她它咱人谁哪这那孩子")
_CALLED = {
    Language.ZH: (
        re.compile(r"(?:各位|亲爱的)([一-鿿]{1,4}?)(?:们)?(?=[，,！!：:。\s～~]|[早晚上中下]|$)"),
        re.compile(r"(?:^|[，,！!。\s])([一-鿿]{1,4}?)们(?=[，,！!：:。\s～~]|[早晚上中下]|$)"),
        re.compile(r"(?:早上?好?|[中下]午好|晚上好|早呀?)[，,]([一-鿿]{2,4}?)(?:们)?(?=[，,！!：:。\s～~])"),
    ),
    Language.EN: (
        re.compile(
            r"^(?:good )?(?:morning|afternoon|evening|hello|hi|hey|dear|noon already)[, ]+([a-z][a-z' ]{1,30}?)(?=[.,!:])",
            re.I,
        ),
    ),
}
_OFTEN = 0.6


def habits(
    posts: Sequence[Post], language: Language, *, others: Sequence[str], names: Sequence[str]
) -> list[Trait]:
    """`others` are the brand's posts beside the samples, `names` words that are names and no habit of speech."""
    closing = _sign_off(posts)
    return [
        *_greetings(posts, language),
        *closing,
        *_called(posts, language),
        *_asks(posts, language),
        *_calls(posts, language, [str(one.value) for one in closing]),
        *_lines(posts, language),
        *_favourites(posts, language, others, names),
        *_examples(posts, language),
    ]


def greets(said: str, language: Language) -> bool:
    """Whether an opening is a greeting and nothing more."""
    short = length(said, language) <= _LONGEST_OPENING[language]
    return short and bool(_GREETS[language].search(said))


def _bare(said: str) -> str:
    """A sentence without its emoji and the white space around: two that differ in these are one habit."""
    for start, end in reversed(emoji(said)):
        said = said[:start] + said[end:]
    return " ".join(said.split())


def _greetings(posts: Sequence[Post], language: Language) -> list[Trait]:
    """Openings that come back, and those that greet; how many posts open so is a trait of its own."""
    openings: dict[str, list[Shown]] = defaultdict(list)
    for post in posts:
        if post.sentences:
            openings[_bare(post.sentences[0])].append(Shown(post.number, post.sentences[0]))

    ranked = sorted(openings.items(), key=lambda item: (-len(item[1]), item[1][0].post))
    chosen = [
        (said, shown) for said, shown in ranked if said and (greets(said, language) or len(shown) >= 2)
    ][:6]
    greeting = [one for said, shown in ranked if greets(said, language) for one in shown]
    traits = []
    if greeting:
        said = {"count": len(greeting), "of": len(posts)}
        traits.append(Trait("greets", "greets", None, None, few_quotes(greeting), said))
    for number, (opening, shown) in enumerate(chosen, 1):
        said = {"count": len(shown), "of": len(posts)}
        traits.append(Trait(f"greeting-{number}", "greeting", "greetings", opening, few_quotes(shown), said))
    return traits


def _sign_off(posts: Sequence[Post]) -> list[Trait]:
    """A last sentence that at least two posts, and three in ten, have in common."""
    closings: dict[str, list[Shown]] = defaultdict(list)
    for post in posts:
        if len(post.sentences) > 1:
            closings[_bare(post.sentences[-1])].append(Shown(post.number, post.sentences[-1]))
    said, shown = max(closings.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if not said or len(shown) < max(2, 0.3 * len(posts)):
        return []
    counted = {"count": len(shown), "of": len(posts)}
    return [Trait("sign_off", "sign_off", "sign_off", said, few_quotes(shown), counted)]


def _called(posts: Sequence[Post], language: Language) -> list[Trait]:
    """How members are called; the name belongs to the brand and not to a version of its voice."""
    names: dict[str, list[Shown]] = defaultdict(list)
    for post in posts:
        for said in post.sentences:
            for pattern in _CALLED[language]:
                for match in pattern.finditer(said):
                    if match[1] not in _NOBODY and not _GREETS[language].fullmatch(match[1]):
                        names[match[1]].append(Shown(post.number, said))
    spread = {name: few_quotes(shown) for name, shown in names.items()}
    name, shown = max(spread.items(), key=lambda item: (len(item[1]), item[0]), default=("", ()))
    if len(shown) < 2:
        return []
    counted = {"name": name, "count": len(shown), "of": len(posts)}
    return [Trait("called", "called", None, None, shown, counted)]


def _asks(posts: Sequence[Post], language: Language) -> list[Trait]:
    shown = [found for post in posts if (found := post.with_quote(lambda said: bool(_QUESTION.search(said))))]
    if not shown:
        return []
    often = len(shown) >= _OFTEN * len(posts)
    counted = {"count": len(shown), "of": len(posts)}
    part, value = ("do", rule("ask", language)) if often else (None, None)
    return [Trait("asks", "asks", part, value, few_quotes(shown), counted)]


def _calls(posts: Sequence[Post], language: Language, closings: Sequence[str]) -> list[Trait]:
    """Sentences of the last third that ask for something to be done."""
    shown = []
    for post in posts:
        late = [one for one in post.sentences if _bare(one) not in closings]
        late = late[-max(2, len(late) // 3) :]
        found = next((one for one in reversed(late) if _CALLS[language].search(one)), None)
        shown += [Shown(post.number, found)] if found is not None else []
    if not shown:
        return []
    often = len(shown) >= _OFTEN * len(posts)
    counted = {"count": len(shown), "of": len(posts)}
    part, value = ("do", rule("call", language)) if often else (None, None)
    return [Trait("calls", "calls", part, value, few_quotes(shown), counted)]


def _lines(posts: Sequence[Post], language: Language) -> list[Trait]:
    """How many lines a post has; the middle half of the posts is what is usual."""
    counts = sorted(len(post.lines) for post in posts)
    low, high = counts[len(counts) // 4], counts[-1 - len(counts) // 4]
    near = [Shown(post.number) for post in posts if low <= len(post.lines) <= high]
    apart = sum("\n\n" in re.sub(r"[^\S\n]", "", post.text) for post in posts)
    counted = {"low": low, "high": high, "count": apart, "of": len(posts)}
    is_rule = 2 < high <= low + 4
    name = "lines" if low < high else "lines_same"
    part, value = ("do", rule(name, language, low=low, high=high)) if is_rule else (None, None)
    return [Trait("lines", name, part, value, tuple(near), counted)]


def _favourites(
    posts: Sequence[Post], language: Language, others: Sequence[str], names: Sequence[str]
) -> list[Trait]:
    """Words of at least three posts, and three in ten, that the brand's other posts use half as often."""
    own = {post.number: plain_words(post.text, language, names) for post in posts}
    beside = [plain_words(text, language, names) for text in others]
    spread = Counter(word for words in own.values() for word in words)
    usual = Counter(word for words in beside for word in words)

    def share(word: str) -> float:
        return spread[word] / len(posts)

    found = [
        word
        for word, count in spread.items()
        if count >= 3
        and share(word) >= 0.3
        and (len(beside) < len(posts) or share(word) >= 2 * usual[word] / len(beside))
    ]
    best = sorted(found, key=lambda word: (-spread[word], -len(word), word))[:8]
    if not best:
        return []
    shown = [
        quoted
        for post in posts
        if own[post.number] & set(best)
        and (quoted := post.with_quote(lambda said: any(word in said.lower() for word in best)))
    ]
    joined = ("、" if language is Language.ZH else ", ").join(best)
    counted = {"which": joined, "count": len(shown), "of": len(posts)}
    value = rule("words", language, words=joined)
    return [Trait("words", "words", "do", value, few_quotes(shown), counted)]


def _examples(posts: Sequence[Post], language: Language) -> list[Trait]:
    """The two posts nearest to the middle of all in length and tone, with the fewest prices and dates in them."""
    sizes = {post.number: length(post.text, language) for post in posts}
    scores = {post.number: tone(post.text, Scales(), language)[0].score for post in posts}
    middle = median(sizes.values())
    usual = median([score for score in scores.values() if score is not None] or [50])

    def oddness(post: Post) -> tuple[float, int]:
        score = scores[post.number]
        passing = sum(one.kind in PASSING for one in figures(post.text))
        apart = abs(sizes[post.number] - middle) / max(1.0, middle)
        return passing + apart + abs((score if score is not None else 0) - usual) / 100, post.number

    best = sorted(posts, key=oddness)[:2]
    return [
        Trait(f"example-{post.number}", "example", "examples", post.text, (Shown(post.number),), {})
        for post in best
    ]


PASSING = frozenset({FigureKind.PRICE, FigureKind.DATE, FigureKind.OFFER})
"""Figures that will not be true for long: an example is read for years."""
