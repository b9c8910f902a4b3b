"""A model's quiz asks what the composer made of the passages, and nothing around it gives the answer away."""

from __future__ import annotations

from dataclasses import replace

from copilot.domain.drafts import Question

ASKED = Question(
    ("Fill in the blank.", "The mushrooms go in at ____ °C."),
    ("A. 130 °C", "B. 150 °C", "C. 170 °C"),
    "150 °C",
    "The mushrooms go in at 150 °C.",
    "Answer: B. 150 °C",
)
TOLD = "Evening, bakers.\nThe jar clicks when it opens."
CLOSING = "Reply with your letter. See you at the stove."
WITH = "\n".join([TOLD, "", *ASKED.lines, CLOSING])


def test_the_question_stands_before_the_call_to_act() -> None:
    assert ASKED.put_into(f"{TOLD}\n{CLOSING}", ("", "Reply with your letter.")) == WITH
    assert ASKED.put_into(CLOSING, (CLOSING,)) == "\n".join([*ASKED.lines, CLOSING])
    # A name that signs may be told of before.
    signed = f"Nell says so.\n{TOLD}\nNell"
    assert ASKED.put_into(signed, ("", "Nell")) == "\n".join(
        ["Nell says so.", TOLD, "", *ASKED.lines, "Nell"]
    )
    told = "\n".join([TOLD, "", *ASKED.lines])
    assert ASKED.put_into(TOLD, ("Reply with your letter.", "Nell")) == told
    assert ASKED.put_into(told, ("Reply with your letter.", "Nell")) == told
    assert ASKED.put_into(f"A. 130 °C\n{TOLD}\n{CLOSING}", ("Reply with your letter.",)) == WITH


def test_the_note_holds_only_for_the_very_question() -> None:
    assert ASKED.is_in(WITH) and ASKED.is_in(WITH.replace(ASKED.asked[0], "Ready?"))
    assert not ASKED.is_in(WITH.replace("130", "140")) and not ASKED.is_in(TOLD)


def test_what_gives_the_answer_away_is_known() -> None:
    assert ASKED.is_told_by(ASKED.proof) and ASKED.is_told_by("Oil smokes well above 150 °C.")
    assert not replace(ASKED, right="5 minutes").is_told_by("It rests for 15 minutes.")
    assert not ASKED.is_told_by("The jar clicks when it opens.")
    assert not any(map(ASKED.is_told_by, ASKED.lines))
    assert ASKED.is_told_by("A. 130 °C B. 150 °C C. 170 °C.")
