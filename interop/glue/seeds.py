"""Objects of the partners, with every member that some version requires."""

UPDATED = "2026-11-22T10:00:00Z"
COUNT = 120


def location(version, party, identity):
    """A Location with one EVSE and its Connector."""
    connector = {
        "id": "C1",
        "standard": "IEC_62196_T2",
        "format": "SOCKET",
        "power_type": "AC_3_PHASE",
        "last_updated": UPDATED,
    }
    location = {
        "id": identity,
        "name": f"Charging at {identity}",
        "address": "Neckarstrasse 5",
        "city": "Stuttgart",
        "postal_code": "70173",
        "country": "DEU",
        "coordinates": {"latitude": "48.776100", "longitude": "9.177500"},
        "time_zone": "Europe/Berlin",
        "last_updated": UPDATED,
    }
    if version == "2.1.1":
        connector |= {"voltage": 230, "amperage": 32, "tariff_id": "T1"}
        location |= {"type": "ON_STREET"}
    else:
        connector |= {"max_voltage": 230, "max_amperage": 32, "tariff_ids": ["T1"]}
        location |= _owner(party) | {"publish": True, "parking_type": "ON_STREET"}
    evse = {
        "uid": "E1",
        "evse_id": f"DE*{party[1]}*E{identity}",
        "status": "AVAILABLE",
        "connectors": [connector],
        "last_updated": UPDATED,
    }
    return location | {"evses": [evse]}


def token(version, party, uid):
    """A valid token of a card."""
    token = {
        "uid": uid,
        "type": "RFID",
        "visual_number": f"No. {uid}",
        "issuer": "Interop",
        "valid": True,
        "whitelist": "ALLOWED",
        "last_updated": UPDATED,
    }
    contract = f"{party[0]}-{party[1]}-C{uid}"
    if version == "2.1.1":
        return token | {"auth_id": contract}
    return token | _owner(party) | {"contract_id": contract}


def credentials(version, party, roles, url, token):
    """Credentials of a party in some roles."""
    details = {"name": "Interop partner"}
    if version == "2.1.1":
        return {"token": token, "url": url, "business_details": details} | _owner(party)
    roles = [{"role": role, "business_details": details} | _owner(party) for role in roles]
    return {"token": token, "url": url, "roles": roles}


def _owner(party):
    return {"country_code": party[0], "party_id": party[1]}
