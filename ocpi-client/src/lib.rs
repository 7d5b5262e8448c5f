//! OCPI client: requests, answers, paging and registration, over any HTTP client.
//!
//! [`Client::request`] and [`Client::response`] do no I/O: the first turns an endpoint into an `http::Request<Bytes>`, the
//! second an `http::Response<Bytes>` into the endpoint's answer. [`Client::send`] does both, with a [`Transport`] in between.
//! [`Client::over`] sets the transport: a closure ([`transport::from_fn`]) or, with the feature `reqwest`, `Reqwest`.
//! [`RequestOptions`] override settings for a single request: parties, ids, a deadline.
//!
//! ```
//! use bytes::Bytes;
//! use ocpi_client::{Client, RequestIds};
//! use ocpi_types::endpoint::List;
//! use ocpi_types::v2_3_0::locations::Location;
//! use ocpi_types::v2_3_0::versions::EndpointInit;
//! use ocpi_types::{InterfaceRole, ModuleId, Version};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = EndpointInit {
//!     identifier: ModuleId::Locations,
//!     role: InterfaceRole::Sender,
//!     url: "https://cpo.example/ocpi/2.3.0/locations".parse()?,
//! };
//! let client = Client::new(Version::V2_3_0, vec![endpoint.into()], "secret".parse()?, RequestIds::new("run-1"));
//!
//! let request = client.request(&List::<Location>::all())?;
//! assert_eq!(request.uri(), "https://cpo.example/ocpi/2.3.0/locations");
//!
//! let body = br#"{"data": [], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
//! let page = client.response::<List<Location>>(http::Response::new(Bytes::from_static(body)))?.value;
//! assert!(page.items.is_empty());
//! # Ok(()) }
//! ```
//!
//! # Transports
//!
//! | Requests are sent | Use | Feature |
//! |---|---|---|
//! | in an async program on Tokio | `Reqwest` | `reqwest` |
//! | without an async runtime | [`blocking::Client`] over `Ureq` | `ureq` |
//! | with your own HTTP client | your own [`Transport`], which has one method: see `examples/examples/hyper.rs` | – |
//! | in a test | [`transport::from_fn`] | – |
//! | over transports of several types | [`transport::AnyTransport`], [`transport::ByHost`] | – |
//!
//! The built-in transports, `Reqwest` and `Ureq`, obey the rules of an `Outbound`: which addresses they may connect to, how long
//! they wait, and how much they read. By default they connect to public addresses only, whatever a host name resolves to at
//! that moment. For tests on one machine, use `Outbound::with_urls(UrlPolicy::Any)`:
//!
//! ```
//! # #[cfg(feature = "reqwest-no-tls")] {
//! use ocpi_client::{Outbound, Reqwest, UrlPolicy};
//! let production = Reqwest::new(Outbound::new())?;
//! let development = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
//! # drop((production, development));
//! # }
//! # Ok::<(), ocpi_client::TransportError>(())
//! ```
//!
//! # Features
//!
//! | Feature | Adds | Crates in the build |
//! |---|---|--:|
//! | (none, as by default) | requests and answers, for any HTTP client | 53 |
//! | `reqwest` | `Reqwest`, a transport, with TLS by rustls | 104 |
//! | `reqwest-native-tls` | the same, with the TLS of the operating system | 102 |
//! | `reqwest-no-tls` | the same, for http URLs only | 90 |
//! | `ureq` | `Ureq`, a blocking transport, with TLS by rustls | 76 |
//! | `ureq-native-tls` | the same, with the TLS of the operating system | 80 |
//! | `ureq-no-tls` | the same, for http URLs only | 65 |
//! | `outbound` | `Outbound`, the rules of these transports, for your own transport | 59 |
//!
//! If `rustls` and `native-tls` are both compiled in, rustls is used, with ring as its crypto provider (`Ureq` uses the
//! default provider of the process, if the program has installed one).
//!
//! The crates are those of Linux on x86-64 with the versions in `Cargo.lock`, this one included. To count them:
//!
//! ```sh
//! cargo tree -p ocpi-client --features reqwest -e normal --prefix none --no-dedupe \
//!     --target x86_64-unknown-linux-gnu | sort -u | wc -l
//! ```
//!
//! # Errors
//!
//! An [`Error`] names the endpoint that failed, and what to do; its source leads to the error of the transport. The
//! partner's own words are kept separately, because they are untrusted text: [`Error::partner_message`], or
//! [`Error::excerpt`] if the answer is not OCPI. [`Client::observed_by`] takes an
//! [`Observer`](ocpi_types::observe::Observer), which hears of every request and its outcome.
//!
//! # Repeats and pace
//!
//! [`Client::send`] repeats a request that failed for a temporary reason, if the endpoint may be repeated
//! ([`Endpoint::REPEAT`](ocpi_types::endpoint::Endpoint::REPEAT)): [`Retry`] says how often. No more than 100 requests a
//! minute go to a partner, or as many as [`Client::with_rate`] allows, and none before the `Retry-After` of a 429 or 503 has
//! passed, a minute at most. The pages of a list leave a tenth of that rate to other requests. Commands, CDRs and other
//! requests that must not be carried out twice are sent only once.
//!
//! # Hosts
//!
//! Some endpoints go to URLs that a partner chose: the `Location` of a CDR, the `response_url` of commands and charging
//! profiles, the next page of a list. Requests go only to the hosts of the partner's endpoints and of its list of
//! versions. A [`Transport`] must not follow redirects of writes, nor any to another origin: the token would be sent there.
//! `Reqwest` and `Ureq` follow those of GET on the same origin, three at most. [`UrlPolicy`] judges the text of a URL.
//!
//! # Answers
//!
//! An [`Answer`] has the value, the findings from reading it, and the [`Ledger`](ocpi_types::convert::Ledger) of the
//! conversion, if the partner speaks a version other than that of the application's types. A
//! [`PartnerProfile`](ocpi_types::protocol::PartnerProfile) says how the partner deviates: the form of its token, the style of
//! messages to it, the treatment of its partial objects. Values that were shortened for it are listed in the extensions of the
//! request.
//!
//! The status in the envelope says whether a request succeeded, by its first digit; [`Client::response`] explains what counts
//! if there is no envelope. A page is read in one pass over its envelope. If a failure status follows the
//! data, the data is discarded. An answer without a list is an error: taken for an empty page, it would
//! end [`Pages`] as if that were complete. An object that cannot be expressed in the version of the application is
//! kept as text, with a finding.
//!
//! # Registration
//!
//! [`Discovery`] and [`Registration`] take an answer and return the request to send next. They do no I/O and store
//! nothing: `ocpi-platform` stores their results. For a partner that deviates, each known workaround is tried once: with the
//! token in its other form, the list of versions below the URL that was given, `null` for absent members, PUT for POST. What
//! worked is recorded in the profile of the resulting client, and is used first next time; what was tolerated is reported as
//! [`Deviation`]s. Credentials go to the origin of the list of versions only, unless [`Registration::trusting`] names another.

