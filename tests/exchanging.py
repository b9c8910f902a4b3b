"""Steps of a brand that leaves the house as a folder or a zip and comes back: furnished, exported, imported."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from werkzeug.test import TestResponse

from copilot.domain.brands import Language
from copilot.domain.facts import FactKind, FactStatus
from copilot.services.brandcontents import read_contents
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import open_tree
from copilot.services.house import Services
from copilot.services.importing import Imported
from copilot.services.media import PictureFile
from tests.conftest import BRAND, COLUMNS, POT, VOICE, Team
from tests.documents import png
from tests.steps import add, library
from tests.visiting import HOME, Visitor

SECOND = "second"
STORY = "---\nattribution: 饭友阿禾\nconsent: 2026-11-01 私聊同意\n---\n# 一家三口\n\n周末焖了一锅饭，女儿吃了两碗。\n"
NOTE = "# 对手笔记\n\n---\n\n他家的锅要 399 元，没有内盖。\n"
PRICES = "商品,会员价,有效期起,有效期止\n溪石米缸,129 元,2026-11-01,2026-12-31\n小灶陶锅,239 元,2026-11-01,2026-12-31\n"


def furnished(services: Services, team: Team) -> None:
    """A library in which something of everything was settled by hand."""
    brand, manager = team.brand, team.manager
    pot = library(services, team)
    prices = add(services, team, "offer/价目表.csv", PRICES)
    story = add(services, team, "experience/a-he.md", STORY)
    add(services, team, "experience/waiting.md", "# 等同意\n\n这口锅煮粥不溢锅。\n")
    note = add(services, team, "competitor_note/note.md", NOTE)
    gone = add(services, team, "story/gone.md", "# 旧事\n\n从前的故事。\n")
    old = add(services, team, "story/old.md", "# 老故事\n\n一条青溪边的老窑。\n")
    add(services, team, "story/held.md", "# 未定\n\n下个月再说。\n", hold=True)
    add(services, team, "policy/rules.md", "# 群规\n\n每天一条。\n")
    endless = add(services, team, "policy/endless.md", "# 总则\n\n互相尊重。\n")
    add(services, team, "news/.hidden.md", "# 藏\n\n今天开窑。\n")
    settle = services.ingestion.settle
    settle(pot, brand=brand, actor=manager.id, title="小灶陶锅：是 一口锅", window=(date(2026, 11, 1), None))
    settle(prices, brand=brand, actor=manager.id, window=(None, date(2026, 12, 20)))
    settle(endless, brand=brand, actor=manager.id, window=(None, None))
    settle(note, brand=brand, actor=manager.id, names=["锅老板"])
    services.lifecycle.withdraw(story, brand=brand, actor=manager.id)
    services.lifecycle.delete([gone], brand=brand, actor=manager.id)
    services.lifecycle.retire([old], brand=brand, actor=manager.id)
    known = fact_ids(services, brand)
    services.facts.confirm([known["1.2 升"], known["129 元"]], brand=brand, actor=manager)
    services.facts.dismiss([known["239 元"]], brand=brand, actor=manager)
    row = services.factsheet.fact(known["9 毫米"], brand=brand)
    services.facts.correct(
        row.id,
        brand=brand,
        actor=manager,
        kind=FactKind.SPECIFICATION,
        subject="小灶陶锅",
        name="壁厚",
        value="9 毫米",
        owner=team.operator.id,
    )
    material = services.library.material(pot, brand=brand)
    services.facts.pin(
        material.passages[0].id,
        brand=brand,
        actor=manager,
        kind=FactKind.PROMISE,
        subject="小灶陶锅",
        name="明火",
        value="可以直接上明火",
        quote="小灶陶锅可以直接上明火",
    )
    shelf = services.copylibrary
    for title, text in (("开锅", "小灶陶锅的容量是 1.2 升。\n够三个人吃饭。"), ("收起", "这句收起来了。")):
        entry = shelf.add(brand=brand, actor=manager, scene="question", title=title, text=text)
    shelf.retire(entry, brand=brand, actor=manager)
    pictures = [
        PictureFile("pot.png", png(10), "一口陶锅", ("selling_point/pot.md", "offer/价目表.csv")),
        PictureFile("pot.png", png(20), "锅盖", ("selling_point/pot.md",)),
        PictureFile("old.png", png(30), "旧包装"),
    ]
    added = services.media.add(pictures, brand=brand, actor=manager.id)
    assert added[2].picture is not None
    services.media.retire(added[2].picture, brand=brand, actor=manager.id)


def exported(services: Services, slug: str, target: Path) -> dict[str, bytes]:
    files = services.exporting.files(brand=services.brands.by_slug(slug).id)
    services.exporting.write_folder(files, target)
    return {
        path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()
    }


def imported(
    services: Services, path: Path, *, slug: str = "", user: int | None, retire: bool = False
) -> Imported:
    with open_tree(path) as tree:
        found = read_settings(tree)
        plan = services.importing.plan(
            tree,
            read_contents(tree),
            slug=slug or found.slug,
            settings=found,
            zone=found.brand["zone"],
            language=Language(found.brand["language"]),
            retire=retire,
        )
    return services.importing.carry_out(plan, user=user)


def zip_of(services: Services, team: Team, path: Path) -> bytes:
    services.exporting.write_zip(services.exporting.files(brand=team.brand), path)
    return path.read_bytes()


def small(folder: Path, **files: str) -> Path:
    """A brand's folder with one material and, by name, whatever else is written into it."""
    (folder / "materials" / "selling_point").mkdir(parents=True)
    (folder / "materials" / "selling_point" / "pot.md").write_text(POT, encoding="utf-8")
    for name, text in {"brand": BRAND, "voice": VOICE, "columns": COLUMNS, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def listed(files: dict[str, bytes], name: str) -> Any:
    return yaml.safe_load(files[name])


def fact_ids(services: Services, brand: int, status: FactStatus = FactStatus.SUGGESTED) -> dict[str, int]:
    return {row.value: row.id for row in services.factsheet.view(brand=brand, status=status).rows}


def person(services: Services, login: str = "grace") -> int:
    return services.importing.person(login)


def upload(visitor: Visitor, data: bytes, **form: Any) -> TestResponse:
    """A zip goes in through the page."""
    return visitor.post(f"{HOME}/library/exchange/import", {"file": (io.BytesIO(data), "brand.zip"), **form})
