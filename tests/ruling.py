"""Steps of the rules' stories: the book in force, a rule of the brand's own, copy in which a rule speaks."""

from __future__ import annotations

from copilot.domain.channels import Channel
from copilot.domain.findings import Check, Severity
from copilot.domain.rulebook import OwnRule, RuleBook
from copilot.services.house import Services
from tests.conftest import Team

REFILL = OwnRule(
    id="own.refill",
    severity=Severity.BLOCK,
    reason="我们不说代装",
    terms=("代装", "灌装"),
    exceptions=("代装饭盒",),
    instead="现装",
    positive=("可以代装", "帮你代装", "灌装也行"),
    negative=("带上代装饭盒", "装好了", "续杯"),
)


def held(services: Services, team: Team) -> RuleBook:
    return services.rulesheet.view(brand=team.brand).book


def version(services: Services, team: Team) -> int:
    return services.rulings.version(brand=team.brand)


def spoken(services: Services, team: Team, text: str) -> dict[str, str]:
    """The rules that a check of this text names, with how grave each is."""
    checked = services.checking.check_text(text, brand=team.brand, channel=Channel.COMMUNITY)
    return {one.rule: str(one.severity) for one in checked.findings if one.check is Check.COMPLIANCE}
