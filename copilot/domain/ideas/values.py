"""What an idea for a column of one day is, and the kinds of material that such columns are written from."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain.columns import Form, Module
from copilot.domain.materials import Kind


@dataclass(frozen=True)
class Idea:
    """A column for one day: `purpose` is the sentence that says what it does, `kinds` what it is written from.

    `before` are days ahead on which it comes as well, for what people have to hear in time.
    """

    name: str
    purpose: str
    call_to_action: str
    form: Form
    kinds: tuple[Kind, ...]
    module: Module = Module.INTERACTION
    before: tuple[int, ...] = ()

    def about(self, name: str) -> Idea:
        """The same idea with the name of what it is about put in; a name that ends in a mark needs no colon."""
        purpose = self.purpose
        if name.endswith(("?", "!", "？", "！")):
            purpose = purpose.replace("{name}：", "{name}").replace("{name}:", "{name} –")
        return Idea(
            self.name.format(name=name),
            purpose.format(name=name),
            self.call_to_action,
            self.form,
            self.kinds,
            self.module,
            self.before,
        )


TALK = (Kind.CULTURE, Kind.STORY, Kind.CONCEPT, Kind.EXPERIENCE)
CARE = (Kind.USER_GUIDE, Kind.MAINTENANCE, Kind.EXPERIENCE)
QUIZ = (Kind.USER_GUIDE, Kind.MAINTENANCE, Kind.HIGHLIGHT, Kind.CULTURE)
TERMS = (Kind.OFFER, Kind.BUNDLE)
REWARD = (Kind.POLICY, *TALK)
ORIGIN = (Kind.STORY, Kind.CULTURE, Kind.BRAND_FILE, Kind.CONCEPT)
