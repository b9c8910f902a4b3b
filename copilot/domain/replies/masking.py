"""Takes out of a member's question what belongs to nobody but the member, before it is kept or shown to a model."""

from __future__ import annotations

import re

from copilot.domain import stories
from copilot.domain.checks.normalize import Folding

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Telephone, order and parcel numbers alike: nobody needs them to answer a question.
_NUMBER = re.compile(r"(?<![\d.])\+?\d(?:[ ()-]{0,2}\d){6,}(?!\d)")
_STREET = re.compile(
    r"\b(?:flat \d+[a-z]?,? )?\d+[a-z]? (?:[A-Z][\w'’-]+ ){1,3}"
    r"(?:street|st|road|rd|lane|avenue|ave|close|drive|way|court|terrace|place|crescent|gardens)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_STARS = "***"


def masked(text: str, folding: Folding) -> str:
    """The question with starred numbers and addresses; what is already masked stays as it is."""
    text = stories.masked(text, stories.personal(text, folding))
    for pattern in (_EMAIL, _STREET, _POSTCODE, _NUMBER):
        text = pattern.sub(_STARS, text)
    return text
