//! Steps that the script asks for.

use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{Role, Version, json};
use serde_json::Value;

use crate::dialog::Failure;

/// The object that a step is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A Location.
    Location,
    /// The first EVSE of a Location.
    Evse,
    /// A Token.
    Token,
}

/// One step, with what it is about.
#[derive(Debug)]
pub(crate) struct Request(Value);

impl Request {
    /// Reads a line.
    pub(crate) fn read(line: &str) -> Result<Self, Failure> {
        Ok(Self(serde_json::from_str(line)?))
    }

    /// The name of the step.
    pub(crate) fn step(&self) -> &str {
        self.0.get("do").and_then(Value::as_str).unwrap_or_default()
    }

    /// A text that the step needs.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        let text = self.0.get(name).and_then(Value::as_str);
        text.ok_or_else(|| format!("{} needs {name}", self.step()).into())
    }

    /// A text that the step may have.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The kind of object.
    pub(crate) fn kind(&self) -> Result<Kind, Failure> {
        match self.text("of")? {
            "Location" => Ok(Kind::Location),
            "EVSE" => Ok(Kind::Evse),
            "Token" => Ok(Kind::Token),
            other => Err(format!("no step is about a {other}").into()),
        }
    }

    /// A party, such as `NL/ALF`.
    pub(crate) fn party(&self, name: &str) -> Result<Party, Failure> {
        let text = self.text(name)?;
        let (country, party) = text.split_once('/').ok_or("a party is written NL/ALF")?;
        Ok(Party::new(country, party)?)
    }

    /// Endpoints of a partner.
    pub(crate) fn endpoints(&self) -> Result<Vec<Endpoint>, Failure> {
        let Some(list) = self.0.get("endpoints") else { return Ok(Vec::new()) };
        Ok(json::read_list(list.to_string().as_bytes())?.items)
    }

    /// The roles of a platform.
    pub(crate) fn roles(&self) -> Result<Vec<Role>, Failure> {
        self.texts("roles")
            .into_iter()
            .map(|role| match role {
                "CPO" => Ok(Role::Cpo),
                "EMSP" => Ok(Role::Emsp),
                other => Err(Failure::from(format!("no step is about the role {other}"))),
            })
            .collect()
    }

    /// The versions that are spoken.
    pub(crate) fn versions(&self) -> Vec<Version> {
        self.texts("versions").into_iter().filter_map(|version| version.parse().ok()).collect()
    }
}
