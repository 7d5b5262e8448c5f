//! Pages of 1,000 Locations, in process: from a request to the bytes of its answer.

use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::header;
use http_body_util::BodyExt;
use ocpi_kit::VersionNumber;
use ocpi_server_traits::Router;
use ocpi_types::Version;
use tower_service::Service;

use crate::locations::LOCATIONS;
use crate::machine::{Cost, median};
use crate::place::Place;
use crate::report::Report;
use crate::{kit, own};

/// Rounds; one before them warms up.
const ROUNDS: usize = 15;
/// CPU time of a round, about: who is quick does more, or the caches would be full of what others left.
const ROUND: Duration = Duration::from_millis(40);

type Answer = Pin<Box<dyn Future<Output = http::Response<Bytes>> + Send>>;

/// A server, and the requests for all pages of its list.
struct Contender {
    name: String,
    call: Box<dyn Fn(http::Request<Bytes>) -> Answer>,
    urls: Vec<String>,
    /// Times that all pages are asked for in a round.
    times: u32,
    goal: Option<f64>,
    micros: Vec<f64>,
    wall: Vec<f64>,
}

/// Measures both versions.
pub async fn measure(report: &mut Report, stores: &[Place]) {
    version(report, stores, Version::V2_3_0).await;
    version(report, stores, Version::V2_2_1).await;
}

async fn version(report: &mut Report, stores: &[Place], version: Version) {
    let (kit_version, goals, heading) = match version {
        Version::V2_3_0 => (VersionNumber::V2_3_0, [45.0, 25.0], "Page of 100 Locations, 2.3.0"),
        _ => (VersionNumber::V2_2_1, [60.0, 30.0], "Page of 100 Locations, 2.2.1 from objects of 2.3.0"),
    };
    let mut all = vec![
        of_kit("ocpi-kit", kit::router(kit_version.clone(), kit::in_order())).await,
        of_kit("ocpi-kit, the store of its tests", kit::router(kit_version, kit::in_its_own_store())).await,
    ];
    let url = format!("/ocpi/{}/sender/locations", version.as_str());
    let memory = own::loaded(Place::Memory.open().await).await;
    let crawl = crawl(&own_call(own::router(&memory)), &url).await;
    let ready = own::router_of_ready_pages(crawl.1, version).await;
    all.push(Contender::new("ours, encoded beforehand", own_call(ready), crawl.0));
    let nothing_kept = memory.as_ref().clone().with_cache(0);
    all.push(
        of_own("ours, memory, every object changed since", own::router(&nothing_kept.into()), &url).await,
    );
    all.push(of_own("ours, memory", own::router(&memory), &url).await.with_goal(goals[0]));
    for place in stores {
        let objects = own::loaded(place.open_empty().await).await;
        let name = format!("ours, {}", place.name());
        let contender = of_own(&name, own::router(&objects), &url).await;
        let goal = (!place.is_postgres()).then_some(goals[1]);
        all.push(Contender { goal, ..contender });
    }
    for round in 0..=ROUNDS {
        for contender in &mut all {
            contender.run(round > 0).await;
        }
    }
    report.table(
        heading,
        "In process, without HTTP. All pages of the list, one after the other, by the links of the answers. ocpi-kit has no \
         store for this: its handlers bring the objects with them. Here they copy those of a page from a list in order, the \
         least that they can do; or they are in the store of its own tests, which sorts a copy of the whole list for each \
         page. Goals were set against the latter. Factors are by CPU time.",
        &[
            "server",
            "CPU µs per page",
            "time µs",
            "as fast as ocpi-kit",
            "as it with the store of its tests",
            "as encoded beforehand",
        ],
    );
    for contender in &all {
        let [kit, its_store, ready] = [0, 1, 2].map(|base| contender.ratio(&all[base]));
        report.row(&[
            contender.name.clone(),
            format!("{:.0}", median(&contender.micros)),
            format!("{:.0}", median(&contender.wall)),
            format!("{kit:.1}"),
            format!("{its_store:.1}"),
            format!("{ready:.2}"),
        ]);
    }
    for contender in &all {
        if let Some(goal) = contender.goal {
            let ratio = contender.ratio(&all[1]);
            let what = format!("{heading}: {}", contender.name);
            let measured = format!("{ratio:.1} × ({:.0} µs)", median(&contender.micros));
            report.goal(&what, &format!("≥ {goal} × ocpi-kit with its store"), &measured, ratio >= goal);
        }
    }
}

