"""A wheel, installed elsewhere, finds its prompts, templates, pictures and sample brands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_an_installed_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    home = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
         "--target", str(home), str(wheel)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    script = """
import json, copilot
from copilot import files
from copilot.app import create_app
from copilot.bootstrap import build, prepare
from copilot.config import Config
config = Config(password_cost=1)
prepare(config)
services = build(config)
app = create_app(services)
client = app.test_client()
print(json.dumps({
    "package": copilot.__file__,
    "page": client.get("/sign-in").status_code,
    "style": client.get("/static/css/tokens.css").status_code,
    "brands": sorted(path.name for path in files.folder("knowledge_base").iterdir() if path.is_dir()),
    "prompts": len(list(services.parts.prompts)),
    "brand": services.folders.load(files.folder("knowledge_base") / "slowmere"),
}))
"""
    environment = {**os.environ, "PYTHONPATH": str(home), "COPILOT_DATA_DIR": str(tmp_path / "data")}
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen.pop("package").startswith(str(home))
    assert seen.pop("prompts") >= 10
    assert seen == {"page": 200, "style": 200, "brands": ["chihe-xiaozao", "slowmere"], "brand": 1}
