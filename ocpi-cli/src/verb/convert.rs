//! `ocpi convert`.

mod hints;
mod locations;

use std::io;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use ocpi_types::convert::{Context, ConversionError, ConversionRule, Ledger, PriceChanges};
use ocpi_types::protocol::Party;
use ocpi_types::{Decimal, Role, TimeZone, Version};

use crate::Cli;
use crate::converters::{Converter, Unconverted};
use crate::exit::Exit;
use crate::infer::{Wanted, version_parser};
use crate::input::{Content, Failure, Paths, Source};
use crate::kinds;
use crate::ledger::{Account, Refusal};
use crate::output::{self, Array, Output};
use locations::Locations;

/// Convert documents to another version of OCPI, and report what is lost
///
/// Writes the converted objects to standard output: an array, or the object if there is only one that stands alone.
/// Objects that the other version cannot express are left out and reported on standard error, with the number of losses.
/// With --ledger every loss and every assumption is printed instead of the objects. Inputs may be of any size.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi convert locations.json --from 2.2.1 --to 2.3.0 --as location
  ocpi convert cdrs.json --from 2.1.1 --to 2.2.1 --as cdr --cpo NL/ALF --emsp DE/MSP --out new.json
  ocpi convert tariffs.json --from 2.3.0 --to 2.1.1 --ledger --format json > ledger.json
  ocpi convert sessions.json --from 2.2.1 --to 2.1.1 --as session --locations locations.json
  ocpi convert status.json --from 2.2.1 --to 2.1.1 --as evse --patch"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The type of the objects, by the specification's name in lower case with dashes [default: detected]
    #[arg(long = "as", value_name = "TYPE", value_parser = PossibleValuesParser::new(kinds::names()))]
    name: Option<String>,
    /// The version of the input [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = version_parser())]
    from: Option<Version>,
    /// The version to convert to
    #[arg(long, value_name = "VERSION", required_unless_present = "rules", value_parser = version_parser())]
    to: Option<Version>,
    /// The input contains bodies of PATCH requests
    #[arg(long)]
    patch: bool,
    /// Convert tariffs with conditions or limits that the version cannot express, and report what is lost; by default
    /// they are refused, because a session would cost something else
    #[arg(long)]
    allow_price_changes: bool,
    /// Files or folders with the locations that sessions and CDRs refer to: 2.1.1 embeds them
    #[arg(long, value_name = "FILE", num_args = 1)]
    locations: Vec<PathBuf>,
    /// Print losses and assumptions instead of the objects; JSON has their values, which may identify drivers
    #[arg(long)]
    ledger: bool,
    /// Write the converted objects to this file; - is standard output
    #[arg(long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// The party of the CPO, such as NL/ALF: objects of 2.1.1 do not always name it
    #[arg(long, value_name = "PARTY", value_parser = party)]
    cpo: Option<Party>,
    /// The party of the eMSP, such as DE/MSP: objects of 2.1.1 do not always name it
    #[arg(long, value_name = "PARTY", value_parser = party)]
    emsp: Option<Party>,
    /// The role of the platform whose credentials or version details are converted
    #[arg(long, value_name = "ROLE", value_parser = PossibleValuesParser::new(["CPO", "EMSP"]).map(|role| Role::from(role.as_str())))]
    role: Option<Role>,
    /// Time zone of locations that have none, such as Europe/Oslo [default: that of the country, if it has only one]
    #[arg(long, value_name = "ZONE", value_parser = |text: &str| text.parse::<TimeZone>())]
    time_zone: Option<TimeZone>,
    /// VAT on prices of 2.1.1, which exclude it, in percent
    #[arg(long, value_name = "PERCENT", value_parser = |text: &str| text.parse::<Decimal>())]
    vat: Option<Decimal>,
    /// List the rules: reasons for losses, assumptions and refusals
    #[arg(long)]
    rules: bool,
    #[command(flatten)]
    output: Output,
}

