"""A brand's rules leave the house in its folder and come back the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from copilot import files
from copilot.domain.rulebook import Change, RuleBook
from copilot.errors import InvalidInput
from copilot.services.brandplans import Plan, plan_json, plan_of
from copilot.services.brandsettings import read_settings
from copilot.services.brandtrees import FolderTree
from copilot.services.brandyaml import dump
from copilot.services.house import Services
from tests.conftest import Team
from tests.exchanging import SECOND, exported, imported, listed, small
from tests.ruling import REFILL, held, version
from tests.voicing import events

BOOK = RuleBook(
    packs=("cn-ad-law",),
    changes=(Change("ad.absolute-top", exceptions=("顶级大厨班",)),),
    own=(REFILL,),
    declaration="本文由 AI 协助起草。",
)


def keep(services: Services, team: Team, book: RuleBook = BOOK) -> int:
    return services.rulings.save(
        book, brand=team.brand, actor=team.manager, note="换季", based_on=version(services, team)
    )


def test_the_rules_travel_with_the_brand(services: Services, team: Team, tmp_path: Path) -> None:
    assert "rules.yaml" not in exported(services, "hearth", tmp_path / "plain")
    keep(services, team)
    before = exported(services, "hearth", tmp_path / "out")
    assert listed(before, "rules.yaml")["packs"] == ["cn-ad-law"]
    result = imported(services, tmp_path / "out", slug=SECOND, user=team.manager.id)
    assert services.rulesheet.view(brand=result.brand).book == BOOK
    after = exported(services, SECOND, tmp_path / "back")
    assert after["rules.yaml"] == before["rules.yaml"]
    again = imported(services, tmp_path / "out", slug=SECOND, user=team.manager.id)
    assert again.settings.changed == ()
    assert services.rulings.version(brand=result.brand) == 1
    assert events(services, "rule_book")[-1] == "rule_book.loaded"


def test_a_folder_that_says_nothing_of_rules_changes_none(
    services: Services, team: Team, tmp_path: Path
) -> None:
    keep(services, team)
    result = imported(services, small(tmp_path / "in"), user=team.manager.id)
    assert "rules" not in result.settings.changed
    assert held(services, team) == BOOK
    other = imported(services, small(tmp_path / "other", rules="{}\n"), user=team.manager.id)
    assert "rules" in other.settings.changed
    assert held(services, team) == RuleBook()
    newest = services.rulesheet.view(brand=team.brand).versions[0]
    assert (newest.note, newest.author) == ("", "Grace Hart")


def test_a_job_carries_the_rules(services: Services, tmp_path: Path) -> None:
    folder = small(tmp_path / "in", rules=dump(BOOK.as_json()).decode())
    settings = read_settings(FolderTree(folder))
    plan = Plan(slug="hearth", settings=settings, materials=())
    assert plan_of(json.loads(json.dumps(plan_json(plan)))) == plan
    assert settings.rules == BOOK.as_json()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ruels: []\n", "ruels"),
        ("own:\n- {id: own.x, severity: loud}\n", "own[1].severity"),
        (dump(BOOK.as_json()).decode().replace("- 带上代装饭盒", "- 可以代装吗"), "own.refill.negative.1"),
        (dump(BOOK.as_json()).decode().replace("  - 灌装\n", "  - 灌装\n  - 陶锅\n"), "own.refill.terms"),
    ],
)
def test_rules_that_do_not_fit_are_named_and_nothing_comes_in(
    services: Services, tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        imported(services, small(tmp_path / "in", rules=text), user=None)
    assert list(caught.value.fields) == ["rules.yaml"]
    assert caught.value.values["key"] == key
    assert services.brands.all() == []


@pytest.mark.parametrize("slug", ["chihe-xiaozao", "slowmere"])
def test_the_sample_brands_come_with_rules_of_their_own(services: Services, slug: str) -> None:
    brand = services.folders.load(files.folder("knowledge_base") / slug)
    view = services.rulesheet.view(brand=brand)
    assert view.version == 1 and len(view.own) >= 2
    assert services.folders.load(files.folder("knowledge_base") / slug) == brand
    assert services.rulings.version(brand=brand) == 1
