//! The CDRs that `ocpi-tariffs` shows: its examples and its test data, read from its own sources as cargo has them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ocpi_types::Version;

use crate::engines::Document;

/// All of them, with their names.
///
/// # Panics
/// When the sources cannot be found.
#[must_use]
pub fn all() -> Vec<(String, Document)> {
    let root = sources();
    let mut files = Vec::new();
    walk(&root.join("test_data"), &mut files);
    walk(&root.join("examples"), &mut files);
    files.sort();
    files.iter().filter_map(|file| Some((name(&root, file), document(file)?))).collect()
}

fn name(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}

/// Where cargo keeps the sources.
fn sources() -> PathBuf {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    // The only place where the manifest of this package stands.
    let end = text.find("ocpi-tariffs-0.54.0/Cargo.toml").expect("the package") + "ocpi-tariffs-0.54.0".len();
    let start = text[..end].rfind('"').expect("the start of the path") + 1;
    PathBuf::from(&text[start..end])
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with("cdr") && name.ends_with(".json")
        }) {
            files.push(path);
        }
    }
}

fn document(file: &Path) -> Option<Document> {
    let text = uncommented(file)?;
    // Its examples are of 2.1.1 too.
    let is_new = file.components().any(|part| part.as_os_str() == "v221");
    let version = if is_new { Version::V2_2_1 } else { Version::V2_1_1 };
    let tariff = uncommented(&file.with_file_name("tariff.json"));
    Some(Document { version, text, tariff, zone: chrono_tz::Tz::Europe__Amsterdam })
}

/// Its files have lines of comments.
fn uncommented(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    Some(text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
}