mod addresses;
pub mod blocking;
mod client;
mod delivery;
mod deviation;
mod discover;
mod error;
mod handshake;
mod ids;
mod learned;
#[cfg(feature = "outbound")]
pub mod outbound;
mod pace;
pub mod paging;
mod partial_credentials;
#[cfg(feature = "reqwest-no-tls")]
mod reqwest;
mod retry_after;
pub mod transport;
#[cfg(feature = "ureq-no-tls")]
mod ureq;
mod url_policy;
mod wait;

pub use addresses::AddressKind;
pub use client::{Answer, Client, RequestOptions};
pub use delivery::{Delivery, Retry};
pub use deviation::Deviation;
pub use error::{Error, ErrorKind};
pub use handshake::{Discovered, Discovery, Next, Registered, Registration, VersionList, VersionSearch};
pub use ids::RequestIds;
pub use learned::Learned;
#[cfg(feature = "outbound")]
pub use outbound::Outbound;
pub use pace::Pace;
pub use paging::{Budget, Pages};
pub use partial_credentials::PartialCredentials;
#[cfg(feature = "reqwest-no-tls")]
pub use reqwest::Reqwest;
pub use transport::{Transport, TransportError, TransportErrorKind};
#[cfg(feature = "ureq-no-tls")]
pub use ureq::Ureq;
pub use url_policy::{UrlPolicy, UrlRefused, UrlRule};
