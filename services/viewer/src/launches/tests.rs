//! What a host may launch, and what is kept of what it says.

use super::create::may_launch;
use super::{HostContext, LaunchAsk, LaunchBody};
use domain::{
    Assurance, AssuranceRank, Authority, ChiNumber, Organisation, OrganisationId, PartialDate, Position,
    PositionId, Purpose, Request, Requester, RoleClass, RoleMapping, SYSTEM_ROLE, SessionId, SharingEvent,
    Side, UserId, Window,
};
use jiff::Timestamp;
use policy::SharingState;
use proto::viewing::v1;
use storage::{Launch, PersonQuery};

const BODY: &str = r#"{
  "user": "a.strachan-bell", "organisation": "nhs-strathorr", "position": "charge-nurse-6", "purpose": "direct-care",
  "person": [{"chi_number": "1203414749"}, {"record": {"authority": "strathorr-pas", "local_id": "S77"}}],
  "host_demographics": {"birth_date": "1941-03-12", "family": "Dunbrae", "given": "Elspeth", "sex": "female"},
  "origin": "http://portal.localhost:7411", "relationship_asserted": true,
  "authenticated_at": "2026-11-17T14:00:00Z"
}"#;

pub(crate) fn chi(digits: &str) -> ChiNumber {
    ChiNumber::parse(digits).unwrap().0
}

pub(crate) fn organisation(id: &str, side: Side, authority: &str, origin: &str) -> Organisation {
    Organisation {
        id: OrganisationId::parse(id).unwrap(),
        name: id.to_owned(),
        side,
        ico_registration: "ZA000000".to_owned(),
        active: true,
        assurance: Assurance { rank: AssuranceRank::Reviewed, expires_at: None },
        sponsor: None,
        authorities: vec![Authority::parse(authority).unwrap()],
        origins: vec![origin.to_owned()],
        may_assert: Vec::new(),
        heard_every_s: 300,
        not_sent: Vec::new(),
        phones: Vec::new(),
    }
}

/// A board with a portal, and a council whose host may assert the board's people.
fn register() -> SharingState {
    let board = organisation("nhs-strathorr", Side::Health, "strathorr-pas", "http://portal.localhost:7411");
    let mut council =
        organisation("strathorr-council", Side::SocialWork, "case-system", "http://council.localhost:7410");
    council.may_assert = vec![board.id.clone()];
    let mut state = SharingState::default();
    state.apply(&SharingEvent::OrganisationRegistered(board));
    state.apply(&SharingEvent::OrganisationRegistered(council));
    state
}

fn message() -> v1::CreateLaunchRequest {
    LaunchBody::read(BODY.as_bytes()).unwrap()
}

/// The launch of [`BODY`], as it is stored.
pub(crate) fn launch() -> Launch {
    let ask = LaunchAsk::read(&message()).unwrap();
    let requester = Requester {
        user: UserId::parse("a.strachan-bell").unwrap(),
        organisation: ask.organisation.clone(),
        host_organisation: ask.organisation.clone(),
        position: None,
    };
    let request = Request {
        requester,
        purpose: Purpose::DirectCare,
        session: SessionId::parse("0192d3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6").unwrap(),
        bound_person: None,
        relationship_asserted: true,
        authenticated_at: ask.authenticated_at,
    };
    Launch { request, asked: ask.asked, origin: ask.origin, context: HostContext::encode(&message()) }
}

fn may(change: impl FnOnce(&mut v1::CreateLaunchRequest), host: &str) -> bool {
    may_by(&register(), change, host)
}

fn may_by(state: &SharingState, change: impl FnOnce(&mut v1::CreateLaunchRequest), host: &str) -> bool {
    let mut request = message();
    change(&mut request);
    let ask = LaunchAsk::read(&request).unwrap();
    may_launch(state, &OrganisationId::parse(host).unwrap(), &ask)
}

#[test]
fn a_json_launch_says_what_the_message_says() {
    let ask = LaunchAsk::read(&message()).unwrap();
    assert_eq!((ask.user.as_str(), ask.purpose), ("a.strachan-bell", Purpose::DirectCare));
    assert_eq!(ask.position.unwrap().as_str(), "charge-nurse-6");
    assert_eq!(ask.authenticated_at, "2026-11-17T14:00:00Z".parse::<Timestamp>().unwrap());
    assert!(ask.relationship_asserted);
}

#[test]
fn the_hosts_own_record_is_what_binds_and_the_number_beside_it_is_compared() {
    let ask = LaunchAsk::read(&message()).unwrap();
    assert!(matches!(&ask.asked, PersonQuery::Record(record) if record.local_id.as_str() == "S77"));
    let host = HostContext::read(&message()).unwrap();
    assert_eq!((host.identity.chi, host.shows_banner), (Some(chi("1203414749")), false));
}

