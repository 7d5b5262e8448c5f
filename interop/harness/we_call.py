"""Our client calls the partner's server."""

from . import steps
from .dialogs import Broken
from .steps import ADOPTED, ALL, NOT_REACHED, OK, Outcome, outcome

OURS = "NL/OUR"
# The token A of every mock of ocpi-kit.
MOCK_TOKEN = "test-token-a"


class WeCall:
    """One registration, from discovery to its end."""

    def __init__(self, ours, theirs, run, about):
        self.ours, self.theirs, self.run, self.about = ours, theirs, run, about
        self.peer = run["party"]
        self.found = {}

    def all(self):
        """Runs every step, until one fails that the others need."""
        known = {"url": self.about["url"], "token": self.about["token"]}
        self.found[steps.DISCOVER] = outcome(self.ours.step("discover", **known, versions=steps.VERSIONS))
        is_adopted = self.run.get("adopt", False)
        if is_adopted:
            self._adopt()
            self.found[steps.REGISTER] = Outcome(ADOPTED)
        else:
            registered = self.ours.step("register", **known, peer=self.peer, host=self.about["host"])
            self.found[steps.REGISTER] = outcome(registered)
        if is_adopted or registered["ok"]:
            self._objects()
            self._end()
        return {step: self.found.get(step, Outcome(NOT_REACHED)) for step in steps_of(self.run)}

    def _adopt(self):
        """Takes over the registration by hand, with endpoints that the partner does not name."""
        b, c = "b-token-chosen-by-an-operator", "c-token-chosen-by-an-operator"
        self.theirs.step("adopt", token_b=b, token_c=c, url=self.our_url)
        self.ours.step("forget")
        endpoints = self.about.get("endpoints", [])
        adopted = self.ours.step(
            "adopt", peer=self.peer, roles=self.run["roles"], url=self.about["url"], versions=[self.run["version"]],
            token=b, received=c, endpoints=endpoints,
        )
        if not adopted["ok"]:
            raise Broken(adopted["symptom"])

    def _objects(self):
        if self.run.get("fill"):
            self._fill()
        if "CPO" in self.run["roles"]:
            self.found[steps.CRAWL_LOCATIONS] = self._crawl("Location")
            self._step(steps.GET_ONE, "get", id=self.run.get("one", "L007"))
            self._step(steps.PUSH_TOKEN, "put", of="Token", ids=["T000"])
            self._step(steps.PATCH_TOKEN, "patch", of="Token", id="T000")
            self._step(steps.COMMAND, "command", location=self.run.get("one", "L007"), evse="E1")
        if "EMSP" in self.run["roles"]:
            self.found[steps.CRAWL_TOKENS] = self._crawl("Token")
            self._step(steps.PUSH_LOCATION, "put", of="Location", ids=["L000"])
            self._step(steps.PATCH_EVSE, "patch", of="EVSE", id="L000")

    def _fill(self):
        """Pushes as many objects of ours as the partner lacks for a list of three pages, where it lists what it got."""
        kind, letter = ("Location", "L") if "CPO" in self.run["roles"] else ("Token", "T")
        ids = [f"{letter}{number:03}" for number in range(1, self.run["fill"])]
        filled = self.ours.step("put", of=kind, ids=ids)
        if not filled["ok"]:
            raise Broken(filled["symptom"])

    def _crawl(self, kind):
        answer = self.ours.step("crawl", of=kind)
        found = outcome(answer)
        if found.outcome == OK and answer["unreadable"]:
            return steps.fails(f"{answer['unreadable']} objects cannot be read")
        count = answer.get("stored", 0) + answer.get("foreign", 0)
        return steps.whole(found, count, answer.get("pages", 0), self.run.get("fill", steps.SEEDS))

    def _end(self):
        self._step(steps.ROTATE, "rotate")
        self._step(steps.UNREGISTER, "unregister")
        self._step(steps.UNREGISTER_AGAIN, "unregister again")

    def _step(self, name, do, **more):
        self.found[name] = outcome(self.ours.step(do, **more))


def steps_of(run):
    """The steps of a run."""
    towards = set(steps.steps_towards(run["roles"]))
    return [step for step in ALL if step != steps.CONFORMANCE and (step in towards or step not in steps.OBJECTS)]


def run(table, run, command):
    """Runs all steps of one run; the command starts the partner's server."""
    ours, url = table.ours(
        roles=[steps.OTHER[role] for role in run["roles"]], party=run.get("ours", OURS), versions=steps.VERSIONS
    )
    if "mock" in run:
        host = table.mock(command)
        theirs, about = None, {"url": f"http://{host}/versions", "token": MOCK_TOKEN, "host": host}
    else:
        theirs, about = table.theirs(command)
    calls = WeCall(ours, theirs, run, about)
    calls.our_url = url
    return calls.all()
