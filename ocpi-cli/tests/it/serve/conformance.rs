//! The sandbox passes the suite of conformance checks.

use ocpi_types::Version;

use super::Sandbox;
use super::partner::Partner;
use crate::{folder, run};

async fn passes(roles: &str, partner: &str, version: Version) {
    let dir = folder(&[]);
    let sandbox = Sandbox::start(dir.path(), &["--roles", roles, "--seed", "city:5", "--invite", "me"]);
    let partner = Partner::register(&sandbox, partner, &[version]).await;
    let arguments = [
        "conformance",
        sandbox.text("versions_url"),
        "--allow-private",
        "--party",
        "DE/EMP",
        "--version",
        version.as_str(),
    ];
    let token = partner.token().await;
    let (path, arguments) = (dir.path().to_owned(), arguments.map(str::to_owned));
    let checked = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(&path, &arguments, &[("OCPI_TOKEN", &token)], b"")
    });
    let checked = checked.await.unwrap();
    assert_eq!(checked.code, 0, "{roles} {version}: {}{}", checked.out, checked.err);
    assert!(checked.out.contains(" 0 failed, 0 warned, "), "{roles} {version}: {}", checked.out);
    assert_eq!(sandbox.stop().0, Some(0));
}

macro_rules! passes {
    ($($name:ident: $version:ident;)+) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            passes("cpo", "EMSP", Version::$version).await;
            passes("emsp", "CPO", Version::$version).await;
        }
    )+ };
}

passes! {
    in_2_1_1: V2_1_1;
    in_2_2: V2_2;
    in_2_2_1: V2_2_1;
    in_2_3_0: V2_3_0;
}
