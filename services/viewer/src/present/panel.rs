//! From what the gate shows to the input of a panel, and its HTML.

use super::names::field_named;
use super::scene::{Scene, organisation_source};
use crate::panel::{
    Comparison, Difference, Feed, Fragment, IdentityField, PanelInput, ShownItem, TermsLine, panel,
};
use domain::{ChiNumber, ItemKind};
use gate::{HostIdentity, Shown};
use policy::{PermittedItem, SourceTerms};

/// The panel of what is shown.
pub(crate) fn panel_html(scene: &Scene<'_>, shown: &Shown) -> Result<String, gate::Error> {
    let input = panel_input(scene, shown).ok_or(gate::Error::Render)?;
    panel(&input).html().map_err(|error| {
        tracing::error!(error = %error, "a panel cannot be rendered");
        gate::Error::Render
    })
}

/// What a panel is made of. `None` when nobody shares, which the gate does not show.
pub(crate) fn panel_input<'a>(scene: &'a Scene<'a>, shown: &'a Shown) -> Option<PanelInput<'a>> {
    let source = scene.chosen(shown)?;
    let organisation = &source.organisation;
    let terms = shown.view.terms().of_source(&organisation.id)?;
    let theirs = shown.view.items().iter().filter(|one| one.controller == organisation.id);
    let items: Vec<ShownItem<'a>> = theirs.map(|one| shown_item(one, &organisation.name)).collect();
    Some(PanelInput {
        now: shown.decided_at,
        source: organisation_source(organisation),
        recipient: scene.recipient().map_or("", |one| one.name.as_str()),
        reader: scene.reader(),
        purpose: scene.session.launch.request.purpose,
        level: terms.level.value(),
        shared: terms.shared,
        may_keep_back: terms.may_keep_back,
        labels_shut: !terms.closed_labels.is_empty(),
        not_sent: organisation.not_sent.iter().copied().collect(),
        comparison: comparison(shown, &scene.session.host.identity, &items),
        items,
        host_shows_person: scene.session.host.shows_banner,
        feed: Feed {
            heard_at: source.last_heard(),
            heard_every_s: organisation.heard_every_s,
            update_not_understood: shown.update_not_shown,
        },
        emergency: scene.emergency(shown.active_override),
        terms: terms_lines(terms),
    })
}

fn shown_item<'a>(one: &'a PermittedItem, system: &'a str) -> ShownItem<'a> {
    ShownItem { item: &one.item, received_at: one.received_at, system }
}

/// One line per part of an agreement, however many of its flows share.
fn terms_lines(terms: &SourceTerms) -> Vec<TermsLine<'_>> {
    let mut lines: Vec<TermsLine<'_>> = Vec::new();
    for flow in terms.flows.iter().map(|one| &one.flow) {
        let appendix = flow.appendix.as_ref().map(|id| (id.as_str(), flow.appendix_title.as_str()));
        if !lines.iter().any(|line| line.agreement == flow.title && line.appendix == appendix) {
            lines.push(TermsLine { agreement: &flow.title, appendix, until: flow.window.to });
        }
    }
    lines
}

/// The gate's comparison, with both values of what differs. The source's value is that of a permitted item: where
/// none is permitted, none is told.
fn comparison(shown: &Shown, host: &HostIdentity, items: &[ShownItem<'_>]) -> Comparison {
    let difference = |field: IdentityField| Difference {
        field,
        host: host_value(field, host).unwrap_or_default(),
        source: source_value(field, items).unwrap_or_else(|| "not shown here".to_owned()),
    };
    let fields = |words: &[&'static str]| {
        let mut found: Vec<IdentityField> = words.iter().copied().filter_map(field_named).collect();
        found.sort_unstable();
        found
    };
    Comparison {
        agree: fields(&shown.identity.agrees),
        differ: fields(&shown.identity.differs).into_iter().map(difference).collect(),
    }
}

fn host_value(field: IdentityField, host: &HostIdentity) -> Option<String> {
    match field {
        IdentityField::FirstName => host.given.clone(),
        IdentityField::Surname => host.family.clone(),
        IdentityField::BirthDate => host.birth_date.map(|date| date.display()),
        IdentityField::Chi => host.chi.as_ref().map(ChiNumber::grouped),
        IdentityField::Postcode => host.postcode.clone(),
        IdentityField::Sex => None,
    }
}

/// `DUNBRAE` of `DUNBRAE, Elspeth (Mrs)`.
fn family_of(banner: &str) -> String {
    banner.split_once(", ").map_or(banner, |(family, _)| family).to_owned()
}

/// `Elspeth` of `DUNBRAE, Elspeth (Mrs)`.
fn given_of(banner: &str) -> String {
    let rest = banner.split_once(", ").map_or(banner, |(_, rest)| rest);
    rest.split_once(" (").map_or(rest, |(given, _)| given).to_owned()
}

fn source_value(field: IdentityField, items: &[ShownItem<'_>]) -> Option<String> {
    let of = |kind: ItemKind, name: &str| {
        let found = items.iter().filter(|one| one.item.kind == kind).find_map(|one| one.item.text(name));
        found.map(str::to_owned)
    };
    match field {
        IdentityField::FirstName => of(ItemKind::IDENTITY, "name").map(|name| given_of(&name)),
        IdentityField::Surname => of(ItemKind::IDENTITY, "name").map(|name| family_of(&name)),
        IdentityField::BirthDate => {
            let identity = items.iter().find(|one| one.item.kind == ItemKind::IDENTITY)?;
            match identity.item.field("birth_date")? {
                domain::FieldValue::Date(date) => Some(date.display()),
                domain::FieldValue::Text(_)
                | domain::FieldValue::Period { .. }
                | domain::FieldValue::Code(_)
                | domain::FieldValue::Quantity { .. }
                | domain::FieldValue::Practitioner(_)
                | domain::FieldValue::Person(_)
                | domain::FieldValue::Flag(_) => None,
            }
        }
        IdentityField::Sex => of(ItemKind::IDENTITY, "sex"),
        IdentityField::Chi => of(ItemKind::IDENTITY, "chi_number"),
        IdentityField::Postcode => of(ItemKind::ADDRESS, "postcode"),
    }
}
