"""Tone by rules and statistics: where a text stands on each scale of a voice, and whether it sounds like the brand."""

from __future__ import annotations

from copilot.domain.checks.tone.scoring import markers, tone
from copilot.domain.checks.tone.sounding import in_voice
from copilot.domain.checks.tone.values import OURS, TOLERANCE, Habit, Marker, ToneScore, Trait

__all__ = ["OURS", "TOLERANCE", "Habit", "Marker", "ToneScore", "Trait", "in_voice", "markers", "tone"]
