"""What can be counted of a manner: tone, address, lengths, exclamation marks and emoji."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from copilot.domain.brands import Language, Scales
from copilot.domain.checks.measures import emoji, exclamations, inside, length, quotations
from copilot.domain.checks.tone import markers, tone
from copilot.domain.voiceprofile import LONGEST_SENTENCE, SHORTEST_SENTENCE
from copilot.domain.voicetraits import MOST_QUOTES, Post, Shown, Trait, few_quotes, sorted_by_post, usual_most


def measured(posts: Sequence[Post], language: Language) -> list[Trait]:
    return [
        *_tone(posts, language),
        *_address(posts, language),
        *_sentences(posts, language),
        *_exclamations(posts),
        *_emoji(posts),
        _length(posts, language),
    ]


def _tone(posts: Sequence[Post], language: Language) -> list[Trait]:
    """The middle of the posts' scores as a step of the scale; humour and literary colour cannot be counted."""
    scored = {post: tone(post.text, Scales(), language)[0].score for post in posts}
    known = {post: score for post, score in scored.items() if score is not None}
    if len(known) < len(posts) / 2:
        return []
    middle = round(median(known.values()))
    level = step_of(middle)
    near = [post for post, score in known.items() if abs(step_of(score) - level) <= 1]
    quoted = [_leaning(post, language, is_friendly=level >= 3) for post in near]
    return [
        Trait(
            "friendly",
            "tone",
            "friendly",
            level,
            few_quotes(quoted),
            {"score": middle, "step": level, "count": len(near), "of": len(posts)},
        )
    ]


def step_of(score: int) -> int:
    """The step of a scale whose middle a score of 0 to 100 is nearest to."""
    return min(5, max(1, round((score + 10) / 20)))


def _leaning(post: Post, language: Language, *, is_friendly: bool) -> Shown:
    """A post with the first sentence in which a word leans that way; the post as a whole where none does."""
    found = post.with_quote(
        lambda said: any(marker.friendly is is_friendly for marker in markers(said, language))
    )
    return found or Shown(post.number)


_ADDRESSES = {
    Language.ZH: {"你": re.compile(r"你"), "您": re.compile(r"您")},
    Language.EN: {"you": re.compile(r"\byou(?:r|rs|rself|'re|’re|'ll|’ll|'ve|’ve)?\b", re.IGNORECASE)},
}


def _address(posts: Sequence[Post], language: Language) -> list[Trait]:
    """How the reader is spoken to; said only where nine posts in ten that do it do it alike."""
    used = {
        name: [
            found
            for post in posts
            if (found := post.with_quote(lambda said, wanted=wanted: _outside(wanted, said)))  # type: ignore[misc]
        ]
        for name, wanted in _ADDRESSES[language].items()
    }
    name, shown = max(used.items(), key=lambda item: len(item[1]))
    speaking = {one.post for found in used.values() for one in found}
    if not shown:
        return []
    is_settled = len(shown) >= 2 and len(shown) >= 0.9 * len(speaking)
    said = {"word": name, "count": len(shown), "of": len(posts)}
    if is_settled:
        return [Trait("address", "address", "address", name, few_quotes(shown), said)]
    other = [one for key, found in used.items() if key != name for one in found]
    return [Trait("address", "address_mixed", None, None, few_quotes([*shown, *other]), said)]


def _outside(wanted: re.Pattern[str], said: str) -> bool:
    """Whether it stands outside quotations, where it is the brand that speaks."""
    quoted = quotations(said)
    return any(not inside(quoted, match.start()) for match in wanted.finditer(said))


def _sentences(posts: Sequence[Post], language: Language) -> list[Trait]:
    sized = [(length(one, language), post, one) for post in posts for one in post.sentences]
    sizes = [size for size, _, _ in sized if size]
    if not sizes:
        return []
    most = min(LONGEST_SENTENCE, max(SHORTEST_SENTENCE, usual_most(sizes, 0.95)))
    longest: dict[int, tuple[int, str]] = {}
    for size, post, one in sized:
        if size <= most and size > longest.get(post.number, (0, ""))[0]:
            longest[post.number] = (size, one)
    # The longest sentences that keep the bound are what it is drawn from.
    ranked = sorted(longest.items(), key=lambda item: -item[1][0])[:MOST_QUOTES]
    shown = [Shown(number, said) for number, (_, said) in ranked]
    shown += [Shown(number) for number in longest if number not in dict(ranked)]
    kind = "sentences_zh" if language is Language.ZH else "sentences_en"
    said = {"most": most, "usual": round(median(sizes))}
    return [Trait("max_sentence", kind, "max_sentence", most, tuple(sorted_by_post(shown)), said)]


def _exclamations(posts: Sequence[Post]) -> list[Trait]:
    counts = {post.number: sum(b - a for a, b in exclamations(post.text)) for post in posts}
    most = usual_most(list(counts.values()))
    having = [found for post in posts if (found := post.with_quote(lambda said: bool(exclamations(said))))]
    shown = having if most else [Shown(post.number) for post in posts if not counts[post.number]]
    said = {"most": most, "count": len(having), "of": len(posts)}
    kind = "exclamations" if having else "no_exclamations"
    return [Trait("max_exclamations", kind, "max_exclamations", most, few_quotes(shown), said)]


def _emoji(posts: Sequence[Post]) -> list[Trait]:
    found = {post.number: [post.text[a:b] for a, b in emoji(post.text)] for post in posts}
    most = usual_most([len(own) for own in found.values()])
    having = [one for post in posts if (one := post.with_quote(lambda said: bool(emoji(said))))]
    shown = having if most else [Shown(post.number) for post in posts if not found[post.number]]
    said: dict[str, Any] = {"most": most, "count": len(having), "of": len(posts)}
    kind = "emoji" if having else "no_emoji"
    traits = [Trait("max_emoji", kind, "max_emoji", most, few_quotes(shown), said)]
    spread = Counter(one for own in found.values() for one in dict.fromkeys(own))
    own = [one for one, _ in sorted(spread.items(), key=lambda item: (-item[1], item[0]))][:8]
    if own and most:
        said = {"which": " ".join(own), "count": len(having), "of": len(posts)}
        traits.append(Trait("emoji", "which_emoji", "emoji", own, few_quotes(having), said))
    return traits


def _length(posts: Sequence[Post], language: Language) -> Trait:
    sizes = {post.number: length(post.text, language) for post in posts}
    middle = round(median(sizes.values()))
    nearest = min(sizes.values(), key=lambda size: abs(size - middle))
    near = [
        Shown(number)
        for number, size in sizes.items()
        if abs(size - middle) <= max(middle / 3, abs(nearest - middle))
    ]
    said = {"usual": middle, "least": min(sizes.values()), "most": max(sizes.values())}
    kind = "length_zh" if language is Language.ZH else "length_en"
    return Trait("length", kind, None, None, tuple(near), said)
