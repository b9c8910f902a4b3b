"""Checks a text for a brand, a channel and a time: the deterministic suite and the claim ledger."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from copilot import models, rulepacks
from copilot.domain import checks
from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel, limits_of
from copilot.domain.checks import ToneScore
from copilot.domain.checks.declaration import undeclared
from copilot.domain.checks.repetition import repetition
from copilot.domain.checks.sourced import personal, without_sourced
from copilot.domain.columns import Column
from copilot.domain.drafts import Brief
from copilot.domain.fidelity import Setting, ordered, strays
from copilot.domain.findings import Claim, Finding, Severity, Verdict
from copilot.domain.findings import Method as Decided
from copilot.domain.forms import numbering, quiz_options
from copilot.domain.grounding import Ledger, ledger
from copilot.domain.grounding.entailing import BY_WORDS, Grounds, Kept, again, assertions, beside_figures
from copilot.domain.grounding.options import settled
from copilot.domain.grounding.subjects import catalogue
from copilot.domain.materials import CITABLE, Source
from copilot.domain.waiving import Seats, Waiver, waive
from copilot.errors import InvalidInput
from copilot.models.database import Database
from copilot.ports import Clock, Reader
from copilot.prompts import Prompts
from copilot.services import illustrating, loading
from copilot.services.besides import Beside, read_beside
from copilot.services.meaning import Meaning
from copilot.services.retrieval import Method, Retrieval
from copilot.services.sourcing import sources_of_files, standing
from copilot.services.waiving import standing_waivers

_GRAVITY = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.NOTE: 2}
_PASSAGES_A_CLAIM = 4
_MOST_LOOKUPS, _MOST_ASSERTED, _MOST_ROUNDS = 12, 12, 2
_LONGEST = 200  # Characters of a sentence that are searched for: no reader takes in more at once, either.
_BOTH_WAYS = (Method.FUSED, Method.KEYWORD)


@dataclass(frozen=True)
class Checked:
    """What the checks say: findings with the gravest first, and a verdict for each sentence.

    `sources` are those that the claims were grounded on.
    """

    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    tone: tuple[ToneScore, ...]
    sources: tuple[Source, ...] = ()

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.claims, self.findings)

    def with_ledger(self, told: Ledger) -> Checked:
        """The same with claims and findings of this ledger, the gravest first again."""
        return replace(self, claims=told.claims, findings=_in_order(told.findings))

    def resting_on(self, more: Sequence[Source]) -> Checked:
        """The same with these sources too."""
        return replace(self, sources=(*self.sources, *(one for one in more if one not in self.sources)))

    def along_with(self, more: Sequence[Finding]) -> Checked:
        """These findings too, the gravest of all first."""
        found = (*self.findings, *more)
        return replace(self, findings=tuple(sorted(found, key=lambda finding: _GRAVITY[finding.severity])))

    def let_stand(self, waivers: Sequence[Waiver], seats: Seats) -> Checked:
        """The same with what these waivers cover marked as let stand, and nothing else; `seats` are of this text."""
        return replace(self, findings=waive(self.findings, waivers, seats))


class Checking:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        retrieval: Retrieval,
        meaning: Meaning,
        read: Reader,
        prompts: Prompts,
    ) -> None:
        # What the prompts of forms, modules and channels say may be meant to be said.
        tasks = (prompt for prompt in prompts if prompt.name.startswith("tasks/"))
        self._secrets = _secrets(tuple(part for prompt in tasks for part in prompt.fixed))
        self._db = db
        self._clock = clock
        self._retrieval = retrieval
        self._meaning = meaning
        self._read = read

    def check(
        self,
        text: str,
        *,
        brand: Brand,
        voice: Voice,
        channel: Channel,
        at: datetime,
        sources: Sequence[Source],
        column: Column | None = None,
    ) -> Checked:
        """Pure of any look-up: grounds the claims on these sources alone, competitor notes left out. `at` is aware."""
        rules = rulepacks.for_brand(brand.language, brand.rules)
        form = column.form if column is not None else None
        suite = checks.suite(
            brand_voice=voice,
            language=brand.language,
            channel=limits_of(channel, brand.language),
            wanted=column.length if column is not None and column.channel is channel else None,
            rules=rules,
            known=_terms(voice),
            form=form,
            secrets=self._secrets,
        )
        said = checks.run(text, suite)
        told = ledger(
            text,
            [source for source in sources if source.kind in CITABLE],
            at=at.astimezone(ZoneInfo(brand.zone)),
            language=brand.language,
            products=brand.products,
            furniture=furniture_of(voice, column),
            calls=(voice.persona, brand.members_called, brand.name),
            numbering=(*numbering(form, text, brand.language), *personal(said)),
        )
        grounded = settled(told, quiz_options(form, text))
        said = without_sourced(said, grounded.claims, rules)
        found = (*said, *grounded.findings, *grounded.notes)
        return Checked(
            findings=_in_order(found),
            claims=grounded.claims,
            tone=checks.in_voice(text, voice, brand.language),
            sources=tuple(sources),
        )

    def judged(self, checked: Checked, kept: Sequence[Kept], *, brand: Brand, at: datetime) -> Checked:
        """With what was judged of the same sentences before, as far as the sources of this check still bear it out."""
        if not kept:
            return checked
        return checked.with_ledger(again(checked.ledger, kept, grounds_of(checked.sources, brand, at)))

    def check_post(
        self,
        text: str,
        post: int,
        *,
        brand: int,
        given: Sequence[int] | None = None,
        anew: Container[str] = (),
    ) -> Checked:
        """A text for this post, grounded on what its draft was given and on what the library finds for the rest.

        `given` are the passages of a text that is not the post's newest. Of the sentences that are judged `anew`
        nothing counts that a model said of them before.
        """
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            home, voice = loading.brand_and_voice(session, brand)
            column = loading.column(row.slot.column)
            at, channel = row.slot.starts_at, Channel(row.channel)
            if column.is_standing:
                # It is said to whoever comes next, long after the hour at which it was written.
                at = max(at, self._clock())
            if given is None:
                given = row.head.provenance.get("passages", ()) if row.head is not None else ()
            given = standing(session, list(given))
            wrote = _as_a_model_wrote_it(session, row, text)
            waivers = standing_waivers(session, post)
            beside = read_beside(session, row, column)
            kept = kept_judgements(row.head) if row.head is not None else ()
            kept = tuple(one for one in kept if one.sentence not in anew)
            cited = standing(session, [one.passage for one in kept if one.passage is not None])
        sources = self._retrieval.sources(given)
        checked = self.check_grounded(
            text, brand=home, voice=voice, channel=channel, at=at, sources=sources, column=column
        )
        # A model is asked at a person's press; its word holds until the sentence changes or what it quoted is gone.
        checked = checked.resting_on(self._retrieval.sources(cited))
        checked = self.judged(checked, kept, brand=home, at=at)
        checked = checked.along_with(self.beside(text, beside, home, voice, column, channel))
        if wrote is None:
            return checked.let_stand(waivers, Seats(text, home.language))
        if "resaid" not in wrote:  # There the rest of the copy is of another draft, with other passages.
            setting = Setting(
                home,
                voice,
                column,
                channel,
                has_points=bool(wrote.get("points")),
                given=(wrote.get("instruction", ""), wrote.get("line", ""), wrote.get("question", "")),
                notes=tuple(note.text for note in self._retrieval.sources(wrote.get("background", ()))),
            )
            checked = checked.along_with(strays(checked.claims, checked.findings, sources, setting))
        return checked.along_with(ordered(sources)).let_stand(waivers, Seats(text, home.language))

    def beside(
        self, text: str, beside: Beside, brand: Brand, voice: Voice, column: Column, channel: Channel
    ) -> tuple[Finding, ...]:
        """What a text is told for what stands beside it: what the same people read lately, and who wrote it."""
        furniture = furniture_of(voice, column)
        found = repetition(text, beside.earlier, brand.language, allowed=furniture)
        declaration = brand.rules.declaration if beside.is_generated else ""
        return (*found, *undeclared(text, channel, declaration))

    def check_grounded(
        self,
        text: str,
        *,
        brand: Brand,
        voice: Voice,
        channel: Channel,
        at: datetime,
        sources: Sequence[Source],
        column: Column | None = None,
    ) -> Checked:
        """As `check`; for its sentences the whole library is asked once.

        It is asked for what states a figure and for what asserts something and passes as opinion, too: elsewhere it
        may be denied, or told otherwise. What words leave open even then, likeness of meaning may settle.
        """
        checked = self.check(
            text, brand=brand, voice=voice, channel=channel, at=at, sources=sources, column=column
        )
        # A figure may have a namesake in the few sources at hand: what the library says of the very thing decides.
        figured = [claim for claim in checked.claims if claim.method is Decided.FIGURES]
        loose = assertions(checked.ledger, grounds_of(sources, brand, at), furniture_of(voice, column))
        # What it tells people to do with a product may be what its material warns of: pop the pan in the microwave.
        names = catalogue(tuple(brand.products), ())
        advised = [
            claim
            for claim in checked.claims
            if claim.verdict is Verdict.OPINION and claim not in loose and names.mentions(claim.sentence)
        ]
        asserted = [*figured, *loose, *advised]
        asked: set[int] = set()
        for _ in range(_MOST_ROUNDS):
            # What one round finds for one sentence may speak against another, which was not asked for yet.
            more = self._looked_up(checked, asserted, brand, {source.passage for source in sources}, asked)
            if not more:
                break
            sources = [*sources, *more]
            checked = self.check(
                text, brand=brand, voice=voice, channel=channel, at=at, sources=sources, column=column
            )
        if not any(finding.rule == BY_WORDS for finding in checked.findings):
            return checked
        grounds = grounds_of(sources, brand, at)
        return checked.with_ledger(self._meaning.settle(checked.ledger, grounds, brand.language))

    def check_brief(self, text: str, brief: Brief) -> Checked:
        """A writer's answer to this brief, as `check_grounded`."""
        return self.check_grounded(
            text,
            brand=brief.brand,
            voice=brief.voice,
            channel=brief.channel,
            at=brief.starts_at,
            sources=brief.grounds,
            column=brief.column,
        )

    def check_model(self, text: str, brief: Brief) -> Checked:
        """A model's answer to this brief: as `check_brief`, and whether it kept to its passages."""
        return self.of_model(self.check_brief(text, brief), brief)

    @staticmethod
    def of_model(checked: Checked, brief: Brief) -> Checked:
        """What `check_brief` found in a model's answer to this brief, and whether that kept to its passages."""
        setting = Setting(
            brief.brand,
            brief.voice,
            brief.column,
            brief.channel,
            has_points=bool(brief.points),
            given=(brief.instruction, brief.line, *(brief.question.lines if brief.question else ())),
            notes=tuple(note.text for note in brief.background),
        )
        return checked.along_with(strays(checked.claims, checked.findings, brief.sources, setting))

    def recheck(self, post: int, *, brand: int, anew: Container[str] = ()) -> Checked:
        """The newest text and pictures of a post against the library as it stands now; nothing is stored.

        `anew` as for `check_post`.
        """
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            text, media = (row.head.text, row.head.media) if row.head is not None else ("", [])
            pictured = illustrating.findings(session, brand, row.channel, media)
        if not text:
            raise InvalidInput({"text": "invalid.empty_copy"})
        return self.check_post(text, post, brand=brand, anew=anew).along_with(pictured)

    def check_text(
        self,
        text: str,
        *,
        brand: int,
        channel: Channel,
        at: datetime | None = None,
        column: Column | None = None,
    ) -> Checked:
        """Any text, grounded on what the brand's library finds for its claims; now, where no time is given."""
        at = at or self._clock()
        home, voice = self._home(brand)
        return self.check_grounded(
            text, brand=home, voice=voice, channel=channel, at=at, sources=(), column=column
        )

    def check_against(
        self,
        text: str,
        files: Sequence[tuple[str, bytes]],
        *,
        brand: int,
        channel: Channel,
        at: datetime | None = None,
        column: Column | None = None,
    ) -> Checked:
        """Any text, grounded on these files (name, bytes) instead of the library; embeds nothing."""
        home, voice = self._home(brand)
        sources = sources_of_files(files, self._read, home.language)
        at = at or self._clock()
        return self.check(
            text, brand=home, voice=voice, channel=channel, at=at, sources=sources, column=column
        )

    def _home(self, brand: int) -> tuple[Brand, Voice]:
        with self._db.read() as session:
            return loading.brand_and_voice(session, brand)

    def _looked_up(
        self, checked: Checked, asserted: Sequence[Claim], brand: Brand, known: set[int], asked: set[int]
    ) -> list[Source]:
        """Passages for the sentences that had no support; expired ones too, so that the ledger can say so.

        `asked` are the starts of the sentences that were asked for before, and gets those that are now.
        """
        wanting = [claim for claim in checked.claims if claim.verdict is Verdict.UNSUPPORTED]
        wanting = [claim for claim in wanting if claim.start not in asked][:_MOST_LOOKUPS]
        asserted = [claim for claim in asserted if claim.start not in asked][:_MOST_ASSERTED]
        asked |= {claim.start for claim in (*wanting, *asserted)}
        searches = [
            # A figure is found by its words where the sentence around it leads the meaning elsewhere.
            *((claim.sentence, method) for claim in wanting for method in _BOTH_WAYS),
            # What a source bears out is told in its words; what asserts something may be denied in others.
            *(
                (claim.sentence, Method.KEYWORD if claim.verdict is Verdict.SUPPORTED else Method.FUSED)
                for claim in asserted
            ),
            *(
                (rest, Method.FUSED)
                for claim in (*wanting, *asserted)
                if (rest := beside_figures(claim.sentence))
            ),
        ]
        searches = [(words[:_LONGEST], method) for words, method in searches]
        self._retrieval.expect([words for words, method in searches if method is Method.FUSED])
        found: dict[int, Source] = {}
        for words, method in searches:
            for hit in self._retrieval.search(
                words, brand=brand.id, kinds=CITABLE, k=_PASSAGES_A_CLAIM, method=method
            ):
                if hit.source.passage not in known:
                    found[hit.source.passage] = hit.source
        return list(found.values())


