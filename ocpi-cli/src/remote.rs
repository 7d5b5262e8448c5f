//! Verbs that speak with partners: tokens, connections, our own platform.

mod discovery;
mod failure;
mod own;
mod parsers;
mod reach;
mod report;
mod secret;
mod serve;
mod session;
mod shown;
mod status;
mod target;

pub(crate) use discovery::{discover, has_errors, offered};
pub(crate) use failure::{Failure, told};
pub(crate) use own::{Own, OwnPlatform, OwnRole, base_at, runtime};
pub(crate) use parsers::{duration, module, party, time, url};
pub(crate) use reach::{Http, Reach, request_ids};
pub(crate) use report::report;
pub(crate) use secret::{Secret, TokenSource, mask};
pub(crate) use serve::{listen, serve_inbox};
pub(crate) use session::Session;
pub(crate) use shown::{Deviation, EndpointRow, Table, VersionRow};
pub(crate) use status::print_status;
pub(crate) use target::Target;
