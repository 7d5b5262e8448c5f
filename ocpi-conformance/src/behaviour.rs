//! Behaviours: one plain async function each, in tables with title, source and prerequisites.

use std::future::Future;
use std::pin::Pin;

use ocpi_types::Version;

use crate::check::{Check, CheckOutcome, Checked, Done, Level, Mode, Stop};
use crate::context::Context;

/// A check that runs.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Done> + Send + 'a>>;

/// A behaviour, of a subject such as a list.
pub(crate) struct Behaviour<S: 'static> {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// Section of the rule. One that begins with `§` is of the chapter of the module.
    pub(crate) source: &'static str,
    pub(crate) level: Level,
    pub(crate) mode: Mode,
    /// The oldest version that has the rule.
    pub(crate) since: Version,
    /// Checks without whose success this one says nothing: of the same group, or by their whole id.
    pub(crate) needs: &'static [&'static str],
    pub(crate) run: for<'a> fn(&'a Context, &'a S) -> Running<'a>,
}

/// Declares a table of behaviours: `name level since: title, source, needs => function`.
macro_rules! behaviours {
    ($subject:ty, $mode:ident; $($name:literal $level:ident $since:ident: $title:literal,
        $source:literal $(, needs $($need:literal)+)? => $run:path;)+) => {
        &[$($crate::behaviour::Behaviour::<$subject> {
            name: $name,
            title: $title,
            source: $source,
            level: $crate::check::Level::$level,
            mode: $crate::check::Mode::$mode,
            since: ocpi_types::Version::$since,
            needs: &[$($($need),+)?],
            run: |cx, subject| Box::pin($run(cx, subject)),
        },)+]
    };
}
pub(crate) use behaviours;

/// A group of checks: its name in ids, its module, and the chapter that has its rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group<'a> {
    pub(crate) name: &'a str,
    pub(crate) module: &'a str,
    pub(crate) chapter: &'a str,
}

/// Runs the behaviours of a table, as far as the version has them, one after the other.
pub(crate) async fn run<S: Sync>(cx: &Context, group: Group<'_>, table: &[Behaviour<S>], subject: &S) {
    for behaviour in table {
        let version = cx.version();
        if version.is_some_and(|version| version < behaviour.since) {
            continue;
        }
        let number = version.unwrap_or(Version::V2_2_1);
        let chapter =
            if behaviour.source.starts_with('§') { format!("{} ", group.chapter) } else { String::new() };
        let check = Check {
            id: format!("{}.{}", group.name, behaviour.name),
            module: group.module.to_owned(),
            title: behaviour.title,
            source: format!("{number} {chapter}{}", behaviour.source),
            level: behaviour.level,
            mode: behaviour.mode,
        };
        let outcome = match cx.missing(group.name, behaviour.needs) {
            Some(why) => CheckOutcome::Skipped(why),
            None => outcome((behaviour.run)(cx, subject).await, behaviour.level),
        };
        cx.add(Checked { check, outcome });
    }
}

fn outcome(done: Done, level: Level) -> CheckOutcome {
    match done {
        Ok(0) => CheckOutcome::Skipped("there is nothing to look at".to_owned()),
        Ok(cases) => CheckOutcome::Passed(cases),
        Err(Stop::Skipped(why)) => CheckOutcome::Skipped(why),
        Err(Stop::Failed(failure)) if level == Level::Should => CheckOutcome::Warned(failure),
        Err(Stop::Failed(failure)) => CheckOutcome::Failed(failure),
    }
}
