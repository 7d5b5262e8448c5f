//! Values that do not show.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

use super::rows::Value;

/// A value of a parameter that shows nothing of itself: at the level DEBUG the driver logs the parameters of statements, and ours
/// are documents, with tokens and the ids of drivers.
pub(super) struct Hidden<'a>(pub(super) Value<'a>);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<hidden>")
    }
}

impl ToSql for Hidden<'_> {
    fn to_sql(&self, r#type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(r#type, out)
    }

    /// Which types it can be, the value itself says when it is written.
    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        r#type: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(r#type, out)
    }

    fn encode_format(&self, r#type: &Type) -> Format {
        self.0.encode_format(r#type)
    }
}
