//! Plans and costs of statements.
