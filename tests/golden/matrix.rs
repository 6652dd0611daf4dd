//! Writes the cases as a table.

use crate::cases::{Case, groups};
use crate::scene::Scene;
use domain::{Catalogue, ItemMask, Label, ReasonCode, SharingLevel};
use policy::{Decision, Refusal};
use std::fmt::Write;

/// Reasons that no case of the seed can give: nothing in its schedules is behind these alone.
pub const NOT_REACHED: &[ReasonCode] = &[
    ReasonCode::LblSpecialCategory,
    ReasonCode::LblThirdParty,
    ReasonCode::LblSeriousHarm,
    ReasonCode::LblCriminal,
    ReasonCode::LblChildProtection,
    ReasonCode::LblProtectedAddress,
    ReasonCode::Never,
];

const LEVELS: [SharingLevel; 3] = [SharingLevel::Basic, SharingLevel::Intermediate, SharingLevel::Detailed];

const HEAD: &str = "\
THE DECISION MATRIX

Made by the rule from the agreement and the staff in config/seed, on 17 November 2026 at 14:05. Each line is one
request: what is different, how many kinds of information are shown at each level out of those that the signed
schedules name, what labels keep back from what the level allows, the screen, and the reasons: of a refusal why nothing
is shown, else why not more. LVL_FLOW and ROLE_LEVEL stand wherever something is shown, since no flow and no role
reaches level 4.

Unless a line says otherwise a charge nurse of NHS Strathorr asks Strathorr Council, for direct care, about an adult
who is on her ward and whose records are linked; her training is in date, and base and appendices A (level 1) and
B (level 2) are signed by both.

  shown                      something is shown
  one screen for the person  nothing is shown, and the page is the same whatever lies behind
  reader is told             nothing is shown, and the page names the reason
  cleared until checked      nothing is shown until the system is in order; says nothing about anybody
  + form                     the form for emergency access stands under the refusal

";

/// The whole file.
pub fn text() -> String {
    let mut out = HEAD.to_owned();
    let mut number = 0;
    for group in groups() {
        writeln!(out, "\n{}\n{}\n", group.heading, "=".repeat(group.heading.chars().count())).unwrap();
        writeln!(out, "{}", line(&TITLES)).unwrap();
        for case in group.cases {
            number += 1;
            writeln!(out, "{}", row(number, &case)).unwrap();
        }
    }
    out.push_str(&kinds());
    out
}

const TITLES: [&str; 7] =
    ["  #", "case", "level 1", "level 2", "level 3", "screen", "kept back by label | reasons"];

fn line(cells: &[&str; 7]) -> String {
    let [number, case, one, two, three, screen, rest] = cells;
    let line = format!("{number:>3}  {case:<64} {one:>8} {two:>8} {three:>8}  {screen:<33} {rest}");
    line.trim_end().to_owned()
}

fn row(number: usize, case: &Case) -> String {
    let mut scene: Scene = (case.start)();
    (case.change)(&mut scene);
    let decision = scene.decide();
    let levels = LEVELS.map(|level| shown_at(&decision, level));
    let [one, two, three] = levels.each_ref().map(String::as_str);
    let reasons = if decision.permits_anything() { decision.limits() } else { decision.reasons };
    let reasons: Vec<&str> = reasons.iter().map(ReasonCode::as_str).collect();
    let rest = format!("{} | {}", kept_back(&decision), reasons.join(" "));
    line(&[&number.to_string(), case.said, one, two, three, &screen(&decision), &rest])
}

/// The kinds that the flows share at a level, by the schedules of every flow.
fn scheduled(decision: &Decision, level: SharingLevel) -> ItemMask {
    let entries = decision.flows.iter().flat_map(|flow| &flow.flow.schedule);
    entries.filter(|entry| entry.level == level).map(|entry| entry.kind).collect()
}

fn shown_at(decision: &Decision, level: SharingLevel) -> String {
    let scheduled = scheduled(decision, level);
    let shown = decision.items().intersect(scheduled);
    if shown.is_empty() { "-".to_owned() } else { format!("{} of {}", shown.len(), scheduled.len()) }
}

/// What a level allows and a label withholds, by label; a kind behind two shut labels counts for both.
fn kept_back(decision: &Decision) -> String {
    let behind = |label: Label| {
        let shut = decision.flows.iter().filter(|flow| {
            flow.closed.contains(label) && (label != Label::ProtectedAddress || flow.protected)
        });
        let allowed = shut.flat_map(|flow| {
            let entries = flow.flow.schedule.iter();
            entries.filter(|entry| flow.ceiling.allows(entry.level)).map(|entry| entry.kind)
        });
        let allowed: ItemMask = allowed.collect();
        allowed.without(decision.items()).intersect(Catalogue::standard().labelled(label)).len()
    };
    let counted = Label::ALL.into_iter().map(|label| (label, behind(label))).filter(|(_, count)| *count > 0);
    let parts: Vec<String> = counted.map(|(label, count)| format!("{} {count}", label.id())).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join(", ") }
}

fn screen(decision: &Decision) -> String {
    let Some(refusal) = decision.refusal() else {
        let override_used = decision.override_used().is_some();
        return if override_used { "shown, emergency access" } else { "shown" }.to_owned();
    };
    let screen = match refusal {
        Refusal::Cleared(_) => "cleared until checked",
        Refusal::Reader(_) => "reader is told",
        Refusal::Person => "one screen for the person",
    };
    let form = decision.may_offer_override && refusal == Refusal::Person;
    if form { format!("{screen} + form") } else { screen.to_owned() }
}

/// Which kinds stand at which level, for the reader of the file.
fn kinds() -> String {
    let mut out = "\nWhat the schedules name\n=======================\n".to_owned();
    let worker = {
        let mut scene = Scene::social_worker();
        scene.sign_c();
        scene
    };
    let directions =
        [("From the council to the board", Scene::nurse()), ("From the board to the council", worker)];
    for (said, scene) in directions {
        let decision = scene.decide();
        writeln!(out, "\n{said}").unwrap();
        for level in LEVELS {
            writeln!(out, "  Level {}", level.value()).unwrap();
            for kind in scheduled(&decision, level).iter() {
                let spec = Catalogue::standard().kind(kind);
                let labels: Vec<&str> = spec.labels.iter().map(Label::id).collect();
                writeln!(out, "{}", format!("    {:<40} {}", spec.title, labels.join(", ")).trim_end())
                    .unwrap();
            }
        }
    }
    out
}
