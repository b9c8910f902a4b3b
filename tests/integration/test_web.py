"""What the pages show and say when something is strange: untrusted text, streams, stale forms, bad uploads."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

from flask import Flask
from selectolax.lexbor import LexborHTMLParser

from copilot.domain.materials import Kind
from copilot.domain.posts import PostState
from copilot.services.house import Services
from tests.conftest import POT, Team
from tests.documents import pictures
from tests.fakes import FakeClock
from tests.steps import COPY, add, drafted_post, todays_slot
from tests.visiting import HOME, Visitor, address, furnish, one, parsed, rules, said

EVIL = "</textarea></title><script>alert('x')</script>\"'><img src=x onerror=\"alert(1)\">"


def every_page(app: Flask, values: dict[str, object]) -> list[str]:
    """The addresses of all pages of the brand; a stream and a fragment without news are no pages."""
    return [
        address(app, rule, values)
        for rule in rules(app, "GET")
        if rule.endpoint not in ("generations.events", "senddesk.changes")
    ]


def test_untrusted_text_is_text_on_every_page(
    app: Flask, services: Services, team: Team, clock: FakeClock
) -> None:
    """A title, a passage, a copy, a note, a wish, a file name and a person: none of them becomes markup."""
    furnished = furnish(services, team, clock)
    services.accounts.add_person(login="eve", name=EVIL, password="secret", roles={})
    material = POT.replace("title: 小灶陶锅", f"title: {json.dumps(EVIL)}").replace(
        "够三个人吃饭", f"{EVIL}够三个人吃饭"
    )
    poisoned = add(services, team, f"story/{EVIL.replace('/', '')}.md", material)
    with services.parts.db.engine.begin() as connection:
        for table, column in (
            ("user", "name"),
            ("note", "text"),
            ("generation", "instruction"),
            ("destination", "name"),
            ("column", "name"),
        ):
            changed = connection.exec_driver_sql(f'UPDATE "{table}" SET {column} = ?', (EVIL,))
            assert changed.rowcount > 0, table
    post = services.planning.open_post(furnished.empty_slot, brand=team.brand, actor=team.copywriter)
    copy = f"{COPY}\n{EVIL}小灶陶锅的会员价是 9 元。"
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=copy, based_on=None)

    grace, root = Visitor(app, "grace"), Visitor(app, "root")
    pages = [
        *every_page(app, furnished.values),
        *furnished.pages,
        *(f"{HOME}/{path}" for path in (f"posts/{post}", f"posts/{post}/trace", f"library/{poisoned}")),
        f"{HOME}/review?post={post}",
        f"{HOME}/library/search?q={EVIL.replace('&', '')}",
    ]
    showing = 0
    for path in pages:
        visitor = root if "/settings" in path else grace
        answer = visitor.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":  # A picture or a file to keep: no browser may take it for a page.
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            continue
        showing += _only_says(answer.text, path)
    answer = grace.post(f"{HOME}/posts/{post}/save", {"text": EVIL, "based_on": "99"})
    assert answer.status_code == 409
    showing += _only_says(answer.text, "a refused save")
    data = {"kind": "story", "valid_from": EVIL, "files": (io.BytesIO(b"x"), f"{EVIL}.md")}
    answer = grace.post(f"{HOME}/library", data)
    assert answer.status_code == 422
    showing += _only_says(answer.text, "a refused upload")
    assert showing > 20


def _only_says(html: str, where: str) -> bool:
    """Whether the page says the evil words at all; that none of them is markup is asserted."""
    page = LexborHTMLParser(html)
    assert all(
        (script.attributes.get("src") or "").startswith("/static/") for script in page.css("script")
    ), where
    assert not page.css("img[src=x]"), where
    handlers = [
        name for node in page.css("*") for name in node.attributes if name.startswith("on") or name == "'"
    ]
    assert handlers == [], where
    return "<script>alert('x')</script>" in (page.body.text() if page.body else "")


def test_a_stream_says_model_output_as_text_and_resumes_where_it_broke_off(
    app: Flask, services: Services, team: Team
) -> None:
    post = drafted_post(services, team)
    generation = services.drafting.request(post, brand=team.brand, actor=team.copywriter)
    log = services.events.log(generation)
    for piece in ("各位饭友早\n", f"{EVIL}\r\n第三行\revent: end", "\n\n尾巴"):
        log.delta(piece)
        log.flush()
    log.note("repairing")
    log.restart()
    log.delta(COPY)
    log.end("done")

    mia = Visitor(app, "mia")
    path = f"{HOME}/generations/{generation}/events"
    whole = mia.get(path)
    assert whole.mimetype == "text/event-stream"
    assert whole.headers["Cache-Control"] == "no-cache"
    assert "<" not in whole.text
    events = read_stream(whole.text)
    assert [event[1] for event in events] == [
        "restart",
        "delta",
        "delta",
        "delta",
        "note",
        "restart",
        "delta",
        "end",
    ]
    assert [event[0] for event in events[1:]] == [str(number) for number in range(1, 8)]
    assert events[1][2] == "各位饭友早\n"
    assert LexborHTMLParser(events[2][2]).body.text() == f"{EVIL}\n第三行\nevent: end"  # type: ignore[union-attr]
    assert events[3][2] == "\n\n尾巴"
    assert re.search(r"data: 各位饭友早\ndata: \n\n", whole.text)
    assert "checks" in events[4][2]
    assert events[6][2] == COPY

    for seen in range(1, 7):
        resumed = read_stream(mia.get(path, headers={"Last-Event-ID": str(seen)}).text)
        assert resumed == events[seen + 1 :]
    assert read_stream(mia.get(f"{path}?after=3").text) == events[4:]
    # The header is what the browser saw last; the address is from when the page was made.
    assert read_stream(mia.get(f"{path}?after=1", headers={"Last-Event-ID": "5"}).text) == events[6:]
    for nonsense in ("-1", "x", "²", "", "9" * 30):
        assert read_stream(mia.get(path, query_string={"after": nonsense}).text) == events, nonsense


def read_stream(text: str) -> list[tuple[str, str, str]]:
    """(id, event, data) as a browser reads an event stream: any of CR LF, LF and CR ends a line."""
    events: list[tuple[str, str, str]] = []
    identity, kind = "", ""
    data: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and (kind or data):
            events.append((identity, kind, "\n".join(data)))
            kind, data = "", []
        elif field == "id":
            identity = value
        elif field == "event":
            kind = value
        elif field == "data":
            data.append(value)
    return events


def test_a_stale_save_keeps_what_was_typed_and_shows_the_newest(
    app: Flask, services: Services, team: Team
) -> None:
    post = drafted_post(services, team)
    services.revising.save(
        post, brand=team.brand, actor=team.operator, text=f"{COPY}\n小航改过。", based_on=1
    )
    mine = f"{COPY}\n<小满> 也改过。"
    for action in ("save", "submit"):
        answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/{action}", {"text": mine, "based_on": "1"})
        assert answer.status_code == 409
        page = parsed(answer)
        form = one(page, f"form[action='{HOME}/posts/{post}/save']")
        assert one(form, "textarea[name=text]").text() == mine
        assert one(form, "input[name=based_on]").attributes["value"] == "2"
        assert "Someone saved revision 2 while you worked from revision 1" in form.text()
        assert "小航改过。" in said(answer, ".copy")
    view = services.desk.post(post, brand=team.brand)
    assert (len(view.revisions), view.state) == (2, PostState.DRAFT)


def test_what_blocks_is_said_beside_submit(app: Flask, services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    wrong = COPY.replace("239", "199")
    answer = Visitor(app, "mia").post(f"{HOME}/posts/{post}/submit", {"text": wrong, "based_on": "1"})
    assert answer.status_code == 409
    form = one(answer, f"form[action='{HOME}/posts/{post}/save']")
    assert "This text cannot go on yet: 1 × must fix" in one(form, "[data-error]").text()
    assert one(form, "textarea[name=text]").text() == wrong
    assert parsed(answer).css_matches(".finding--block")
    view = services.desk.post(post, brand=team.brand)
    # What was typed was saved before the gate closed: nothing is lost by trying.
    assert view.head is not None and view.head.text == wrong
    assert view.state is PostState.DRAFT


def test_pictures_alone_are_kept_and_not_submitted(app: Flask, services: Services, team: Team) -> None:
    post = drafted_post(services, team)
    mia = Visitor(app, "mia")
    assert mia.post(f"{HOME}/posts/{post}/save", {"text": "🍚\x00🍲", "based_on": "1"}).status_code == 303
    answer = mia.post(f"{HOME}/posts/{post}/submit", {"text": "🍚🍲", "based_on": "2"})
    assert answer.status_code == 409
    view = services.desk.post(post, brand=team.brand)
    assert view.head is not None and view.head.text == "🍚🍲" and view.state is PostState.DRAFT
    (found,) = (one for one in view.findings if one.rule == "wordless")
    assert found.is_blocking and found.needs is None


def test_an_empty_copy_and_a_closed_post_say_so(
    app: Flask, services: Services, team: Team, clock: FakeClock
) -> None:
    post = drafted_post(services, team)
    mia = Visitor(app, "mia")
    answer = mia.post(f"{HOME}/posts/{post}/save", {"text": " \r\n ", "based_on": "1"})
    assert answer.status_code == 422
    assert "There is no text" in said(answer, "[data-error]")
    for unseen in ("\u200b", "\x00\x07", "。。。！"):
        answer = mia.post(f"{HOME}/posts/{post}/save", {"text": unseen, "based_on": "1"})
        assert answer.status_code == 422 and "There is no text" in said(answer, "[data-error]")
    services.drafting.request(post, brand=team.brand, actor=team.copywriter)
    answer = mia.post(f"{HOME}/posts/{post}/draft", {"instruction": "说说锅壁"})
    assert answer.status_code == 409
    assert "A draft of this post is being written right now" in said(answer, "[data-error]")
    clock.forward(minutes=6)
    services.drafting.sweep()
    answer = mia.get(f"{HOME}/posts/{post}")
    assert "its process stopped" in said(answer)


REFUSALS = [
    ({"kind": "story"}, "files", "Choose at least one file"),
    ({"kind": "gossip", "files": "a.md"}, "kind", "Choose what kind of material this is"),
    ({"files": "a.md"}, "kind", "Choose what kind of material this is"),
    ({"kind": "story", "files": "a.md", "valid_until": "31.12.26"}, "valid_until", "“31.12.26” is not a day"),
    (
        {"kind": "story", "files": "a.md", "valid_from": "2026-12-02", "valid_until": "2026-12-01"},
        "valid_until",
        "The last day is before the first",
    ),
]


def test_an_upload_that_does_not_fit_is_said_beside_the_field(
    app: Flask, services: Services, team: Team
) -> None:
    grace = Visitor(app, "grace")
    for typed, field, sentence in REFUSALS:
        files = {"files": (io.BytesIO(b"# A"), typed["files"])} if "files" in typed else {}
        answer = grace.post(f"{HOME}/library", {**typed, **files})
        assert answer.status_code == 422, typed
        assert sentence in said(answer, f"#field-{field}-error")
        page = parsed(answer)
        control = one(page, f"#field-{field}")
        assert control.attributes["aria-invalid"] == "true"
        assert f"field-{field}-error" in (control.attributes["aria-describedby"] or "")
        if typed.get("kind") in set(Kind):
            assert one(page, "#field-kind option[selected]").attributes["value"] == typed["kind"]
        for day in ("valid_from", "valid_until"):
            assert one(page, f"#field-{day}").attributes["value"] == typed.get(day, "")
    assert services.jobs.recent(brand=team.brand, kind="ingest") == []


FILES = {
    "empty.txt": (b" \n", "There is no text in this file", "文件里没有文字"),
    "photo.png": (b"\x89PNG\r\n\x1a\n....", "This is a picture", "这是图片"),
    "all.zip.gz": (b"\x1f\x8b........", "This is a compressed archive", "这是压缩包"),
    "old.doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "This is an old Office format",
        "这是旧版 Office 格式",
    ),
    "broken.pdf": (b"%PDF-1.7\nnothing", "This file is damaged", "文件已损坏"),
    "scan.docx": (pictures(), "This file is almost only pictures", "这个文件几乎全是图片"),
    "../../evil.md": ("# 青溪\n\n小灶陶锅的陶土取自青溪。".encode(), "Taken in as 1 passage", "1"),
}


def test_what_became_of_each_file_is_worded_in_both_languages(
    app: Flask, services: Services, team: Team
) -> None:
    grace = Visitor(app, "grace")
    files = [(io.BytesIO(data), name) for name, (data, _, _) in FILES.items()]
    answer = grace.post(f"{HOME}/library", {"kind": "story", "files": files})
    assert answer.status_code == 303
    job = services.jobs.recent(brand=team.brand, kind="ingest")[0].id
    assert answer.location.endswith(f"#job-{job}")
    services.jobs.run(job)
    for place, locale in enumerate(("en", "zh_Hans"), start=1):
        grace.post("/language", {"locale": locale})
        for path in (answer.location, f"{HOME}/library/jobs/{job}"):
            page = parsed(grace.get(path.split("#")[0]))
            lines = [" ".join(line.text(separator=" ").split()) for line in page.css(f"#job-{job} li")]
            assert len(lines) == len(FILES)
            for line, (name, worded) in zip(lines, FILES.items(), strict=True):
                assert name.split("/")[-1] in line
                assert worded[place] in line
    assert {row.path for row in services.library.materials(brand=team.brand)} == {
        "story/scan.docx",
        "story/evil.md",
    }


def test_a_number_too_large_for_any_id_is_only_not_found(app: Flask, services: Services, team: Team) -> None:
    grace = Visitor(app, "grace")
    huge = 10**30
    names = {name for rule in rules(app, "GET") for name in rule.arguments} - {"brand", "digest"}
    values = {"brand": "hearth", "digest": "0" * 64, **dict.fromkeys(names, huge)}
    for rule in rules(app, "GET"):
        if rule.arguments != {"brand"}:
            assert grace.get(address(app, rule, values)).status_code == 404, rule.endpoint
    for path in (f"{HOME}/review?post={huge}", f"{HOME}/review?decided={huge}", f"{HOME}/library?job={huge}"):
        assert grace.get(path).status_code in (200, 404), path
    for path in (
        f"{HOME}/calendar?day=9999-12-31",
        f"{HOME}/calendar?day=0001-01-01",
        f"{HOME}/calendar?day=x",
    ):
        assert grace.get(path).status_code == 404, path
    assert grace.post("/brand", {"brand": ""}, follow_redirects=True).status_code == 404
    post = drafted_post(services, team)
    answer = Visitor(app, "hang").post(f"{HOME}/posts/{post}/approve", {"revision": str(huge)})
    assert answer.status_code == 404


ENGLISH_NAV = {
    "Today",
    "Calendar",
    "Review",
    "Send desk",
    "Replies",
    "Library",
    "Rules",
    "Voice",
    "Settings",
    "Sign out",
    "More",
}
CHINESE_NAV = {"今日", "日历", "审核", "发送台", "会员问答", "素材库", "调性", "SOP", "退出"}
# Two English words in a row, beside names that stay as they are.
ENGLISH = re.compile(r"[A-Za-z]{2,}[,.’]? [A-Za-z]{2,}")
NAMES = re.compile(
    r"export [A-Z_]+=\S*|COPILOT_\w+|[a-z]+_[a-z_]+|https?://\S*|make local|Google Gemini|LM Studio|"
    r"\w*\.(?:yaml|zip)|\w+/(?= )|C ?ontent Copilot|Grace Hart|Ada Root|Hearth|copilot serve|scan|prices|Slack|Telegram|Discord|SOP"
)


def test_every_page_speaks_the_readers_language_to_every_role(
    app: Flask, services: Services, team: Team, clock: FakeClock
) -> None:
    furnished = furnish(services, team, clock)
    running = services.drafting.request(furnished.waiting, brand=team.brand, actor=team.copywriter)
    services.events.log(running).delta("小灶陶锅")
    pages = [*every_page(app, furnished.values), *furnished.pages, "/nowhere"]
    assert len(pages) > 25
    for login in ("mia", "hang", "grace", "root"):
        for locale, lang in (("en", "en"), ("zh_Hans", "zh-Hans")):
            visitor = Visitor(app, login, locale=locale)
            for path in pages:
                answer = visitor.get(path, follow_redirects=True)
                where = f"{path} for {login} in {locale}"
                # The room where a brand leaves the house and comes in, the measures and the form of a rule are for those who
                # curate it, the settings are for administrators.
                is_curated = any(room in path for room in ("/library/exchange", "/evaluations", "/rules/own"))
                is_closed = (is_curated and login in ("mia", "hang")) or (
                    "/settings" in path and login != "root"
                )
                assert answer.status_code == (404 if path == "/nowhere" else 403 if is_closed else 200), where
                if answer.mimetype != "text/html":
                    continue
                page = parsed(answer)
                if page.css_first("main") is None:  # A fragment.
                    continue
                assert one(page, "html").attributes["lang"] == lang, where
                nav = {" ".join(node.text().split()) for node in page.css(".sidebar .nav__label")}
                if nav:
                    own = nav - {"SOP"}  # It is called that in Chinese too.
                    assert own <= ENGLISH_NAV if locale == "en" else not own & ENGLISH_NAV, where
                if locale == "zh_Hans":
                    words = NAMES.sub("", said(answer))
                    assert ENGLISH.findall(words) == [], where
    # Words one may rely on: they are what people call these pages.
    hang = Visitor(app, "hang", locale="zh_Hans")
    labels = {node.text().strip() for node in parsed(hang.get(f"{HOME}/today")).css(".sidebar .nav__label")}
    assert labels == CHINESE_NAV


def test_the_door_and_its_refusals_speak_chinese_to_a_chinese_browser(app: Flask) -> None:
    visitor = Visitor(app)
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert "登录" in said(visitor.get("/sign-in", headers=chinese))
    answer = visitor.post("/sign-in", {"login": "x", "password": "y"}, headers=chinese)
    assert said(answer, "#field-password-error") == "账号或密码不对，请核对后再试。"
    assert "Sign in" in said(visitor.get("/sign-in", headers={"Accept-Language": "fr, zh;q=0.1"}))


def test_the_zone_is_the_brands_wherever_one_sits(app: Flask, services: Services, team: Team) -> None:
    slot = todays_slot(services, team)
    answer = Visitor(app, "mia").get(f"{HOME}/slots/{slot}")
    assert "15:00" in said(answer)
    assert "Times in Asia/Shanghai" in said(answer)
    assert timedelta(0) == services.parts.clock().utcoffset()
