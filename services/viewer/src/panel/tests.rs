//! Wording, byte-equality and hostile text, over whole pages.

use super::sample::{World, at, code, held, now, shared, since, text};
use super::screens::reference;
use super::words::Words;
use super::{
    ActiveOverride, BlankPage, Fragment, HostIdentity, OverrideOffer, PanelInput, PanelShell, Source,
    TermsLine, compare, panel,
};
use domain::{Catalogue, ItemKind, OverrideReason, SharingLevel, Side};
use std::fmt::Write;

/// A page as a reader reads it: a line per part.
fn read(input: &PanelInput<'_>) -> String {
    let view = panel(input);
    let mut out = String::new();
    let mut line = |words: &str| writeln!(out, "{words}").unwrap();
    let stamp = view.head.stamp.unwrap();
    line(&format!("# {} from {}", view.head.title, view.head.organisation.text()));
    line(&format!("{} · {}", if stamp.live { "Live" } else { "Not live" }, stamp.as_of.text()));
    if let Some(person) = &view.person {
        let facts = person.facts.iter().map(|(label, words)| format!("{label} {}", words.text()));
        line(&format!("{} | {}", person.name.text(), facts.collect::<Vec<_>>().join(" | ")));
        line(person.agrees.as_deref().unwrap_or("-"));
    }
    view.note.iter().for_each(|note| line(&note.text()));
    for alert in &view.alerts {
        line(&format!("! {} [{}] {}", alert.main.text(), alert.as_of.text(), alert.more.text()));
    }
    for phone in &view.phones {
        let number = phone.number.as_ref().map_or("-", |number| number.shown.as_str());
        let parts = [phone.who.text(), phone.name.text(), number.to_owned(), phone.more.text()];
        line(&format!("☎ {}", parts.join(" | ")));
    }
    for (at, column) in view.columns.iter().enumerate() {
        for group in column {
            line(&format!("## {} {}", at + 1, group.title));
            group.sentence.iter().for_each(|sentence| line(&sentence.text()));
            for entry in &group.entries {
                let label = entry.label.map(|label| format!("{label}: ")).unwrap_or_default();
                let tags: Vec<String> =
                    entry.tags.iter().map(|tag| format!(" ({})", tag.word.text())).collect();
                line(&format!("- {label}{}{} [{}]", entry.main.text(), tags.concat(), entry.as_of.text()));
                if !entry.more.is_empty() {
                    line(&format!("  {}", entry.more.text()));
                }
            }
        }
    }
    view.empty.iter().chain(&view.not_sent).for_each(|words| line(&words.text()));
    line(&format!("Not shared at level {}: {}", view.excluded.level, view.excluded.kinds.join(" · ")));
    line(&view.terms.text());
    out
}

fn golden(side: Side, level: SharingLevel, expected: &str) {
    let world = World::new(side, level);
    let found = read(&world.input());
    if let Ok(folder) = std::env::var("YETT_GOLDEN_DIR") {
        let name = format!("{side:?}-{}.txt", level.value()).to_lowercase();
        std::fs::write(std::path::Path::new(&folder).join(name), &found).unwrap();
    }
    assert_eq!(found.trim(), expected.trim());
}

#[test]
fn the_social_work_panel_reads_as_written() {
    golden(Side::SocialWork, SharingLevel::Intermediate, include_str!("golden/socialwork-2.txt"));
    golden(Side::SocialWork, SharingLevel::Detailed, include_str!("golden/socialwork-3.txt"));
}

#[test]
fn the_health_panel_reads_as_written() {
    golden(Side::Health, SharingLevel::Intermediate, include_str!("golden/health-2.txt"));
    golden(Side::Health, SharingLevel::Detailed, include_str!("golden/health-3.txt"));
}

