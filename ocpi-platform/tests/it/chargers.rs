//! The CPO's side of commands and charging profiles: requests that are judged, taken, done and answered.

mod again;
mod delivery;
mod depot;
mod judged;
mod taken;