fn party(text: &str) -> Result<Party, String> {
    let (country_code, party_id) = text.split_once('/').ok_or("a party is written as NL/ALF")?;
    Party::new(country_code, party_id).map_err(|error| error.to_string())
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        // Without --rules there is a version to convert to.
        let Some(to) = self.to.filter(|_| !self.rules) else {
            output::print(&output::rules(&output::all(ConversionRule::ALL), self.output.format())?)?;
            return Ok(Exit::Done);
        };
        let wanted = Wanted::told(self.name.clone(), self.from).of_patches(self.patch);
        wanted.validate();
        if let Some(name) = self.name.as_deref().filter(|name| Converter::named(name, self.patch).is_none()) {
            let message =
                format!("'{name}' cannot be converted on its own: convert the object that contains it");
            Cli::command().error(ErrorKind::ValueValidation, message).exit();
        }
        let locations = match Locations::read(&self.locations, &self.context()) {
            Ok(locations) => locations,
            Err(failure) => return Ok(output::unreadable(&failure)),
        };
        let context = Context { lookup: Some(&locations), ..self.context() };
        let mut account = Account::default();
        let mut written = Written::new(self)?;
        for source in self.paths.sources() {
            let outcome = source.and_then(|source| {
                self.convert(&source, &wanted, (to, &context), &mut account, &mut written)
            });
            if let Err(failure) = outcome {
                output::complain(&failure.to_string());
                account.unreadable += 1;
            }
        }
        written.finish()?;
        if self.ledger {
            let is_aside = self.out.as_deref().is_some_and(output::is_stdout);
            self.output.print_ledger(&account, is_aside)?;
        } else {
            account.folded().iter().for_each(|refusals| output::complain(refusals));
            let is_worth_telling = account.tells() || self.out.is_some();
            if is_worth_telling {
                output::mention(&account.summary());
            }
        }
        Ok(account.exit())
    }

    fn convert(
        &self,
        source: &Source,
        wanted: &Wanted,
        (to, context): (Version, &Context<'_>),
        account: &mut Account,
        written: &mut Written,
    ) -> Result<(), Failure> {
        let bar = output::progress(source);
        let told = bar.clone();
        let mut content = Content::open(source, move |bytes| told.set_position(bytes))?;
        let Some(kind) = content.kind(wanted)? else { return content.end() };
        let no_converter = "cannot be converted on its own: convert the object that contains it";
        let converter = Converter::named(&kind.name(), self.patch)
            .ok_or_else(|| Failure::new(source.name(), format!("{} {no_converter}", kind.name())))?;
        let mut ledger = Ledger::new();
        while let Some(span) = content.next()? {
            account.items += 1;
            let refusal = |reason: Unconverted| {
                let way_on = match &reason {
                    Unconverted::ConversionError(refused) => {
                        hints::way_on(refused, &kind.name(), !self.locations.is_empty())
                    }
                    Unconverted::Unreadable(_) => None,
                };
                Refusal { file: source.name(), item: span.index, reason, way_on }
            };
            let outcome = match span.broken.first() {
                Some(remark) => Err(Unconverted::Unreadable(remark.clone())),
                None => converter.convert(&span.text, kind.version(), to, context, &mut ledger),
            };
            match outcome {
                Ok(json) => {
                    account.converted += 1;
                    let pushed = written.push(json, span.index.is_none());
                    pushed.map_err(|error| Failure::new(written.name(), error))?;
                }
                Err(reason) => account.refusals.push(refusal(reason)),
            }
            account.count(&ledger);
            // Losses may be many; who does not ask for them need not hold them.
            if self.ledger {
                account.take(source, span.index, &mut ledger);
            } else {
                ledger.clear();
            }
        }
        bar.finish_and_clear();
        content.end()
    }

    fn context(&self) -> Context<'_> {
        Context {
            cpo: self.cpo.clone(),
            emsp: self.emsp.clone(),
            role: self.role.clone(),
            time_zone: self.time_zone.clone(),
            vat: self.vat,
            price_changes: if self.allow_price_changes { PriceChanges::Allow } else { PriceChanges::Refuse },
            ..Context::default()
        }
    }
}

/// Where the objects go. An object that stands alone waits until it is known to be the only one.
struct Written {
    to: Option<Array>,
    alone: Option<Vec<u8>>,
    is_empty: bool,
}

impl Written {
    fn new(arguments: &Arguments) -> io::Result<Self> {
        let to = match &arguments.out {
            Some(path) => Some(Array::create(path)?),
            None => (!arguments.ledger).then(Array::stdout),
        };
        Ok(Self { to, alone: None, is_empty: true })
    }

    fn name(&self) -> &str {
        self.to.as_ref().map_or("", Array::name)
    }

    fn push(&mut self, json: Vec<u8>, is_alone: bool) -> io::Result<()> {
        let Some(to) = &mut self.to else { return Ok(()) };
        if is_alone && self.is_empty {
            self.alone = Some(json);
            self.is_empty = false;
            return Ok(());
        }
        self.is_empty = false;
        if let Some(first) = self.alone.take() {
            to.push(&first)?;
        }
        to.push(&json)
    }

    fn finish(self) -> io::Result<()> {
        match (self.to, self.alone) {
            (Some(to), Some(json)) => to.alone(&json),
            (Some(to), None) => to.finish(),
            (None, _) => Ok(()),
        }
    }
}

/// An object that a version cannot express has no counterpart.
impl From<ConversionError> for Unconverted {
    fn from(refused: ConversionError) -> Self {
        Self::ConversionError(refused)
    }
}
