"""What a model is asked about the open sentences of a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.brands import Language
from copilot.domain.findings import Claim
from copilot.domain.materials import Source
from copilot.prompts import Prompts
from copilot.services.briefing import fenced_passages, harmless
from copilot.services.promptwords import SENTENCE

_MOST_CHARACTERS = 200
"""How much of a sentence a model is shown; a longer one is a paragraph that nobody ended."""


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about some sentences; `hashes` name the prompts it was made from."""

    system: str
    prompt: str
    hashes: Mapping[str, str]


def entailment(
    claims: Sequence[Claim], sources: Sequence[Source], *, language: Language, prompts: Prompts
) -> Question:
    """Passages and sentences both go in as data, each between fences of its own."""
    system, user = prompts[f"tasks/entail.{language}"], prompts[f"tasks/entailcopy.{language}"]
    lines = (" ".join(harmless(claim.sentence).split())[:_MOST_CHARACTERS] for claim in claims)
    return Question(
        system.render(),
        user.render(
            passages=fenced_passages(sources, language),
            sentences="\n".join(SENTENCE[language].format(n=n, text=line) for n, line in enumerate(lines, 1)),
            count=len(claims),
        ),
        {system.name: system.hash, user.name: user.hash},
    )
