"""The steps of a run, in both directions. Each outcome follows from what was seen."""

import re
from dataclasses import dataclass, field

DISCOVER, REGISTER = "discover", "register"
CRAWL_LOCATIONS, GET_ONE, PUSH_TOKEN, PATCH_TOKEN, COMMAND = (
    "crawl Locations", "get one", "push Token", "patch Token", "command"
)
CRAWL_TOKENS, PUSH_LOCATION, PATCH_EVSE = "crawl Tokens", "push Location", "patch EVSE"
ROTATE, UNREGISTER, UNREGISTER_AGAIN, CONFORMANCE = "rotate", "unregister", "unregister again", "conformance"

# Steps towards a CPO and towards an eMSP.
TO_CPO = [CRAWL_LOCATIONS, GET_ONE, PUSH_TOKEN, PATCH_TOKEN, COMMAND]
TO_EMSP = [CRAWL_TOKENS, PUSH_LOCATION, PATCH_EVSE]
OBJECTS = [*TO_CPO, *TO_EMSP]
ALL = [DISCOVER, REGISTER, *OBJECTS, CONFORMANCE, ROTATE, UNREGISTER, UNREGISTER_AGAIN]

OK, FAILS, NOT_OFFERED, NOT_REACHED, ADOPTED = "ok", "fails", "not offered", "not reached", "adopted"

SEEDS, PAGES = 120, 3
VERSIONS = ["2.1.1", "2.2", "2.2.1", "2.3.0"]
OTHER = {"CPO": "EMSP", "EMSP": "CPO"}


@dataclass
class Outcome:
    """The outcome of a step, with its symptom and facts."""

    outcome: str
    symptom: str = ""
    facts: dict = field(default_factory=dict)


def outcome(answer):
    """The outcome that an answer tells."""
    if answer["ok"]:
        return Outcome(OK, facts=answer)
    if answer.get("not_offered"):
        return Outcome(NOT_OFFERED)
    return Outcome(FAILS, symptom=_plain(answer["symptom"]))


def fails(symptom):
    """The outcome of a step that looked well, and was not."""
    return Outcome(FAILS, symptom=symptom)


def _plain(symptom):
    """A symptom without ports, and on one line."""
    symptom = re.sub(r"127\.0\.0\.1:\d+", "HOST", symptom)
    return re.sub(r"\s+", " ", symptom)


def whole(found, count, pages, wanted=SEEDS):
    """Whether a list came whole."""
    if found.outcome == OK and (count, pages >= PAGES) != (wanted, True):
        return fails(f"{count} of {wanted} objects in {pages} pages")
    return found


def steps_towards(roles):
    """The steps between registration and rotation, for a server that has these roles."""
    return [step for role, steps in (("CPO", TO_CPO), ("EMSP", TO_EMSP)) if role in roles for step in steps]
