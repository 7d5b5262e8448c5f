//! Tests of the partners that misbehave, and of this library's client against them.

mod lines;
mod worst;
