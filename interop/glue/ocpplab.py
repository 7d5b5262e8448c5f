"""A client over ocpplab-ocpi-211-sdk: `ocpplab.py 2.1.1 EMSP DE/FRN`.

The package takes one base URL for a whole platform, and the value of the header Authorization as it is sent.
"""

import datetime

import callback
import dialog
import seeds
from ocpplab_ocpi_211 import OcpiClient
from ocpplab_ocpi_211.core.api_error import ApiError

VERSION, ROLES, PARTY = dialog.about()
UPDATED = datetime.datetime.fromisoformat(seeds.UPDATED.replace("Z", "+00:00"))

beside = callback.Callback(VERSION, [("credentials", None), ("locations", None), ("commands", None), ("tokens", None)])
state = {}


def client(base=None):
    """A client with the token of the moment; versions and modules have base URLs of their own."""
    return OcpiClient(base_url=base or state["modules"], api_key=f"Token {state['token']}", timeout=20)


def check(answer):
    """The package does not look at the status in the envelope."""
    if answer.status_code != 1000:
        raise RuntimeError(f"{answer.status_code} {answer.status_message}")
    return getattr(answer, "data", None)


def discover(request):
    state.update(token=request["token"])
    versions = check(client(request["url"].removesuffix("/versions")).versions.get_versions())
    base = next(version.url for version in versions if version.version == VERSION)
    state.update(modules=base)
    details = check(client(request["url"].removesuffix("/versions")).versions.get_version(VERSION))
    return {"endpoints": len(details.endpoints)}


def _credentials():
    ours = seeds.credentials(VERSION, PARTY, ROLES, f"{beside.url}/versions", "b-token-of-ocpplab")
    from ocpplab_ocpi_211 import BusinessDetails

    return ours | {"business_details": BusinessDetails(**ours["business_details"])}


def register(request):
    state.update(token=check(client().credentials.post_credentials(**_credentials())).token)


def rotate(request):
    state.update(token=check(client().credentials.put_credentials(**_credentials())).token)
    check(client().credentials.get_credentials())


def unregister(request):
    check(client().credentials.delete_credentials())


def unregister_again(request):
    try:
        check(client().credentials.delete_credentials())
    except ApiError as error:
        return {"answer": error.status_code}
    raise RuntimeError("a DELETE with a token that is dead is taken")


def _crawl(fetch):
    seen, pages = set(), 0
    while True:
        page = check(fetch(offset=len(seen), limit=50))
        if not page:
            return {"objects": len(seen), "pages": pages}
        pages += 1
        seen.update(getattr(thing, "id", None) or thing.uid for thing in page)


def get_one(request):
    location = check(client().locations.get_location_by_location_id("L007"))
    if location.id != "L007":
        raise RuntimeError(f"the answer is {location.id}")


def put_token(**more):
    token = seeds.token(VERSION, PARTY, "T000")
    token = token | {"token_type": token.pop("type"), "last_updated": UPDATED}
    check(client().tokens.put_token(*PARTY, "T000", **token, **more))


def push_token(request):
    put_token()


def patch_token(request):
    # The type of the URL, which is optional, is what goes into the body.
    put_token(type="RFID")
    check(client().tokens.patch_token(*PARTY, "T000", type="RFID", valid=False, last_updated=UPDATED))


def push_location(request):
    location = seeds.location(VERSION, PARTY, "L000")
    check(client().locations.put_receiver_location(*PARTY, "L000", **location))


def patch_evse(request):
    # As in the specification of 2.1.1: without the time of the change.
    check(client().locations.patch_receiver_evse(*PARTY, "L000", "E1", request={"status": "CHARGING"}))


def command(request):
    token = seeds.token(VERSION, PARTY, "T000") | {"last_updated": UPDATED}
    response = check(
        client().commands.start_session(
            response_url=f"{beside.url}/modules/commands/one", token=token, location_id="L000", evse_uid="E1"
        )
    )
    if response.result != "ACCEPTED":
        raise RuntimeError(f"the command was answered {response.result}")
    return {"result": beside.result("one")}


STEPS = {
    "discover": discover,
    "register": register,
    "rotate": rotate,
    "unregister": unregister,
    "unregister again": unregister_again,
}
if "EMSP" in ROLES:
    STEPS |= {
        "crawl Locations": lambda request: _crawl(client().locations.get_locations),
        "get one": get_one,
        "push Token": push_token,
        "patch Token": patch_token,
        "command": command,
    }
if "CPO" in ROLES:
    STEPS |= {
        "crawl Tokens": lambda request: _crawl(client().tokens.get_tokens),
        "push Location": push_location,
        "patch EVSE": patch_evse,
    }

dialog.say(url=f"{beside.url}/versions", host=beside.url.removeprefix("http://"))
dialog.answer(STEPS)
