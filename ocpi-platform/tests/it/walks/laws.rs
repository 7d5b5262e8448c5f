//! The properties, asked of the platforms after each event.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::play::{Setting, Tokens, issuer};
use super::probe::Rights;
use super::schedule::{Expected, ExpectedRecord};
use super::side::{EVIL, Side};

/// Facts about tokens that the messages alone show, and the rights that were found last.
#[derive(Default)]
pub(super) struct Laws {
    /// Tokens of each side that are superseded: by an accept that it committed, or a rotation that was answered.
    superseded: [BTreeSet<String>; 2],
    /// Sides that the model takes for suspecting the other, and that do not: a token that is superseded, for which there is
    /// a repeat, and a request that awaits approval, are no reason to.
    not_marked: [bool; 2],
    /// Revision of the record for which the rights were asked.
    asked: [Option<(u64, usize)>; 2],
    rights: [BTreeMap<String, Rights>; 2],
}

impl Laws {
    /// A side has committed credentials that came with this token.
    pub(super) fn is_committed(&mut self, side: usize, with: &str) {
        self.superseded[side].insert(with.to_owned());
    }

    /// A side has the answer to its exchange: the partner has what was offered, and nothing else.
    pub(super) fn is_settled(&mut self, side: usize, tokens: &Tokens, offered: Option<&str>) {
        let others = tokens.of(side).into_iter().filter(|name| Some(name.as_str()) != offered);
        self.superseded[side].extend(others);
    }

    pub(super) fn is_not_marked(&mut self, side: usize) {
        self.not_marked[side] = true;
    }

    pub(super) fn is_superseded(&self, side: usize, name: &str) -> bool {
        self.superseded[side].contains(name)
    }

    /// Asks for the rights of all tokens, and checks the properties that do not need the model.
    pub(super) fn hold(&mut self, sides: &mut [Option<Side>; 2], tokens: &Tokens, is_calm: bool, when: &str) {
        for side in sides.iter_mut().flatten() {
            self.ask(side, tokens);
            self.hold_at(side, tokens, when);
        }
        let [Some(a), Some(b)] = sides else { return };
        let settled = |side: &Side| {
            let (record, _) = side.record()?;
            let is_settled = record["state"] == "registered"
                && record["confirmed"] == true
                && record["exchange"].is_null();
            is_settled.then(|| record["out"].as_str().map(str::to_owned)).flatten()
        };
        if let (true, Some(out_a), Some(out_b)) = (is_calm, settled(a), settled(b)) {
            let works = b.probe.is_functional(&out_a.parse().expect("a token"))
                && a.probe.is_functional(&out_b.parse().expect("a token"));
            assert!(works, "P7: {when}: both are registered, and one is locked out");
        }
    }

    fn ask(&mut self, side: &mut Side, tokens: &Tokens) {
        side.refresh_probe();
        let number = side.number;
        let names = tokens.of(number);
        // Rights depend on the record alone, whoever wrote it; what depends on time is gone from it by then.
        let asked = Some((side.revision(), names.len()));
        if self.asked[number] == asked {
            return;
        }
        self.asked[number] = asked;
        self.rights[number] =
            names.into_iter().map(|name| (name.clone(), side.probe.rights(&tokens.get(&name)))).collect();
    }

    fn hold_at(&self, side: &Side, tokens: &Tokens, when: &str) {
        let number = side.number;
        let Some((record, _)) = side.record() else { return };
        for (name, rights) in &self.rights[number] {
            let shown = format!("{when}: {name} at {number}: {rights:?}");
            let is_own = rights.get.as_ref().is_none_or(|got| *got == tokens.get(name));
            assert!(is_own, "P1: GET credentials answers with another token: {shown}");
            if self.is_superseded(number, name) {
                assert!(rights.get.is_none(), "P1: GET credentials with a superseded token: {shown}");
                let uses = [rights.post, rights.put, rights.delete];
                let is_dead = !rights.functional && uses == ["401"; 3];
                assert!(is_dead, "P2: a superseded token is good for something: {shown}");
            }
        }
        let is_registered = record["state"] == "registered";
        let is_evil = record["contact"]["versions_url"].as_str().is_some_and(|url| url.contains(EVIL));
        assert!(!is_registered || !is_evil, "P3: {when}: the attacker's URL is the partner's");
        let functional: Vec<_> = self.rights[number]
            .iter()
            .filter(|(_, rights)| rights.functional)
            .map(|(name, _)| name)
            .collect();
        assert!(functional.len() <= 3, "P4: {when}: {functional:?} are functional at {number}");
        if is_registered && record["confirmed"] == true && record["exchange"].is_null() {
            let open = self.rights[number].iter().filter(|(_, rights)| rights.versions).count();
            assert!(open == 1 && functional.len() == 1, "P4: {when}: more than the token that is used");
        }
    }

