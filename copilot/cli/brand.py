"""`copilot brand`: the tenants."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.cli.groups import Group
from copilot.cli.importing import show_imported, take_in
from copilot.cli.options import FILE_OR_FOLDER, Place, json_option, writing_to
from copilot.cli.terminal import Terminal, pass_terminal, progress
from copilot.errors import InvalidInput

if TYPE_CHECKING:
    from copilot.services.queries.rows import BrandRow

_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}")
"""The ending of a file, such as .txt: a folder with such a name is hardly ever meant."""


@click.group(cls=Group)
def command() -> None:
    """Brands."""


@command.command()
@click.argument("slug")
@click.option("--name", required=True, help="As people write it.")
@click.option("--zone", required=True, metavar="ZONE", help="Time zone, such as Asia/Shanghai.")
@click.option("--language", required=True, metavar="zh|en", help="The language its copy is written in.")
@json_option
@pass_terminal
def create(terminal: Terminal, slug: str, name: str, zone: str, language: str, as_json: bool) -> None:
    """Create a brand with an empty library and a plain voice."""
    terminal.services.brands.create(slug=slug, name=name, zone=zone, language=language)
    if as_json:
        terminal.json({"slug": slug, "name": name.strip(), "zone": zone, "language": language})
    else:
        terminal.say("cli.brand_created", brand=slug)


@command.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, as_json: bool) -> None:
    """List the brands."""
    rows = terminal.services.brands.all()
    if as_json:
        terminal.json(
            [
                {"slug": row.slug, "name": row.name, "zone": row.zone, "language": str(row.language)}
                for row in rows
            ]
        )
    else:
        terminal.rows((row.slug, row.name, row.zone, row.language) for row in rows)


@command.command()
@click.argument("slug")
@click.argument("path", type=Place())
@json_option
@pass_terminal
def export(terminal: Terminal, slug: str, path: Path, as_json: bool) -> None:
    """Write the whole brand to PATH: a new folder, or a new zip where PATH ends in .zip.

    It holds the settings, the materials as they were taken in, and what people settled about them; no
    deleted material, no secret, and nothing of people but their logins. The same library gives the same bytes.
    """
    exporting, home = terminal.services.exporting, terminal.brand(slug, field="slug")
    is_zip = path.suffix.lower() == ".zip"
    # Asked before the work, which takes a while.
    with writing_to(path, field="path"):
        if not is_zip and _FILE.fullmatch(path.suffix) and not path.is_dir():
            raise InvalidInput({"path": "invalid.neither_zip_nor_folder"}, value=path.name)
        folder = path.parent if is_zip else path
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        exporting.require_free(path)
    files = exporting.files(brand=home.id, progress=progress())
    if is_zip:
        exporting.write_zip(files, path)
    else:
        exporting.write_folder(files, path)
    materials = sum(one.name.startswith("materials/") for one in files)
    if as_json:
        terminal.json({"brand": slug, "path": str(path), "files": len(files), "materials": materials})
    else:
        terminal.say("cli.exported", brand=slug, path=path, files=len(files), materials=materials)


@command.command("import")
@click.argument("path", type=FILE_OR_FOLDER)
@click.option("--slug", metavar="SLUG", help="Take it in as this brand instead of the one it names.")
@click.option(
    "--as", "login", metavar="LOGIN", help="Who acts; a brand that is new gets them as its brand manager."
)
@click.option(
    "--into-another",
    is_flag=True,
    help="Take it in although SLUG is here already and PATH is of another brand.",
)
@json_option
@pass_terminal
def import_(
    terminal: Terminal, path: Path, slug: str | None, login: str | None, into_another: bool, as_json: bool
) -> int | None:
    """Take a whole brand in from PATH, a folder or a zip of the form that `export` writes.

    Creates the brand or brings the one that is there up to it; a material that is not in PATH stays.
    Everything is checked before anything changes. Zone, language and the groups of a brand that is there stay,
    unless --as names one of its administrators. Facts and the copy library need somebody who stands for
    them: --as. Copy comes in as drafts, whoever approved it elsewhere.
    """
    from copilot.domain.brands import Language
    from copilot.services.brandcontents import read_contents
    from copilot.services.brandsettings import read_settings
    from copilot.services.brandtrees import open_tree

    services = terminal.services
    with open_tree(path) as tree:
        settings = read_settings(tree)
        target = slug or settings.slug
        home = next((row for row in services.brands.all() if row.slug == target), None)
        if home is not None and settings.slug != target and not into_another:
            raise InvalidInput({"path": "invalid.into_another"}, other=settings.slug, here=target)
        if home is not None and login is not None:
            _require_member(terminal, login, home)
        contents = read_contents(tree)
        plan = services.importing.plan(
            tree,
            contents,
            slug=target,
            settings=settings,
            zone=settings.brand["zone"],
            language=Language(settings.brand["language"]),
        )
    return show_imported(terminal, take_in(terminal, plan, login, brand=None), as_json)


def _require_member(terminal: Terminal, login: str, home: BrandRow) -> None:
    """Whoever is named works for the brand already: an import lets nobody into a brand that is there."""
    accounts = terminal.services.accounts
    known = accounts.person_by_login(login)
    if known is not None and all(member.id != known.id for member in accounts.members(home.id)):
        raise InvalidInput({"login": "invalid.not_a_member"}, login=known.login, brand=home.slug)
