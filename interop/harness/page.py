"""Writes INTEROP.md from the outcomes and from what is known of the partners. No ports, no times: the same outcomes give
the same text."""

from .steps import ADOPTED, ALL, FAILS, NOT_OFFERED, NOT_REACHED, OK
from .verdicts import Expected

HEAD = """# Other programs that speak OCPI

`just interop` meets them over real sockets on one machine, in both directions, and writes this page; `interop/run --check`
says whether it is still true. What is expected of each program, and why, stands in `interop/partners.json`. A step that
comes out better or worse than expected makes `--check` fail.

| Cell | Means |
|---|---|
| ok | the step did what it should; we looked at both sides |
| ok (X1) | it did, although the partner deviates: see X1 |
| **theirs** (X1) | it fails by a fault of the partner |
| **ours** (X1) | it fails by a fault of ours |
| – | the program does not offer it |
| (empty) | no step of a partner with these roles |
| · | not reached, because an earlier step failed |
| adopted | the operator typed the registration in (`Platform::adopt`) |

Lists have at least 120 objects, in three pages or more. A push is read back, or looked up in the receiver's store; a command counts
when its result has arrived; `unregister again` is ok when the second DELETE is refused.
"""

DIRECTIONS = {
    "we call": "## Our client calls their server\n\nThe columns say the version and the roles of the partner.\n",
    "they call": "## Their client calls our server\n\nThe columns say the version and the roles of the partner.\n",
}


def page(partners, results):
    """The whole page. `results` has the outcomes of each run, by its id."""
    parts = [HEAD]
    for direction, head in DIRECTIONS.items():
        parts.append(head)
        for partner in partners:
            runs = [run for run in partner["runs"] if run["direction"] == direction]
            if runs:
                parts.append(f"### {partner['name']} {partner['version']}\n")
                parts.append(_table(partner, runs, results))
    parts.append("## The programs\n")
    parts.extend(_facts(partner) for partner in partners)
    return "\n".join(parts)


def _table(partner, runs, results):
    steps = [step for step in ALL if any(_is_there(results[run["id"]].get(step)) for run in runs)]
    rows = [["Step", *(run["title"] for run in runs)], ["---"] * (len(runs) + 1)]
    for step in steps:
        cells = [_cell(Expected(partner, run), step, results[run["id"]].get(step)) for run in runs]
        rows.append([step, *cells])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _is_there(outcome):
    return outcome is not None and outcome.outcome != NOT_OFFERED


def _cell(expected, step, outcome):
    if outcome is None:
        return ""
    if outcome.outcome == FAILS:
        deviation = expected.failure(step)
        return f"**{deviation['fault']}** ({deviation['id']})" if deviation else "**fails**"
    if outcome.outcome == OK and (coped := expected.coped(step)):
        return f"ok ({', '.join(deviation['id'] for deviation in coped)})"
    return {OK: "ok", NOT_OFFERED: "–", NOT_REACHED: "·", ADOPTED: "adopted"}[outcome.outcome]


def _facts(partner):
    lines = [f"### {partner['name']} {partner['version']}, {partner['from']}: {partner['is']}\n"]
    if "absent" in partner:
        lines.append(f"Not met: {partner['absent']}.\n")
    if partner["deviations"]:
        lines.append("| | What is wrong | How we cope |\n|---|---|---|")
        lines.extend(f"| {d['id']} | {d['does']} | {d['cope']} |" for d in partner["deviations"])
        lines.append("")
    return "\n".join(lines)
