"""Rule packs as values: what a rule looks for, when it keeps silent, and why it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from copilot.domain.findings import Severity


@dataclass(frozen=True)
class Context:
    """Patterns that are looked for around a hit, in folded text (half width, simplified, small letters).

    `before` and `after` see a stretch of the same sentence on that side, so `$` and `^` mean
    right beside the hit; `sentence` and `text` see the whole of these.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[str, ...]:
        return self.before + self.after + self.sentence + self.text

    def joined(self, other: Context) -> Context:
        """What either of two contexts looks for, place by place."""
        return Context(
            self.before + other.before,
            self.after + other.after,
            self.sentence + other.sentence,
            self.text + other.text,
        )


@dataclass(frozen=True)
class Sourced:
    """What a source may bear out: of the words that are found those which match `said`, by a quote that holds every
    price of the sentence and matches `stated`. Patterns as in a `Context`."""

    said: tuple[str, ...]
    stated: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule of a pack.

    Terms and patterns raise it, and what the function of this name finds (`detectors`). Each term of `pinyin`
    is also found as it is spelt to slip by: in letters, in part or throughout. An exception covers a hit that
    lies inside it (最佳 in 最佳食用时间); `needs` must be met in every place that it names, `unless` in none.
    Where `about` names pieces of words, a text with none of them is not read for the rule's patterns: this costs
    next to nothing, and they cost a pass each.
    A `public` rule is asked for where anybody may read the copy, and keeps silent where only members do.
    A rule that `yields` keeps silent about a word that the brand's own voice prescribes, one that is `sourced` about
    a price that a source of the sentence states.
    `fixes` maps a term as found to what may replace it without a thought; `alternatives` are for a person to
    choose from. `reason` and `basis` are worded by language. The examples are the rule's own test.
    """

    id: str
    category: str
    severity: Severity
    reason: Mapping[str, str]
    basis: Mapping[str, str]
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    terms: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    function: str = ""
    pinyin: Mapping[str, str] = field(default_factory=dict)
    needs: Context = Context()
    unless: Context = Context()
    once: bool = False
    public: bool = False
    yields: bool = False
    sourced: Sourced | None = None
    alternatives: tuple[str, ...] = ()
    fixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pack:
    """A set of rules that a brand switches on or off as one; `note` tells people what it is not."""

    name: str
    version: int
    language: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    rules: tuple[Rule, ...]
