//! What a page may load and who may frame it. Must never allow inline script or style, nor another machine.

use crate::Error;
use axum::http::HeaderValue;
use std::fmt;

/// An origin that may frame a page: scheme, host and perhaps a port. Nothing else fits, so that no text from a
/// register can add a directive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Checks an origin, such as `https://portal.example.scot` or `http://portal.localhost:7411`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Origin(text.chars().take(80).collect(), why);
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong("has no scheme"))?;
        if scheme != "https" && scheme != "http" {
            return Err(wrong("is neither https nor http"));
        }
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let is_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if host.is_empty() || host.len() > 253 || !host.chars().all(is_host) {
            return Err(wrong("has a host that is not lower-case letters, digits, dots and hyphens"));
        }
        if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('+')) {
            return Err(wrong("has a port that is not a number"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The content security policy of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentSecurityPolicy {
    ancestors: String,
}

impl ContentSecurityPolicy {
    /// For a page that nobody may frame.
    pub fn unframed() -> Self {
        Self { ancestors: "'none'".to_owned() }
    }

    /// For a page that these origins, and no others, may frame. No origin: nobody may.
    pub fn framed_by(origins: &[Origin]) -> Self {
        if origins.is_empty() {
            return Self::unframed();
        }
        Self { ancestors: origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" ") }
    }

    /// The whole policy as text.
    pub fn text(&self) -> String {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}",
            self.ancestors
        )
    }

    /// The policy as a header. Falls back to framing by nobody; origins are plain ASCII, so it never has to.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.text())
            .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_register_can_add_a_directive() {
        for hostile in [
            "https://a.scot; script-src *",
            "https://a.scot 'unsafe-inline'",
            "https://*",
            "*",
            "https://a.scot/",
            "https://a.scot:",
            "https://a.scot:+80",
            "https://",
            "javascript://a",
            "https://a.scot\r\nX: y",
            "https://A.scot",
            "null",
            "",
        ] {
            assert!(Origin::parse(hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn only_the_named_origins_may_frame_a_page() {
        let origins = ["https://portal.strathorr.example", "http://portal.localhost:7411"]
            .map(|text| Origin::parse(text).unwrap());
        let text = ContentSecurityPolicy::framed_by(&origins).text();
        assert!(
            text.ends_with("frame-ancestors https://portal.strathorr.example http://portal.localhost:7411")
        );
        assert!(ContentSecurityPolicy::framed_by(&[]).text().ends_with("frame-ancestors 'none'"));
    }

    #[test]
    fn neither_inline_code_nor_another_machine_is_ever_allowed() {
        let text = ContentSecurityPolicy::unframed().text();
        assert!(text.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        for word in ["unsafe", "*", "data:", "blob:", "http"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
