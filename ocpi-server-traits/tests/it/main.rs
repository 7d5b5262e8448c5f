//! The crate as its users see it.

mod faulty;
mod store;
