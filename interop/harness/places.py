"""Where the programs are: virtual environments of Python, and a binary of cargo, outside of the repository."""

import filecmp
import shutil
import subprocess
import sys

from .dialogs import FOLDER, Broken


class Skipped(Exception):
    """A program cannot be had here; the text says why."""


def python(partner, folder):
    """The interpreter that has the package, in the versions of its list."""
    wanted = FOLDER / "requirements" / partner["requirements"]
    place = folder / partner["name"]
    installed = place / "installed.txt"
    interpreter = place / "bin" / "python"
    if interpreter.exists() and installed.exists() and filecmp.cmp(wanted, installed, shallow=False):
        return interpreter
    shutil.rmtree(place, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", place],
        [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise Skipped(f"{partner['name']} cannot be installed: {' '.join(last)}")
    shutil.copy(wanted, installed)
    return interpreter


def crate(partner, folder, may_install):
    """The binary of a crate."""
    root = folder / f"{partner['name']}-{partner['version']}"
    binary = root / "bin" / "ocpi"
    if binary.exists():
        return binary
    if not may_install:
        raise Skipped(f"{partner['name']} takes minutes to build")
    done = subprocess.run(
        ["cargo", "install", partner["crate"], "--version", partner["version"], "--features", "cli", "--locked",
         "--debug", "--ignore-rust-version", "--root", root, "--target-dir", folder / "crate"]
    )
    if done.returncode:
        raise Skipped(f"{partner['name']} cannot be built")
    return binary


def must_be_absent(partner):
    """Raises if a package that could not be had can be had now."""
    npm = shutil.which("npm")
    if npm is None:
        raise Skipped(f"there is no npm to ask for {partner['name']}")
    command = [npm, "view", "--fetch-retries=0", partner["name"], "version"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as error:
        raise Skipped(f"npm does not answer for {partner['name']}") from error
    if done.returncode == 0:
        raise Broken(f"{partner['name']} {done.stdout.strip()} can be had now: it wants steps")
    if "E404" not in done.stderr:
        raise Skipped(f"npm does not answer for {partner['name']}")
