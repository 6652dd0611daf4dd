//! What the two hosts share: who is signed in, the frame around every page, the search, headers.

use crate::launch::Launcher;
use crate::sessions::{Sessions, SignIn};
use crate::{Error, Progress, Settings, dates};
use askama::Template;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::{Clock, Demographics, Entropy, PartialDate};
use pages::{Asset, Assets, ContentSecurityPolicy, Document, Origin, Page};
use std::sync::Arc;
use tokio::sync::watch;

/// Style sheet and script of the hosts.
pub(crate) const ASSETS: &[Asset] = &[
    Asset { name: "host.css", bytes: include_bytes!("../assets/host.css") },
    Asset { name: "host.js", bytes: include_bytes!("../assets/host.js") },
];

/// What tells the two hosts apart on their pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Brand {
    /// Class of the theme.
    pub(crate) theme: &'static str,
    /// Name of the product.
    pub(crate) name: &'static str,
    /// Name of the organisation.
    pub(crate) organisation: &'static str,
    /// Code of the organisation.
    pub(crate) organisation_id: &'static str,
    /// What people are called here.
    pub(crate) person: &'static str,
    pub(crate) people: &'static str,
    /// What the tabs of a record are called.
    pub(crate) record_tab: &'static str,
    pub(crate) edit_tab: &'static str,
    /// Words for the record number.
    pub(crate) number: &'static str,
    /// Heading of the frame, and its title.
    pub(crate) frame_heading: &'static str,
    pub(crate) frame_title: &'static str,
    cookie: &'static str,
}

pub(crate) const COUNCIL: Brand = Brand {
    theme: "host--council",
    name: "Caseline",
    organisation: "Strathorr Council",
    organisation_id: world::COUNCIL,
    person: "person",
    people: "people",
    record_tab: "Record",
    edit_tab: "Edit",
    number: "Case or CHI number",
    frame_heading: "Health information",
    frame_title: "Health summary from NHS Strathorr",
    cookie: "caseline",
};

pub(crate) const PORTAL: Brand = Brand {
    theme: "host--portal",
    name: "Clinical portal",
    organisation: "NHS Strathorr",
    organisation_id: world::HEALTH_BOARD,
    person: "patient",
    people: "patients",
    record_tab: "Patient",
    edit_tab: "Update",
    number: "CHI or patient number",
    frame_heading: "Social work",
    frame_title: "Social work summary from Strathorr Council",
    cookie: "portal",
};

/// Which tab is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    SignIn,
    Search,
    Record,
    Edit,
}

/// The bars above a page.
#[derive(Debug, Clone)]
pub(crate) struct Chrome {
    pub(crate) brand: Brand,
    pub(crate) tab: Tab,
    /// Name and title of who is signed in.
    pub(crate) member: &'static str,
    /// Number of the record that is open; empty for none.
    pub(crate) record: String,
    /// Something to say once.
    pub(crate) notice: Option<String>,
}

impl Chrome {
    pub(crate) fn is(&self, tab: &str) -> bool {
        matches!((self.tab, tab), (Tab::Search, "search") | (Tab::Record, "record") | (Tab::Edit, "edit"))
    }
}

/// The panel on a record page.
pub(crate) struct Frame {
    /// One-time URL, or why there is none.
    pub(crate) launch: Result<String, String>,
    /// Origin that messages to the frame are for.
    pub(crate) origin: String,
}

/// One host's shell.
pub(crate) struct Shell {
    pub(crate) brand: Brand,
    pub(crate) sessions: Sessions,
    pub(crate) launcher: Launcher,
    pub(crate) assets: Assets,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) progress: watch::Receiver<Progress>,
    pub(crate) panel_origin: String,
    security: HeaderValue,
}

impl Shell {
    pub(crate) fn new(brand: Brand, launcher: Launcher, settings: &Settings) -> Result<Self, Error> {
        let panel = Origin::parse(&settings.panel_origin)?;
        let security = format!("{}; frame-src {panel}", ContentSecurityPolicy::unframed().text());
        Ok(Self {
            brand,
            sessions: Sessions::new(brand.organisation_id),
            launcher,
            assets: Assets::of(&[ASSETS])?,
            clock: Arc::clone(&settings.clock),
            entropy: Arc::clone(&settings.entropy),
            progress: settings.progress.subscribe(),
            panel_origin: settings.panel_origin.clone(),
            security: HeaderValue::from_str(&security).map_err(|_| Error::Address)?,
        })
    }