    /// Compares the stored record, and the rights of all tokens, with those of the model (D1).
    pub(super) fn compare(
        &mut self,
        side: &Side,
        tokens: &Tokens,
        expected: &Expected,
        setting: &Setting,
        accepts: usize,
        when: &str,
    ) {
        let number = side.number;
        let record = side.record().map_or(Value::Null, |(record, _)| record);
        // The platform suspects more: also who comes with a dead token to versions or credentials.
        if !expected.records[number].is("suspect") {
            self.not_marked[number] = false;
        } else if setting.compares_suspects() && !self.not_marked[number] {
            assert_eq!(record["suspect"], true, "D1: {when}: at {number}: suspect");
        }
        compare_record(
            &record,
            &expected.records[number],
            tokens,
            setting,
            &format!("D1: {when}: at {number}"),
        );
        for (name, ours) in &self.rights[number] {
            let mut theirs = expected.rights[number].get(name).cloned().unwrap_or_else(none);
            for right in theirs.as_array_mut().expect("rights").iter_mut().filter(|right| **right == "busy") {
                assert!(accepts > 1, "D1: {when}: busy");
                *right = "call back".into();
            }
            // Without the two requests before a repeat; and who leaves is not answered by the platform.
            if self.is_superseded(number, name) {
                theirs[0] = ours.versions.into();
            }
            if record["state"] == "leaving" {
                theirs[1] = Value::Null;
            }
            let got = ours.get.as_ref().map(|_| name.clone());
            let ours: Value = vec![
                Value::from(ours.versions),
                got.into(),
                ours.post.into(),
                ours.put.into(),
                ours.delete.into(),
                ours.functional.into(),
            ]
            .into();
            // By HTTP, a DELETE that is not for this state may be a 405.
            assert_eq!(with_401(ours), theirs, "D1: {when}: rights of {name} at {number}");
        }
        let issued = tokens.of(number);
        let known = expected.rights[number].as_object().expect("rights").keys();
        assert!(known.into_iter().all(|name| issued.contains(name)), "D1: {when}: a token was not issued");
        assert!(issued.iter().all(|name| issuer(name) == Some(number)));
    }
}

fn with_401(mut rights: Value) -> Value {
    if rights[4] == "405" {
        rights[4] = "401".into();
    }
    rights
}

fn compare_record(record: &Value, expected: &ExpectedRecord, tokens: &Tokens, setting: &Setting, when: &str) {
    let hash = |name: Option<&str>| name.map_or(Value::Null, |name| hash_of(tokens, name).into());
    let plain = |name: Option<&str>| name.map_or(Value::Null, |name| tokens.get(name).expose().into());
    // An invitation that is over leaves a record here, and none in the model.
    let ours = record["state"].as_str().unwrap_or("left");
    let theirs = if expected.state() == "none" { "left" } else { expected.state() };
    assert_eq!(ours.to_lowercase(), theirs, "{when}: state");
    assert_eq!(record["current"], hash(expected.text("current")), "{when}: current");
    assert_eq!(record["confirmed"] == true, expected.is("confirmed"), "{when}: confirmed");
    assert_eq!(record["kept"], hash(expected.text("kept")), "{when}: kept");
    let superseded = expected.superseded();
    let superseded_ours = &record["superseded"];
    assert_eq!(superseded_ours["token"], hash(superseded.map(|known| known[0])), "{when}: superseded");
    let method = superseded.map_or(Value::Null, |known| known[1].into());
    assert_eq!(superseded_ours["method"], method, "{when}: superseded by");
    assert_eq!(record["out"], plain(expected.text("out")), "{when}: out");
    if setting.compares_token_before() {
        assert_eq!(record["out_before"], plain(expected.text("out_before")), "{when}: out before");
    }
    let exchange = expected.exchange();
    let ours = &record["exchange"];
    let method = exchange.map_or(Value::Null, |open| open[0].into());
    assert_eq!(ours["method"], method, "{when}: method of the exchange");
    assert_eq!(ours["with"], plain(exchange.map(|open| open[1])), "{when}: token of the exchange");
    assert_eq!(ours["offered"], plain(exchange.map(|open| open[2])), "{when}: token offered");
}

/// The hash by which a token is stored.
pub(super) fn hash_of(tokens: &Tokens, name: &str) -> String {
    let text = format!("token\0{}", tokens.get(name).expose());
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Expected {
    /// The name of the current token of a side, as it is stored.
    pub(super) fn current_of(side: &Side, tokens: &Tokens) -> Option<String> {
        let (record, _) = side.record()?;
        tokens.of(side.number).into_iter().find(|name| record["current"] == hash_of(tokens, name).as_str())
    }
}

fn none() -> Value {
    serde_json::json!([false, null, "401", "401", "401", false])
}
