//! Errors with all their causes, in one line.

use std::error::Error;
use std::fmt;

/// Most causes that are shown: an error may be its own cause.
const MOST: usize = 16;

/// Shows an error with all its causes: `the storage failed: the disk is full: error 13`.
///
/// A cause that the text before it repeats is shown once.
///
/// ```
/// use ocpi_types::observe::Chain;
///
/// #[derive(Debug)]
/// struct Outer(std::io::Error);
/// impl std::fmt::Display for Outer {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the storage failed")
///     }
/// }
/// impl std::error::Error for Outer {
///     fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
///         Some(&self.0)
///     }
/// }
///
/// let error = Outer(std::io::Error::other("the disk is full"));
/// assert_eq!(Chain(&error).to_string(), "the storage failed: the disk is full");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        f.write_str(&last)?;
        let mut cause = self.0.source();
        for _ in 0..MOST {
            let Some(error) = cause else { break };
            let text = error.to_string();
            if !last.ends_with(&text) {
                write!(f, ": {text}")?;
                last = text;
            }
            cause = error.source();
        }
        Ok(())
    }
}
