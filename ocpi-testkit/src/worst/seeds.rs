//! Objects of a partner.

use ocpi_server_traits::{Objects, Store};
use ocpi_types::Object;
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use serde_json::Value;

use super::plan::Plan;
use crate::{cdr_json, location_json, parse, session_json, tariff_json, token_json};

/// Stores this many objects of each kind, of a party such as `NL/ALF`.
pub(super) async fn seed<S: Store>(objects: &Objects<S>, of: &str, count: usize, plan: &Plan) {
    let seeds = Seeds { of, count, plan };
    seeds.store::<S, Location>(objects, "location", "L", location_json).await;
    seeds.store::<S, Tariff>(objects, "tariff", "T", tariff_json).await;
    seeds.store::<S, Session>(objects, "session", "S", session_json).await;
    seeds.store::<S, Cdr>(objects, "cdr", "C", cdr_json).await;
    seeds.store::<S, Token>(objects, "token", "U", token_json).await;
}

struct Seeds<'a> {
    of: &'a str,
    count: usize,
    plan: &'a Plan,
}

impl Seeds<'_> {
    async fn store<S: Store, T: RootResource + Object>(
        &self,
        objects: &Objects<S>,
        kind: &'static str,
        letter: &str,
        make: fn(&str, &str, &str) -> String,
    ) {
        let made = (1..=self.count).map(|number| {
            let updated = format!("{:02}:{:02}:{:02}", 8 + number / 3600 % 3, number / 60 % 60, number % 60);
            let text = make(self.of, &format!("{letter}{number}"), &updated);
            if self.plan.seed_changes.is_empty() {
                return parse::<T>(&text);
            }
            let mut json: Value = serde_json::from_str(&text).expect("JSON");
            for change in &self.plan.seed_changes {
                change(kind, number, &mut json);
            }
            parse::<T>(&json.to_string())
        });
        objects.put_all(made.collect::<Vec<T>>()).await.expect("a store");
    }
}
