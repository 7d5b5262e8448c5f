//! Locations with their EVSEs, connectors and parking places.

use super::{
    DAY, Object, PLUGS, Random, STREETS, TOWNS, Town, Version, decimal, display_text, list, quoted,
    tariff_id, texts,
};

const PARKING_TYPES: [&str; 4] = ["ON_STREET", "PARKING_GARAGE", "PARKING_LOT", "ALONG_MOTORWAY"];

const FACILITIES: [&[&str]; 4] =
    [&["SUPERMARKET"], &["HOTEL", "RESTAURANT", "WIFI"], &["TRAIN_STATION", "BIKE_SHARING"], &["CAFE"]];

const STATUSES: [&str; 5] = ["AVAILABLE", "AVAILABLE", "CHARGING", "OUTOFORDER", "RESERVED"];

const CAPABILITIES: [&[&str]; 3] = [
    &["RFID_READER", "REMOTE_START_STOP_CAPABLE", "UNLOCK_CAPABLE"],
    &["RFID_READER", "RESERVABLE", "CHARGING_PROFILE_CAPABLE", "REMOTE_START_STOP_CAPABLE"],
    &["CONTACTLESS_CARD_SUPPORT", "PED_TERMINAL", "REMOTE_START_STOP_CAPABLE"],
];

const OPERATORS: [&str; 4] = ["Lightning Charge", "City Power", "Northern Grid", "Rapid Road"];

/// Where the energy comes from: the first two of a row, or all three.
const SOURCES: [[&str; 3]; 3] =
    [["SOLAR", "WIND", "WATER"], ["GENERAL_GREEN", "GAS", "COAL"], ["NUCLEAR", "WIND", "GENERAL_FOSSIL"]];

pub(super) fn location(version: Version, number: usize, random: &mut Random) -> String {
    let is_new = version == Version::V2_3_0;
    let town = random.pick(&TOWNS);
    let (street, house) = (random.pick(&STREETS), random.between(1, 240));
    let operator = random.pick(&OPERATORS);
    let changed = random.between(30 * DAY, 300 * DAY);
    let id = format!("LOC{number:06}");
    let evses = list((1..=2).map(|place| evse(version, &id, &town, place, changed, random)));
    Object::new()
        .text("country_code", town.country_code)
        .text("party_id", "BNC")
        .text("id", &id)
        .raw("publish", true)
        .text("name", random.prose(format!("{operator} {street}")))
        .text("address", random.prose(format!("{street} {house}")))
        .text("city", random.prose(town.name))
        .text("postal_code", town.postal_code + random.below(60))
        .text("country", town.country)
        .raw("coordinates", random.coordinates(&town))
        .text("parking_type", random.pick(&PARKING_TYPES))
        .raw("evses", evses)
        .optional("parking_places", is_new.then(|| list((1..=2).map(|place| parking(place, random)))))
        .optional("directions", random.chance(40).then(|| directions(random)))
        .raw("operator", business(operator, random))
        .raw("facilities", texts(random.pick(&FACILITIES)))
        .text("time_zone", town.time_zone)
        .raw("opening_times", opening_times(random))
        .raw("charging_when_closed", random.chance(70))
        .optional("images", random.chance(60).then(|| images(&id, random)))
        .optional("energy_mix", random.chance(33).then(|| energy_mix(operator, random)))
        .optional("help_phone", is_new.then(|| phone(random)))
        .text("last_updated", random.time(changed))
        .end()
}

fn evse(
    version: Version,
    location: &str,
    town: &Town,
    place: u64,
    newest: u64,
    random: &mut Random,
) -> String {
    let changed = newest - random.below(DAY);
    let connectors = list((1..=2).map(|number| connector(version, number, changed, random)));
    let parking = || {
        let side = if place == 1 { "LEFT" } else { "RIGHT" };
        let parking = Object::new().text("parking_id", format!("P{place}")).text("evse_position", side);
        list([parking.end()])
    };
    Object::new()
        .text("uid", random.hex(32))
        .text("evse_id", format!("{}*BNC*E{}*{place}", town.country_code, &location[3..]))
        .text("status", random.pick(&STATUSES))
        .raw("capabilities", texts(random.pick(&CAPABILITIES)))
        .raw("connectors", connectors)
        .text("floor_level", random.pick(&["-2", "-1", "0", "1"]))
        .raw("coordinates", random.coordinates(town))
        .text("physical_reference", random.between(1, 99))
        .optional("directions", random.chance(30).then(|| directions(random)))
        .optional("parking_restrictions", random.chance(30).then(|| texts(&["EV_ONLY", "PLUGGED"])))
        .optional("parking", (version == Version::V2_3_0).then(parking))
        .text("last_updated", random.time(changed))
        .end()
}

