"""A member's words are kept to the letter, and nobody's number goes in unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot import rulepacks
from copilot.adapters.readers.markdown import read_markdown
from copilot.domain import stories
from copilot.domain.materials import Kind
from copilot.domain.stories import Share, Story, as_markdown, heard_in, path_of, title_of

WORDS = "我家小朋友六岁，吃饭像上班打卡。他自己焖的饭，吃了满满一碗。"


def read_back(story: Story) -> str:
    return "\n".join(section.text for section in read_markdown("file", as_markdown(story)).sections)


def test_a_story_without_a_title_is_called_by_its_first_words() -> None:
    assert title_of(WORDS) == "我家小朋友六岁，吃饭像上班打卡"
    assert title_of("My wrists are 71. The pan fits.") == "My wrists are 71"
    assert title_of("v1.2 of the jar is better. Yes.") == "v1.2 of the jar is better"
    long = "上夜班回来只想吃一口热的这个锅真好用三十分钟就行了我们全家都喜欢"
    assert title_of(long) == "上夜班回来只想吃一口热的这个锅真好用三十分钟就行…"
    assert title_of("It was the first lidded pan that I could really lift out of the oven myself").endswith(
        "…"
    )
    assert not title_of("It was the first lidded pan that I could really lift out of the oven").endswith("l…")
    assert read_markdown("x", as_markdown(Story(WORDS, Kind.PRAISE))).title == title_of(WORDS)
    assert read_markdown("x", as_markdown(Story(WORDS, Kind.PRAISE, title="火头军"))).title == "火头军"


def test_what_looks_like_markdown_in_a_chat_stays_what_was_typed() -> None:
    said = "# 第一次\n- 米一杯\n> 水一杯\n====\n|a|b|\n|-|-|\n1. 好\n+ 香\n```\n<!-- 悄悄话 -->"
    assert [line for line in read_back(Story(said, Kind.EXPERIENCE)).split("\n") if line] == said.split("\n")


CHAT = st.text(alphabet="饭锅ab1 #>|+-=~`*_[]()\\/.，。！\n<!", min_size=1, max_size=60)


@given(CHAT)
def test_no_line_of_a_chat_is_lost_or_becomes_a_heading(said: str) -> None:
    document = read_markdown("file", as_markdown(Story(said, Kind.PRAISE, title="题")))
    kept = "".join("".join(section.text.split()) for section in document.sections)
    wanted = "".join(said.split())
    assert kept == wanted
    assert all(not section.heading for section in document.sections)


@given(st.text(alphabet=st.characters(exclude_categories=["C"]), max_size=40))
def test_where_it_was_said_is_kept_beside_it_and_read_back(heard: str) -> None:
    story = Story(WORDS, Kind.PRAISE, title='他说："好"', heard=heard)
    assert heard_in(as_markdown(story)) == " ".join(heard.split())
    assert read_back(story) == WORDS


def test_what_a_telephone_pastes_along_unseen_does_no_harm() -> None:
    story = Story(f"\x00{WORDS}\x7f\ufffe", Kind.PRAISE, title="一\x80题", heard="群里\n\x0b周五")
    assert read_back(story) == WORDS
    assert heard_in(as_markdown(story)) == "群里 周五"


def test_a_file_that_somebody_else_made_says_nothing_of_where() -> None:
    for data in (b"", b"# heard: x", b"---\nheard: 2\n---\n", b'---\nheard: "\n---\n', "锅".encode("gbk")):
        assert heard_in(data) == ""


def test_the_same_words_have_the_same_name_however_they_were_pasted() -> None:
    one = path_of(Story(WORDS, Kind.PRAISE, title="火头军"))
    assert one == path_of(Story(f"  {WORDS}\r\n", Kind.PRAISE))
    assert one != path_of(Story(WORDS + "真的。", Kind.PRAISE))
    assert path_of(Story("!!!", Kind.PRAISE)).startswith("praise/")


@given(st.text(min_size=1, max_size=200))
def test_a_name_in_the_library_never_leaves_its_folder(text: str) -> None:
    path = path_of(Story(text, Kind.EXPERIENCE))
    folder, slash, name = path.partition("/")
    assert (folder, slash) == ("experience", "/")
    assert name.endswith(".md") and not set("/\\:.") & set(name.removesuffix(".md")) and len(name) < 60


def test_a_telephone_number_and_a_door_are_pointed_out_and_masked_while_an_order_number_is_not() -> None:
    folding = rulepacks.chinese().folding
    said = "我住杏花里小区3号楼201，电话 138 1234 5678，订单 20261120001。看 shop.example.com。"
    found = stories.personal(said, folding)
    assert {finding.rule for finding in found} == {"mobile", "home_address"}
    masked = stories.masked(said, found)
    assert "138 **** 5678" in masked and "3号楼" not in masked and "20261120001" in masked
    assert stories.personal(masked, folding) == ()


def test_a_share_of_nothing_is_nothing() -> None:
    assert (Share(0, 0).percent, Share(1, 3).percent, Share(5, 5).percent) == (0, 33, 100)