async fn of_kit(name: &str, router: axum::Router) -> Contender {
    let call = move |request: http::Request<Bytes>| -> Answer {
        let mut router = router.clone();
        Box::pin(async move {
            let answer = router.call(request.map(Body::from)).await.expect("it cannot fail");
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            http::Response::from_parts(parts, body)
        })
    };
    let crawl = crawl(&call, "/locations").await;
    Contender::new(name, call, crawl.0)
}

async fn of_own(name: &str, router: Router, url: &str) -> Contender {
    let call = own_call(router);
    let crawl = crawl(&call, url).await;
    Contender::new(name, call, crawl.0)
}

fn own_call(router: Router) -> impl Fn(http::Request<Bytes>) -> Answer + 'static {
    move |request| {
        let router = router.clone();
        Box::pin(async move { router.call(request).await })
    }
}

/// The answers with all pages of a list.
pub async fn pages(router: Router, url: &str) -> Vec<http::Response<Bytes>> {
    crawl(&own_call(router), url).await.1
}

/// The URLs of all pages of a list, and the answers.
async fn crawl(
    call: &impl Fn(http::Request<Bytes>) -> Answer,
    first: &str,
) -> (Vec<String>, Vec<http::Response<Bytes>>) {
    let (mut urls, mut answers) = (vec![first.to_owned()], Vec::new());
    loop {
        let url = urls.last().expect("there is one").clone();
        let answer = call(request(&url)).await;
        assert_eq!(answer.status(), 200, "{url}: {:?}", answer.body());
        let next = answer.headers().get(header::LINK).map(|link| {
            let link = link.to_str().expect("a link");
            let url = link.split(['<', '>']).nth(1).expect("a URL");
            url.strip_prefix("https://cpo.example").expect("a URL of the server").to_owned()
        });
        answers.push(answer);
        match next {
            Some(next) => urls.push(next),
            None => break,
        }
    }
    let objects = |answer: &http::Response<Bytes>| {
        let envelope: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
        envelope["data"].as_array().expect("a page").len()
    };
    assert_eq!(answers.iter().map(objects).sum::<usize>(), LOCATIONS);
    (urls, answers)
}

fn request(url: &str) -> http::Request<Bytes> {
    let request = http::Request::get(url).header(header::AUTHORIZATION, own::READS);
    request.header("x-request-id", "1").header("x-correlation-id", "2").body(Bytes::new()).expect("a request")
}

impl Contender {
    fn new(name: &str, call: impl Fn(http::Request<Bytes>) -> Answer + 'static, urls: Vec<String>) -> Self {
        let (micros, wall) = (Vec::new(), Vec::new());
        Self { name: name.to_owned(), call: Box::new(call), urls, times: 1, goal: None, micros, wall }
    }

    fn with_goal(self, goal: f64) -> Self {
        Self { goal: Some(goal), ..self }
    }

    /// Asks for all pages.
    async fn run(&mut self, counts: bool) {
        let pages = async {
            for url in (0..self.times).flat_map(|_| &self.urls) {
                let answer = (self.call)(request(url)).await;
                assert_eq!(answer.status(), 200);
            }
        };
        let ((), cost) = Cost::of(pages).await;
        if !counts {
            let times = ROUND.as_nanos() / cost.cpu.as_nanos().max(1);
            self.times = u32::try_from(times).unwrap_or(1).clamp(1, 100);
        } else {
            let pages = self.urls.len() as f64 * f64::from(self.times);
            self.micros.push(cost.cpu.as_secs_f64() * 1e6 / pages);
            self.wall.push(cost.wall.as_secs_f64() * 1e6 / pages);
        }
    }

    /// Speed in multiples of that of another, in the median round.
    fn ratio(&self, other: &Self) -> f64 {
        let ratios: Vec<f64> =
            other.micros.iter().zip(&self.micros).map(|(other, own)| other / own).collect();
        median(&ratios)
    }
}
