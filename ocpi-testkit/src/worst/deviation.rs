//! Ways in which a fault deviates.

use serde_json::{Map, Value};

use super::plan::Plan;
use super::visit::{Memory, OnAnswer, OnRequest, Visit};

/// Way in which a fault deviates.
pub(crate) enum Deviation {
    /// In what the partner is when it opens.
    Plan(fn(&mut Plan)),
    /// In the treatment of requests before they arrive.
    Request(OnRequest),
    /// In the objects of a module, in answers to GET.
    Object(&'static str, fn(&mut Map<String, Value>)),
    /// In answers.
    Answer(OnAnswer),
    /// In the text of bodies, which need be no JSON any more.
    Text(OnAnswer),
    /// On the line, when the request was answered.
    Line(fn(&mut Visit, &mut Memory)),
    /// In the time that answers take.
    Delay,
}