fn connector(version: Version, number: u64, newest: u64, random: &mut Random) -> String {
    let plug = random.pick(&PLUGS);
    let changed = newest - random.below(DAY);
    let tariffs = (0..random.between(1, 2)).map(|_| quoted(tariff_id(random.between(1, 400) as usize)));
    let tariffs = list(tariffs);
    let terms = format!("terms/{}", random.below(100));
    let can_plug_and_charge = version == Version::V2_3_0 && plug.power_type == "DC";
    Object::new()
        .text("id", number)
        .text("standard", plug.standard)
        .text("format", plug.format)
        .text("power_type", plug.power_type)
        .raw("max_voltage", plug.volts)
        .raw("max_amperage", plug.amperes)
        .raw("max_electric_power", plug.watts)
        .raw("tariff_ids", tariffs)
        .text("terms_and_conditions", random.url(terms))
        .optional("capabilities", can_plug_and_charge.then(|| texts(&["ISO_15118_2_PLUG_AND_CHARGE"])))
        .text("last_updated", random.time(changed))
        .end()
}

/// A parking place of 2.3.0.
fn parking(place: u64, random: &mut Random) -> String {
    Object::new()
        .text("id", format!("P{place}"))
        .raw("vehicle_types", texts(&["PERSONAL_VEHICLE"]))
        .raw("parking_space_length", decimal(random.between(45, 60), 1))
        .raw("parking_space_width", decimal(random.between(22, 30), 1))
        .text("direction", random.pick(&["PARALLEL", "PERPENDICULAR", "ANGLE"]))
        .raw("restricted_to_type", true)
        .raw("reservation_required", random.chance(10))
        .raw("roofed", random.chance(40))
        .raw("lighting", random.chance(80))
        .end()
}

fn directions(random: &mut Random) -> String {
    let side = random.between(1, 9);
    let english = random.prose(format!("Through gate {side}, then left behind the bicycle shed"));
    let dutch = random.prose(format!("Door poort {side}, dan links achter de fietsenstalling"));
    list([display_text("en", &english), display_text("nl", &dutch)])
}

fn business(name: &str, random: &mut Random) -> String {
    let path = name.to_lowercase().replace(' ', "-");
    Object::new().text("name", random.prose(name)).text("website", random.url(path)).end()
}

fn phone(random: &mut Random) -> String {
    quoted(format!("+31 30 {:07}", random.below(10_000_000)))
}

/// Half are always open, half have hours for each day of the week.
fn opening_times(random: &mut Random) -> String {
    if random.chance(50) {
        return Object::new().raw("twentyfourseven", true).end();
    }
    let (begin, end) = (random.between(6, 9), random.between(18, 23));
    let day = |weekday: u64| {
        // On Sundays an hour less in the morning.
        let begin = begin + weekday / 7;
        Object::new()
            .raw("weekday", weekday)
            .text("period_begin", format!("{begin:02}:00"))
            .text("period_end", format!("{end}:30"))
            .end()
    };
    Object::new().raw("twentyfourseven", false).raw("regular_hours", list((1..=7).map(day))).end()
}

fn images(location: &str, random: &mut Random) -> String {
    list(["CHARGER", "ENTRANCE"].map(|category| {
        let name = format!("{location}/{}", category.to_lowercase());
        Object::new()
            .text("url", random.url(format!("images/{name}.jpeg")))
            .text("thumbnail", random.url(format!("images/{name}-small.jpeg")))
            .text("category", category)
            .text("type", "jpeg")
            .raw("width", 1_280)
            .raw("height", 960)
            .end()
    }))
}

/// Two or three sources, whose shares in tenths of a percent add up to the whole.
fn energy_mix(operator: &str, random: &mut Random) -> String {
    let [first, second, third] = random.pick(&SOURCES);
    let share = random.between(200, 600);
    let other = if random.chance(50) { 1_000 - share } else { random.between(100, 300) };
    let shares = [(first, share), (second, other), (third, 1_000 - share - other)];
    let sources = shares.iter().filter(|(_, share)| *share > 0).map(|(source, share)| {
        Object::new().text("source", source).raw("percentage", decimal(*share, 1)).end()
    });
    let sources = list(sources);
    let impact =
        Object::new().text("category", "CARBON_DIOXIDE").raw("amount", decimal(random.below(4_000), 1)).end();
    Object::new()
        .raw("is_green_energy", first == "SOLAR")
        .raw("energy_sources", sources)
        .raw("environ_impact", list([impact]))
        .text("supplier_name", random.prose(operator))
        .text("energy_product_name", "Daylight Mix")
        .end()
}
