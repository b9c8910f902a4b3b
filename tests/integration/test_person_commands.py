"""`copilot person`: whoever works for a brand is let in on the command line."""

from __future__ import annotations

from copilot.services.house import Services
from tests.commanding import Opened, ran
from tests.conftest import Team


def test_somebody_of_our_own_can_sign_in(services: Services, team: Team) -> None:
    """Outside demo mode people are added on the command line; the password is never printed."""
    added = ("person", "add", "Lin", "--name", "林一", "--brand", "hearth", "--role", "operator")
    result = ran(Opened(services), "--lang", "en", *added, env={"COPILOT_PASSWORD": "correct horse"})
    assert result.code == 0, result.err
    assert "correct horse" not in result.out + result.err
    person = services.accounts.authenticate("lin", "correct horse")
    assert services.accounts.actor(user=person.id, brand=team.brand).role == "operator"


def test_somebody_who_is_there_works_for_one_more_brand(services: Services, team: Team) -> None:
    """The command said that they could sign in with what it was given, and had changed neither."""
    services.brands.create(slug="third", name="Third", zone="Europe/London", language="en")
    third = services.brands.by_slug("third").id
    role = ("--lang", "en", "person", "add", "grace", "--brand", "third", "--role")
    joined = ran(Opened(services), *role, "operator")
    assert (joined.code, joined.out, joined.err) == (
        0,
        "Grace Hart now works for third too (Operator).\n",
        "",
    )
    person = services.accounts.authenticate("grace", "secret")
    assert services.accounts.actor(user=person.id, brand=third).role == "operator"
    again = ran(Opened(services), *role, "brand_manager", "--name", "Grace H.", "--password", "x")
    assert again.code == 0, again.err
    assert again.out.splitlines() == [
        "Grace Hart works for third already, and is there now: Brand manager.",
        "Name and password stay as they were: grace signs in as before.",
    ]
    assert services.accounts.authenticate("grace", "secret").name == "Grace Hart"
    assert services.accounts.actor(user=person.id, brand=third).role == "brand_manager"


def test_a_password_that_nobody_can_type_is_one_line(services: Services, team: Team) -> None:
    new = ("--lang", "en", "person", "add", "lin", "--brand", "hearth", "--role", "operator")
    unnamed = ran(Opened(services), *new)
    assert (unnamed.code, unnamed.out) == (2, "")
    assert unnamed.err.startswith("--name: There is nobody with the login “lin” yet")
    nobody = ran(Opened(services), *new, "--brand", "nope", "--name", "林一")
    assert nobody.code == 2 and nobody.err.startswith("--brand: There is no brand “nope”")
    typed = ran(Opened(services), *new, "--name", "林一", input="correct horse\ncorrect horse\n")
    assert typed.code == 0 and services.accounts.authenticate("lin", "correct horse").name == "林一"
