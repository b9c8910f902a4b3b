"""Positions: what each channel is for, what a text has there, and the position that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from copilot.domain.brands import Language
from copilot.domain.channels import LIMITS, Channel, Limits

NICKNAME = "%NICKNAME%"
"""WeCom's own placeholder for the name of the person who reads: WeCom fills it in, a person sending by hand replaces it."""

BULLET = "· "
DIGEST = {Language.ZH: "摘要：", Language.EN: "Digest: "}
DIGEST_AT_MOST = 128


class Purpose(StrEnum):
    DEPTH = "depth"  # takes public traffic with something worth reading
    SERVICE = "service"
    CONTACT = "contact"
    SEEDING = "seeding"
    CONVERSION = "conversion"
    SHOWING = "showing"  # lets people see and ask
    TALK = "talk"
    LETTER = "letter"
    NOTICE = "notice"


class Address(StrEnum):
    """Whom a text there speaks to."""

    PERSON = "person"
    GROUP = "group"
    FOLLOWERS = "followers"


class Part(StrEnum):
    """Something that a text of a position has, or keeps to; what a text lacks is named by it."""

    TITLE = "title"
    DIGEST = "digest"
    SECTIONS = "sections"
    PARAGRAPHS = "paragraphs"
    SHORT_PARAGRAPHS = "short_paragraphs"
    NAME = "name"
    ONE_PERSON = "one_person"
    FEW_SENTENCES = "few_sentences"
    ANSWER = "answer"
    DECLINE = "decline"
    CALL = "call"
    HOOK = "hook"
    FEW_LINES = "few_lines"
    NO_HASHTAGS = "no_hashtags"
    SUMMARY = "summary"
    POINTS = "points"
    SPOKEN = "spoken"
    ANNOUNCED = "announced"
    ENTRY = "entry"
    SUBJECT = "subject"
    BODY = "body"
    SIGNATURE = "signature"
    ONE_BLOCK = "one_block"
    NO_EMOJI = "no_emoji"
    NO_MASS_MENTION = "no_mass_mention"


@dataclass(frozen=True)
class Position:
    """The craft of one channel. `title` is the least and most characters of line one, where that is a title."""

    channel: Channel
    purpose: Purpose
    address: Address
    parts: tuple[Part, ...]
    title: tuple[int, int] = (1, 60)
    lines: int = 6
    paragraphs: tuple[int, int] = (2, 5)
    sentences: tuple[int, int] = (2, 8)  # three or four read well; the facts of a post come before that

    @property
    def limits(self) -> Limits:
        return LIMITS[self.channel]

    @property
    def next(self) -> Channel:
        return NEXT[self.channel]


_CHAT = (Part.PARAGRAPHS, Part.SHORT_PARAGRAPHS, Part.CALL, Part.NO_MASS_MENTION)

POSITIONS: Mapping[Channel, Position] = MappingProxyType(
    {
        position.channel: position
        for position in (
            Position(
                Channel.OFFICIAL_ACCOUNT,
                Purpose.DEPTH,
                Address.FOLLOWERS,
                (Part.TITLE, Part.DIGEST, Part.SECTIONS, Part.PARAGRAPHS),
                title=(4, 32),
                paragraphs=(3, 30),
            ),
            Position(
                Channel.WECOM_PRIVATE,
                Purpose.SERVICE,
                Address.PERSON,
                (Part.NAME, Part.ONE_PERSON, Part.FEW_SENTENCES, Part.ANSWER, Part.DECLINE),
            ),
            Position(Channel.COMMUNITY, Purpose.CONTACT, Address.GROUP, (Part.SHORT_PARAGRAPHS, Part.CALL)),
            Position(
                Channel.MOMENTS,
                Purpose.SEEDING,
                Address.FOLLOWERS,
                (Part.HOOK, Part.FEW_LINES, Part.NO_HASHTAGS, Part.CALL),
            ),
            Position(
                Channel.MALL,
                Purpose.CONVERSION,
                Address.FOLLOWERS,
                (Part.TITLE, Part.SUMMARY, Part.POINTS),
                title=(2, 20),
            ),
            Position(
                Channel.VIDEO_CHANNEL,
                Purpose.SHOWING,
                Address.FOLLOWERS,
                (Part.TITLE, Part.SPOKEN, Part.CALL),
                title=(6, 16),
            ),
            Position(
                Channel.LIVE, Purpose.SHOWING, Address.FOLLOWERS, (Part.ANNOUNCED, Part.ENTRY, Part.CALL)
            ),
            Position(Channel.SLACK, Purpose.TALK, Address.GROUP, _CHAT),
            Position(Channel.TELEGRAM, Purpose.CONTACT, Address.GROUP, _CHAT, paragraphs=(2, 8)),
            Position(Channel.DISCORD, Purpose.TALK, Address.GROUP, _CHAT),
            Position(Channel.EMAIL, Purpose.LETTER, Address.PERSON, (Part.SUBJECT, Part.BODY)),
            Position(
                Channel.SMS,
                Purpose.NOTICE,
                Address.PERSON,
                (Part.SIGNATURE, Part.ONE_BLOCK, Part.NO_EMOJI),
            ),
        )
    }
)

# From what is widely read to what is close, from there to the sale, and from the sale back among people.
NEXT: Mapping[Channel, Channel] = MappingProxyType(
    {
        Channel.OFFICIAL_ACCOUNT: Channel.COMMUNITY,
        Channel.COMMUNITY: Channel.LIVE,
        Channel.MOMENTS: Channel.WECOM_PRIVATE,
        Channel.WECOM_PRIVATE: Channel.MALL,
        Channel.VIDEO_CHANNEL: Channel.LIVE,
        Channel.LIVE: Channel.MALL,
        Channel.MALL: Channel.COMMUNITY,
        Channel.SLACK: Channel.EMAIL,
        Channel.TELEGRAM: Channel.MALL,
        Channel.DISCORD: Channel.LIVE,
        Channel.EMAIL: Channel.COMMUNITY,
        Channel.SMS: Channel.COMMUNITY,
    }
)

CALLS: Mapping[Language, Mapping[Channel, str]] = {
    Language.ZH: {
        Channel.COMMUNITY: "有话想说，群里见。",
        Channel.LIVE: "想看现场的，直播间见。",
        Channel.WECOM_PRIVATE: "想知道细一点的，直接问我。",
        Channel.MALL: "想看东西的，小程序商城里慢慢看。",
        Channel.EMAIL: "喜欢慢慢读的，邮件里见。",
    },
    Language.EN: {
        Channel.COMMUNITY: "Come and talk about it in the group.",
        Channel.LIVE: "If you would sooner see it than read it, come to the live stream.",
        Channel.WECOM_PRIVATE: "If you want to know more, ask me.",
        Channel.MALL: "Have a look round the shop when it suits you.",
        Channel.EMAIL: "If you like it slower, read the letter by email.",
    },
}
"""A plain call to each position that another one leads to: it gives no address and promises nothing."""


def leads_on(channel: Channel, language: Language) -> str:
    """The call from this position to the next one."""
    return CALLS[language][NEXT[channel]]
