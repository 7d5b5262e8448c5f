"""Tests of the judge: it must not take a failure for a success, nor a success for a known failure."""

import unittest

from .page import page
from .steps import FAILS, NOT_OFFERED, OK, Outcome, outcome, whole
from .verdicts import Expected

RUN = {"id": "x-cpo", "title": "2.2.1, CPO", "direction": "we call", "version": "2.2.1", "roles": ["CPO"]}
PARTNER = {
    "name": "x",
    "version": "1.0",
    "from": "a Python package",
    "is": "a test",
    "runs": [RUN | {"not offered": ["command"]}],
    "deviations": [
        {"id": "X1", "fault": "theirs", "does": "a", "cope": "b", "fails": {"x-cpo": {"push Token": "HTTP 404"}}},
        {"id": "X2", "fault": "theirs", "does": "c", "cope": "d", "coped": {"x-cpo": {"get one": {"rules": "r"}}}},
    ],
}
AS_KNOWN = {
    "register": Outcome(OK),
    "get one": Outcome(OK, facts={"rules": ["q", "r"]}),
    "push Token": Outcome(FAILS, symptom="Put<Token>: HTTP 404"),
    "command": Outcome(NOT_OFFERED),
}


def differences(**changed):
    found = AS_KNOWN | {step.replace("_", " "): outcome for step, outcome in changed.items()}
    run = PARTNER["runs"][0]
    return [difference.step for difference in Expected(PARTNER, run).differences(found)]


class Verdicts(unittest.TestCase):
    def test_what_is_known_is_no_difference(self):
        self.assertEqual(differences(), [])

    def test_worse_is_a_difference(self):
        self.assertEqual(differences(register=Outcome(FAILS, symptom="HTTP 500")), ["register"])

    def test_better_is_a_difference(self):
        self.assertEqual(differences(push_Token=Outcome(OK)), ["push Token"])
        self.assertEqual(differences(command=Outcome(OK)), ["command"])

    def test_another_failure_is_a_difference(self):
        self.assertEqual(differences(push_Token=Outcome(FAILS, symptom="HTTP 500")), ["push Token"])

    def test_a_deviation_that_is_gone_is_a_difference(self):
        self.assertEqual(differences(get_one=Outcome(OK, facts={"rules": ["q"]})), ["get one"])

    def test_an_old_token_that_lives_is_a_difference(self):
        alive = Outcome(OK, facts={"rules": ["r"], "old_token_dead": False})
        self.assertEqual(differences(get_one=alive), ["get one"])


class Steps(unittest.TestCase):
    def test_a_list_is_whole_with_all_objects_and_several_pages(self):
        good = Outcome(OK)
        self.assertIs(whole(good, 120, 3), good)
        self.assertEqual(whole(good, 119, 3).outcome, FAILS)
        self.assertEqual(whole(good, 120, 2).outcome, FAILS)

    def test_symptoms_have_no_ports(self):
        self.assertEqual(outcome({"ok": False, "symptom": "http://127.0.0.1:80\nfails"}).symptom, "http://HOST fails")


class Page(unittest.TestCase):
    def test_cells_tell_outcomes_and_deviations(self):
        text = page([PARTNER], {"x-cpo": AS_KNOWN})
        for row in ("| register | ok |", "| get one | ok (X2) |", "| push Token | **theirs** (X1) |"):
            self.assertIn(row, text)

    def test_a_failure_that_nobody_knows_is_shown_as_one(self):
        text = page([PARTNER], {"x-cpo": AS_KNOWN | {"register": Outcome(FAILS, symptom="HTTP 500")}})
        self.assertIn("| register | **fails** |", text)


if __name__ == "__main__":
    unittest.main()
