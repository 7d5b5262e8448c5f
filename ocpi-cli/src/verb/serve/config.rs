//! Partners of a sandbox, by a file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ocpi_platform::Allow;
use ocpi_types::Url;
use ocpi_types::protocol::PartnerId;
use serde::Deserialize;

use crate::remote::{self, Failure, TokenSource};

/// Partners that a sandbox invites, or registers with.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) partners: Vec<Partner>,
}

/// A partner of a sandbox.
#[derive(Debug)]
pub(super) struct Partner {
    pub(super) id: String,
    pub(super) allow: Allow,
    /// The URL of its versions and the file of its token A, if the sandbox is to register with it.
    pub(super) at: Option<(Url, TokenSource)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    partners: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    parties: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    versions_url: Option<String>,
    token_file: Option<PathBuf>,
}

impl Config {
    /// Reads a file. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// When it cannot be read or understood, with the place in it.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(&name, error))?;
        let file: File = serde_json::from_str(&text).map_err(|error| Failure::unreadable(&name, error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut ids = BTreeSet::new();
        let mut partners = Vec::new();
        for entry in file.partners {
            let id = entry.id.clone();
            let wrong = |why: String| Failure::unreadable(format!("{name}: partner `{id}`"), why);
            if !ids.insert(entry.id.clone()) {
                return Err(wrong("it stands there twice".to_owned()));
            }
            partners.push(entry.partner(folder, wrong)?);
        }
        Ok(Self { partners })
    }
}

impl Entry {
    fn partner(self, folder: &Path, wrong: impl Fn(String) -> Failure) -> Result<Partner, Failure> {
        self.id.parse::<PartnerId>().map_err(|error| wrong(error.to_string()))?;
        let mut allow = self.hosts.iter().fold(Allow::default(), |allow, host| allow.host(host));
        for party in &self.parties {
            allow = allow.party(remote::party(party).map_err(&wrong)?);
        }
        let at = match (&self.versions_url, self.token_file) {
            (None, None) => None,
            (Some(url), Some(file)) => {
                let url = remote::url(url).map_err(&wrong)?;
                Some((url, TokenSource::of_file(folder.join(file))))
            }
            (Some(_), None) => return Err(wrong("`versions_url` needs `token_file`".to_owned())),
            (None, Some(_)) => return Err(wrong("`token_file` needs `versions_url`".to_owned())),
        };
        Ok(Partner { id: self.id, allow, at })
    }
}
