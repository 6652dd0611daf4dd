//! Renders every state of both panels, with invented people. Where `YETT_SCREENS_DIR` names a folder, the pages are
//! written into it as whole documents with their assets, to be looked at in a browser and asked about by axe.

use super::model::PanelView;
use super::sample::{World, at, now};
use super::why::{WhyInput, WhyPage, WhyStep};
use super::{
    ASSETS, ActiveOverride, BlankPage, Difference, Feed, Fragment, IdentityField, OverrideOffer, PanelShell,
    Reference, panel,
};
use askama::Template;
use domain::{Catalogue, ItemKind, OverrideReason, ReasonCode, SessionId, SharingLevel, Side};
use pages::{Assets, Document};
use std::path::Path;

#[derive(Template)]
#[template(source = "<main>{{ html|safe }}</main>", ext = "html")]
struct Framed {
    html: String,
}

pub(super) fn reference() -> Reference {
    Reference::of_session(SessionId::parse("0192d3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6").unwrap())
}

fn emergency() -> ActiveOverride {
    ActiveOverride {
        declared_at: now(),
        until: at("2026-11-17T14:35:00Z"),
        reason: OverrideReason::Emergency,
    }
}

/// Every page with its name.
pub(super) fn all() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for (side, name) in [(Side::SocialWork, "social-work"), (Side::Health, "health")] {
        for level in SharingLevel::ALL {
            let world = World::new(side, level);
            pages.push((format!("{name}-level-{}", level.value()), panel(&world.input()).html().unwrap()));
        }
        pages.extend(states(side).into_iter().map(|(state, html)| (format!("{name}-{state}"), html)));
        pages.extend(blanks(side).into_iter().map(|(state, html)| (format!("{name}-{state}"), html)));
    }
    pages
}

fn states(side: Side) -> Vec<(&'static str, String)> {
    let world = World::new(side, SharingLevel::Intermediate);
    let html = |view: PanelView| view.html().unwrap();
    let mut overridden = world.input();
    overridden.emergency = Some(emergency());
    let mut stale = world.input();
    stale.feed.heard_at = Some(at("2026-11-16T22:10:00Z"));
    let mut held = world.input();
    held.feed.update_not_understood = true;
    let mut differs = world.input();
    differs.comparison = differing();
    let mut empty = world.input();
    empty.items.retain(|one| one.item.kind == ItemKind::IDENTITY);
    empty.not_sent = [ItemKind::REVIEW_DUE, ItemKind::APPOINTMENT].into_iter().collect();
    empty.may_keep_back.remove(ItemKind::ALLERGY);
    empty.feed = Feed { heard_at: None, ..empty.feed };
    vec![
        ("override-on", html(panel(&overridden))),
        ("stale", html(panel(&stale))),
        ("not-understood", html(panel(&held))),
        ("differs", html(panel(&differs))),
        ("empty", html(panel(&empty))),
        ("why", why(&world).html().unwrap()),
    ]
}

fn differing() -> super::Comparison {
    let one = |field, host: &str, source: &str| Difference {
        field,
        host: host.to_owned(),
        source: source.to_owned(),
    };
    super::Comparison {
        agree: vec![IdentityField::Surname, IdentityField::BirthDate, IdentityField::Sex, IdentityField::Chi],
        differ: vec![
            one(IdentityField::FirstName, "Elspeth", "Elizabeth"),
            one(IdentityField::Postcode, "ST9 4QX", "ST9 4QY"),
        ],
    }
}

fn why(world: &World) -> WhyPage {
    let steps = [
        (WhyStep::System, 4),
        (WhyStep::Reader, 4),
        (WhyStep::Organisation, 4),
        (WhyStep::Agreement, 4),
        (WhyStep::FlowLevel, 2),
        (WhyStep::Purpose, 4),
        (WhyStep::Role, 3),
        (WhyStep::Age, 4),
        (WhyStep::Link, 4),
        (WhyStep::Involvement, 4),
        (WhyStep::Limits, 4),
    ];
    let named = Catalogue::standard().iter().filter_map(|row| Some((row.kind, row.level.level()?)));
    let input = WhyInput {
        steps: steps.to_vec(),
        schedule: named.collect(),
        part: "Appendix B".to_owned(),
        receipt: "7F3K-8Z1P".to_owned(),
        seen_at: now(),
    };
    WhyPage::of(&world.input(), &input)
}

fn blanks(side: Side) -> Vec<(&'static str, String)> {
    let world = World::new(side, SharingLevel::Intermediate);
    let source = world.source();
    let reference = reference();
    let person = |offer| BlankPage::for_person(&source, offer, None, &reference);
    let active = emergency();
    let still = BlankPage::for_person(&source, OverrideOffer::Yes, Some((&active, now())), &reference);
    let part = "appendix B (level 2) of the Adult Care Information Sharing Protocol";
    let when = at("2026-11-17T14:00:00Z");
    let pages = [
        ("refused", BlankPage::refused(&source, &[ReasonCode::ActTraining], &reference)),
        ("person", person(OverrideOffer::No)),
        ("person-offer", person(OverrideOffer::Yes)),
        ("person-still", still),
        ("stop", BlankPage::stop(&source, &[IdentityField::BirthDate], &reference)),
        ("cleared", BlankPage::cleared(&source, now(), &reference)),
        ("withdrawn", BlankPage::withdrawn(&source, (source.name, part), when, &reference)),
        ("moved", BlankPage::moved(&source)),
        ("ended", BlankPage::ended(&source)),
        ("disconnected", BlankPage::disconnected(&source)),
    ];
    pages.into_iter().map(|(name, page)| (name, page.html().unwrap())).collect()
}

#[test]
fn every_state_of_both_panels_renders() {
    let folder = std::env::var("YETT_SCREENS_DIR").ok();
    let assets = Assets::of(&[ASSETS]).unwrap();
    for (name, html) in all() {
        assert!(html.starts_with("<div class=\"yt-panel\""), "{name}");
        for forbidden in ["<script", "style=", "onclick", "http:", "https:", "\r"] {
            assert!(!html.contains(forbidden), "{name} holds {forbidden}");
        }
        if let Some(folder) = &folder {
            let document = Document { title: "Panel", style_sheets: &[], scripts: &[] };
            let whole = document.render(&assets, &Framed { html }).unwrap();
            std::fs::write(Path::new(folder).join(format!("{name}.html")), whole).unwrap();
        }
    }
    let shell = PanelShell::new(&World::new(Side::SocialWork, SharingLevel::Basic).source(), 30).unwrap();
    let document = Document { title: "Summary", style_sheets: &[], scripts: &["panel.js"] };
    let whole = document.render(&assets, &shell).unwrap();
    assert!(!whole.contains("DUNBRAE"));
    if let Some(folder) = &folder {
        std::fs::write(Path::new(folder).join("shell.html"), whole).unwrap();
        let served = Path::new(folder).join("assets");
        std::fs::create_dir_all(&served).unwrap();
        for (hashed, asset) in assets.iter() {
            std::fs::write(served.join(hashed), asset.bytes).unwrap();
        }
    }
}
