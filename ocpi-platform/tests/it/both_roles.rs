//! Two platforms of 2.1.1 that are a CPO and an eMSP each: credentials of 2.1.1 name no roles.

use ocpi_platform::{Allow, PartnerState};
use ocpi_testkit::{Network, PlatformSetup, TestPlatform, location_json, parse, party, token_json};
use ocpi_types::endpoint::{GetCopy, Put, RootResource};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Role, Version};
use pollster::block_on;

/// A CPO and an eMSP of one party.
fn setup(name: &'static str, country: &str, party: &str) -> PlatformSetup {
    let roles = [("CPO", country, party), ("EMSP", country, party)];
    PlatformSetup {
        versions: vec![Version::V2_1_1],
        permissions: ocpi_platform::Permissions::default(),
        ..PlatformSetup::new(name, &roles)
    }
}

fn open(network: &Network) -> (TestPlatform, TestPlatform) {
    (setup("one", "NL", "ONE").open(network), setup("two", "DE", "TWO").open(network))
}

/// Registers `one` with `two`, which invited it with these roles.
fn register(one: &TestPlatform, two: &TestPlatform, roles: &[Role]) {
    let allow = roles.iter().cloned().fold(one.allow(), Allow::role);
    let token_a = block_on(two.platform.invite("one", allow)).expect("invited");
    let registered = one.platform.register("two", two.versions_url(), token_a, two.allow());
    assert_eq!(block_on(registered).expect("registered").state, PartnerState::Registered);
}

fn push<T: RootResource>(from: &TestPlatform, to: &str, object: T) -> Result<(), String>
where
    Put<T>: ocpi_types::endpoint::Endpoint,
{
    let sent = block_on(from.platform.send(to, &Put::of(object)));
    sent.map(drop).map_err(|error| error.to_string())
}

fn location(of: &str) -> Location {
    parse(&location_json(of, "L1", "10:00:00"))
}

fn token(of: &str) -> Token {
    parse(&token_json(of, "04A2", "10:00:00"))
}

#[test]
fn each_pushes_as_a_cpo_and_as_an_emsp() {
    let network = Network::default();
    let (one, two) = open(&network);
    register(&one, &two, &[]);
    for (from, name, to, to_name, own) in
        [(&one, "one", &two, "two", "NL/ONE"), (&two, "two", &one, "one", "DE/TWO")]
    {
        assert_eq!(to.partner(name).roles.len(), 2, "{name}");
        assert_eq!(push(from, to_name, location(own)), Ok(()), "{name} pushes a Location");
        assert_eq!(push(from, to_name, token(own)), Ok(()), "{name} pushes a Token");
        let owners: Vec<_> = to.all::<Location>().iter().map(|it| it.identity().owner).collect();
        assert_eq!(owners, [party(own)], "the owner of what {name} pushed is its party");
        let owners: Vec<_> = to.all::<Token>().iter().map(|it| it.identity().owner).collect();
        assert_eq!(owners, [party(own)], "the owner of what {name} pushed is its party");
    }
}

#[test]
fn each_reads_as_a_cpo_and_as_an_emsp() {
    let network = Network::default();
    let (one, two) = open(&network);
    register(&one, &two, &[]);
    block_on(one.platform.objects().put_all([location("NL/ONE")])).expect("a store");
    assert_eq!(block_on(two.platform.pull::<Location>("one", |_, _| {})).expect("pulled").objects, 1);
    assert_eq!(two.all::<Location>()[0].identity().owner, party("NL/ONE"));
    let ours = token("NL/ONE");
    push(&one, "two", ours.clone()).expect("pushed");
    let copy =
        block_on(one.platform.send("two", &GetCopy::<Token>::new(ours.identity()))).expect("the copy").value;
    assert_eq!(copy.identity(), ours.identity());
}

#[test]
fn nobody_pushes_objects_of_another_party() {
    let network = Network::default();
    let (one, two) = open(&network);
    register(&one, &two, &[]);
    for of in ["DE/TWO", "FR/XYZ"] {
        push(&one, "two", location(of)).expect_err("a Location of another party");
        push(&one, "two", token(of)).expect_err("a Token of another party");
    }
    assert_eq!((two.all::<Location>().len(), two.all::<Token>().len()), (0, 0));
}

/// An operator that names roles gives no others, whatever the partner has, also after it has changed its tokens.
#[test]
fn a_partner_has_no_role_that_the_operator_did_not_name() {
    for (role, pushes_location) in [(Role::Cpo, true), (Role::Emsp, false)] {
        let network = Network::default();
        let (one, two) = open(&network);
        register(&one, &two, std::slice::from_ref(&role));
        for _ in 0..2 {
            let roles: Vec<Role> = two.partner("one").roles.iter().map(|it| it.role.clone()).collect();
            assert_eq!(roles, std::slice::from_ref(&role));
            let pushed = (push(&one, "two", location("NL/ONE")), push(&one, "two", token("NL/ONE")));
            let (open, closed) = if pushes_location { pushed } else { (pushed.1, pushed.0) };
            assert_eq!(open, Ok(()));
            let refused = closed.expect_err("not its role");
            assert!(refused.contains("2000"), "{refused}");
            block_on(one.platform.rotate("two")).expect("rotated");
        }
    }
}
