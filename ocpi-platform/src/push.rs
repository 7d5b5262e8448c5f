//! Publishing: delivery of our objects to the partners that may see them.
//!
//! | File | Contents |
//! |---|---|
//! | `publish` | [`Platform::publish`](crate::Platform::publish) and similar methods, which store and send nothing |
//! | `pusher` | the state machine of one partner: the order and time of requests, without I/O |
//! | `choose`, `send`, `letters`, `line` | the requests |
//! | `gaps` | changes that a partner missed while it had lost a kind of object or a party |
//! | `served`, `serving`, `feed`, `garage`, `engine`, `run` | leases, the reader of the feed, and the main loop of a node |
//! | `deliveries` | waiting and refused deliveries |

mod bases;
mod choose;
mod deliveries;
mod engine;
mod facts;
mod feed;
mod gaps;
mod garage;
mod kinds;
mod letters;
mod line;
mod places;
mod publish;
mod pusher;
mod refusal;
mod rules;
mod run;
mod send;
mod served;
mod serving;
mod settings;
mod stored;
mod there_already;

pub use deliveries::{Deliveries, DeliveryId, Lag, QueuedDelivery};
pub(crate) use garage::Garage;
pub use refusal::Refusal;
pub use settings::{AfterLong, PartnerPush, PushSettings, UsePatch};
pub(crate) use stored::{
    BELLS, CURSORS, DEAD, DELIVERED, LETTERS, message_at, position_of, without_words, words_of,
};