def grounds_of(sources: Sequence[Source], brand: Brand, at: datetime) -> Grounds:
    """What judgements of open sentences are held against; `at` is aware."""
    return Grounds(sources, at=at.astimezone(ZoneInfo(brand.zone)), products=brand.products)


def kept_judgements(head: models.Revision) -> tuple[Kept, ...]:
    """What a model said of the sentences of a text."""
    return tuple(
        Kept(head.text[row.start : row.end], Decided(row.method), row.passage_id, row.quote)
        for row in head.claims
        if row.method == Decided.MODEL
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (_GRAVITY[finding.severity], finding.start)))


def _as_a_model_wrote_it(session: Session, post: models.Post, text: str) -> Mapping[str, Any] | None:
    """Where this very text comes from, if it is a model's and no person changed a word of it."""
    return session.scalar(
        select(models.Revision.provenance)
        .where(
            models.Revision.post_id == post.id,
            models.Revision.origin == "model",
            models.Revision.text == text,
        )
        .order_by(models.Revision.number.desc())
        .limit(1)
    )


@lru_cache(maxsize=4)
def _secrets(texts: tuple[str, ...]) -> checks.Secrets:
    """Read once in a process: the prompts are files that nobody edits while it runs."""
    return checks.Secrets(texts)


@lru_cache(maxsize=64)
def _terms(voice: Voice) -> checks.TermSet:
    """One automaton for each version of a voice, not one for each check."""
    return checks.TermSet.compile(voice, rulepacks.chinese())


def furniture_of(voice: Voice, column: Column | None) -> tuple[str, ...]:
    """Phrases of the column and the voice that need no source."""
    own = (column.call_to_action,) if column is not None else ()
    return tuple(phrase for phrase in (*own, voice.sign_off, *voice.greetings) if phrase)
