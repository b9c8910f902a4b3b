"""What a British community could do on each festival, as its makers would put it."""

from __future__ import annotations

from collections.abc import Mapping

from copilot.domain.columns import Form, Module
from copilot.domain.ideas.values import CARE, ORIGIN, QUIZ, REWARD, TALK, TERMS, Idea
from copilot.domain.materials import Kind

FESTIVALS: Mapping[str, Idea] = {
    "new-year": Idea(
        "One small thing",
        "One small thing each of us means to make, mend or learn this year",
        "Tell us yours in a line.",
        Form.TOPIC,
        TALK,
    ),
    "burns-night": Idea(
        "A verse by all of us",
        "A verse about supper, one line from each member, rhymes optional",
        "Add the next line.",
        Form.SOLITAIRE,
        TALK,
    ),
    "pancake-day": Idea(
        "Lemon and sugar?",
        "A vote on toppings, and the first pancake that always sticks",
        "Cast your vote, then defend it.",
        Form.POLL,
        TALK,
    ),
    "valentines": Idea(
        "A note for somebody",
        "The line you would put on a card to somebody you love, friends included",
        "Leave a line. No names needed.",
        Form.TOPIC,
        TALK,
    ),
    "mothering-sunday": Idea(
        "Handed down",
        "A thing that came down from a mother, or from whoever stood in for one",
        "Show us, and tell us who had it before you.",
        Form.PHOTO_REWARD,
        REWARD,
    ),
    "womens-day": Idea(
        "She showed me how",
        "A woman who taught you something you still do with your hands",
        "Tell us her name and what she taught you.",
        Form.TOPIC,
        TALK,
    ),
    "good-friday": Idea(
        "A quiet table",
        "No shop talk: who is home this weekend, and what is on the table",
        "Say hello if you like, or just read along.",
        Form.TOPIC,
        TALK,
    ),
    "easter": Idea(
        "Hunt the detail",
        "A hunt in place of eggs: small questions with their answers hidden in our guides",
        "Reply with what you found.",
        Form.QUIZ,
        QUIZ,
    ),
    "earth-day": Idea(
        "Mended, not binned",
        "Something members mended instead of replacing, and how they did it",
        "Show us the mend, neat or not.",
        Form.PHOTO_REWARD,
        (Kind.MAINTENANCE, Kind.USER_GUIDE, Kind.EXPERIENCE, Kind.POLICY),
    ),
    "early-may": Idea(
        "Long-weekend project",
        "What everyone is making over the long weekend, from plan to result",
        "Post your plan now and the truth on Tuesday.",
        Form.CHECK_IN,
        CARE,
    ),
    "spring-bank": Idea(
        "In or out?",
        "A vote for the bank holiday: picnic, garden, kitchen or sofa",
        "Vote, and tell us about the weather.",
        Form.POLL,
        TALK,
    ),
    "fathers-day": Idea(
        "Fixed by Dad",
        "Things a father, or somebody like one, fixed, bodged or built",
        "A photograph and one honest line.",
        Form.PHOTO_REWARD,
        REWARD,
    ),
    "summer-bank": Idea(
        "Last of the summer",
        "One picture that each of us would keep from this summer",
        "Post one picture. Only one.",
        Form.PHOTO_REWARD,
        REWARD,
    ),
    "halloween": Idea(
        "Tales of failure",
        "Our most spectacular failures, told as ghost stories",
        "Tell yours by torchlight.",
        Form.TOPIC,
        (Kind.EXPERIENCE, Kind.MAINTENANCE, Kind.STORY),
    ),
    "bonfire-night": Idea(
        "Round the fire",
        "What goes into the flask and the coat pocket on a cold night out",
        "What is in your pocket tonight?",
        Form.TOPIC,
        TALK,
    ),
    "black-friday": Idea(
        "The short list",
        "Members' prices, conditions and end dates in one plain list, and no countdown",
        "Ask here if anything on the list is unclear.",
        Form.OFFER,
        TERMS,
        Module.CONVERSION,
    ),
    "cyber-monday": Idea(
        "Questions, answered",
        "What is still open from the weekend, until when, and how it is sent",
        "Ask, and somebody here will answer.",
        Form.OFFER,
        (*TERMS, Kind.LOGISTICS),
        Module.WELFARE,
    ),
    "small-business-saturday": Idea(
        "Who makes it",
        "A look into the workshop, and members' favourite small shops near them",
        "Name a small shop that deserves a visit.",
        Form.TEXT,
        ORIGIN,
        Module.SEEDING,
    ),
    "christmas": Idea(
        "Greetings from the table",
        "A greeting from the team, and the tables members sit at today",
        "Show us your table before anybody tidies it.",
        Form.TEXT,
        TALK,
    ),
    "boxing-day": Idea(
        "Leftovers",
        "The best thing anybody ever made out of what was left over",
        "What are you making out of it?",
        Form.TOPIC,
        CARE,
    ),
    "new-years-eve": Idea(
        "The year in one picture",
        "One picture each from the year that ends tonight",
        "Post one picture and the month it is from.",
        Form.PHOTO_REWARD,
        REWARD,
    ),
}
