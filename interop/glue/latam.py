"""A client over latam-evra-ocpi: `latam.py 2.3.0 EMSP DE/LAT`.

The package takes one base URL for a whole platform.
"""

import asyncio

import callback
import dialog
import httpx
import seeds
from latam_evra_ocpi import OcpiClient
from latam_evra_ocpi.exceptions import OcpiError
from latam_evra_ocpi.models.commands import CommandTokenRef, StartSessionCommand
from latam_evra_ocpi.models.tokens import TokenInput

VERSION, ROLES, PARTY = dialog.about()

beside = callback.Callback(VERSION, [("credentials", "SENDER"), ("commands", "SENDER"), ("tokens", "SENDER")])
state = {}


def run(call, *arguments, **more):
    """Runs a call of the client to its end."""

    async def whole():
        # The answers are kept: what the package cannot read, its user may have to.
        async with httpx.AsyncClient(timeout=20, event_hooks={"response": [keep]}) as http:
            return await call(OcpiClient(base_url=state["base"], http_client=http), *arguments, **more)

    return asyncio.run(whole())


async def keep(response):
    await response.aread()
    state["answer"] = response


def discover(request):
    state.update(base=f"{request['url'].removesuffix('/versions')}/{VERSION}", token=request["token"])
    return {"endpoints": len(run(OcpiClient.get_details).endpoints)}


def adopt(request):
    """Takes over a registration that was made elsewhere."""
    state.update(base=f"{request['url'].removesuffix('/versions')}/{VERSION}", token=request["token_b"])


def register(request):
    credentials = seeds.credentials(VERSION, PARTY, ROLES, f"{beside.url}/versions", "b-token-of-latam")
    try:
        granted = run(OcpiClient.register_credentials, state["token"], credentials["url"], credentials["roles"])
    finally:
        answer = state["answer"].json()
        if answer["status_code"] == 1000:
            state.update(token=answer["data"]["token"])
    state.update(token=granted.token)


def rotate(request):
    state.update(token=run(OcpiClient.renew_credentials, state["token"]).token)


def unregister(request):
    run(OcpiClient.terminate_credentials, state["token"])


def unregister_again(request):
    try:
        unregister(request)
    except OcpiError as error:
        return {"answer": error.http_status}
    raise RuntimeError("a DELETE with a token that is dead is taken")


def crawl(request):
    seen, pages = set(), 0
    while True:
        page = run(OcpiClient.get_locations, state["token"], offset=len(seen), limit=50).locations
        if not page:
            return {"objects": len(seen), "pages": pages}
        pages += 1
        seen.update(location.id for location in page)


def get_one(request):
    country, party = request["party"].split("/")
    location = run(OcpiClient.get_location, state["token"], country, party, "L007")
    if location.id != "L007":
        raise RuntimeError(f"the answer is {location.id}")


def push_token(request):
    token = seeds.token(VERSION, PARTY, "T000")
    run(OcpiClient.put_token, state["token"], *PARTY, "T000", TokenInput(**token))


def patch_token(request):
    change = {"valid": False, "last_updated": seeds.UPDATED}
    run(OcpiClient.patch_token, state["token"], *PARTY, "T000", change)


def command(request):
    token = CommandTokenRef(uid="T000", type="RFID", contract_id="C1")
    start = StartSessionCommand(
        response_url=f"{beside.url}/modules/commands/one",
        country_code=PARTY[0],
        party_id=PARTY[1],
        token=token,
        location_id="L000",
        evse_uid="E1",
    )
    run(OcpiClient.start_session, state["token"], start)
    return {"result": beside.result("one")}


dialog.say(url=f"{beside.url}/versions", host=beside.url.removeprefix("http://"))
dialog.answer(
    {
        "discover": discover,
        "register": register,
        "adopt": adopt,
        "crawl Locations": crawl,
        "get one": get_one,
        "push Token": push_token,
        "patch Token": patch_token,
        "command": command,
        "rotate": rotate,
        "unregister": unregister,
        "unregister again": unregister_again,
    }
)
