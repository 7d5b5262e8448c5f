//! `ocpi estimate`.

mod offers;
mod shown;

use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use ocpi_pricing::Zone;
use ocpi_pricing::estimate::{Battery, Charge, Need, Offer, compare};
use ocpi_types::{DateTime, DateTimeError, Decimal};

use crate::Cli;
use crate::exit::Exit;
use crate::input::Failure;
use crate::output::{self, Format};
use crate::{policies, priced};
use offers::Named;

/// Say what a planned charge will cost, and where it costs least
///
/// Works out how long charging takes and what it costs by each tariff, and at each kind of connector of a location.
/// With several of them: a comparison, the cheapest first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi estimate --tariff tariff.json --arrival 2026-05-04T16:30:00Z --time-zone Europe/Oslo --energy 20 --power 11
  ocpi estimate --tariff tariffs/ --location location.json --arrival 2026-05-04T16:30:00Z \\
      --battery 60 --from 20 --to 80 --power 120 --idle 30")]
pub(crate) struct Arguments {
    /// The tariffs: files, or folders
    #[arg(long = "tariff", value_name = "FILE", required = true)]
    tariffs: Vec<PathBuf>,
    /// The location; its connectors say how much power there is and which of the tariffs apply
    #[arg(long, value_name = "FILE")]
    location: Option<PathBuf>,
    /// Only this EVSE of the location, by its uid
    #[arg(long, value_name = "UID", requires = "location")]
    evse: Option<String>,
    /// Only connectors with this id
    #[arg(long, value_name = "ID", requires = "location")]
    connector: Option<String>,
    /// When the car is plugged in, such as 2026-05-04T16:30:00Z or 2026-05-04T18:30:00+02:00
    #[arg(long, value_name = "TIME", value_parser = moment)]
    arrival: DateTime,
    /// The time zone, such as Europe/Oslo [default: that of the location]
    #[arg(long, value_name = "ZONE", required_unless_present = "location")]
    time_zone: Option<Zone>,
    /// The energy to charge, in kWh
    #[arg(long, value_name = "KWH", conflicts_with = "battery", required_unless_present = "battery")]
    energy: Option<Decimal>,
    /// What the battery holds, in kWh; above 80 percent it takes less and less power
    #[arg(long, value_name = "KWH", requires_all = ["from", "to"])]
    battery: Option<Decimal>,
    /// How full the battery is, in percent
    #[arg(long, value_name = "PERCENT", requires = "battery")]
    from: Option<Decimal>,
    /// How full it is to be, in percent
    #[arg(long, value_name = "PERCENT", requires = "battery")]
    to: Option<Decimal>,
    /// The most power that the car takes, in kW; without a location, also what the connector gives
    #[arg(long, value_name = "KW", required_unless_present = "location")]
    power: Option<Decimal>,
    /// How long the car stays plugged in afterwards, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    idle: u32,
    /// How long before the arrival the connector is reserved, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 0)]
    reserved: u32,
    /// Decide a question that the specification leaves open, such as steps=ignored
    #[arg(long = "policy", value_name = "QUESTION=CHOICE", value_parser = policies::parser())]
    policies: Vec<String>,
    /// Say in sentences how each amount comes about
    #[arg(long)]
    explain: bool,
    /// Text for people or JSON for programs
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
        match self.offers() {
            Ok((offers, zone)) => self.estimate(&offers, zone),
            Err(failure) => {
                output::complain(&failure.to_string());
                Ok(Exit::Unreadable)
            }
        }
    }

    /// What there is to choose from, and where.
    fn offers(&self) -> Result<(Vec<Named>, Zone), Failure> {
        let plans = priced::plans(&self.tariffs)?;
        let policy = policies::all(&self.policies);
        let place = self.location.as_deref().map(priced::location).transpose()?;
        let zone = self.time_zone.or(place.as_ref().and_then(|place| place.zone));
        let Some(zone) = zone else { wrong("the location has no time zone that is known; say --time-zone") };
        let offers = match (place, self.power) {
            (Some(place), _) => {
                let is_wanted = |wanted: &Option<String>, id: &str| {
                    wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(id))
                };
                let mut plugs = place.plugs;
                plugs.retain(|plug| {
                    is_wanted(&self.evse, &plug.evse) && is_wanted(&self.connector, &plug.connector)
                });
                offers::at(plugs, plans, policy)
            }
            (None, Some(power)) => offers::of_power(power, plans, policy),
            (None, None) => Vec::new(),
        };
        if offers.is_empty() {
            wrong("there is no such connector, or no tariff");
        }
        Ok((offers, zone))
    }

    fn estimate(&self, offers: &[Named], zone: Zone) -> io::Result<Exit> {
        let need = match (self.energy, self.battery) {
            (_, Some(capacity)) => {
                let (from, to) = (self.from.unwrap_or_default(), self.to.unwrap_or_default());
                let battery = Battery::new(capacity, from, to);
                Need::from(self.power.map_or(battery, |power| battery.with_power(power)))
            }
            (energy, None) => Need::at_most(energy.unwrap_or_default(), self.power),
        };
        let charge = Charge::new(self.arrival, zone, need)
            .with_idle(i64::from(self.idle) * 60)
            .with_reservation(i64::from(self.reserved) * 60);
        let list: Vec<Offer<'_>> = offers.iter().map(Named::offer).collect();
        let ranked = compare(&charge, &list);
        let refusal = ranked.iter().find_map(|ranked| ranked.outcome.as_ref().err());
        if let Some(error) = refusal.filter(|error| error.is_need()) {
            wrong(&error.to_string());
        }
        output::print(&match self.format {
            Format::Text => shown::text(offers, &ranked, self.explain),
            Format::Json => shown::json(offers, &ranked, self.explain)?,
        })?;
        let is_known = |outcome: &Result<_, _>| {
            outcome.as_ref().is_ok_and(|estimate: &ocpi_pricing::estimate::Estimate| estimate.total.is_some())
        };
        let all_known = ranked.iter().all(|ranked| is_known(&ranked.outcome));
        Ok(if all_known { Exit::Done } else { Exit::Objections })
    }
}

/// Ends the program with a message on usage.
fn wrong(message: &str) -> ! {
    Cli::command().error(ErrorKind::ValueValidation, message).exit()
}
