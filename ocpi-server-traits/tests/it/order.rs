//! The order of updates: schedules of the model, and its properties.

mod answers;
mod doubts;
mod faults;
mod properties;
mod replay;
mod schedule;
mod speed;
mod wire;
