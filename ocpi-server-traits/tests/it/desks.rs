//! Handlers of modules whose objects are not regular, over the router.

mod bookings;
mod final_states;
mod hub_clients;
mod payments;
mod reconciliation;

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{Memory, Objects, Quotas, Router, RouterBuilder, Routes, Usage};
use ocpi_testkit::{Answer, fixed_clock, partner_id, party, token};
use ocpi_types::Version;
use pollster::block_on;

use crate::site::{builder, partners, raw_request};

/// A platform with one module, and its partners.
struct World {
    router: Router,
    objects: Arc<Objects<Memory>>,
}

impl World {
    fn of(objects: Objects<Memory>, mount: impl Fn(&Arc<Objects<Memory>>, Routes) -> Routes) -> Self {
        Self::built(objects, builder(), mount)
    }

    fn built(
        objects: Objects<Memory>,
        builder: RouterBuilder,
        mount: impl Fn(&Arc<Objects<Memory>>, Routes) -> Routes,
    ) -> Self {
        let objects = Arc::new(objects);
        let router = builder.version(Version::V2_3_0, |routes| mount(&objects, routes));
        Self { router: router.build(partners()).expect("a router"), objects }
    }

    fn ask(&self, who: &str, method: Method, path: &str, body: &str) -> Answer {
        self.ask_in("2.3.0", who, method, path, body)
    }

    fn ask_in(&self, version: &str, who: &str, method: Method, path: &str, body: &str) -> Answer {
        let mut request = raw_request(method, &format!("/ocpi/{version}{path}"), body.to_owned().into());
        let header = token(who).to_header(true).parse().expect("a header");
        request.headers_mut().insert(http::header::AUTHORIZATION, header);
        Answer::of(block_on(self.router.call(request)))
    }

    fn usage(&self, partner: &str) -> Usage {
        block_on(self.objects.usage(&partner_id(partner))).expect("a store")
    }
}

/// Objects of DE/EMP, in a store with the clock of the tests.
fn objects(quotas: impl Into<Quotas>) -> Objects<Memory> {
    let store = Memory::with_clock(fixed_clock());
    Objects::new(store, vec![party("DE/EMP")]).with_quotas(quotas)
}

/// The path of a URL of ours, below the version.
fn path_of(url: &str) -> String {
    url.strip_prefix("https://emsp.example/ocpi/2.3.0").expect("our own URL").to_owned()
}

/// The URL in a header `Link`.
fn next_path(answer: &Answer) -> Option<String> {
    let link = answer.header("link")?;
    let url = link.split_once('<')?.1.split_once('>')?.0;
    Some(path_of(url))
}
