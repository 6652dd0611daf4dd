//! The layout: head, style sheets, scripts, and the body that a service brings.

use crate::{Assets, Error};
use askama::Template;

/// A whole document around a body.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// Title. Must never hold a name, a number or a date of birth.
    pub title: &'a str,
    /// Names of style sheets beside those of the shell, in order.
    pub style_sheets: &'a [&'a str],
    /// Names of scripts, in order. They run after the document is read.
    pub scripts: &'a [&'a str],
}

#[derive(Template)]
#[template(path = "document.html")]
struct Shell<'a> {
    title: &'a str,
    icon: String,
    style_sheets: Vec<String>,
    scripts: Vec<String>,
    body: &'a str,
}

impl Document<'_> {
    /// Renders the document around a body, which a template has made and escaped.
    pub fn render(&self, assets: &Assets, body: &impl Template) -> Result<String, Error> {
        let hrefs =
            |names: &[&str]| names.iter().map(|name| assets.href(name)).collect::<Result<Vec<_>, _>>();
        let mut style_sheets = hrefs(&["design-system.css", "yett.css"])?;
        style_sheets.extend(hrefs(self.style_sheets)?);
        let shell = Shell {
            title: self.title,
            icon: assets.href("icon.svg")?,
            style_sheets,
            scripts: hrefs(self.scripts)?,
            body: &body.render()?,
        };
        Ok(shell.render()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(source = "<main><h1>{{ heading }}</h1></main>", ext = "html")]
    struct Body<'a> {
        heading: &'a str,
    }

    #[test]
    fn a_document_has_no_inline_style_or_script_and_asks_nobody_else() {
        let assets = Assets::of(&[]).unwrap();
        let document = Document { title: "A <title>", style_sheets: &[], scripts: &[] };
        let html = document.render(&assets, &Body { heading: "<script>x</script>" }).unwrap();
        assert!(html.contains("<title>A &#60;title&#62;</title>"), "{html}");
        assert!(html.contains("<h1>&#60;script&#62;"), "{html}");
        for word in ["<style", "style=", "onclick", "http:", "https:", "<script>"] {
            assert!(!html.contains(word), "{word} in {html}");
        }
        let order = [html.find("design-system-").unwrap(), html.find("yett-").unwrap()];
        assert!(order[0] < order[1], "our own sheet comes last");
    }
}
