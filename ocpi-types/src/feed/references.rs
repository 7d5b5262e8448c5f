//! References between objects.

use super::collected::{Collected, Inside, Reference};
use super::evses::Evses;
use super::findings::Told;
use super::ids::{Ids, Leads};
use super::kind::FeedKind;
use super::place::At;
use crate::Rule;

/// References whose objects may still come.
#[derive(Debug, Default)]
pub(super) struct References {
    open: Vec<(At, Reference)>,
    /// Whether there is a CDR that takes none back.
    has_plain_cdr: bool,
}

impl References {
    /// Takes the references of an object out of it.
    pub(super) fn add(&mut self, object: &mut Collected<'_>, at: At) {
        self.has_plain_cdr |= object.is_plain_cdr;
        self.open.extend(object.references.drain(..).map(|reference| (at, reference)));
    }

    pub(super) fn finish(self, ids: &Ids, evses: &Evses, told: &mut Vec<Told>) {
        for (at, reference) in self.open {
            let is_there = match reference.to {
                // The one that is taken back was sent long ago, perhaps: a credit CDR alone says nothing.
                FeedKind::Cdr => self.has_plain_cdr,
                kind => reference.is_certain || ids.have(kind),
            };
            if is_there {
                told.extend(reference.judge(at, ids, evses));
            }
        }
    }
}

impl Reference {
    fn judge(&self, at: At, ids: &Ids, evses: &Evses) -> Option<Told> {
        let what = self.to.name();
        let dangling = |spot, text: String| Told::of(Rule::FeedDangling, at, spot).saying(text);
        match ids.find(self.to, &self.id) {
            Leads::To(found) => {
                let Inside { evse, evse_at, connector } = self.inside.as_deref()?;
                if !evses.has_evse(&found.id, evse) {
                    let text = format!("{what} {} has no EVSE {evse}", self.text);
                    return Some(dangling(*evse_at, text));
                }
                let (connector, connector_at) = connector.as_ref()?;
                let text = || format!("EVSE {evse} has no connector {connector}");
                (!evses.has_connector(&found.id, evse, connector)).then(|| dangling(*connector_at, text()))
            }
            Leads::ToAnother(found) => {
                let text = format!("{what} {} is another party's", self.text);
                let told = Told::of(Rule::FeedOtherOwner, at, self.spot).saying(text);
                Some(told.with(found.at, self.to.id_at()))
            }
            Leads::ToOtherCase(found) => {
                let text = format!("{what} {} is in the feed in another case only", self.text);
                Some(dangling(self.spot, text).with(found.at, self.to.id_at()))
            }
            Leads::Nowhere => Some(dangling(self.spot, format!("{what} {} is not in the feed", self.text))),
        }
    }
}
