//! The examples that serve a router, each asked by a client.

mod axum;
mod call;
mod hyper;
mod layers;
mod side;
mod tls;
