//! The modules of a package, and the files that the paths in their `use` declarations lead to.

use std::collections::BTreeMap;
use std::iter;

use super::File;
use super::circles::Graph;
use super::imports::{Import, Outline};

/// Number of re-exports that are followed to where a name is defined.
const RE_EXPORTS: u8 = 5;

/// Names of modules, from the root of the package inwards.
type Path = Vec<String>;

/// The modules of a package. Programs in `bin` and tests are no part of it.
#[derive(Default)]
pub(super) struct Package {
    modules: BTreeMap<Path, Module>,
    imports: Vec<(Path, Import)>,
}

/// A module, in a file of its own or written within the file of another.
#[derive(Default)]
struct Module {
    file: String,
    /// Names that it imports, with their paths.
    names: BTreeMap<String, Path>,
    /// Macros in its file.
    macros: Vec<String>,
}

impl Package {
    pub(super) fn new(files: &[File]) -> Self {
        let mut package = Self::default();
        for file in files {
            if let Some(path) = path_of(&file.path) {
                package.add(&path, file);
            }
        }
        package
    }

    /// Imports between the files.
    ///
    /// Those of a file from the files of modules within its own are left out: it is there to declare them, and to
    /// pass their names on. So are imports of macros only.
    pub(super) fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        for (module, import) in &self.imports {
            let Some((target, item)) = self.resolve(module, &import.path, RE_EXPORTS) else { continue };
            let (from, to) = (&self.modules[module].file, &self.modules[&target].file);
            let is_macro = item.is_some_and(|item| self.modules[&target].macros.contains(&item));
            if from != to && !is_macro && !is_within(to, from) {
                graph.add(from, to, format!("`use {}` at {from}:{}", import.path.join("::"), import.line));
            }
        }
        graph
    }

    fn add(&mut self, path: &[String], file: &File) {
        let outline = Outline::of(&file.text);
        for inner in iter::once(Path::new()).chain(outline.modules) {
            let module =
                Module { file: file.path.clone(), macros: outline.macros.clone(), ..Module::default() };
            self.modules.insert([path, &inner].concat(), module);
        }
        for import in outline.imports {
            self.import([path, &import.within].concat(), import);
        }
    }

    fn import(&mut self, path: Path, import: Import) {
        // `use name;` only says who else may see the name.
        let is_new = !import.is_local && import.path != [&*import.name];
        if let Some(module) = self.modules.get_mut(&path).filter(|_| is_new) {
            module.names.insert(import.name.clone(), import.path.clone());
        }
        self.imports.push((path, import));
    }

    /// The module that defines what a path leads to, and the name of the item when that is not the module itself.
    fn resolve(&self, module: &[String], path: &[String], re_exports: u8) -> Option<(Path, Option<String>)> {
        let (mut at, path) = self.beginning(module, path)?;
        for name in path {
            let inner = child(&at, name);
            if self.modules.contains_key(&inner) {
                at = inner;
                continue;
            }
            let imported = self.modules.get(&at)?.names.get(name).filter(|_| re_exports > 0);
            let Some(imported) = imported else { return Some((at, Some(name.clone()))) };
            match self.resolve(&at, imported, re_exports - 1)? {
                (module, None) => at = module,
                item => return Some(item),
            }
        }
        Some((at, None))
    }

    /// The module in which a path begins, and the rest of the path; none when that is another package.
    fn beginning<'p>(&self, module: &[String], path: &'p [String]) -> Option<(Path, &'p [String])> {
        match &**path.first()? {
            "crate" => Some((Path::new(), &path[1..])),
            "self" => Some((module.to_vec(), &path[1..])),
            "super" => {
                let up = path.iter().take_while(|name| *name == "super").count();
                let depth = module.len().checked_sub(up)?;
                Some((module[..depth].to_vec(), &path[up..]))
            }
            name => {
                let is_imported = self.modules.get(module)?.names.contains_key(name);
                let is_ours = is_imported || self.modules.contains_key(&child(module, name));
                is_ours.then(|| (module.to_vec(), path))
            }
        }
    }
}

fn child(module: &[String], name: &str) -> Path {
    [module, &[name.to_owned()]].concat()
}

/// The path of a file's module; none when the file is a program of its own, or a test.
fn path_of(file: &str) -> Option<Path> {
    let (_, path) = file.strip_suffix(".rs")?.split_once("/src/")?;
    let is_apart = path.starts_with("bin/") || path.ends_with("/tests");
    let is_root = path == "lib" || path == "main";
    let names = path.split('/').filter(|_| !is_root).map(str::to_owned);
    (!is_apart).then(|| names.collect())
}

/// Whether the module of a file is within the module of another.
fn is_within(file: &str, other: &str) -> bool {
    match (path_of(file), path_of(other)) {
        (Some(path), Some(other)) => path.starts_with(&other),
        _ => false,
    }
}
