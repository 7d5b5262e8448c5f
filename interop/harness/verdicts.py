"""Compares what came of the steps with what is known of the partners."""

from dataclasses import dataclass

from .steps import ADOPTED, FAILS, NOT_OFFERED, OK, Outcome


@dataclass
class Difference:
    """A step that came out otherwise than expected."""

    run: str
    step: str
    text: str

    def __str__(self):
        return f"{self.run}, {self.step}: {self.text}"


class Expected:
    """The expectations of one run, from `partners.json`."""

    def __init__(self, partner, run):
        self.run, self.deviations = run["id"], partner["deviations"]
        self.offered = run.get("offered")
        self.not_offered = set(run.get("not offered", []))
        self._run = run

    def failure(self, step):
        """The deviation because of which a step fails, if one is known."""
        return next((d for d in self.deviations if step in d.get("fails", {}).get(self.run, {})), None)

    def coped(self, step):
        """The deviations that a step meets, and gets over."""
        return [d for d in self.deviations if step in d.get("coped", {}).get(self.run, {})]

    def outcome(self, step):
        """The outcome that is expected of a step."""
        if step in self.not_offered or self.offered and step not in self.offered:
            return Outcome(NOT_OFFERED)
        if deviation := self.failure(step):
            return Outcome(FAILS, symptom=deviation["fails"][self.run][step])
        if step == "register" and self._run.get("adopt"):
            return Outcome(ADOPTED)
        return Outcome(OK)

    def differences(self, found):
        """The steps that came out otherwise."""
        return [
            Difference(self.run, step, text)
            for step, outcome in found.items()
            if (text := self._difference(step, outcome, self.outcome(step)))
        ]

    def _difference(self, step, found, expected):
        if found.outcome != expected.outcome:
            return f"expected {_told(expected)}, but it is {_told(found)}"
        if found.outcome == FAILS and expected.symptom not in found.symptom:
            return f"expected to fail with {expected.symptom!r}, but it fails with {found.symptom!r}"
        known = [deviation["coped"][self.run][step] for deviation in self.coped(step)]
        if found.facts.get("old_token_dead") is False and not any("old_token_dead" in facts for facts in known):
            return "the old token is good yet"
        for deviation in self.coped(step):
            for fact, value in deviation["coped"][self.run][step].items():
                seen = found.facts.get(fact)
                if seen != value and not (isinstance(seen, list) and value in seen):
                    return f"{deviation['id']} is not seen any more: {fact} is {seen!r}, not {value!r}"
        return None


def _told(outcome):
    return f"{outcome.outcome} ({outcome.symptom})" if outcome.symptom else outcome.outcome
