"""Fixtures of the stories over real services: people in front of the pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Team
from tests.visiting import Visitor


@pytest.fixture
def grace(app: Flask, team: Team) -> Visitor:
    """The brand manager."""
    return Visitor(app, "grace")


@pytest.fixture
def hang(app: Flask, team: Team) -> Visitor:
    """The operator."""
    return Visitor(app, "hang")
