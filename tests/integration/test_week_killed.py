"""A week whose process is killed with no chance to say goodbye, and one that is asked for again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select
from werkzeug import Request, Response

from copilot import models
from copilot.config import Config
from copilot.services.house import Services
from tests.answering import answer
from tests.conftest import Team
from tests.steps import much_to_tell

ANSWERED = 3
SECONDS = 150


@dataclass
class Service:
    """A model's service that tells the points of the prompt, and after a few answers says nothing until it may."""

    may_go_on: threading.Event = field(default_factory=threading.Event)
    is_silent: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def __call__(self, request: Request) -> Response:
        self.asked += 1
        if self.asked > ANSWERED and not self.may_go_on.is_set():
            self.is_silent.set()
            self.may_go_on.wait(SECONDS)
        prompt = request.get_json()["messages"][1]["content"]
        points = re.findall(r"^- (.+?\[\d+\])$", prompt, re.MULTILINE)
        return Response(answer("\n".join(points)), content_type="text/event-stream")


@pytest.fixture
def service(httpserver: HTTPServer) -> Iterator[Service]:
    service = Service()
    httpserver.expect_request("/v1/chat/completions").respond_with_handler(service)
    yield service
    service.may_go_on.set()


def command(config: Config, httpserver: HTTPServer, start: str) -> subprocess.Popen[str]:
    words = ["week", "--brand", "hearth", "--start", start, "--json"]
    environment = {
        **os.environ,
        "COPILOT_DATA_DIR": str(config.data_dir),
        "COPILOT_LLM_BASE_URL": httpserver.url_for("/v1"),
        "COPILOT_LLM_MODEL": "stub",
        "COPILOT_LLM_AT_ONCE": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "copilot", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def revisions(services: Services) -> dict[int, int]:
    with services.parts.db.read() as session:
        rows = session.execute(
            select(models.Post.slot_id, func.count(models.Revision.id))
            .join(models.Revision, models.Revision.post_id == models.Post.id)
            .group_by(models.Post.slot_id)
        )
        return {row[0]: row[1] for row in rows}


def test_a_killed_week_that_is_asked_for_again_has_one_revision_a_slot(
    services: Services, team: Team, config: Config, httpserver: HTTPServer, service: Service
) -> None:
    much_to_tell(services, team)
    start = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    first = command(config, httpserver, start)
    assert service.is_silent.wait(SECONDS)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=SECONDS)
    before = revisions(services)
    assert 1 <= len(before) <= ANSWERED and set(before.values()) == {1}

    service.may_go_on.set()
    second = command(config, httpserver, start)
    out, err = second.communicate(timeout=SECONDS)
    assert second.returncode == 0, err
    after = revisions(services)
    assert sorted(after.values()) == [1] * 7 and before.items() <= after.items()
    report: dict[str, Any] = json.loads(out)
    assert len(report["posts"]) == 7 and report["drafted"] == 7 - len(before)
    with services.parts.db.read() as session:
        assert session.scalars(select(models.Job.state)).all() == ["done"]
