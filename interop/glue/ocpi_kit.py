"""A client over the command of ocpi-kit: `ocpi_kit.py 2.3.0 EMSP DE/KIT bin/ocpi`."""

import json
import re
import subprocess
import sys

import dialog

PARTY, BINARY = sys.argv[3:]


def run(request, *arguments):
    """Runs the command to its end; what it writes besides objects is for people."""
    connection = [request["url"], "--token", request["token"], "--insecure"]
    done = subprocess.run([BINARY, *arguments, *connection], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().removeprefix("error: "))
    return done


def discover(request):
    lines = run(request, "versions").stdout.splitlines()
    endpoints = lines[next(number for number, line in enumerate(lines) if line.startswith("endpoints")) + 1 :]
    return {"endpoints": len([line for line in endpoints if "http://" in line])}


def crawl(module):
    def step(request):
        done = run(request, "pull", module, "--from", PARTY, "--limit", "50")
        pages = int(re.search(r"over (\d+) page", done.stderr)[1])
        corrections = int(re.search(r"(\d+) pagination correction", done.stderr)[1])
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        seen = {thing.get("id") or thing["uid"] for thing in objects}
        return {"objects": len(seen), "pages": pages, "corrections": corrections}

    return step


def conformance(request):
    text = run(request, "conformance", "--no-fail").stdout
    counts = re.search(r"(\d+) passed, (\d+) failed, (\d+) warnings, (\d+) skipped", text)
    passed, failed, warnings, skipped = map(int, counts.groups())
    if failed or warnings:
        wrong = [line[4:].split()[0] for line in text.splitlines() if line.startswith(("[x]", "[!]"))]
        raise RuntimeError(f"{failed} failed, {warnings} warnings: {', '.join(sorted(set(wrong)))}")
    return {"passed": passed, "skipped": skipped}


dialog.say(url="http://127.0.0.1/versions", host="127.0.0.1")
dialog.answer(
    {
        "discover": discover,
        "crawl Locations": crawl("locations"),
        "crawl Tokens": crawl("tokens"),
        "conformance": conformance,
    }
)
