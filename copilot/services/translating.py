"""Mutual translation: one post told again in other positions, as siblings that rest on the same passages."""

from __future__ import annotations

from collections.abc import Iterable

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.permissions import Actor, Permission
from copilot.errors import Conflict, InvalidInput
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.briefs import Wanted
from copilot.services.drafting import Drafting
from copilot.services.planning import Planning


class Translating:
    def __init__(self, *, db: Database, planning: Planning, drafting: Drafting) -> None:
        self._db = db
        self._planning = planning
        self._drafting = drafting

    def request(
        self, post: int, channels: Iterable[Channel], *, brand: int, actor: Actor, instruction: str = ""
    ) -> list[tuple[int, int]]:
        """Writes down that the post's newest text is wanted in these positions: (sibling post, generation) of each.

        A sibling shares the slot. One that was written is written anew, and its former text stays in its history.
        Conflict where there is nothing to translate yet, InvalidInput for no channel, or the post's own.
        """
        actor.require(Permission.WRITE)
        wanted = list(dict.fromkeys(channels))
        with self._db.read() as session:
            row = loading.one(session, models.Post, post, brand=brand)
            if row.head_id is None:
                raise Conflict("error.no_text")
            slot, own, revision = row.slot_id, Channel(row.channel), row.head_id
        if not wanted:
            raise InvalidInput({"channels": "invalid.no_channel"})
        if own in wanted:
            raise InvalidInput({"channels": "invalid.own_channel"})
        begun = []
        for channel in wanted:
            sibling = self._planning.open_post(slot, brand=brand, actor=actor, channel=channel)
            generation = self._drafting.request(
                sibling,
                brand=brand,
                actor=actor,
                instruction=instruction,
                wanted=Wanted.TRANSLATION,
                payload={"revision": revision},
            )
            begun.append((sibling, generation))
        return begun

    def start(
        self, post: int, channels: Iterable[Channel], *, brand: int, actor: Actor, instruction: str = ""
    ) -> list[int]:
        """As `request`, and has them written one after the other in a thread; the sibling posts."""
        begun = self.request(post, channels, brand=brand, actor=actor, instruction=instruction)
        self._drafting.spawn([generation for _, generation in begun])
        return [sibling for sibling, _ in begun]
