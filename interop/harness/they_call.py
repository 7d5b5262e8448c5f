"""The partner's client calls our server. Its steps are checked on our side, too: by what is stored, and by the state of
the registration."""

from . import steps
from .dialogs import Broken
from .steps import ALL, NOT_REACHED, OK, Outcome, outcome

OURS = "NL/OUR"
TOKEN = "b-token-chosen-by-an-operator"


class TheyCall:
    """One registration, from discovery to its end."""

    def __init__(self, ours, theirs, run, about, url):
        self.ours, self.theirs, self.run, self.about, self.url = ours, theirs, run, about, url
        self.found = {}

    def all(self):
        """Runs every step, until one fails that the others need."""
        if self.run["begins"] == "we register":
            known = {"url": self.about["url"], "token": self.about["token"]}
            answer = self.ours.step("register", **known, peer=self.run["party"], host=self.about["host"])
            if not answer["ok"]:
                raise Broken(answer["symptom"])
            self._step(steps.DISCOVER)
            self._step(steps.REGISTER)
            is_registered = True
        elif self.run["begins"] == "adopted":
            self._adopt()
            self._step(steps.DISCOVER, token=TOKEN)
            self._step(steps.REGISTER)
            is_registered = True
        else:
            is_registered = self._register()
        if is_registered:
            for step in [*towards_us(self.run), steps.CONFORMANCE]:
                self._step(step, party=OURS, token=TOKEN)
                self._look_at(step)
            for step in (steps.ROTATE, steps.UNREGISTER, steps.UNREGISTER_AGAIN):
                self._step(step)
                self._look_at(step)
        return {step: self.found.get(step, Outcome(NOT_REACHED)) for step in steps_of(self.run)}

    def _register(self):
        token = self.ours.step("invite", peer=self.run["party"], host=self.about["host"])["token"]
        self._step(steps.DISCOVER, token=token)
        self._step(steps.REGISTER, token=token)
        state = self.ours.step("state").get("state")
        if self.found[steps.REGISTER].outcome == OK and state != "Registered":
            self.found[steps.REGISTER] = steps.fails(f"the partner is {state}")
        return state == "Registered" or self.run.get("else adopted") and self._adopt()

    def _adopt(self):
        """Takes the partner for registered, by hand."""
        self.theirs.step("adopt", token_b=TOKEN, token_c="c-token-chosen-by-an-operator", url=self.url)
        self.ours.step("forget")
        adopted = self.ours.step(
            "adopt", peer=self.run["party"], roles=self.run["roles"], url=self.about["url"], token=TOKEN,
            received="c-token-chosen-by-an-operator", versions=[self.run["version"]], endpoints=[],
        )
        if not adopted["ok"]:
            raise Broken(adopted["symptom"])
        return True

    def _step(self, step, **more):
        self.found[step] = outcome(self.theirs.step(step, url=self.url, **more))

    def _look_at(self, step):
        """Looks at our side of a step that the partner takes for done."""
        found = self.found[step]
        if found.outcome != OK:
            return
        facts = found.facts
        if step in (steps.CRAWL_LOCATIONS, steps.CRAWL_TOKENS):
            self.found[step] = steps.whole(found, facts["objects"], facts["pages"])
        elif step == steps.PUSH_TOKEN:
            self._expect(step, "Token", "T000", lambda token: token["valid"])
        elif step == steps.PATCH_TOKEN:
            self._expect(step, "Token", "T000", lambda token: not token["valid"])
        elif step == steps.PUSH_LOCATION:
            self._expect(step, "Location", "L000", lambda location: location["name"] == "Charging at L000")
        elif step == steps.PATCH_EVSE:
            self._expect(step, "Location", "L000", lambda location: location["evses"][0]["status"] == "CHARGING")
        elif step == steps.COMMAND and facts["result"] != "ACCEPTED":
            self.found[step] = steps.fails(f"the result is {facts['result']}")
        elif step in (steps.ROTATE, steps.UNREGISTER):
            wanted = {steps.ROTATE: "Registered", steps.UNREGISTER: "Left"}[step]
            state = self.ours.step("state").get("state")
            if state != wanted:
                self.found[step] = steps.fails(f"the partner is {state}")

    def _expect(self, step, kind, identity, is_right):
        stored = self.ours.step("stored", of=kind, id=identity, owner=self.run["party"])
        if not stored["ok"] or not stored["object"]:
            self.found[step] = steps.fails(f"no {kind} is stored")
        elif not is_right(stored["object"]):
            self.found[step] = steps.fails(f"another {kind} is stored")


def towards_us(run):
    """The steps between registration and rotation."""
    return steps.steps_towards([steps.OTHER[role] for role in run["roles"]])


def steps_of(run):
    """The steps of a run."""
    return [step for step in ALL if step in towards_us(run) or step not in steps.OBJECTS]


def run(table, run, command):
    """Runs all steps of one run; the command starts the partner's client."""
    ours, url = table.ours(
        roles=[steps.OTHER[role] for role in run["roles"]],
        party=OURS,
        versions=run.get("our versions", steps.VERSIONS),
        layout=run.get("layout", "default"),
    )
    theirs, about = table.theirs(command)
    return TheyCall(ours, theirs, run, about, url).all()
