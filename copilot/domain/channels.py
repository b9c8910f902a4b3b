"""Channels: the positions where copy goes, and the limits of each as one table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from copilot.domain.brands import Language


class Channel(StrEnum):
    OFFICIAL_ACCOUNT = "official_account"
    WECOM_PRIVATE = "wecom_private"
    COMMUNITY = "community"
    MOMENTS = "moments"
    MALL = "mall"
    VIDEO_CHANNEL = "video_channel"
    LIVE = "live"
    SLACK = "slack"
    TELEGRAM = "telegram"
    DISCORD = "discord"
    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True)
class Limits:
    """What a platform takes at most. A None is no known limit; `comfortable` reads well and only warns.

    `members_only` where nobody reads it but those who joined the brand or whom it wrote to.
    """

    max_bytes: int | None = None  # of UTF-8
    max_characters: int | None = None  # code points
    comfortable: int | None = None  # characters, in Chinese without line ends and blanks
    max_lines: int | None = None  # beyond, the platform folds: a warning
    max_pictures: int | None = None
    members_only: bool = False


# Figures: WeCom developer documents 92135 and 96351 (nine attachments a mass message, nine pictures a
# Moment), Official Account drafts, Telegram (albums of ten), Discord (ten files) and Slack API documents;
# none was checked against a live account, so an administrator may override them.
LIMITS: dict[Channel, Limits] = {
    Channel.OFFICIAL_ACCOUNT: Limits(max_bytes=1_000_000, max_characters=19_999),
    Channel.WECOM_PRIVATE: Limits(max_bytes=4000, comfortable=300, max_pictures=9, members_only=True),
    Channel.COMMUNITY: Limits(max_bytes=4000, comfortable=220, max_pictures=9, members_only=True),
    Channel.MOMENTS: Limits(max_bytes=4000, max_characters=2000, max_lines=6, max_pictures=9),
    Channel.MALL: Limits(max_bytes=4000, comfortable=120),
    Channel.VIDEO_CHANNEL: Limits(max_characters=1000),
    Channel.LIVE: Limits(max_characters=1000),
    Channel.SLACK: Limits(max_characters=40_000, comfortable=1200, members_only=True),
    Channel.TELEGRAM: Limits(max_characters=4096, comfortable=1000, max_pictures=10, members_only=True),
    Channel.DISCORD: Limits(max_characters=2000, comfortable=1000, max_pictures=10, members_only=True),
    Channel.EMAIL: Limits(comfortable=2000, members_only=True),
    Channel.SMS: Limits(max_characters=500, comfortable=70, max_pictures=0, members_only=True),
}


# Chinese says in 100 characters what English needs some 250 for; of an SMS the first part holds 160.
_ENGLISH_COMFORT = {
    Channel.WECOM_PRIVATE: 750,
    Channel.COMMUNITY: 550,
    Channel.MALL: 300,
    Channel.SMS: 160,
}


def limits_of(channel: Channel, language: Language) -> Limits:
    """A channel's limits for a text in this language: what reads well there depends on it."""
    if language is Language.EN and channel in _ENGLISH_COMFORT:
        return replace(LIMITS[channel], comfortable=_ENGLISH_COMFORT[channel])
    return LIMITS[channel]


def stricter(one: Limits, other: Limits) -> Limits:
    """The limits that hold when both apply: a channel's and those of a destination's adapter."""

    def least(a: int | None, b: int | None) -> int | None:
        known = [value for value in (a, b) if value is not None]
        return min(known, default=None)

    return Limits(
        max_bytes=least(one.max_bytes, other.max_bytes),
        max_characters=least(one.max_characters, other.max_characters),
        comfortable=least(one.comfortable, other.comfortable),
        max_lines=least(one.max_lines, other.max_lines),
        max_pictures=least(one.max_pictures, other.max_pictures),
        members_only=one.members_only and other.members_only,
    )
