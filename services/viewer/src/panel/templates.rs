//! The templates of the panel and what they take. Must not decide or word anything.

use super::blank::BlankPage;
use super::build;
use super::input::{Feed, Source};
use super::model::{Head, PanelView, Stamp, Tone};
use super::why::WhyPage;
use askama::Template;
use jiff::Timestamp;
use pages::Icon;

#[derive(Template)]
#[template(path = "panel.html")]
struct PanelTemplate<'a> {
    view: &'a PanelView,
    head: &'a Head,
}

#[derive(Template)]
#[template(path = "blank.html")]
struct BlankTemplate<'a> {
    page: &'a BlankPage,
    head: &'a Head,
}

#[derive(Template)]
#[template(path = "why.html")]
struct WhyTemplate<'a> {
    page: &'a WhyPage,
    head: &'a Head,
}

#[derive(Template)]
#[template(path = "stamp.html")]
struct StampTemplate<'a> {
    stamp: &'a Stamp,
}

/// The body of the document at `GET /panel`: no person in it, and nothing that tells one launch from another.
#[derive(Template)]
#[template(path = "panel_shell.html")]
pub struct PanelShell {
    ended: String,
    moved: String,
    disconnected: String,
    source: &'static str,
    title: &'static str,
    /// Seconds without contact after which the script clears the page: the lease.
    clear_after_s: u32,
}

impl PanelShell {
    /// The body for one source. Pages that the script shows by itself stand in it as inert templates.
    pub fn new(source: &Source<'_>, clear_after_s: u32) -> Result<Self, pages::Error> {
        Ok(Self {
            ended: BlankPage::ended(source).html()?,
            moved: BlankPage::moved(source).html()?,
            disconnected: BlankPage::disconnected(source).html()?,
            source: source.code(),
            title: source.title(),
            clear_after_s,
        })
    }
}

/// Something that is sent as a piece of HTML, in an answer or in a live update.
pub trait Fragment {
    /// The HTML. One element, without a carriage return, so that it can be the data of an event.
    fn html(&self) -> Result<String, pages::Error>;
}

impl Fragment for PanelView {
    fn html(&self) -> Result<String, pages::Error> {
        Ok(PanelTemplate { view: self, head: &self.head }.render()?)
    }
}

impl Fragment for BlankPage {
    fn html(&self) -> Result<String, pages::Error> {
        Ok(BlankTemplate { page: self, head: &self.head }.render()?)
    }
}

impl Fragment for WhyPage {
    fn html(&self) -> Result<String, pages::Error> {
        Ok(WhyTemplate { page: self, head: &self.head }.render()?)
    }
}

/// The data of a heartbeat: the stamp, and nothing of the person.
pub fn heartbeat(feed: &Feed, now: Timestamp) -> Result<String, pages::Error> {
    Ok(StampTemplate { stamp: &build::stamp(feed, now) }.render()?)
}
