"""The send desk as a channel: a person copies the text and posts it, and says so."""

from __future__ import annotations

from copilot.domain.channels import Limits
from copilot.ports import Parcel, Receipt


class ManualPublisher:
    limits = Limits()

    def publish(self, parcel: Parcel) -> Receipt:
        return Receipt(awaiting_person=True)
