"""A platform over extrawest-ocpi, as CPO, as eMSP or as both: `extrawest.py 2.2.1 CPO,EMSP DE/EXT`.

The package has the routes and the models; storage, tokens and the chargers are what its users write, and stand here.
"""

import asyncio
import os
import socket
import threading

import dialog
import seeds

VERSION, ROLES, PARTY = dialog.about()
TOKEN_A = "a-token-of-extrawest-for-registration"

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
HOST = f"127.0.0.1:{listener.getsockname()[1]}"
# The package reads these when it is imported.
os.environ |= {
    "OCPI_HOST": HOST,
    "PROTOCOL": "http",
    "COUNTRY_CODE": PARTY[0],
    "PARTY_ID": PARTY[1],
    "ENVIRONMENT": "testing",
}

import httpx  # noqa: E402
import uvicorn  # noqa: E402
from py_ocpi import get_application  # noqa: E402
from py_ocpi.core.authentication.authenticator import Authenticator  # noqa: E402
from py_ocpi.core.crud import Crud  # noqa: E402
from py_ocpi.core.enums import Action, ModuleID, RoleEnum  # noqa: E402
from py_ocpi.core.utils import encode_string_base64  # noqa: E402
from py_ocpi.modules.versions.enums import VersionNumber  # noqa: E402

URL = f"http://{HOST}/ocpi/versions"


class State:
    """The storage of the platform."""

    def __init__(self):
        self.invited = {TOKEN_A}
        self.partners = {}
        self.issued = 0
        self.own = {ModuleID.locations: {}, ModuleID.tokens: {}}
        self.copies = {ModuleID.locations: {}, ModuleID.tokens: {}}
        for number in range(seeds.COUNT):
            self._add(ModuleID.locations, seeds.location(VERSION, PARTY, f"L{number:03}"), "id")
            self._add(ModuleID.tokens, seeds.token(VERSION, PARTY, f"T{number:03}"), "uid")

    def _add(self, module, thing, key):
        self.own[module][thing[key].lower()] = thing

    def register(self, token, data):
        """Takes the credentials of a partner, and gives it a new token for the one that it used."""
        self.invited.discard(token)
        self.partners.pop(token, None)
        self.issued += 1
        new = f"c-token-{self.issued}-of-extrawest"
        self.partners[new] = data
        return seeds.credentials(VERSION, PARTY, ROLES, URL, new)


STATE = State()


class Storage(Crud):
    """The storage that the routes of the package call."""

    @classmethod
    async def get(cls, module, role, identity, *_, **more):
        if module == ModuleID.credentials_and_registration:
            token = more["auth_token"]
            known = token in STATE.partners
            return seeds.credentials(VERSION, PARTY, ROLES, URL, token) if known else None
        if module == ModuleID.commands:
            # The charger did what it was told.
            return {"result": "ACCEPTED"}
        is_own = (module == ModuleID.locations) == (role == RoleEnum.cpo)
        return (STATE.own if is_own else STATE.copies)[module].get(identity.lower())

    @classmethod
    async def list(cls, module, role, filters, *_, **more):
        everything = list(STATE.own[module].values())
        end = filters["offset"] + filters["limit"]
        return everything[filters["offset"] : end], len(everything), end >= len(everything)

    @classmethod
    async def create(cls, module, role, data, *_, **more):
        if module == ModuleID.credentials_and_registration:
            return STATE.register(more["auth_token"], data)
        identity = data["uid"] if module == ModuleID.tokens else data["id"]
        STATE.copies[module][identity.lower()] = data
        return data

    @classmethod
    async def update(cls, module, role, data, id, *_, **more):
        if module == ModuleID.credentials_and_registration:
            return STATE.register(more["auth_token"], data)
        STATE.copies[module][id.lower()] = data
        return data

    @classmethod
    async def delete(cls, module, role, identity, *_, **more):
        STATE.partners.pop(identity, None)

    @classmethod
    async def do(cls, module, role, action, *_, data=None, **more):
        if action == Action.send_command:
            return {"result": "ACCEPTED", "timeout": 10}
        if action == Action.get_client_token:
            return STATE.partners[more["auth_token"]]["credentials"]["token"]
        raise NotImplementedError(action)


class Tokens(Authenticator):
    """The tokens that the platform issued."""

    @classmethod
    async def get_valid_token_c(cls):
        return list(STATE.partners)

    @classmethod
    async def get_valid_token_a(cls):
        return list(STATE.invited)


def partner():
    """The token that we issued to the partner, and what it registered with."""
    return next(iter(STATE.partners.items()))


def called_back(_):
    """Whether versions and details of the partner were read, when it registered."""
    _, data = partner()
    return {"endpoints": len(data["endpoints"]["endpoints"])}


def push(module, identity):
    """Has the package push an object, by its own endpoint for that."""
    token, data = partner()
    versions = data["credentials"]["url"]
    theirs = data["credentials"]["token"]
    as_sent = token if VERSION == "2.1.1" else encode_string_base64(token)
    receiver = {"endpoints_url": f"{versions.removesuffix('/versions')}/{VERSION}", "auth_token": theirs}
    response = httpx.post(
        f"http://{HOST}/push/{VERSION}",
        headers={"Authorization": f"Token {as_sent}"},
        json={"module_id": module, "object_id": identity, "receivers": [receiver]},
    )
    pushed = response.json()["receiver_responses"][0]
    if pushed["status_code"] not in (200, 201):
        raise RuntimeError(f"HTTP {pushed['status_code']}")
    answer = pushed["response"]
    if answer["status_code"] != 1000:
        # The package does not look at it.
        raise RuntimeError(f"{answer['status_code']} {answer['status_message']}")


def adopt(request):
    """Takes over a registration that was made elsewhere."""
    STATE.partners = {request["token_c"]: {"credentials": {"token": request["token_b"]}}}


def endpoints():
    """The endpoints of a CPO, with the commands, which the package serves but does not name in the details."""
    roles = {"credentials": "RECEIVER", "locations": "SENDER", "tokens": "RECEIVER", "commands": "RECEIVER"}
    base = f"http://{HOST}/ocpi/cpo/{VERSION}"
    return [{"identifier": module, "role": role, "url": f"{base}/{module}/"} for module, role in roles.items()]


def main():
    application = get_application(
        version_numbers=[VersionNumber(VERSION)],
        roles=[RoleEnum(role) for role in ROLES],
        crud=Storage,
        modules=[
            ModuleID.credentials_and_registration,
            ModuleID.locations,
            ModuleID.tokens,
            ModuleID.commands,
        ],
        authenticator=Tokens,
        http_push=True,
    )
    server = uvicorn.Server(uvicorn.Config(application, log_level="critical", access_log=False))
    threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True).start()
    while not server.started:
        threading.Event().wait(0.05)
    dialog.say(url=URL, token=TOKEN_A, host=HOST, endpoints=endpoints())
    dialog.answer(
        {
            "discover": called_back,
            "push Location": lambda request: push("locations", "L000"),
            "push Token": lambda request: push("tokens", "T000"),
            "adopt": adopt,
        }
    )


main()
