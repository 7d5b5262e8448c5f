//! `ocpi estimate`.

mod json;
mod offers;
mod reasons;
mod shown;

use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use ocpi_pricing::Zone;
use ocpi_pricing::estimate::{Battery, Charge, Need, Offer, Supply, compare};
use ocpi_types::{DateTime, DateTimeError, Decimal};

use crate::Cli;
use crate::exit::Exit;
use crate::input::Failure;
use crate::output::{self, Format};
use crate::told::priced_rules;
use crate::{policies, priced};
use offers::{Choice, Given, Named};

/// Estimate the cost of a planned charge, and where it is cheapest
///
/// Computes how long charging takes and what it costs by each tariff, and at each kind of connector of a location, by
/// the tariffs that the connector names. Several offers are compared, the cheapest first. Offers that cannot be computed
/// are reported with the reason, and the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi estimate --tariff tariff.json --arrival 2026-05-04T16:30:00Z --time-zone Europe/Oslo --energy 20 --power 11
  ocpi estimate --tariff tariffs/ --location location.json --arrival 2026-05-04T16:30:00Z \\
      --battery 60 --from 20 --to 80 --power 120 --idle 30")]
pub(crate) struct Arguments {
    /// The tariffs: files, or folders
    #[arg(long = "tariff", value_name = "FILE", required_unless_present = "rules")]
    tariffs: Vec<PathBuf>,
    /// The file with the location; its connectors determine the power and which of the tariffs apply
    #[arg(long, value_name = "FILE")]
    location: Option<PathBuf>,
    /// Try all tariffs at all connectors, whatever tariffs they name
    #[arg(long)]
    any_tariff: bool,
    /// Only this EVSE of the location, by its uid
    #[arg(long, value_name = "UID", requires = "location")]
    evse: Option<String>,
    /// Only connectors with this id
    #[arg(long, value_name = "ID", requires = "location")]
    connector: Option<String>,
    /// The time at which the car is plugged in, such as 2026-05-04T16:30:00Z or 2026-05-04T18:30:00+02:00
    #[arg(long, value_name = "TIME", required_unless_present = "rules", value_parser = moment)]
    arrival: Option<DateTime>,
    /// The time zone, such as Europe/Oslo [default: that of the location]
    #[arg(long, value_name = "ZONE", required_unless_present_any = ["location", "rules"])]
    time_zone: Option<Zone>,
    /// The energy to charge, in kWh
    #[arg(long, value_name = "KWH", conflicts_with = "battery", required_unless_present_any = ["battery", "rules"])]
    energy: Option<Decimal>,
    /// The capacity of the battery, in kWh; above 80 percent it takes less and less power
    #[arg(long, value_name = "KWH", requires_all = ["from", "to"])]
    battery: Option<Decimal>,
    /// The charge of the battery at the start, in percent
    #[arg(long, value_name = "PERCENT", requires = "battery")]
    from: Option<Decimal>,
    /// The charge of the battery to reach, in percent
    #[arg(long, value_name = "PERCENT", requires = "battery")]
    to: Option<Decimal>,
    /// The maximum power of the car, in kW; also that of connectors whose power is not known
    #[arg(long, value_name = "KW", required_unless_present_any = ["location", "rules"])]
    power: Option<Decimal>,
    /// The voltage between a phase and neutral, or of direct current, in V, for tariffs that depend on the current
    /// [default: that of the connector]
    #[arg(long, value_name = "V")]
    voltage: Option<Decimal>,
    /// The time that the car stays plugged in afterwards, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    idle: u32,
    /// The time before the arrival for which the connector is reserved, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    reserved: u32,
    /// Decide a question that the specification leaves open, such as steps=ignored
    #[arg(long = "policy", value_name = "QUESTION=CHOICE", value_parser = policies::parser())]
    policies: Vec<String>,
    /// Explain each amount in sentences
    #[arg(long)]
    explain: bool,
    /// List the rules
    #[arg(long)]
    rules: bool,
    /// The format of the output: text for people, JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A point in time that can mean one only: without `Z` or offset some would take it as local, some as UTC.
fn moment(text: &str) -> Result<DateTime, String> {
    let time: DateTime = text.parse().map_err(|error: DateTimeError| error.to_string())?;
    // As it was written: only what had neither is without.
    if time.to_string().ends_with('Z') {
        Ok(time)
    } else {
        Err("it ends in neither Z nor an offset such as +02:00".to_owned())
    }
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        // Without --rules there is an arrival.
        let Some(arrival) = self.arrival.filter(|_| !self.rules) else {
            output::print(&output::rules(&priced_rules(), self.format)?)?;
            return Ok(Exit::Done);
        };
        match self.choice() {
            Ok((choice, zone)) => self.estimate(&choice, arrival, zone),
            Err(failure) => {
                output::complain(&failure.to_string());
                Ok(Exit::Unreadable)
            }
        }
    }

