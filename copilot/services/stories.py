"""Members' stories: taken in word for word, found once the member agrees, taken out when they no longer do."""

from __future__ import annotations

from sqlalchemy import select

from copilot import models, rulepacks
from copilot.domain import stories
from copilot.domain.findings import Finding
from copilot.domain.materials import MaterialStatus
from copilot.domain.permissions import Actor, Permission
from copilot.domain.stories import Story
from copilot.errors import Conflict, InvalidInput, NotFound
from copilot.models.database import Database
from copilot.services import loading
from copilot.services.ingestion import Ingestion
from copilot.services.lifecycle import Lifecycle
from copilot.services.terms import Upload

MOST_CHARACTERS = 6000


class Stories:
    """A story is one or two passages, so it is embedded at once and not in a job: the page says what became of it."""

    def __init__(self, *, db: Database, ingestion: Ingestion, lifecycle: Lifecycle) -> None:
        self._db = db
        self._ingestion = ingestion
        self._lifecycle = lifecycle

    def personal(self, text: str) -> tuple[Finding, ...]:
        """Numbers and addresses in it that belong to somebody, each with its masked form as the suggestion."""
        return stories.personal(text, rulepacks.chinese().folding)

    def masked(self, text: str) -> str:
        return stories.masked(text, self.personal(text))

    def tell(self, story: Story, *, consent: str, brand: int, actor: Actor) -> int:
        """Takes a story in and returns its material; without consent it waits as a draft that nobody finds.

        InvalidInput for an empty or overlong one, for words that the library holds already, and for a
        name with somebody's number in it.
        """
        actor.require(Permission.CURATE)
        wrong = {}
        if not story.text.strip():
            wrong["text"] = "invalid.empty"
        elif len(story.text) > MOST_CHARACTERS:
            wrong["text"] = "invalid.story_too_long"
        if story.kind not in stories.KINDS:
            wrong["kind"] = "invalid.story_kind"
        if self.personal(story.attribution):
            wrong["attribution"] = "invalid.personal_name"
        if wrong:
            raise InvalidInput(wrong, most=MOST_CHARACTERS)
        path = stories.path_of(story)
        if self._is_held(path, brand):
            # Told again without consent, it would take back the consent that is there.
            raise InvalidInput({"text": "invalid.story_known"})
        upload = Upload(
            path=path,
            data=stories.as_markdown(story),
            kind=story.kind,
            attribution=story.attribution.strip(),
            consent=consent.strip(),
        )
        result = self._ingestion.add(upload, brand=brand, actor=actor.id)
        if result.material is None:
            raise Conflict("error.story_unreadable")
        return result.material

    def agree(self, material: int, *, consent: str, attribution: str, brand: int, actor: Actor) -> None:
        """Writes down how and when the member agreed, and under which name; from now on the story can be told."""
        actor.require(Permission.CURATE)
        self._check_story(material, brand)
        wrong = {}
        if not consent.strip():
            wrong["consent"] = "invalid.consent_needed"
        if self.personal(attribution):
            wrong["attribution"] = "invalid.personal_name"
        if wrong:
            raise InvalidInput(wrong)
        self._ingestion.settle(
            material, brand=brand, actor=actor.id, attribution=attribution.strip(), consent=consent.strip()
        )
        self._lifecycle.activate(material, brand=brand, actor=actor.id)

    def withdraw(self, material: int, *, brand: int, actor: Actor) -> None:
        """The member took the consent back: nobody finds the story any more, and unsent posts that cite it stop."""
        actor.require(Permission.CURATE)
        self._check_story(material, brand)
        self._lifecycle.withdraw(material, brand=brand, actor=actor.id)

    def discard(self, material: int, *, brand: int, actor: Actor) -> None:
        """The member said no, or nobody will ask: the story leaves the inbox; the library can bring it back."""
        actor.require(Permission.CURATE)
        self._check_story(material, brand)
        self._lifecycle.delete([material], brand=brand, actor=actor.id)

    def bring_back(self, material: int, *, brand: int, actor: Actor) -> None:
        """Undoes `discard`; a story without consent waits again."""
        actor.require(Permission.CURATE)
        self._check_story(material, brand)
        self._lifecycle.restore([material], brand=brand, actor=actor.id)

    def _check_story(self, material: int, brand: int) -> None:
        with self._db.read() as session:
            if loading.one(session, models.Material, material, brand=brand).kind not in stories.KINDS:
                raise NotFound("story", material)

    def _is_held(self, path: str, brand: int) -> bool:
        with self._db.read() as session:
            loading.one(session, models.Brand, brand)
            return (
                session.scalar(
                    select(models.Material.id).where(
                        models.Material.brand_id == brand,
                        models.Material.path == path,
                        models.Material.status.in_([MaterialStatus.ACTIVE, MaterialStatus.DRAFT]),
                    )
                )
                is not None
            )