#[test]
fn every_kind_is_shown_or_empty_or_not_shared() {
    for side in [Side::SocialWork, Side::Health] {
        for level in SharingLevel::ALL {
            let world = World::new(side, level);
            let mut input = world.input();
            input.items.clear();
            let empty = super::kinds::empty(&input);
            let missing = super::kinds::not_shared(&input);
            for row in Catalogue::standard().iter().filter(|row| [side, Side::Any].contains(&row.side)) {
                let in_place = super::layout::groups(side)
                    .iter()
                    .any(|group| group.always && group.kinds.contains(&row.kind))
                    && input.shared.contains(row.kind);
                let answers = [
                    empty.contains(&row.kind),
                    missing.contains(row.kind),
                    in_place,
                    row.kind == ItemKind::IDENTITY,
                ];
                let identity_missing = row.kind == ItemKind::IDENTITY && missing.contains(row.kind);
                let count = answers.iter().filter(|one| **one).count();
                assert!(count == 1 || identity_missing, "{side:?} {level:?} {}: {answers:?}", row.id);
            }
        }
    }
}

#[test]
fn an_item_of_a_kind_without_a_place_is_still_shown() {
    let mut world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    world.items.push(held(ItemKind::ALLERGY, "odd", "2026-01-01", vec![("substance", code("Penicillin"))]));
    let mut input = world.input();
    input.shared.insert(ItemKind::ALLERGY);
    let page = read(&input);
    assert!(page.contains("## 3 Other information\n- Penicillin"), "{page}");
}

#[test]
fn a_severe_allergy_stands_before_a_mild_one_whatever_they_are_called() {
    let mut world = World::new(Side::Health, SharingLevel::Intermediate);
    let fields = vec![("substance", code("Latex")), ("severity", code("Mild"))];
    world.items.push(held(ItemKind::ALLERGY, "a0", "2026-01-01", fields));
    let page = read(&world.input());
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} is not shown: {page}"));
    assert!(at("Penicillin: Anaphylaxis (Severe)") < at("Latex (Mild)"), "{page}");
    assert!(at("Latex (Mild)") < at("Sticking plaster"), "{page}");
}

#[test]
fn what_is_withheld_does_not_depend_on_what_is_held() {
    let world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let (full, mut bare) = (world.input(), world.input());
    bare.items.clear();
    let parts = |input: &PanelInput<'_>| {
        let view = panel(input);
        (view.note.map(|note| note.text()), view.excluded.kinds, view.terms.text())
    };
    assert_eq!(parts(&full), parts(&bare));
}

