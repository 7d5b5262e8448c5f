"""The dialog with the harness: a step is a line of JSON, and so is its answer."""

import json
import sys


class NotOffered(Exception):
    """The package has nothing for this step."""


def about():
    """The version of OCPI, the roles and the party, as the harness gives them."""
    version, roles, party = sys.argv[1:4]
    return version, roles.split(","), party.split("/")


def say(**facts):
    """Writes one line."""
    print(json.dumps(facts), flush=True)


def answer(steps):
    """Answers steps until the input ends. A step is a function of the request that returns facts, or raises."""
    for line in sys.stdin:
        request = json.loads(line)
        step = steps.get(request["do"])
        try:
            if step is None:
                raise NotOffered
            say(ok=True, **(step(request) or {}))
        except NotOffered:
            say(ok=False, not_offered=True, symptom="the package has no such call")
        except Exception as error:  # Whatever the package raises is the outcome of the step.
            say(ok=False, not_offered=False, symptom=f"{type(error).__name__}: {error}")
