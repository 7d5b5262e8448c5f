//! The token by which a partner knows us.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;
use ocpi_types::CredentialsToken;

use crate::remote::Failure;

/// Variable of the environment that may have the token.
const VARIABLE: &str = "OCPI_TOKEN";

/// Most bytes of a file with a token.
const MOST: u64 = 4 << 10;

#[derive(Debug, Args)]
pub(crate) struct TokenSource {
    /// Read the token from this file (- for standard input) [default: the environment variable OCPI_TOKEN]
    ///
    /// Blanks and ends of lines around it are left out. A token is never an argument: other users see those.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl TokenSource {
    /// The token in this file.
    pub(crate) fn of_file(path: PathBuf) -> Self {
        Self { token_file: Some(path) }
    }

    /// Reads the token.
    ///
    /// # Errors
    /// When there is none, or it is none that can be sent.
    pub(crate) fn read(&self) -> Result<Secret, Failure> {
        let (text, from) = match &self.token_file {
            Some(path) => {
                let name = path.display().to_string();
                (text_of(path).map_err(|error| Failure::unreadable(&name, error))?, name)
            }
            None => match std::env::var(VARIABLE) {
                Ok(text) => (text, VARIABLE.to_owned()),
                Err(_) => {
                    let why = format!("no token: name a file with --token-file, or set {VARIABLE}");
                    return Err(Failure::Usage(why));
                }
            },
        };
        // The text itself is not repeated.
        match text.trim().parse() {
            Ok(token) => Ok(Secret(token)),
            Err(_) => {
                let form = "a token has 1 to 64 printable ASCII characters without blanks";
                Err(Failure::Usage(format!("{from} holds no token: {form}")))
            }
        }
    }
}

fn text_of(path: &std::path::Path) -> io::Result<String> {
    let source: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(io::stdin().lock()) } else { Box::new(File::open(path)?) };
    let mut text = String::new();
    source.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

/// The text without the secret, if there is one.
pub(crate) fn mask(secret: Option<&Secret>, text: &str) -> String {
    secret.map_or_else(|| text.to_owned(), |secret| secret.mask(text))
}

/// A token that no output may show.
#[derive(Clone, Debug)]
pub(crate) struct Secret(CredentialsToken);

impl Secret {
    pub(crate) fn token(&self) -> CredentialsToken {
        self.0.clone()
    }

    /// The text with `***` in the place of the token, as it is and in Base64: a partner may repeat it.
    pub(crate) fn mask(&self, text: &str) -> String {
        // A word as short as this is no secret, and may be anywhere.
        const SHORTEST: usize = 6;
        if self.0.expose().len() < SHORTEST {
            return text.to_owned();
        }
        let encoded = self.0.to_header(true);
        let encoded = encoded.strip_prefix("Token ").unwrap_or(&encoded);
        [self.0.expose(), encoded, encoded.trim_end_matches('=')]
            .iter()
            .filter(|form| !form.is_empty())
            .fold(text.to_owned(), |text, form| text.replace(form, "***"))
    }
}