#[test]
fn the_screen_for_the_person_is_the_same_whoever_and_whatever_lies_behind() {
    let world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let page =
        || BlankPage::for_person(&world.source(), OverrideOffer::Yes, None, &reference()).html().unwrap();
    assert_eq!(page(), page());
    let text = page();
    for word in ["DUNBRAE", "1203414749", "1941", "sealed", "dissent", "link"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_form_has_one_list_of_reasons_with_or_without_an_active_override() {
    let world = World::new(Side::Health, SharingLevel::Intermediate);
    let active = ActiveOverride { declared_at: now(), until: now(), reason: OverrideReason::Statute };
    let form = |emergency| {
        let page = BlankPage::for_person(&world.source(), OverrideOffer::Yes, emergency, &reference());
        let html = page.html().unwrap();
        html.split("<form").nth(1).unwrap().to_owned()
    };
    assert_eq!(form(None), form(Some((&active, now()))));
}

#[test]
fn the_document_that_opens_a_panel_tells_nothing() {
    let world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let shell = PanelShell::new(&world.source(), 30).unwrap();
    let html = askama::Template::render(&shell).unwrap();
    assert!(!html.contains("DUNBRAE") && !html.contains("Reference <strong"));
}

#[test]
fn a_change_of_one_item_leaves_every_other_row_as_it_was() {
    let mut world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let keys = |world: &World| -> Vec<(String, String)> {
        let view = panel(&world.input());
        let entries = view.columns.into_iter().flatten().flat_map(|group| group.entries);
        entries.map(|entry| (entry.key, entry.main.text() + &entry.more.text())).collect()
    };
    let before = keys(&world);
    let package = world.items.iter_mut().find(|one| one.item.instance.as_str() == "p1").unwrap();
    package.item.as_of = now();
    package.item.fields.retain(|(name, _)| name != "status" && name != "period");
    package.item.fields.push(("period".to_owned(), super::sample::between("2026-01-12", "2026-11-16")));
    let after = keys(&world);
    assert_eq!(
        before.iter().map(|one| &one.0).collect::<Vec<_>>(),
        after.iter().map(|one| &one.0).collect::<Vec<_>>()
    );
    assert_eq!(before.iter().zip(&after).filter(|(one, other)| one != other).count(), 1);
}

/// Text that tries to become something else; more of it from a folder of naughty strings, where one is named.
fn hostile() -> Vec<String> {
    let mut strings: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'-alert(1)-'",
        "</textarea></dd></template><h1>x",
        "{{ 7*7 }}{% include \"x\" %}",
        "\u{202E}drowssap\u{202C}",
        "&#60;b&#62;",
        "javascript:alert(1)",
        "data: a\nevent: blank\n\n",
    ]
    .map(str::to_owned)
    .to_vec();
    let folder = std::env::var("CORPORA_DIR").map(|folder| std::path::Path::new(&folder).join("strings"));
    let read =
        |name: &str| folder.as_ref().ok().and_then(|folder| std::fs::read_to_string(folder.join(name)).ok());
    strings.extend(read("blns.json").map_or_else(Vec::new, |text| serde_json::from_str(&text).unwrap()));
    strings.extend(read("utf8tests.txt").unwrap_or_default().lines().map(str::to_owned));
    strings
}

/// The names of the elements of a page, in order: hostile text must not add or end one.
fn elements(html: &str) -> Vec<String> {
    html.split('<').skip(1).map(|tag| tag.split([' ', '>']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn hostile_text_stays_text() {
    let page = |name: &str| {
        let mut world = World::new(Side::SocialWork, SharingLevel::Intermediate);
        for one in &mut world.items {
            for (_, value) in &mut one.item.fields {
                if let domain::FieldValue::Text(words) = value {
                    *words = name.to_owned();
                }
            }
        }
        panel(&world.input()).html().unwrap()
    };
    let plain: Vec<String> =
        elements(&page("plain words")).into_iter().filter(|name| name != "a" && name != "/a").collect();
    for string in
        hostile().iter().filter(|string| !string.chars().all(|c| c.is_control() || c.is_whitespace()))
    {
        let html = page(string);
        assert!(!html.contains('\r') && !html.contains('\0'));
        let ours = ["bdi", "/bdi", "br", "a", "/a", "svg", "/svg", "path"];
        let found: Vec<String> =
            elements(&html).into_iter().filter(|name| !ours.contains(&name.as_str())).collect();
        let expected: Vec<String> =
            plain.iter().filter(|name| !ours.contains(&name.as_str())).cloned().collect();
        assert_eq!(found, expected, "{string:?}");
    }
}

#[test]
fn hostile_names_of_organisations_stay_text_too() {
    for string in hostile() {
        let source = Source { name: &string, side: Side::Any, phones: &[] };
        let html = BlankPage::for_person(&source, OverrideOffer::Yes, None, &reference()).html().unwrap();
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains('\r'), "{string:?}");
        let plain = Source { name: "x", side: Side::Any, phones: &[] };
        let same = BlankPage::for_person(&plain, OverrideOffer::Yes, None, &reference()).html().unwrap();
        let without = |html: &str| -> Vec<String> {
            elements(html)
                .into_iter()
                .filter(|name| !["bdi", "/bdi", "br"].contains(&name.as_str()))
                .collect()
        };
        assert_eq!(without(&html), without(&same), "{string:?}");
    }
}

#[test]
fn an_agreement_is_named_once_with_each_of_its_parts_and_their_ends() {
    let world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let mut input = world.input();
    let part = |agreement, appendix, until: &str| TermsLine { agreement, appendix, until: Some(at(until)) };
    let (adult, fire) = ("Adult Protocol", "Fire Protocol");
    input.terms = vec![
        part(adult, Some(("A", "level 1")), "2031-03-31T22:59:59Z"),
        part(fire, None, "2028-01-01T00:00:00Z"),
        part(adult, Some(("B", "level 2")), "2027-03-31T22:59:59Z"),
    ];
    assert_eq!(
        panel(&input).terms.text(),
        "Shared by Strathorr Council with NHS Strathorr for direct care, under the Adult Protocol: appendix A \
         (level 1), in force until 31 Mar 2031; appendix B (level 2), in force until 31 Mar 2027; and under the \
         Fire Protocol, in force until 31 Dec 2027. Do not share it on."
    );
}

#[test]
fn packages_stand_by_when_they_began_and_risks_to_the_person_before_those_to_staff() {
    let mut world = World::new(Side::SocialWork, SharingLevel::Detailed);
    let (service, from) = (("service", code("Short breaks")), ("period", since("2025-05-01")));
    world.items.push(held(ItemKind::CARE_PACKAGE, "p9", "2026-11-16", vec![service, from]));
    let risk = |who| vec![("risk_to", code(who)), ("risk", text("Forgets the gas"))];
    world.items.push(held(ItemKind::RISK_OR_HAZARD, "a", "2026-11-16", risk("Others")));
    world.items.push(held(ItemKind::RISK_OR_HAZARD, "z", "2026-11-16", risk("Person")));
    let page = read(&world.input());
    let orders = [
        vec!["Short breaks", "Home care", "Day centre", "Community alarm"],
        vec!["Falls on the stairs", "the person: Forgets", "others: Forgets", "staff: Dog"],
    ];
    for order in orders {
        let places: Vec<Option<usize>> = order.iter().map(|words| page.find(words)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{order:?}: {page}");
    }
}

#[test]
fn what_is_written_as_a_sentence_reads_as_one() {
    let mut world = World::new(Side::Health, SharingLevel::Detailed);
    let plan = vec![("preferred_place", text("Home")), ("what_to_do", text("No hospital"))];
    world.items.push(held(ItemKind::ANTICIPATORY_CARE_PLAN, "p", "2026-10-12", plan));
    let form = vec![
        ("decision", code("ReSPECT form")),
        ("made_with", text("Theodora Askew")),
        ("form_at", text("Old Mill Surgery")),
    ];
    world.items.push(held(ItemKind::RESUSCITATION_DECISION, "second", "2026-11-15", form));
    let page = read(&world.input());
    for words in [
        "Prefers to be cared for at home",
        "Made 15 Nov 2026, with her and her attorney. The form is with her",
        "Made with Theodora Askew. Where the form is: Old Mill Surgery",
        "Held by the GP practice",
        "- Thu 26 Nov 2026, 10:30: ",
        "Fergus Dunbrae, son: welfare powers",
    ] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
}

#[test]
fn a_difference_in_who_this_is_takes_the_tick_away_and_names_both_values() {
    let world = World::new(Side::SocialWork, SharingLevel::Intermediate);
    let who = |given: &str| HostIdentity {
        name: domain::PersonName::simple("Dunbrae", given).ok(),
        ..HostIdentity::default()
    };
    let mut input = world.input();
    input.comparison = compare(&who("Elspeth"), &who("Elizabeth"));
    let view = panel(&input);
    assert!(view.person.unwrap().agrees.is_none());
    assert_eq!(view.banners[0].title.text(), "Check who this is: first name differs");
    assert_eq!(view.banners[0].text.text(), "Surname agrees.");
    assert_eq!(view.banners[0].differences[0].2, Words::theirs("Elizabeth"));
}

#[test]
fn the_level_decides_what_the_line_above_the_content_says() {
    let note = |side, level| panel(&World::new(side, level).input()).note.map(|note| note.text());
    let social = |level| note(Side::SocialWork, level).unwrap_or_default();
    assert_eq!(
        social(SharingLevel::Intermediate),
        "Level 2 leaves out risks, adult protection, care plans and case notes, for everyone."
    );
    assert_eq!(
        social(SharingLevel::Detailed),
        "Level 3 leaves out the text of case notes, documents and justice supervision, for everyone."
    );
    assert_eq!(
        note(Side::Health, SharingLevel::Intermediate).unwrap_or_default(),
        "Level 2 leaves out conditions, care plans, test results and letters, for everyone."
    );
    assert!(!shared(Side::Health, SharingLevel::Full).contains(ItemKind::SEXUAL_HEALTH));
}
