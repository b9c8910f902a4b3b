"""The voice over real services: versions with their why, and the page on which they are made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from copilot.domain.brands import PreferredTerm
from copilot.domain.channels import Channel
from copilot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copilot.services.house import Services
from tests.commanding import Opened, ran
from tests.conftest import Team
from tests.visiting import HOME, Visitor, one, parsed, said
from tests.voicing import events, held, save, version

PAGE = f"{HOME}/voice"


# --- versions ---


def test_a_saved_voice_is_in_force_at_once_and_says_who_and_why(services: Services, team: Team) -> None:
    voice = replace(held(services, team), max_emoji=1, preferred=(PreferredTerm("饭友", ("亲们",)),))
    assert save(services, team, voice) == 2
    newest, first = services.voicesheet.versions(brand=team.brand)
    assert (newest.note, newest.author, newest.parts) == (
        "会员嫌太正经",
        "Grace Hart",
        ("max_emoji", "preferred"),
    )
    assert (first.version, first.parts) == (1, ())
    checked = services.checking.check_text("亲们早。", brand=team.brand, channel=Channel.COMMUNITY)
    assert [one.suggestion for one in checked.findings if one.rule == "preferred"] == ["饭友"]
    assert events(services, "voice") == ["voice.saved"]


def test_the_same_voice_again_makes_no_version(services: Services, team: Team) -> None:
    assert save(services, team, held(services, team), note="") == 1
    assert len(services.voicesheet.versions(brand=team.brand)) == 1


def test_who_started_from_an_older_version_is_told_and_a_missing_why_is_asked_for(
    services: Services, team: Team
) -> None:
    save(services, team, replace(held(services, team), max_emoji=1))
    with pytest.raises(Conflict) as moved:
        save(services, team, replace(held(services, team), max_emoji=2), based_on=1)
    assert moved.value.params == {"based_on": 1, "newest": 2}
    with pytest.raises(InvalidInput) as asked:
        save(services, team, replace(held(services, team), persona="", max_emoji=99), note=" ")
    assert asked.value.fields == {
        "persona": "invalid.empty",
        "max_emoji": "invalid.voice_marks",
        "note": "invalid.voice_note",
    }
    with pytest.raises(NotAllowed):
        services.voices.save(
            held(services, team), brand=team.brand, actor=team.operator, note="x", based_on=2
        )


def test_an_old_version_comes_back_as_the_newest(services: Services, team: Team) -> None:
    first = held(services, team)
    save(services, team, replace(first, sign_off="慢慢来。"))
    back = services.voices.bring_back(1, brand=team.brand, actor=team.manager, note="还是原来的好")
    assert (back, held(services, team)) == (3, first)
    made = services.voicesheet.compare(brand=team.brand, older=1, newer=3)
    assert made.changes == ()
    with pytest.raises(NotFound):
        services.voices.bring_back(9, brand=team.brand, actor=team.manager, note="x")


def test_a_voice_saved_here_leaves_and_comes_back_whole(
    services: Services, team: Team, tmp_path: Path
) -> None:
    voice = replace(
        held(services, team),
        description="说话像街坊。\n\n先说事，再说趣。",
        preferred=(PreferredTerm("饭友", ("亲们", "宝子们"), "像街坊"),),
        examples=("早，灶上的水刚开。\n\n慢慢来。",),
        links=("shop.example",),
    )
    save(services, team, voice)
    services.exporting.write_folder(services.exporting.files(brand=team.brand), tmp_path / "out")
    services.folders.load(tmp_path / "out")
    assert (version(services, team), held(services, team)) == (2, voice)


def test_the_command_shows_the_profile_in_force(services: Services, team: Team) -> None:
    save(services, team, replace(held(services, team), do=("先说事",)))
    shown = ran(Opened(services), "voice", "show", "--brand", "hearth", "--json").json
    assert (shown["version"], shown["author"], shown["profile"]["do"]) == (2, "Grace Hart", ["先说事"])
    assert "do\t先说事" in ran(Opened(services), "voice", "show", "--brand", "hearth").out


# --- the page ---


def form_of(page: Any) -> dict[str, Any]:
    """The profile's form as a browser would send it."""
    sent: dict[str, Any] = {}
    for node in one(page, "form#profile").css("input, textarea, select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if name is None or name == "csrf_token" or kind in ("checkbox", "radio"):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            value = "" if chosen is None else chosen.attributes.get("value", chosen.text())
        else:
            value = node.text() if node.tag == "textarea" else node.attributes.get("value")
        sent.setdefault(name, []).append(value or "")
    return sent


def test_the_form_sends_back_the_voice_it_shows(grace: Visitor, services: Services, team: Team) -> None:
    voice = replace(
        held(services, team),
        preferred=(PreferredTerm("饭友", ("亲们", "宝子们"), "像街坊"),),
        examples=("早。\n\n慢慢来。", "晚上好。"),
        emoji=("🍚", "🌾"),
    )
    save(services, team, voice)
    sent = form_of(grace.get(PAGE))
    answer = grace.post(PAGE, sent)
    assert "done=same" in answer.location and version(services, team) == 2
    sent |= {
        "friendly": "5",
        "preferred_use": ["饭友", "日常价"],
        "preferred_instead_of": ["亲们、宝子们", "原价"],
    }
    sent |= {
        "banned_term": ["秒杀", "养生"],
        "banned_instead": ["", ""],
        "banned_how": ["out", ""],
        "banned_reason": ["", ""],
    }
    sent |= {"emoji": "🍚🌾 🔥", "note": "换个说法", "preferred_reason": ["", ""]}
    answer = grace.post(PAGE, sent)
    assert answer.status_code == 303
    assert "Version 3 is in force" in said(grace.get(answer.location))
    made = held(services, team)
    assert (made.scales.friendly, made.emoji) == (5, ("🍚", "🌾", "🔥"))
    assert made.preferred == (PreferredTerm("饭友", ("亲们", "宝子们")), PreferredTerm("日常价", ("原价",)))
    assert [(term.term, term.instead) for term in made.banned] == [("秒杀", ""), ("养生", None)]


def test_whatever_is_refused_keeps_every_word_that_was_typed(
    grace: Visitor, services: Services, team: Team
) -> None:
    sent = form_of(grace.get(PAGE)) | {
        "max_emoji": "两个",
        "do": "先说事\n<b>再说趣</b>",
        "friendly": "1",
        "note": "试试",
    }
    answer = grace.post(PAGE, sent)
    assert answer.status_code == 422
    assert "Write a whole number" in said(answer, "#field-max_emoji-error")
    assert one(answer, "#field-max_emoji").attributes["value"] == "两个"
    assert one(answer, "#field-do").text().strip() == "先说事\n<b>再说趣</b>"
    assert one(answer, "#scale-friendly").attributes["value"] == "1"
    assert one(answer, "#note").attributes["value"] == "试试"

    save(services, team, replace(held(services, team), role="掌柜"))
    answer = grace.post(PAGE, sent | {"max_emoji": "2"})
    assert answer.status_code == 409
    assert "Somebody saved version 2 while you worked from version 1" in said(answer, "[data-error]")
    assert one(answer, "#field-do").text().strip() == "先说事\n<b>再说趣</b>"
    # What was typed goes on from the version in force by now, so that saving again means it.
    assert one(answer, "form#profile input[name=based_on]").attributes["value"] == "2"
    assert version(services, team) == 2


def test_the_sample_is_heard_in_the_voice_as_typed_and_nothing_is_kept(
    grace: Visitor, services: Services, team: Team
) -> None:
    stiff = "尊敬的会员：特此通知，届时敬请谅解，亲们记得来看。"
    sent = form_of(grace.get(PAGE)) | {
        "sample": stiff,
        "friendly": "5",
        "preferred_use": ["饭友"],
        "preferred_instead_of": ["亲们"],
    }
    whole = grace.post(f"{PAGE}/sample", sent)
    assert "too official" in said(whole, "#heard")
    assert "饭友" in said(whole, ".heard__pair ins") or "饭友" in said(whole, "#heard")
    assert one(whole, "#scale-friendly").attributes["value"] == "5"
    moved = grace.post(
        f"{PAGE}/sample", sent | {"friendly": "1"}, headers={"HX-Request": "true", "HX-Target": "heard"}
    )
    assert "sounds as wanted" in said(moved, "#heard") and not parsed(moved).css_matches("form")
    assert "特此通知" in said(moved, "#sounds-friendly")
    taken = grace.post(
        f"{PAGE}/sample",
        sent | {"take": "trial-chatty"},
        headers={"HX-Request": "true", "HX-Target": "sample"},
    )
    assert "哈喽" in one(taken, "#sample-text").text()
    assert version(services, team) == 1


def test_a_reader_may_try_the_sliders_and_change_nothing(app: Flask, services: Services, team: Team) -> None:
    mia = Visitor(app, "mia")
    page = mia.get(PAGE)
    assert not parsed(page).css_matches("#note") and "A brand manager can change it" in said(page)
    assert mia.post(f"{PAGE}/sample", form_of(page)).status_code == 200
    assert mia.post(PAGE, form_of(page)).status_code == 403


def test_versions_are_listed_compared_and_brought_back_on_their_page(
    grace: Visitor, services: Services, team: Team
) -> None:
    save(services, team, replace(held(services, team), do=("先说事",), max_emoji=1))
    page = grace.get(f"{PAGE}/versions")
    assert "会员嫌太正经" in said(page) and "Grace Hart" in said(page)
    compared = grace.get(f"{PAGE}/compare?older=1&newer=2")
    assert [node.text() for node in parsed(compared).css(".voice-change ins")] == ["1", "先说事"]
    back = grace.post(f"{PAGE}/bring-back", {"version": "1", "note": "还是原来的好"})
    assert "It is back, as version 3" in said(grace.get(back.location))
    assert grace.post(f"{PAGE}/bring-back", {"version": "2", "note": ""}).status_code == 422
    assert grace.get(f"{PAGE}/compare?older=1&newer=77").status_code == 404
