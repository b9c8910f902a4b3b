"""The commands as scripts use them: one JSON document on stdout, one line on stderr, exit codes that mean something."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot.__main__ import Composition
from copilot.cli.root import NOUNS
from copilot.domain.permissions import Role
from copilot.files import folder
from tests.commanding import Ran, ran

SAMPLE = "slowmere"


@dataclass(frozen=True)
class House:
    composition: Composition
    run: Callable[..., Ran]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One data folder with the sample brand's settings and three of its materials."""
    home = tmp_path_factory.mktemp("cli")
    patch = pytest.MonkeyPatch()
    for name in ("LC_ALL", "LC_MESSAGES", "OPENAI_API_KEY", "COPILOT_LLM_BASE_URL"):
        patch.delenv(name, raising=False)
    patch.setenv("LANG", "en_GB.UTF-8")
    patch.setenv("COPILOT_DATA_DIR", str(home / "data"))
    patch.setenv("COPILOT_PASSWORD_COST", "1")
    composition = Composition()

    def run(*args: str | Path, input: str | None = None) -> Ran:
        return ran(composition, *args, input=input)

    yield House(composition, run)
    services = composition.services
    services.ownership.release()
    services.parts.db.dispose()
    patch.undo()


@pytest.fixture(scope="module")
def brand(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    made = house.run(
        "brand",
        "create",
        SAMPLE,
        "--name",
        "Slowmere",
        "--zone",
        "Europe/London",
        "--language",
        "en",
        "--json",
    )
    assert made.code == 0, made.err
    synced = house.run(
        "kb", "sync", "--brand", SAMPLE, small_brand(tmp_path_factory.mktemp("brand")), "--json"
    )
    assert synced.code == 0, synced.err
    assert {file["status"] for file in synced.json} == {"indexed"}
    return SAMPLE


def small_brand(target: Path) -> Path:
    source = folder("knowledge_base") / SAMPLE
    for name in ("brand.yaml", "voice.yaml", "columns.yaml"):
        (target / name).write_bytes((source / name).read_bytes())
    for kind in ("selling_point", "highlight"):
        place = target / "materials" / kind
        place.mkdir(parents=True)
        for file in sorted((source / "materials" / kind).glob("*.md"))[:2]:
            (place / file.name).write_bytes(file.read_bytes())
    return target


def test_help_names_every_noun_and_imports_none_of_them() -> None:
    script = (
        "import sys; from copilot.cli.root import root\n"
        "try: root(['--help'])\n"
        "except SystemExit as end: code = end.code\n"
        "print(code, [name for name in ('sqlalchemy', 'flask', 'chromadb', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("0 []\n")
    assert all(f"  {noun} " in done.stdout for noun in NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_command_has_help(house: House, noun: str) -> None:
    shown = house.run(noun, "--help")
    assert shown.code == 0
    assert "Usage:" in shown.out


def test_brands_are_listed_as_the_contract_says(house: House, brand: str) -> None:
    assert {"slug": SAMPLE, "name": "Slowmere", "zone": "Europe/London", "language": "en"} in house.run(
        "brand", "list", "--json"
    ).json


def test_columns_come_from_the_folder(house: House, brand: str) -> None:
    columns = house.run("column", "list", "--brand", brand, "--json").json
    assert {"slug", "name", "module", "cadence", "time"} == columns[0].keys()


def test_an_impossible_brand_names_each_option_in_one_line(house: House) -> None:
    ran = house.run("brand", "create", "No Good", "--name", " ", "--zone", "Mars", "--language", "fr")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert all(name in ran.err for name in ("SLUG: ", "--name: ", "--zone: ", "--language: "))


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["brand", "create", "x"], "--name"),
        (["kb", "add", "--brand", "x", "--kind", "gossip", "."], "--kind"),
        (["kb", "nonsense"], "nonsense"),
        (["brand", "list", "--nonsense"], "--nonsense"),
        (["kb", "add", "--brand", "x", "--kind", "story", "no/such/file"], "PATHS"),
        (["column", "list", "--brand", "nobody"], "nobody"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(house: House, args: list[str], named: str) -> None:
    for language in ("en", "zh"):
        ran = house.run("--lang", language, *args)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert named in ran.err


def test_errors_are_worded_in_the_language_of_the_environment(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "找不到" in house.run("column", "list", "--brand", "nobody").err
    assert "找不到" not in house.run("--lang", "en", "column", "list", "--brand", "nobody").err


def test_a_refused_file_does_not_stop_the_rest(house: House, brand: str, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "lake.md").write_text(
        "# Lake\n\nThe boats leave at nine every day.", encoding="utf-8"
    )
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / ".hidden.md").write_text("# Not for the library", encoding="utf-8")
    ran = house.run("kb", "add", "--brand", brand, "--kind", "story", tmp_path, "--json")
    assert ran.code == 1
    by_path = {file["path"]: file for file in ran.json}
    assert by_path.keys() == {"story/inner/lake.md", "story/empty.txt"}
    assert by_path["story/inner/lake.md"]["status"] == "indexed"
    assert by_path["story/empty.txt"]["status"] == "refused"
    assert "no text" in by_path["story/empty.txt"]["reason"]


def test_two_files_of_one_name_are_never_folded_into_one(house: House, brand: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.md").write_text(f"# {name}\n\nA note of {name}.", encoding="utf-8")
    ran = house.run(
        "kb",
        "add",
        "--brand",
        brand,
        "--kind",
        "story",
        tmp_path / "a" / "note.md",
        tmp_path / "b" / "note.md",
    )
    assert ran.code == 2
    assert "note.md" in ran.err


def test_search_knows_what_is_valid_when(house: House, brand: str, tmp_path: Path) -> None:
    notice = tmp_path / "ferry.md"
    notice.write_text("# Ferry\n\nThe zeppelin ferry runs on Sundays.", encoding="utf-8")
    window = ["--valid-from", "2027-03-01", "--valid-until", "2027-03-31"]
    assert house.run("kb", "add", "--brand", brand, "--kind", "news", *window, notice).code == 0

    def found(*at: str) -> list[str]:
        hits = house.run(
            "kb", "search", "--brand", brand, "zeppelin ferry", "--kind", "news", *at, "--json"
        ).json
        return [hit["path"] for hit in hits]

    assert found("--at", "2027-03-31T23:59") == ["news/ferry.md"]
    assert found("--at", "2027-04-01T00:00") == []
    assert found() == []


def test_a_search_for_nothing_is_refused(house: House, brand: str) -> None:
    ran = house.run("kb", "search", "--brand", brand, "  ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "QUERY: Say what to look for.\n"


@pytest.mark.parametrize(
    "command", [["kb", "search", "soap"], ["kb", "list"], ["check", "-"], ["kb", "gaps"]]
)
def test_a_brand_that_is_none_is_said_to_be_the_brand(house: House, command: list[str]) -> None:
    extra = ["--channel", "telegram"] if command[0] == "check" else []
    ran = house.run(*command, "--brand", "nope", *extra, input="A line.")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--brand: There is no brand “nope”")


def test_days_in_the_wrong_order_are_wrong_input_like_other_days(
    house: House, brand: str, tmp_path: Path
) -> None:
    notice = tmp_path / "pier.md"
    notice.write_text("# Pier\n\nThe pier opens in spring.", encoding="utf-8")
    reversed_days = ["--valid-from", "2027-03-31", "--valid-until", "2027-03-01"]
    ran = house.run("kb", "add", "--brand", brand, "--kind", "news", *reversed_days, notice)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--valid-until: The last day is before the first (2027-03-31 – 2027-03-01)")
    assert house.run("kb", "add", "--brand", brand, "--kind", "news", *reversed_days[:2], notice).code == 0
    ran = house.run("kb", "window", "--brand", brand, "news/pier.md", "--valid-until", "2027-03-01")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--valid-until: The last day is before the first (2027-03-31 – 2027-03-01)")


@pytest.mark.parametrize("name", ["inside", "inside/brand.zip"])
def test_an_export_to_where_nothing_can_be_written_says_so(
    house: House, brand: str, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    place = tmp_path / "file" / name
    ran = house.run("brand", "export", "--json", brand, place)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"PATH: “{place}” cannot be written to: Not a directory")


def test_a_sync_with_an_empty_folder_retires_nothing(house: House, brand: str, tmp_path: Path) -> None:
    ran = house.run("kb", "sync", "--brand", brand, tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("FOLDER: ")


def test_reindex_says_how_much_it_holds(house: House, brand: str) -> None:
    assert house.run("kb", "reindex", "--brand", brand, "--json").json["passages"] > 0


def test_check_exits_1_when_something_blocks(house: House, brand: str, tmp_path: Path) -> None:
    source = tmp_path / "kettle.md"
    source.write_text("# Kettle\n\nThe kettle holds 1.2 litres.", encoding="utf-8")
    options = ["check", "--brand", brand, "--channel", "telegram", "--source", source, "--json"]
    good = house.run(*options, "-", input="The kettle holds 1.2 litres.")
    assert good.code == 0, good.out
    bad_text = "The kettle holds 7 litres."
    bad = house.run(*options, "-", input=bad_text)
    assert bad.code == 1
    blocking = [finding for finding in bad.json["findings"] if finding["severity"] == "block"]
    assert all(bad_text[one["start"] : one["end"]] == one["text"] for one in blocking)
    assert all(isinstance(one["reason"], str) and one["reason"] for one in bad.json["findings"])


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.md", b"", "no text in this file"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "This is a picture"),
        ("sheet.docx", b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_check_names_the_source_that_it_cannot_read(
    house: House, brand: str, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    good, bad = tmp_path / "kettle.md", tmp_path / name
    good.write_text("# Kettle\n\nThe kettle holds 1.2 litres.", encoding="utf-8")
    bad.write_bytes(data)
    sources = ["--source", good, "--source", bad]
    ran = house.run(
        "check",
        "--brand",
        brand,
        "--channel",
        "telegram",
        *sources,
        "-",
        input="The kettle holds 1.2 litres.",
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"--source: “{name}” cannot be read. ")
    assert why in ran.err


QUIZ = """Fill in the blank.
The kettle holds ____ litres.
A. 0.5 litres
B. 1.2 litres
C. 7 litres
Reply with your answer."""
GOODS = """Which kettle would you like?
A. The small one, 0.5 litres
B. The family one, 1.2 litres
C. The giant, 7 litres
Reply with your answer."""


@pytest.mark.parametrize(("text", "code"), [(QUIZ, 0), (GOODS, 1)])
def test_the_wrong_options_of_a_quiz_are_no_claims_and_a_list_of_goods_is_no_quiz(
    house: House, brand: str, tmp_path: Path, text: str, code: int
) -> None:
    source = tmp_path / "kettle.md"
    source.write_text("# Kettle\n\nThe kettle holds 1.2 litres.", encoding="utf-8")
    options = ["check", "--brand", brand, "--channel", "telegram"]
    ran = house.run(*options, "--source", source, "--json", "-", input=text)
    assert ran.code == code, ran.out


def test_check_knows_what_the_column_knows(house: House, brand: str, tmp_path: Path) -> None:
    """Its form and its length, over files as over the library."""
    rows = house.run("column", "list", "--brand", brand, "--json").json
    column = next(row["slug"] for row in rows if row["module"] == "seeding")
    source = tmp_path / "kettle.md"
    source.write_text("# Kettle\n\nThe kettle holds 1.2 litres.", encoding="utf-8")
    options = ["check", "--brand", brand, "--channel", "telegram", "--json"]
    text = "The kettle holds 1.2 litres."
    for more in (["--source", source], []):
        plain = house.run(*options, *more, "-", input=text).json
        told = house.run(*options, *more, "--column", column, "-", input=text).json
        assert "too_short" in {one["rule"] for one in told["findings"]}
        assert "too_short" not in {one["rule"] for one in plain["findings"]}
        unknown = house.run(*options, *more, "--column", "nope", "-", input=text)
        assert (unknown.code, unknown.out) == (2, "")
        assert "nope" in unknown.err


def test_a_post_goes_the_whole_way(house: House, brand: str) -> None:
    columns = house.run("column", "list", "--brand", brand, "--json").json
    column = next(row["slug"] for row in columns if row["module"] == "seeding")
    options = ["draft", "--brand", brand, "--column", column]
    assert house.run(*options, "--at", "tomorrow").err.startswith("--at: ")
    drafted = house.run(*options, "--at", "2027-03-02T15:00", "--json")
    assert drafted.code == 0, drafted.err
    draft = drafted.json
    assert draft["text"]
    assert draft["provenance"]["writer"] == "composer"
    assert all(cited["sentence"] in draft["text"] for cited in draft["citations"])
    post = str(draft["post"])

    services = house.composition.services
    services.accounts.add_person(
        login="op", name="Op", password="op", roles={services.brands.by_slug(brand).id: Role.OPERATOR}
    )
    assert house.run("review", "approve", post, "--as", "op").code == 2
    assert house.run("review", "submit", post, "--as", "cli", "--json").json["state"] == "in_review"
    assert [row["post"] for row in house.run("review", "list", "--brand", brand, "--json").json] == [
        draft["post"]
    ]
    assert house.run("review", "approve", post, "--as", "cli").code == 2
    assert house.run("review", "approve", post, "--as", "op", "--json").json["state"] == "approved"
    assert "--destination" in house.run("schedule", post, "--as", "op", "--destination", "moon").err
    assert house.run("schedule", post, "--as", "op", "--json").json["state"] == "scheduled"
    assert house.run("deliver", "--once", "--json").json == {}
    sent = house.run("deliver", "--once", "--now", "2027-03-02T15:00:30+00:00", "--json")
    assert sum(sent.json.values()) > 0


def test_retrieval_is_scored_in_a_folder_of_its_own(house: House, brand: str, tmp_path: Path) -> None:
    texts = {"d1": "The heron waits in the reeds.", "d2": "Bread rises twice before it is baked."}
    queries = {"q1": "heron in the reeds", "q2": "how often does bread rise"}
    rows = [{"id": name, "title": "", "text": text} for name, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    asked = [{"id": name, "text": text} for name, text in queries.items()]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n", encoding="utf-8"
    )
    run = tmp_path / "run.jsonl"
    result = house.run("eval", "retrieval", tmp_path, "--run", run, "--json").json
    assert result.keys() == {"ndcg@10", "recall@5", "mrr@10", "queries", "seconds"}
    assert (result["ndcg@10"], result["queries"]) == (1.0, 2)
    lines = [json.loads(line) for line in run.read_text(encoding="utf-8").splitlines()]
    assert [line["qid"] for line in lines] == ["q1", "q2"]
    assert lines[0]["ranked"][0] == "d1"
    assert [row["slug"] for row in house.run("brand", "list", "--json").json] == [brand]


def test_the_rules_are_scored_on_labelled_lines(house: House, tmp_path: Path) -> None:
    caught = {"id": "1", "label": "violation", "text": "甄选顶级食材", "spans": [[2, 4]], "severity": "block"}
    clean = {"id": "2", "label": "clean", "text": "第一步先温杯"}
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(map(json.dumps, (caught, clean))), encoding="utf-8")
    result = house.run("eval", "checks", file, "--json")
    assert (result.code, result.json["precision"], result.json["recall"]) == (0, 1.0, 1.0)
    file.write_text(json.dumps({**caught, "text": "甄选好食材，真香"}), encoding="utf-8")
    missed = house.run("eval", "checks", file)
    assert missed.code == 1
    assert "甄选好食材" in missed.out
    file.write_text("no json", encoding="utf-8")
    for kind in ("checks", "claims"):
        refused = house.run("eval", kind, file)
        assert refused.code == 2
        assert refused.err.startswith("FILE: lines.jsonl, line 1: ")


def test_the_ledger_is_scored_on_copy_and_its_passages(house: House, tmp_path: Path) -> None:
    line = {
        "id": "1a",
        "label": "faithful",
        "at": "2026-11-24T15:00+08:00",
        "products": ["迟禾新米"],
        "passages": [{"text": "迟禾新米每袋 5 斤，售价 49 元。", "title": "新米"}],
        "copy": "迟禾新米四十九元一袋。",
        "wrong": [],
    }
    wrong = {**line, "id": "1b", "label": "altered", "copy": "迟禾新米四十七元一袋。", "wrong": [[4, 8]]}
    file = tmp_path / "claims.jsonl"
    file.write_text("\n".join(map(json.dumps, (line, wrong))), encoding="utf-8")
    result = house.run("eval", "claims", file, "--json").json
    assert (result["recall"], result["false_alarms"]) == (1.0, 0.0)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "dataset"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "The heron waits."}\n', encoding="utf-8")
    (folder / "queries.jsonl").write_text('{"_id": "q1", "text": "heron"}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n", encoding="utf-8")
    return folder


def test_an_evaluation_asks_for_its_place_before_it_begins(
    house: House, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.composition, "scratch", None)
    place = tmp_path / "nope" / "x.run"
    ran = house.run("eval", "retrieval", dataset, "--run", place)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == f"--run: “{place}” cannot be written to: No such file or directory. Choose another place.\n"
    )


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("corpus.jsonl", None, "corpus.jsonl is missing"),
        ("qrels.tsv", None, "qrels.tsv is missing"),
        ("corpus.jsonl", '{"_id": "d1", "text": "a"}\n\n{"_id": ', "corpus.jsonl, line 3: "),
        ("corpus.jsonl", '["d1", "a"]', "corpus.jsonl, line 1: "),
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n{"text": "b"}\n', "queries.jsonl, line 2: "),
        ("queries.jsonl", '{"_id": "q1"}', "queries.jsonl, line 1: "),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n", "qrels.tsv, line 2: "),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tyes\n", "qrels.tsv, line 2: "),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n\nq9\td1\t1\n", "qrels.tsv, line 3: queries.jsonl has no"),
    ],
)
def test_a_data_set_that_does_not_fit_is_named_by_file_and_line(
    house: House, dataset: Path, file: str, text: str | None, said: str
) -> None:
    if text is None:
        (dataset / file).unlink()
    else:
        (dataset / file).write_text(text, encoding="utf-8")
    ran = house.run("eval", "retrieval", dataset)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"DATASET: {said}") and "Errno" not in ran.err


@pytest.mark.parametrize("command", [["brand", "list"], ["db", "upgrade"], ["serve", "--port", "0"]])
def test_a_data_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    place = tmp_path / "file" / "data"
    monkeypatch.setenv("COPILOT_DATA_DIR", str(place))
    told = ran(Composition(), "--lang", "en", *command)
    assert (told.code, told.out) == (2, "")
    assert (
        told.err
        == f"COPILOT_DATA_DIR: “{place}” cannot be written to: Not a directory. Choose another place.\n"
    )


def test_a_material_whose_days_are_over_says_that_nothing_finds_it(
    house: House, brand: str, tmp_path: Path
) -> None:
    notice = tmp_path / "fair.md"
    notice.write_text("# Fair\n\nThe summer fair has ended.", encoding="utf-8")
    added = ["kb", "add", "--brand", brand, "--kind", "news", notice]
    over = "Its last day was 2020-03-31, so no search finds it now"
    for _ in range(2):
        assert over in house.run(*added, "--valid-until", "2020-03-31").out
    notice.write_text("# Fair\n\nThe summer fair goes on.", encoding="utf-8")
    assert "Its last day" not in house.run(*added, "--valid-until", "2099-03-31").out


def test_a_server_owns_its_folder_works_for_others_and_ends_when_told(tmp_path: Path) -> None:
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COPILOT_", "LC_", "PORT"))
        },
        "COPILOT_DATA_DIR": str(tmp_path / "data"),
        "LANG": "en_GB.UTF-8",
    }

    def copilot(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "copilot", *args]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    command = [sys.executable, "-m", "copilot", "serve", "--port", "0"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        said = server.stdout.readline()
        address = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(f"{address}/sign-in", timeout=30) as answer:
            assert answer.status == 200

        # Scripts that ask for their connections to be closed, and then hold on to them, hold up nobody.
        host, port = address.removeprefix("http://").split(":")
        with contextlib.ExitStack() as held:
            scripts = [held.enter_context(socket.create_connection((host, int(port)), 30)) for _ in range(8)]
            for script in scripts:
                script.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert all(script.recv(8) == b"HTTP/1.1" for script in scripts)
            with urllib.request.urlopen(f"{address}/sign-in", timeout=8) as answer:
                assert answer.status == 200

        second = copilot("serve", "--port", "0")
        assert second.returncode == 2
        assert second.stderr.count("\n") == 1
        assert "COPILOT_DATA_DIR" in second.stderr

        made = copilot(
            "brand", "create", "tea", "--name", "Tea", "--zone", "Asia/Shanghai", "--language", "en"
        )
        assert made.returncode == 0, made.stderr
        note = tmp_path / "note.md"
        note.write_text("# Note\n\nWe dry the leaves on bamboo trays.", encoding="utf-8")
        added = copilot("kb", "add", "--brand", "tea", "--kind", "story", str(note), "--json")
        assert [file["status"] for file in json.loads(added.stdout)] == ["indexed"]
        found = copilot("kb", "search", "--brand", "tea", "bamboo trays", "--json")
        assert [hit["path"] for hit in json.loads(found.stdout)] == ["story/note.md"]
    finally:
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        code = server.wait(timeout=30)
        assert server.stdout is not None
        server.stdout.close()
    assert code == 0
    assert time.monotonic() - began < 12


def test_without_a_terminal_a_new_person_needs_the_variable_or_a_pipe(house: House, brand: str) -> None:
    """As cron or a container runs it: no terminal, and a standard input that is empty, closed or a pipe."""
    command = [sys.executable, "-m", "copilot", "--lang", "en", "person", "add", "lin", "--name", "Lin"]
    command += ["--brand", brand, "--role", "operator"]

    def run(shell: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", shell, "sh", *command],
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=60,
            check=False,
        )

    for shell in ('exec "$@" </dev/null', 'exec "$@" <&-'):
        told = run(shell)
        assert (told.returncode, told.stdout, told.stderr.count("\n")) == (2, "", 1), told.stderr
        assert told.stderr.startswith("--password: ") and "COPILOT_PASSWORD" in told.stderr
    piped = run("printf 'correct horse\\ncorrect horse\\n' | \"$@\"")
    assert (piped.returncode, piped.stderr) == (0, "")
    assert house.composition.services.accounts.authenticate("lin", "correct horse").name == "Lin"