    /// Who is signed in, with the token.
    pub(crate) fn signed_in(&self, headers: &HeaderMap) -> Option<(String, SignIn)> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, token) = pairs.find(|(name, _)| *name == self.brand.cookie)?;
        Some((token.to_owned(), self.sessions.find(token)?))
    }

    /// The cookie that keeps a sign-in; an empty token ends it.
    pub(crate) fn cookie(&self, token: &str) -> String {
        let ends = if token.is_empty() { "; Max-Age=0" } else { "" };
        format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{ends}", self.brand.cookie)
    }

    pub(crate) fn chrome(&self, tab: Tab, signed_in: Option<&(String, SignIn)>, record: &str) -> Chrome {
        let notice = signed_in.and_then(|(token, _)| self.sessions.take_notice(token));
        let member = signed_in.map_or("", |(_, sign_in)| sign_in.member.display_name);
        Chrome { brand: self.brand, tab, member, record: record.to_owned(), notice }
    }

    /// A whole page. The title says where one is, never whom one sees.
    pub(crate) fn page(&self, body: &impl Template) -> Response {
        let title = format!("{}, {}", self.brand.name, self.brand.organisation);
        let document = Document { title: &title, style_sheets: &["host.css"], scripts: &["host.js"] };
        match document.render(&self.assets, body) {
            Ok(html) => {
                let mut response = Page { html, security: ContentSecurityPolicy::unframed() }.into_response();
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.security.clone());
                response
            }
            Err(error) => {
                tracing::error!(%error, "a page could not be made");
                axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A search.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    pub(crate) surname: String,
    pub(crate) born: String,
    pub(crate) number: String,
}

impl Query {
    /// Whether anything is asked.
    pub(crate) fn is_empty(&self) -> bool {
        self.surname.is_empty() && self.born.is_empty() && self.number.is_empty()
    }

    /// Whether a record fits everything that is asked. A surname fits by its beginning, or nearly.
    pub(crate) fn fits(&self, who: &Demographics, local_id: &str, chi: Option<&str>) -> bool {
        self.fits_surname(who) && self.fits_birth_date(who) && self.fits_number(local_id, chi)
    }

    fn fits_surname(&self, who: &Demographics) -> bool {
        let wanted = self.surname.to_lowercase();
        let stem: String = wanted.chars().take(wanted.chars().count().saturating_sub(1).max(3)).collect();
        let family = who.names.first().and_then(|name| name.family()).unwrap_or_default().to_lowercase();
        wanted.is_empty() || family.starts_with(&stem)
    }

    fn fits_birth_date(&self, who: &Demographics) -> bool {
        self.born.is_empty() || dates::parse(&self.born).map(PartialDate::Full) == who.birth_date
    }

    fn fits_number(&self, local_id: &str, chi: Option<&str>) -> bool {
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let wanted = bare(&self.number);
        wanted.is_empty()
            || wanted.eq_ignore_ascii_case(local_id)
            || chi.is_some_and(|chi| bare(chi) == wanted)
    }
}

/// One line of the list of people found.
#[derive(Debug, Clone)]
pub(crate) struct ResultRow {
    pub(crate) local_id: String,
    pub(crate) who: PersonLine,
}

/// A person as lists and banners show them.
#[derive(Debug, Clone)]
pub(crate) struct PersonLine {
    /// `DUNBRAE, Elspeth (Mrs)`.
    pub(crate) banner: String,
    /// `Elspeth Dunbrae`.
    pub(crate) plain: String,
    /// For the `datetime` attribute; empty where the day is not known.
    pub(crate) born_iso: String,
    pub(crate) born: String,
    /// ` (85y)`, or empty.
    pub(crate) age: String,
    pub(crate) sex: &'static str,
    /// `120341 4749`, or what somebody typed; empty for none.
    pub(crate) chi: String,
    pub(crate) address: String,
    pub(crate) postcode: String,
    pub(crate) telephone: String,
}

impl PersonLine {
    pub(crate) fn of(who: &Demographics, chi: Option<&str>, today: jiff::civil::Date) -> Self {
        let name = who.names.first();
        let born = who.birth_date.unwrap_or_default();
        let age = born.age_bounds(today).filter(|(least, most)| least == most);
        let address = who.addresses.first();
        let given = name.and_then(|name| name.first_given()).unwrap_or_default();
        let family = name.and_then(|name| name.family()).unwrap_or_default();
        Self {
            banner: name.map(domain::PersonName::display_banner).unwrap_or_default(),
            plain: format!("{given} {family}").trim().to_owned(),
            born_iso: born.to_iso(),
            born: born.display(),
            age: age.map(|(age, _)| format!(" ({age}y)")).unwrap_or_default(),
            sex: who.sex.unwrap_or_default().title(),
            chi: chi.map(grouped).unwrap_or_default(),
            address: address.map(|address| address.lines.join(", ")).unwrap_or_default(),
            postcode: address
                .and_then(|address| address.postcode.as_ref())
                .map(|code| code.as_str().to_owned())
                .unwrap_or_default(),
            telephone: who.contacts.first().map(|contact| contact.value.clone()).unwrap_or_default(),
        }
    }
}

/// A CHI number in its two groups; what is none stays as it was typed.
pub(crate) fn grouped(chi: &str) -> String {
    domain::ChiNumber::parse(chi).map_or_else(|_| chi.to_owned(), |(number, _)| number.grouped())
}
