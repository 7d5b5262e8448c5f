//! Circles of files that import from one another.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::iter;

/// Imports between the files of a package.
#[derive(Default)]
pub(super) struct Graph {
    /// The `use` declarations, by the file that has them and the file that they lead to.
    uses: BTreeMap<String, BTreeMap<String, String>>,
}

/// Files that import each from the next, and the last from the first.
pub(super) struct Circle {
    /// The files in the order of their names, as from the `src` of their package.
    pub(super) name: String,
    /// The declarations that close it.
    pub(super) uses: String,
}

impl Graph {
    /// Adds a declaration; the first between two files is kept.
    pub(super) fn add(&mut self, from: &str, to: &str, declaration: String) {
        let targets = self.uses.entry(from.to_owned()).or_default();
        targets.entry(to.to_owned()).or_insert(declaration);
    }

    /// Circles by which all are broken: without the imports in these there is none.
    ///
    /// The shortest come first, so every two files that import from each other are among them.
    pub(super) fn circles(mut self) -> Vec<Circle> {
        let mut circles = Vec::new();
        while let Some(files) = self.shortest() {
            circles.push(self.cut(&files));
        }
        circles
    }

    /// Files of the shortest circle.
    fn shortest(&self) -> Option<Vec<String>> {
        let circles = self.uses.keys().filter_map(|file| self.way_back(file));
        let shortest = circles.min_by_key(Vec::len)?;
        Some(shortest.into_iter().map(str::to_owned).collect())
    }

    /// Files on the shortest way from a file back to itself, which is the first of them.
    fn way_back<'a>(&'a self, file: &'a str) -> Option<Vec<&'a str>> {
        let mut reached_from = BTreeMap::new();
        let mut open = VecDeque::from([file]);
        while let Some(from) = open.pop_front() {
            if self.uses.get(from).is_some_and(|targets| targets.contains_key(file)) {
                let back = iter::successors(Some(from), |file| reached_from.get(file).copied());
                let mut way: Vec<_> = back.collect();
                way.reverse();
                return Some(way);
            }
            for to in self.uses.get(from).into_iter().flat_map(BTreeMap::keys) {
                if let Entry::Vacant(reached) = reached_from.entry(&**to) {
                    reached.insert(from);
                    open.push_back(to);
                }
            }
        }
        None
    }

    /// Takes the imports of a circle out.
    fn cut(&mut self, files: &[String]) -> Circle {
        let next = files.iter().cycle().skip(1);
        let uses = files.iter().zip(next).filter_map(|(from, to)| self.uses.get_mut(from)?.remove(to));
        let uses = uses.collect::<Vec<_>>().join(" and ");
        let names: BTreeSet<_> = files.iter().map(|file| in_package(file)).collect();
        Circle { name: names.into_iter().collect::<Vec<_>>().join(" <-> "), uses }
    }
}

fn in_package(file: &str) -> &str {
    file.split_once("/src/").map_or(file, |(_, path)| path)
}
