//! One driver's day: a CPO and an eMSP, each a real server with its own store, who meet over HTTP only.
//!
//! Each step is a module; the story is told by [`run`].

mod bad_actor;
mod bill;
mod charge;
mod chargers;
mod crossing;
mod feed;
mod options;
mod plug;
mod report;
mod routes;
mod search;
mod serve;
mod side;
mod status;
mod stores;
mod unreadable;
mod wire;
mod words;
mod world;

use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use serde_json::json;

pub use options::{Options, Point};

use report::{Details, OutputClosed, Report};
pub(crate) use serve::serve;
use words::count;
use world::World;

/// Anything that can go wrong, with a text for the one who runs it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Plays the day. Ends early, without an error, when nobody reads its output any more.
///
/// # Errors
/// When a step fails: the text says which and why.
pub async fn run(options: Options) -> Result<(), Failure> {
    match play(options).await {
        Err(error) if error.is::<OutputClosed>() => Ok(()),
        outcome => outcome,
    }
}

async fn play(options: Options) -> Result<(), Failure> {
    let mut report = Report::new(options.json);

    let feed = feed::read(&options)?;
    let folder = tempfile::tempdir()?;
    let world =
        World::start(options.store.as_deref(), folder.path(), &feed.parties, options.cpo_version).await?;

    let loaded = report.step("load", feed::load(&world, feed)).await?;
    report.step("register", register(&world)).await?;
    report.step("pull", pull(&world, report.progress())).await?;
    report.step("status", status::push_changes(&world)).await?;
    let found = report.step("search", search::find(&world, &options, &loaded)).await?;
    let token = report.step("token", charge::push_token(&world)).await?;
    match found {
        Ok(spot) => {
            report.step("reserve", charge::reserve(&world, &token, &spot)).await?;
            report.step("start", charge::start(&world, &token, &spot)).await?;
            let session = report.step("charge", charge::charge(&world, &spot)).await?;
            report.step("bill", bill::settle(&world, session, &spot)).await?;
        }
        Err(why) => {
            for name in ["reserve", "start", "charge", "bill"] {
                report.skip(name, &why)?;
            }
        }
    }
    report.step("bad_actor", bad_actor::try_everything(&world)).await?;
    let took = report.elapsed();
    report.finish(world.summary(took).await?, took)
}

/// The eMSP registers: token A, versions, details, credentials; the CPO calls back while that request is open.
async fn register(world: &World) -> Result<((), Details), Failure> {
    let token_a = world.cpo.platform.invite("emsp", world.emsp.allow()).await?;
    let before = world.cpo.transport.counts().requests;
    let url = world.cpo.router.versions_url();
    let cpo = world.emsp.platform.register("cpo", url, token_a.clone(), world.cpo.allow()).await?;
    let called_back = world.cpo.transport.counts().requests - before;

    let version = cpo.version.map(|version| version.to_string()).unwrap_or_default();
    let old = world.stranger_asks(&token_a).await?;
    if old != http::StatusCode::UNAUTHORIZED {
        return Err(format!("token A still works after registration: HTTP {old}").into());
    }
    let text = format!(
        "eMSP and CPO speak {version}; the CPO called back {} during the POST; the registration token (token A) no longer works",
        count(called_back, "time"),
    );
    Ok((
        (),
        Details::new(
            text,
            json!({ "version": version, "call_backs": called_back, "endpoints": cpo.endpoints.len() }),
        ),
    ))
}

/// The eMSP fetches all Locations and Tariffs, page by page.
async fn pull(world: &World, bar: indicatif::ProgressBar) -> Result<((), Details), Failure> {
    let emsp = &world.emsp.platform;
    let locations = emsp
        .pull::<Location>("cpo", |done, total| {
            bar.set_length(total.unwrap_or_default());
            bar.set_position(u64::try_from(done).unwrap_or_default());
        })
        .await?;
    bar.finish_and_clear();
    let tariffs = emsp.pull::<Tariff>("cpo", |_, _| {}).await?;
    let (at_cpo, at_emsp) = (world.cpo.locations().await?, world.emsp.locations().await?);
    let at_cpo: Result<Vec<Location>, Failure> =
        at_cpo.into_iter().map(|location| world.seen_by_emsp(location)).collect();
    if at_cpo? != at_emsp {
        return Err("the eMSP's copies are not what the CPO has".into());
    }
    let pages = locations.pages + tariffs.pages;
    let text = format!(
        "{} and {} in {}, equal on both sides",
        count(locations.objects, "location"),
        count(tariffs.objects, "tariff"),
        count(pages, "page"),
    );
    let details = json!({
        "locations": locations.objects,
        "tariffs": tariffs.objects,
        "pages": pages,
        "findings": locations.findings.len() + tariffs.findings.len(),
    });
    Ok(((), Details::new(text, details)))
}