#[test]
fn what_the_host_says_is_read_back_as_it_was() {
    let kept = HostContext::decode(&HostContext::encode(&message()));
    assert_eq!(kept, HostContext::read(&message()).unwrap());
    assert_eq!(kept.identity.birth_date, Some(PartialDate::parse_iso("1941-03-12").unwrap()));
    assert_eq!(kept.identity.family.as_deref(), Some("Dunbrae"));
    assert!(!format!("{kept:?}").contains("Dunbrae"));
}

#[test]
fn every_bad_field_is_named_and_no_value_is_repeated() {
    let empty = LaunchAsk::read(&v1::CreateLaunchRequest::default()).unwrap_err();
    let fields: Vec<&str> = empty.iter().map(|fault| fault.field.as_str()).collect();
    for field in ["user", "organisation", "purpose", "person", "origin", "authenticated_at"] {
        assert!(fields.iter().any(|one| one.starts_with(field)), "{field} in {fields:?}");
    }
    let mut request = message();
    "curiosity".clone_into(&mut request.purpose);
    request.origin = "https://a.scot; script-src *".to_owned();
    let faults = LaunchAsk::read(&request).unwrap_err();
    assert_eq!(faults.len(), 2);
    assert!(!format!("{faults:?}").contains("curiosity"));
}

#[test]
fn an_unknown_key_two_identifiers_in_one_and_a_bad_time_are_refused() {
    for (from, to) in [
        ("\"origin\"", "\"orgin\""),
        ("{\"chi_number\": \"1203414749\"}", "{\"chi_number\": \"1\", \"nhs_number\": \"2\"}"),
        ("2026-11-17T14:00:00Z", "yesterday"),
        ("\"female\"", "\"f\""),
    ] {
        let body = BODY.replacen(from, to, 1);
        assert_ne!(body, BODY);
        assert!(LaunchBody::read(body.as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn a_host_launches_its_own_people_from_its_own_pages_about_its_own_records() {
    assert!(may(|_| {}, "nhs-strathorr"));
    assert!(!may(|one| one.origin = "http://council.localhost:7410".to_owned(), "nhs-strathorr"));
    assert!(!may(|one| one.organisation = "strathorr-council".to_owned(), "nhs-strathorr"));
    assert!(!may(|_| {}, "nobody"));
    let foreign = LaunchBody::read(BODY.replacen("strathorr-pas", "case-system", 1).as_bytes()).unwrap();
    assert!(!may(|one| one.person = foreign.person, "nhs-strathorr"));
}

#[test]
fn a_host_launches_people_whom_the_register_lets_it_assert() {
    let from_council =
        |one: &mut v1::CreateLaunchRequest| one.origin = "http://council.localhost:7410".to_owned();
    assert!(may(from_council, "strathorr-council"));
    assert!(!may(|_| {}, "strathorr-council"), "the portal's page is not the council's");
}

#[test]
fn nobody_is_launched_as_a_source_system_whatever_post_is_named() {
    let mut state = register();
    let board = OrganisationId::parse("nhs-strathorr").unwrap();
    for (local_role, class) in [("PAS", SYSTEM_ROLE), ("Nurse", "R8001")] {
        state.apply(&SharingEvent::RoleMapped(RoleMapping {
            organisation: board.clone(),
            local_role: local_role.to_owned(),
            role: RoleClass::parse(class).unwrap(),
        }));
    }
    let posts = [
        ("pas-itself", "pas", "PAS", Window::default()),
        ("pas-before", "old-pas", "PAS", Window { from: None, to: Some(Timestamp::UNIX_EPOCH) }),
        ("charge-nurse-6", "a.strachan-bell", "Nurse", Window::default()),
    ];
    for (id, user, local_role, window) in posts {
        state.apply(&SharingEvent::PositionAssigned(Position {
            id: PositionId::parse(id).unwrap(),
            organisation: board.clone(),
            user: UserId::parse(user).unwrap(),
            display_name: id.to_owned(),
            local_role: local_role.to_owned(),
            window,
        }));
    }
    assert!(may_by(&state, |_| {}, "nhs-strathorr"));
    for (user, position) in [("pas", ""), ("pas", "pas-itself"), ("pas", "charge-nurse-6"), ("old-pas", "")] {
        let by_system = |one: &mut v1::CreateLaunchRequest| {
            user.clone_into(&mut one.user);
            position.clone_into(&mut one.position);
        };
        assert!(!may_by(&state, by_system, "nhs-strathorr"), "{user} as {position}");
    }
}
