"""A platform over python-ocpi, with objects of 2.2.1, as which it is spoken to: `python_ocpi.py 2.2.1 CPO DE/NOW`.

The package has the routes and the handshake; the managers that store objects are its own, with seeds put into them.
"""

import socket
import tempfile
import threading
from datetime import datetime

import dialog
import requests
import seeds
from flask import Flask
from ocpi import createOcpiBlueprint, managers
from werkzeug.serving import make_server

VERSION, ROLES, PARTY = dialog.about()
TOKEN_A = "a-token-of-python-ocpi"

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
HOST = f"127.0.0.1:{listener.getsockname()[1]}"
BASE = f"http://{HOST}/ocpi"


def with_times(thing):
    """The package's models want times of Python."""
    if isinstance(thing, dict):
        return {key: _time(value) if key == "last_updated" else with_times(value) for key, value in thing.items()}
    return [with_times(value) for value in thing] if isinstance(thing, list) else thing


def _time(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Chargers(managers.CommandsManager):
    """The commands, of which the package leaves the answers to its users."""

    def startSession(self, session_info, token):
        threading.Thread(target=self._result, args=(session_info["response_url"], token)).start()
        return {"result": "ACCEPTED", "timeout": 10}

    def _result(self, url, token):
        headers = managers.createOcpiHeader(credentials.readJson()[token]["client_token"])
        requests.post(url, headers=headers, json={"result": "ACCEPTED"}, timeout=20)


folder = tempfile.TemporaryDirectory()
role = seeds.credentials(VERSION, PARTY, ROLES, "", "")["roles"]
credentials = managers.CredentialsDictMan(role, f"{BASE}/versions", f"{folder.name}/credentials.json")
credentials._updateToken(TOKEN_A, None, None)
locations = managers.LocationManager()
tokens = managers.TokensManager()
for number in range(seeds.COUNT):
    identity = f"L{number:03}"
    locations.locations[identity] = with_times(seeds.location(VERSION, PARTY, identity))

application = Flask(__name__)
application.register_blueprint(
    createOcpiBlueprint(
        BASE,
        {
            "credentials": {"role": "SENDER", "object": credentials},
            "locations": {"role": "SENDER", "object": locations},
            "tokens": {"role": "RECEIVER", "object": tokens},
            "commands": {"role": "SENDER", "object": Chargers()},
        },
    )
)
server = make_server("127.0.0.1", 0, application, threaded=True, fd=listener.fileno())
threading.Thread(target=server.serve_forever, daemon=True).start()
state = {}


def register(request):
    base = request["url"].removesuffix("/versions")
    state.update(base=base)
    # The package names the version in the path, and knows but its own.
    state.update(token=credentials._sendRegisterResponse(base, VERSION, "b-token-of-python-ocpi", request["token"]))


def adopt(request):
    """Takes over a registration that was made elsewhere."""
    state.update(base=request["url"].removesuffix("/versions"), token=request["token_b"])
    credentials._updateToken(request["token_c"], request["url"], request["token_b"])


def push(request):
    """Has the package push a Location; it logs failures, and returns nothing."""
    seen = []
    original = requests.put

    def put(*arguments, **more):
        seen.append(original(*arguments, **more))
        return seen[-1]

    requests.put = put
    try:
        location = seeds.location(VERSION, PARTY, "L000")
        url = f"{state['base']}/{VERSION}/receiver/locations"
        credentials._pushObjects([location], "PUT", state["token"], url)
    finally:
        requests.put = original
    if not seen[0].ok:
        raise RuntimeError(f"HTTP {seen[0].status_code}")
    if seen[0].json()["status_code"] != 1000:
        raise RuntimeError(f"{seen[0].json()}")


modules = [
    {"identifier": "locations", "role": "SENDER", "url": f"{BASE}/2.2/locations/"},
    {"identifier": "tokens", "role": "RECEIVER", "url": f"{BASE}/2.2/tokens"},
    {"identifier": "commands", "role": "RECEIVER", "url": f"{BASE}/2.2/commands"},
    {"identifier": "credentials", "role": "SENDER", "url": f"{BASE}/2.2/credentials/"},
]
dialog.say(url=f"{BASE}/versions", token=TOKEN_A, host=HOST, endpoints=modules)
dialog.answer({"register": register, "adopt": adopt, "push Location": push})
