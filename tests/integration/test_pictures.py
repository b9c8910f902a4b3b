"""Pictures from the library to the send desk: what is kept, who may see it, and what a seal binds."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask import Flask

from copilot.domain.delivery import DeliveryState
from copilot.domain.findings import Severity
from copilot.domain.posts import PostState, digest
from copilot.errors import Conflict, CopilotError, InvalidInput, NotFound
from copilot.services.brandfolders import pictures as listed
from copilot.services.house import Services
from copilot.services.media import MOST_ALT, PictureFile
from tests.conftest import BRAND, COLUMNS, VOICE, Team
from tests.documents import png
from tests.fakes import FakeClock
from tests.looks import pictures_of
from tests.steps import (
    ALT,
    COPY,
    approve,
    approved_post,
    drafted_post,
    library,
    picture,
    scheduled_post,
    todays_slot,
)
from tests.visiting import HOME, Visitor, parsed, said


def illustrate(services: Services, team: Team, post: int, *pictures: int) -> int:
    return services.revising.illustrate(post, brand=team.brand, actor=team.copywriter, media=pictures)


def test_the_same_bytes_again_change_nothing(services: Services, team: Team) -> None:
    first = picture(services, team)
    services.media.retire(first, brand=team.brand, actor=team.manager.id)
    (again,) = services.media.add([PictureFile("copy.png", png(1))], brand=team.brand, actor=team.manager.id)
    assert (again.picture, again.unchanged) == (first, True)
    view = services.pictures.picture(first, brand=team.brand)
    assert (view.picture.name, view.picture.alt, view.picture.retired) == ("1.png", ALT, True)


def test_a_file_that_is_no_picture_is_refused_and_the_rest_is_kept(services: Services, team: Team) -> None:
    files = [PictureFile("a.png", png(1)), PictureFile("b.png", b"MZ\x90"), PictureFile("a.png", png(2))]
    added = services.media.add(files, brand=team.brand, actor=team.manager.id)
    assert [one.refused is not None for one in added] == [False, True, False]
    assert len(services.pictures.sheet(brand=team.brand)) == 2


def test_a_picture_needs_words_before_it_goes_into_a_post(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    mute = picture(services, team, alt="")
    assert [card.is_undescribed for card in services.pictures.sheet(brand=team.brand)] == [True]
    with pytest.raises(InvalidInput) as refused:
        illustrate(services, team, post, mute)
    assert refused.value.fields == {"pictures": "invalid.picture_undescribed"}
    for empty in ("  ", "长" * (MOST_ALT + 1)):
        with pytest.raises(InvalidInput):
            services.media.describe({mute: empty}, brand=team.brand, actor=team.manager.id)
    services.media.describe({mute: f" {ALT}\n"}, brand=team.brand, actor=team.manager.id)
    illustrate(services, team, post, mute)
    assert services.pictures.of_post(post, brand=team.brand).shown[0].alt == ALT


def test_pictures_make_a_revision_and_the_digest_binds_them_in_order(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    one, two = picture(services, team, 1), picture(services, team, 2)
    first = illustrate(services, team, post, one, two)
    assert illustrate(services, team, post, one, two, one) == first
    assert illustrate(services, team, post, two, one) != first
    assert pictures_of(services, team, post) == [two, one]
    view = services.desk.post(post, brand=team.brand)
    assert [revision.number for revision in view.revisions] == [3, 2, 1]
    assert len({revision.digest for revision in view.revisions}) == 3
    shown = services.pictures.of_post(post, brand=team.brand).shown
    assert view.head is not None
    assert view.head.digest == digest(COPY, "community", [picture.digest for picture in shown])


def test_a_new_text_and_a_new_draft_keep_the_pictures(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    one = picture(services, team)
    illustrate(services, team, post, one)
    services.revising.save(
        post, brand=team.brand, actor=team.copywriter, text=f"{COPY}\n回来说说。", based_on=2
    )
    assert pictures_of(services, team, post) == [one]
    services.drafting.run(services.drafting.request(post, brand=team.brand, actor=team.copywriter))
    view = services.desk.post(post, brand=team.brand)
    assert view.head is not None and (view.head.number, view.head.origin) == (4, "composer")
    assert pictures_of(services, team, post) == [one]


def test_a_post_without_a_text_takes_no_picture(services: Services, team: Team) -> None:
    slot = todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    with pytest.raises(Conflict):
        illustrate(services, team, post, picture(services, team))


def test_swapping_a_picture_after_the_seal_breaks_it_and_holds_the_deliveries(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = drafted_post(services, team)
    one, two = picture(services, team, 1), picture(services, team, 2)
    illustrate(services, team, post, one)
    approve(services, team, post)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    illustrate(services, team, post, two)
    view = services.desk.post(post, brand=team.brand)
    assert view.state is PostState.DRAFT
    assert view.seal is not None and view.seal.broken
    assert {row.state for row in view.destinations} == {DeliveryState.HELD}
    clock.forward(hours=4)
    services.delivering.tick()
    assert services.senddesk.view(brand=team.brand).due == ()
    compared = services.pictures.of_post(post, brand=team.brand)
    assert ([row.id for row in compared.added], [row.id for row in compared.removed]) == ([two], [one])


def test_the_same_pictures_in_another_order_are_named_as_moved(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    one, two = picture(services, team, 1), picture(services, team, 2)
    illustrate(services, team, post, one, two)
    approve(services, team, post)
    assert not services.pictures.of_post(post, brand=team.brand).moved
    illustrate(services, team, post, two, one)
    compared = services.pictures.of_post(post, brand=team.brand)
    assert (compared.moved, compared.added, compared.removed) == (True, (), ())


def test_retiring_takes_the_seal_off_whatever_shows_the_picture(
    services: Services, team: Team, clock: FakeClock
) -> None:
    post = drafted_post(services, team)
    one = picture(services, team)
    illustrate(services, team, post, one)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    assert services.pictures.picture(one, brand=team.brand).sealed == 1
    services.media.retire(one, brand=team.brand, actor=team.manager.id)
    view = services.desk.post(post, brand=team.brand)
    assert view.state is PostState.IN_REVIEW
    assert {row.state for row in view.destinations} == {DeliveryState.HELD}
    with pytest.raises(CopilotError) as refused:
        services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    assert refused.value.message_id == "error.blocking_findings"
    services.media.restore(one, brand=team.brand, actor=team.manager.id)
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)


def test_a_retired_picture_cannot_come_but_one_that_stands_may_be_moved(
    services: Services, team: Team
) -> None:
    post = drafted_post(services, team)
    one, two = picture(services, team, 1), picture(services, team, 2)
    illustrate(services, team, post, one, two)
    services.media.retire(one, brand=team.brand, actor=team.manager.id)
    illustrate(services, team, post, two, one)
    findings = services.desk.post(post, brand=team.brand).findings
    assert [(found.rule, found.severity) for found in findings if found.check == "pictures"] == [
        ("retired", Severity.BLOCK)
    ]
    illustrate(services, team, post, two)
    with pytest.raises(InvalidInput):
        illustrate(services, team, post, two, one)


def test_more_than_the_channel_takes_is_kept_and_blocks(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    ten = [picture(services, team, shade) for shade in range(10)]
    illustrate(services, team, post, *ten)
    view = services.desk.post(post, brand=team.brand)
    assert view.findings[0].reason.params == {"most": 9, "actual": 10, "over": 1}
    with pytest.raises(CopilotError):
        services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    illustrate(services, team, post, *ten[:9])
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)


def test_another_brands_picture_is_as_absent_as_none(services: Services, team: Team, tmp_path: Path) -> None:
    post = drafted_post(services, team)
    one = picture(services, team)
    other = second_brand(services, tmp_path)
    (theirs,) = services.media.add([PictureFile("x.png", png(9), ALT)], brand=other, actor=None)
    assert theirs.picture is not None
    with pytest.raises(NotFound):
        illustrate(services, team, post, theirs.picture)
    with pytest.raises(NotFound):
        services.media.retire(one, brand=other, actor=None)
    material = services.library.materials(brand=team.brand)[0].id
    with pytest.raises(NotFound):
        services.media.attach(material, [theirs.picture], brand=team.brand, actor=None)


def second_brand(services: Services, tmp_path: Path) -> int:
    folder = tmp_path / "other"
    folder.mkdir()
    for name, content in (
        ("brand", BRAND.replace("hearth", "other")),
        ("voice", VOICE),
        ("columns", COLUMNS),
    ):
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    return services.folders.load(folder)


def test_a_materials_pictures_keep_their_order(services: Services, team: Team) -> None:
    material = library(services, team)
    one, two, three = (picture(services, team, shade) for shade in (1, 2, 3))
    whose = {"brand": team.brand, "actor": team.manager.id}
    services.media.attach(material, [one, two], **whose)
    services.media.attach(material, [two, three], **whose)

    def order() -> list[int]:
        return [row.id for row in services.pictures.of_material(material, brand=team.brand).shown]

    assert order() == [one, two, three]
    services.media.reorder(material, [three, one, two], **whose)
    assert order() == [three, one, two]
    with pytest.raises(Conflict):
        services.media.reorder(material, [three, one], **whose)
    services.media.detach(material, one, **whose)
    assert order() == [three, two]
    assert [row.id for row in services.pictures.of_material(material, brand=team.brand).choices] == [one]
    view = services.pictures.picture(three, brand=team.brand)
    assert [shown.title for shown in view.materials] == ["小灶陶锅"]


def test_the_desk_offers_the_cited_materials_pictures_first(services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    near = picture(services, team, 1)
    far = picture(services, team, 2)
    picture(services, team, 3, alt="")
    material = services.library.materials(brand=team.brand)[0].id
    services.media.attach(material, [near], brand=team.brand, actor=None)
    offered = services.pictures.of_post(post, brand=team.brand)
    assert ([row.id for row in offered.choices], offered.near) == ([near, far], 1)


# The folder of a brand.


def brand_folder(tmp_path: Path, listing: str) -> Path:
    folder = tmp_path / "brand"
    (folder / "media").mkdir(parents=True)
    (folder / "materials" / "selling_point").mkdir(parents=True)
    (folder / "materials" / "selling_point" / "pot.md").write_text("# 锅", encoding="utf-8")
    (folder / "media" / "pot.png").write_bytes(png(1))
    (folder / "secret.png").write_bytes(png(7))
    (folder / "media.yaml").write_text(listing, encoding="utf-8")
    return folder


def test_a_folders_pictures_come_with_words_and_materials(
    services: Services, team: Team, tmp_path: Path
) -> None:
    library(services, team)
    listing = f"pictures:\n  - {{file: pot.png, alt: {ALT}, materials: [selling_point/pot.md]}}\n"
    found = listed(brand_folder(tmp_path, listing))
    (added,) = services.media.add(found, brand=team.brand, actor=None)
    assert added.picture is not None and not added.unchanged
    assert len(services.pictures.picture(added.picture, brand=team.brand).materials) == 1
    (again,) = services.media.add(found, brand=team.brand, actor=None)
    assert again.unchanged


@pytest.mark.parametrize(
    "entry",
    [
        "{file: ../secret.png}",
        "{file: missing.png}",
        "{file: /etc/hosts}",
        "{file: pot.png, materials: [selling_point/none.md]}",
        "{file: pot.png, materials: [../secret.png]}",
        "pot.png",
    ],
)
def test_a_listing_names_only_what_lies_in_its_folder(tmp_path: Path, entry: str) -> None:
    with pytest.raises(InvalidInput):
        listed(brand_folder(tmp_path, f"pictures:\n  - {entry}\n"))


# The pages.


def test_a_picture_is_served_to_its_brand_alone_and_may_be_kept(
    services: Services, team: Team, app: Flask, tmp_path: Path
) -> None:
    one = picture(services, team)
    other = second_brand(services, tmp_path)
    services.media.add([PictureFile("x.png", png(9), ALT)], brand=other, actor=None)
    theirs = services.pictures.sheet(brand=other)[0].picture.digest
    address = (
        f"{HOME}/library/pictures/files/{services.pictures.picture(one, brand=team.brand).picture.digest}"
    )
    visitor = Visitor(app, "mia")
    answer = visitor.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, png(1), "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "attachment; filename=1.png" in visitor.get(f"{address}?save=1").headers["Content-Disposition"]
    # What another brand keeps is not there, and neither is a path or a blob that is no picture.
    blob = services.parts.blobs.put(b"<script>")
    for digest_ in (theirs, blob, "0" * 63, "..%2F..%2Fsecret_key"):
        assert visitor.get(f"{HOME}/library/pictures/files/{digest_}").status_code == 404
    assert Visitor(app).get(address).status_code == 303
    assert visitor.get(address.replace("hearth", "other")).status_code == 404


def test_dropping_several_shows_what_became_of_each(services: Services, team: Team, app: Flask) -> None:
    visitor = Visitor(app, "grace")
    page = f"{HOME}/library/pictures"
    assert "No pictures yet" in said(visitor.get(page))
    assert visitor.post(page, {}).status_code == 422
    both = [(io.BytesIO(png(1)), "a.png"), (io.BytesIO(png(2)), "b.png")]
    answer = visitor.post(page, {"files": both}, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert "2 pictures are in the library." in said(visitor.get(answer.location))
    assert len(parsed(visitor.get(page)).css("textarea[name^='alt-']")) == 2
    mixed = [(io.BytesIO(png(3)), "c.png"), (io.BytesIO(b"hello"), "d.png")]
    refused = visitor.post(page, {"files": mixed}, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "d.png" in said(refused, ".field__error") and "The other one was taken in." in said(refused)
    ids = [card.picture.id for card in services.pictures.sheet(brand=team.brand)]
    visitor.post(f"{page}/describe", {f"alt-{ids[0]}": ALT, f"alt-{ids[1]}": ""})
    assert [card.is_undescribed for card in services.pictures.sheet(brand=team.brand)] == [False, True, True]
    long = visitor.post(f"{page}/describe", {f"alt-{ids[1]}": "长" * 301})
    assert long.status_code == 422 and "长" * 301 in long.text
    assert Visitor(app, "mia").post(page, {}).status_code == 403


def test_the_desk_changes_pictures_by_plain_forms_and_keeps_what_was_typed(
    services: Services, team: Team, app: Flask
) -> None:
    post = drafted_post(services, team)
    one, two = picture(services, team, 1), picture(services, team, 2)
    visitor = Visitor(app, "mia")
    page = f"{HOME}/posts/{post}"
    assert len(parsed(visitor.get(page)).css("input[name=add]")) == 2
    text = f"{COPY}\n回来说说。"
    typed = {"text": text, "based_on": "1"}
    answer = visitor.post(f"{page}/pictures", {**typed, "add": [one, two]})
    assert answer.status_code == 303 and answer.location.endswith("#pictures")
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None and head.text == text
    assert pictures_of(services, team, post) == [one, two]
    visitor.post(f"{page}/pictures", {"picture": [one, two], "change": f"later-{one}"})
    assert pictures_of(services, team, post) == [two, one]
    visitor.post(f"{page}/pictures", {"picture": [two, one], "change": f"remove-{two}"})
    assert pictures_of(services, team, post) == [one]
    shown = visitor.get(page)
    assert ALT in said(shown, "#pictures")
    assert parsed(shown).css_first(".phone .bubble__image") is not None
    stale = visitor.post(f"{page}/pictures", {"text": "别的", "based_on": "1", "picture": one})
    assert stale.status_code == 409 and "别的" in stale.text
    assert pictures_of(services, team, post) == [one]


def test_reviewers_see_the_pictures_and_senders_can_save_them(
    services: Services, team: Team, app: Flask, clock: FakeClock
) -> None:
    post = approved_post(services, team)
    one = picture(services, team)
    illustrate(services, team, post, one)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    visitor = Visitor(app, "hang")
    review = visitor.get(f"{HOME}/review")
    assert "Pictures changed since the last seal" in said(review, "#pictures")
    assert "Word for word what was sealed before" in said(review)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    clock.forward(hours=3, minutes=31)
    services.delivering.tick()
    desk = visitor.get(f"{HOME}/send-desk")
    assert ALT in said(desk, ".parcel__pictures")
    save = parsed(desk).css_first(".parcel__pictures a[download]")
    assert save is not None and save.attributes["download"] == "1-1.png"
    assert visitor.get(save.attributes["href"] or "").data == png(1)


def test_a_materials_pictures_change_from_its_page(services: Services, team: Team, app: Flask) -> None:
    material = library(services, team)
    visitor = Visitor(app, "grace")
    here = f"{HOME}/library/pictures/of/{material}"
    files = [(io.BytesIO(png(1)), "a.png"), (io.BytesIO(b"no"), "b.png")]
    answer = visitor.post(here, {"files": files}, content_type="multipart/form-data")
    assert answer.location.endswith(f"/library/{material}#pictures")
    assert "b.png" in visitor.get(answer.location).text
    two = picture(services, team, 2)
    visitor.post(here, {"add": two})
    one, _ = shown = [row.id for row in services.pictures.of_material(material, brand=team.brand).shown]
    visitor.post(here, {"picture": shown, "change": f"later-{one}"})
    assert [row.id for row in services.pictures.of_material(material, brand=team.brand).shown] == [two, one]
    visitor.post(here, {"change": f"remove-{two}"})
    assert [row.id for row in services.pictures.of_material(material, brand=team.brand).shown] == [one]
    before = len(services.pictures.sheet(brand=team.brand))
    lost = visitor.post(
        f"{HOME}/library/pictures/of/999",
        {"files": [(io.BytesIO(png(8)), "x.png")]},
        content_type="multipart/form-data",
    )
    assert lost.status_code == 404
    assert len(services.pictures.sheet(brand=team.brand)) == before


def test_the_room_and_the_picture_say_how_things_are(services: Services, team: Team, app: Flask) -> None:
    post = scheduled_post(services, team)
    one = picture(services, team)
    illustrate(services, team, post, one)
    visitor = Visitor(app, "grace")
    room = visitor.get(f"{HOME}/library/pictures")
    assert "1 post" in said(room, ".sheet")
    page = visitor.get(f"{HOME}/library/pictures/{one}")
    assert "下午好物" in said(page)
    assert re.search(r'alt="灶上的小灶陶锅冒着热气"', page.text)
    assert visitor.post(f"{HOME}/library/pictures/{one}/describe", {"alt": " "}).status_code == 422
    visitor.post(f"{HOME}/library/pictures/{one}/retire")
    assert "Retired" in said(visitor.get(f"{HOME}/library/pictures/{one}"))
    assert "1" in said(visitor.get(f"{HOME}/library/pictures?show=retired"), ".segmented [aria-current]")
    visitor.post(f"{HOME}/library/pictures/{one}/restore")
    assert not services.pictures.picture(one, brand=team.brand).picture.retired
