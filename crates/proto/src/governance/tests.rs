//! What governance sends reads back as it was written, and what breaks a rule is refused under its own path.

use super::samples;
use super::*;
use domain::{CredentialKind, DirectiveKind, FieldViolation, OverrideReason};
use proptest::prelude::*;

fn paths<T>(read: Result<T, Vec<FieldViolation>>) -> Vec<String> {
    read.err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

fn wire() -> v1::Agreement {
    wire_agreement(&samples::agreement())
}

/// The flow of the sample's base, changed.
fn with_flow(change: impl FnOnce(&mut v1::DataFlow)) -> Vec<String> {
    let mut wire = wire();
    change(&mut wire.flows[0]);
    paths(agreement(wire, "agreement"))
}

#[test]
fn every_noun_that_is_sent_reads_back() {
    let entry = samples::organisation();
    assert_eq!(organisation(wire_organisation(&entry), "x"), Ok(entry.clone()));
    assert_eq!(assurance(wire_assurance(&entry.assurance), "x"), Ok(entry.assurance));
    assert_eq!(window(wire_window(&samples::window()), "x"), Ok(samples::window()));
    assert_eq!(signing_key(wire_signing_key(&samples::signing_key()), "x"), Ok(samples::signing_key()));
    for kind in [CredentialKind::Feed, CredentialKind::Host, CredentialKind::Operator] {
        let held = samples::credential(kind);
        assert_eq!(credential(wire_credential(&held), "x"), Ok(held));
    }
    assert_eq!(position(wire_position(&samples::position()), "x"), Ok(samples::position()));
    assert_eq!(role_mapping(wire_role_mapping(&samples::role_mapping()), "x"), Ok(samples::role_mapping()));
    assert_eq!(training(wire_training(&samples::training()), "x"), Ok(samples::training()));
    let flow = samples::flow("f");
    assert_eq!(legal_basis(wire_legal_basis(&flow.legal_basis), "x"), Ok(flow.legal_basis.clone()));
    assert_eq!(data_flow(wire_data_flow(&flow), "x"), Ok(flow));
    let whole = samples::agreement();
    assert_eq!(appendix(wire_appendix(&whole.appendices[0]), "x"), Ok(whole.appendices[0].clone()));
    assert_eq!(agreement(wire_agreement(&whole), "x"), Ok(whole));
    for path in [samples::part(None), samples::part(Some("C"))] {
        assert_eq!(part_path(wire_part_path(&path), "x"), Ok(path));
    }
    assert_eq!(signature(wire_signature(&samples::signature()), "x"), Ok(samples::signature()));
}

#[test]
fn every_kind_of_directive_and_override_reads_back() {
    use DirectiveKind as Kind;
    for kind in [Kind::Dissent, Kind::Restriction, Kind::Sealed, Kind::LegalHold, Kind::ProtectedAddress] {
        let set = samples::directive(kind);
        assert_eq!(directive(wire_directive(&set), "x"), Ok(set));
    }
    use OverrideReason as Reason;
    for reason in
        [Reason::PublicInterest, Reason::Statute, Reason::CourtOrder, Reason::Emergency, Reason::Other]
    {
        let declared = samples::override_of(reason);
        assert_eq!(override_declaration(wire_override(&declared), "x"), Ok(declared));
    }
}

#[test]
fn a_directive_without_an_id_is_refused_unless_it_is_being_set() {
    let sent =
        v1::Directive { id: String::new(), ..wire_directive(&samples::directive(DirectiveKind::Dissent)) };
    assert_eq!(paths(directive(sent.clone(), "directive")), ["directive.id"]);
    let set = new_directive(sent, "directive", samples::directive_id(42)).unwrap();
    assert_eq!(set.id, samples::directive_id(42));
    let named = wire_directive(&samples::directive(DirectiveKind::Dissent));
    assert_eq!(
        new_directive(named, "", samples::directive_id(42)).unwrap().id,
        samples::directive_id(0x5b0f_0a52)
    );
}

#[test]
fn an_enum_value_that_is_not_said_or_not_known_is_refused() {
    for number in [0, 99, -1] {
        let entry = wire_organisation(&samples::organisation());
        assert_eq!(paths(organisation(v1::Organisation { side: number, ..entry }, "o")), ["o.side"]);
        assert_eq!(paths(assurance(v1::Assurance { rank: number, expires_at: None }, "a")), ["a.rank"]);
        let held = wire_credential(&samples::credential(CredentialKind::Feed));
        assert_eq!(paths(credential(v1::Credential { kind: number, ..held }, "c")), ["c.kind"]);
        assert_eq!(paths(agreement(v1::Agreement { risk: number, ..wire() }, "a")), ["a.risk"]);
        let set = wire_directive(&samples::directive(DirectiveKind::Dissent));
        assert_eq!(paths(directive(v1::Directive { kind: number, ..set }, "d")), ["d.kind"]);
        let declared = wire_override(&samples::override_of(OverrideReason::Other));
        assert_eq!(
            paths(override_declaration(v1::Override { reason: number, ..declared }, "o")),
            ["o.reason"]
        );
    }
}

#[test]
fn a_flow_names_only_what_is_known() {
    assert_eq!(with_flow(|flow| flow.purposes[1] = "marketing".into()), ["agreement.flows[0].purposes[1]"]);
    assert_eq!(with_flow(|flow| flow.ages[0] = "13-14".into()), ["agreement.flows[0].ages[0]"]);
    assert_eq!(with_flow(|flow| flow.scopes[0] = "secret".into()), ["agreement.flows[0].scopes[0]"]);
    assert_eq!(
        with_flow(|flow| flow.grants[0].scopes[2] = "x".into()),
        ["agreement.flows[0].grants[0].scopes[2]"]
    );
    assert_eq!(
        with_flow(|flow| flow.schedule[1].kind = "shoe_size".into()),
        ["agreement.flows[0].schedule[1].kind"]
    );
}

#[test]
fn a_level_outside_its_range_is_refused() {
    for level in [5, 256, u32::MAX] {
        assert_eq!(with_flow(|flow| flow.level = level), ["agreement.flows[0].level"]);
        assert_eq!(with_flow(|flow| flow.override_cap = level), ["agreement.flows[0].override_cap"]);
        assert_eq!(
            with_flow(|flow| flow.without_relationship = level),
            ["agreement.flows[0].without_relationship"]
        );
        assert_eq!(with_flow(|flow| flow.grants[0].level = level), ["agreement.flows[0].grants[0].level"]);
        assert_eq!(
            with_flow(|flow| flow.schedule[0].level = level),
            ["agreement.flows[0].schedule[0].level"]
        );
        assert_eq!(paths(agreement(v1::Agreement { overdue_cap: level, ..wire() }, "")), ["overdue_cap"]);
    }
    assert_eq!(with_flow(|flow| flow.schedule[0].level = 0), ["agreement.flows[0].schedule[0].level"]);
    assert_eq!(with_flow(|flow| flow.level = 0), [""; 0]);
}

#[test]
fn what_stands_twice_is_refused_where_it_stands_again() {
    let twice = |flow: &mut v1::DataFlow| {
        flow.schedule.push(v1::ScheduleEntry { level: 4, ..flow.schedule[0].clone() });
    };
    assert_eq!(with_flow(twice), ["agreement.flows[0].schedule[2]"]);
    assert_eq!(with_flow(|flow| flow.grants.push(flow.grants[0].clone())), ["agreement.flows[0].grants[1]"]);
    assert_eq!(with_flow(|flow| flow.ages.push("adult".into())), ["agreement.flows[0].ages[4]"]);
    assert_eq!(with_flow(|flow| flow.scopes.push("third-party".into())), ["agreement.flows[0].scopes[2]"]);
    let mut sent = wire();
    sent.appendices.push(sent.appendices[0].clone());
    sent.parties.push(sent.parties[0].clone());
    sent.flows.push(sent.flows[0].clone());
    assert_eq!(paths(agreement(sent, "")), ["parties[2]", "flows[1]", "appendices[1]"]);
}

#[test]
fn texts_are_bounded_and_hold_no_control_characters() {
    for title in ["", " ", "two\nlines", "\u{1b}[31m", &"é".repeat(201)] {
        assert_eq!(paths(agreement(v1::Agreement { title: title.into(), ..wire() }, "a")), ["a.title"]);
        let entry = wire_organisation(&samples::organisation());
        assert_eq!(paths(organisation(v1::Organisation { name: title.into(), ..entry }, "o")), ["o.name"]);
    }
    for text in ["", " \n", "\u{8}", &"é".repeat(501)] {
        let declared = wire_override(&samples::override_of(OverrideReason::Other));
        assert_eq!(
            paths(override_declaration(v1::Override { text: text.into(), ..declared }, "o")),
            ["o.text"]
        );
    }
    assert!(agreement(v1::Agreement { title: "é".repeat(200), ..wire() }, "a").is_ok());
}

#[test]
fn digests_keys_and_signatures_have_their_length() {
    let key = v1::SigningKey { public_key: vec![0; 31], ..wire_signing_key(&samples::signing_key()) };
    assert_eq!(paths(signing_key(key, "key")), ["key.public_key"]);
    let short = v1::Signature {
        content_hash: vec![0; 33],
        signature: Vec::new(),
        ..wire_signature(&samples::signature())
    };
    assert_eq!(paths(signature(short, "s")), ["s.content_hash", "s.signature"]);
    assert_eq!(paths(secret_digest(vec![0; 16], "secret_digest")), ["secret_digest"]);
    assert_eq!(secret_digest(vec![7; 32], "secret_digest"), Ok(vec![7; 32]));
}

#[test]
fn nothing_but_an_origin_gets_into_the_header_of_origins() {
    let read = |origin: &str| {
        let origins = vec![origin.to_owned()];
        organisation(v1::Organisation { origins, ..wire_organisation(&samples::organisation()) }, "o")
    };
    for good in [
        "https://portal.example",
        "http://council.localhost:7410",
        "http://127.0.0.1:7410",
        "http://[::1]:7410",
        "http://[::1]",
    ] {
        assert!(read(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "*",
        "https://",
        "https://*",
        "https://*.example",
        "https://a.example/",
        "https://a.example/path",
        "https://a.example; script-src *",
        "https://a.example https://b.example",
        "https://A.example",
        "https://a..example",
        "https://a.example:0",
        "https://a.example:080",
        "https://a.example:65536",
        "https://a.example:",
        "https://user@a.example",
        "https://[::1",
        "ftp://a.example",
        "null",
        "data:",
    ] {
        assert_eq!(paths(read(bad)), ["o.origins[0]"], "{bad}");
    }
}

#[test]
fn a_part_that_must_be_there_is_asked_for() {
    assert_eq!(
        paths(organisation(
            v1::Organisation { assurance: None, ..wire_organisation(&samples::organisation()) },
            ""
        )),
        ["assurance"]
    );
    assert_eq!(with_flow(|flow| flow.legal_basis = None), ["agreement.flows[0].legal_basis"]);
    assert_eq!(
        paths(signature(v1::Signature { part: None, ..wire_signature(&samples::signature()) }, "")),
        ["part"]
    );
    let unnamed =
        v1::Directive { record: None, ..wire_directive(&samples::directive(DirectiveKind::Sealed)) };
    assert_eq!(paths(directive(unnamed, "directive")), ["directive.record"]);
    assert_eq!(
        paths(training(v1::Training { expires_at: None, ..wire_training(&samples::training()) }, "")),
        ["expires_at"]
    );
}

#[test]
fn a_window_left_out_is_open_and_one_that_ends_before_it_begins_is_refused() {
    let open = agreement(v1::Agreement { window: None, ..wire() }, "").unwrap();
    assert_eq!(open.window, domain::Window::default());
    let sent = wire_window(&samples::window());
    let turned = v1::Window { from: sent.to, to: sent.from };
    assert_eq!(paths(window(turned, "window")), ["window.to"]);
    assert_eq!(paths(agreement(v1::Agreement { window: Some(turned), ..wire() }, "a")), ["a.window.to"]);
}

#[test]
fn versions_count_from_one() {
    assert_eq!(paths(agreement(v1::Agreement { version: 0, ..wire() }, "")), ["version"]);
    assert_eq!(
        paths(part_path(v1::PartPath { version: 0, ..wire_part_path(&samples::part(None)) }, "part")),
        ["part.version"]
    );
}

proptest! {
    #[test]
    fn an_agreement_that_is_accepted_is_accepted_as_it_was_sent(sent in samples::any_agreement()) {
        if let Ok(read) = agreement(wire_agreement(&sent), "agreement") {
            prop_assert_eq!(read, sent);
        }
    }
}