    /// Puts together the offers to choose from, and the time zone.
    fn choice(&self) -> Result<(Choice, Zone), Failure> {
        let plans = priced::plans(&self.tariffs)?;
        let files: Vec<String> = self.tariffs.iter().map(|path| path.display().to_string()).collect();
        let files = files.join(", ");
        let given = Given::new(plans, policies::all(&self.policies), files);
        let place = self.location.as_deref().map(priced::location).transpose()?;
        let zone = self.time_zone.or(place.as_ref().and_then(|place| place.zone));
        let Some(zone) = zone else { wrong("the location has no known time zone; give it with --time-zone") };
        let Some(mut place) = place else {
            let mut supply = Supply::of_power(self.power.unwrap_or_default());
            supply.voltage = self.voltage;
            return Ok((given.at_any(supply), zone));
        };
        let is_wanted = |wanted: &Option<String>, id: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(id))
        };
        place
            .plugs
            .retain(|plug| is_wanted(&self.evse, &plug.evse) && is_wanted(&self.connector, &plug.connector));
        if place.plugs.is_empty() {
            wrong("there is no such connector");
        }
        for plug in &mut place.plugs {
            plug.supply.voltage = plug.supply.voltage.or(self.voltage);
            if plug.supply.power == Decimal::ZERO {
                plug.supply.power = self.power.unwrap_or_default();
            }
        }
        Ok((given.at(place, self.any_tariff), zone))
    }

    fn estimate(&self, choice: &Choice, arrival: DateTime, zone: Zone) -> io::Result<Exit> {
        let need = match (self.energy, self.battery) {
            (_, Some(capacity)) => {
                let (from, to) = (self.from.unwrap_or_default(), self.to.unwrap_or_default());
                let battery = Battery::new(capacity, from, to);
                Need::from(self.power.map_or(battery, |power| battery.with_power(power)))
            }
            (energy, None) => Need::at_most(energy.unwrap_or_default(), self.power),
        };
        let charge = Charge::new(arrival, zone, need)
            .with_idle(i64::from(self.idle) * 60)
            .with_reservation(i64::from(self.reserved) * 60);
        let list: Vec<Offer<'_>> = choice.offers.iter().map(Named::offer).collect();
        let ranked = compare(&charge, &list);
        let refusal = ranked.iter().find_map(|ranked| ranked.outcome.as_ref().err());
        if let Some(error) = refusal.filter(|error| error.is_need()) {
            wrong(&error.to_string());
        }
        output::print(&match self.format {
            Format::Text => shown::text(choice, &ranked, self.explain),
            Format::Json => json::json(choice, &ranked, self.explain)?,
        })?;
        let all_known = choice.missing.is_empty() && ranked.iter().all(|it| reasons::known(it).is_some());
        Ok(if all_known { Exit::Done } else { Exit::Objections })
    }
}

/// Ends the program with a message on usage.
fn wrong(message: &str) -> ! {
    Cli::command().error(ErrorKind::ValueValidation, message).exit()
}
