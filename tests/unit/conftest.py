"""Fixtures of the small pieces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.answering import RawServer


@pytest.fixture
def raw() -> Iterator[RawServer]:
    """A model's service that answers each connection with bytes as scripted."""
    server = RawServer()
    yield server
    server.close()
