//! The library as its users see it: against the specification's tables, and against texts as partners send them.

mod blanks;
mod branches;
#[cfg(feature = "proptest")]
mod cases;
mod census;
mod convert;
mod corpus;
mod endpoints;
mod facts;
mod feed;
mod fixtures;
mod house;
#[cfg(feature = "proptest")]
mod mutations;
#[cfg(all(feature = "metrics", feature = "tracing"))]
mod observe;
mod priceable;
mod properties;
mod reading;
mod registry;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod serde;
mod shared;
mod standards;
#[cfg(feature = "proptest")]
mod strategies;
mod writing;
