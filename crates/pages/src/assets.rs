//! Files that pages need, embedded in the binary and served under names that hold a hash of their bytes.
//! Must never serve a file from a disk, and never anything about a person.

use crate::Error;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Name by which pages ask for it, such as `panel.js`.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// What the shell itself needs.
const OWN: &[Asset] = &[
    Asset {
        name: "design-system.css",
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/design-system.css")),
    },
    Asset { name: "yett.css", bytes: include_bytes!("../assets/yett.css") },
    Asset { name: "icon.svg", bytes: include_bytes!("../assets/icon.svg") },
];

/// The assets of the shell and of every service that runs in this process.
#[derive(Debug, Clone)]
pub struct Assets {
    hashed_by_name: Arc<BTreeMap<&'static str, String>>,
    by_hashed: Arc<BTreeMap<String, Asset>>,
}

impl Assets {
    /// The shell's assets and those of services, each a list.
    pub fn of(services: &[&[Asset]]) -> Result<Self, Error> {
        let mut hashed_by_name = BTreeMap::new();
        let mut by_hashed = BTreeMap::new();
        for asset in OWN.iter().chain(services.iter().copied().flatten()) {
            let hashed = hashed_name(asset);
            by_hashed.insert(hashed.clone(), *asset);
            if hashed_by_name.insert(asset.name, hashed).is_some() {
                return Err(Error::DoubleAsset(asset.name));
            }
        }
        Ok(Self { hashed_by_name: Arc::new(hashed_by_name), by_hashed: Arc::new(by_hashed) })
    }

    /// The address of an asset: `/assets/<hashed name>`.
    pub fn href(&self, name: &str) -> Result<String, Error> {
        let hashed = self.hashed_by_name.get(name).ok_or_else(|| Error::UnknownAsset(name.to_owned()))?;
        Ok(format!("/assets/{hashed}"))
    }

    /// The route that serves them. One per process: services share one [`Assets`].
    pub fn router(&self) -> Router {
        Router::new().route("/assets/{name}", get(serve)).with_state(self.clone())
    }

    /// Every asset with its hashed name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Asset)> {
        self.by_hashed.iter().map(|(hashed, asset)| (hashed.as_str(), *asset))
    }
}

async fn serve(State(assets): State<Assets>, Path(name): Path<String>) -> Response {
    let Some(asset) = assets.by_hashed.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(asset.name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}

/// `panel.js` → `panel-0123456789abcdef.js`. The hash tells versions apart; it guards nothing.
fn hashed_name(asset: &Asset) -> String {
    let hash = asset.bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    match asset.name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{hash:016x}.{ending}"),
        None => format!("{}-{hash:016x}", asset.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    const SCRIPT: &[Asset] = &[Asset { name: "panel.js", bytes: b"'use strict';" }];

    async fn asked(path: &str) -> Response {
        let router = Assets::of(&[SCRIPT]).unwrap().router();
        router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[test]
    fn a_name_changes_with_the_bytes() {
        let one = hashed_name(&Asset { name: "a.css", bytes: b"x" });
        let other = hashed_name(&Asset { name: "a.css", bytes: b"y" });
        assert_ne!(one, other);
        assert!(one.starts_with("a-"), "{one}");
        assert_eq!(one.rsplit('.').next(), Some("css"));
    }

    #[tokio::test]
    async fn an_asset_is_served_for_ever_under_its_hashed_name_and_not_under_its_own() {
        let href = Assets::of(&[SCRIPT]).unwrap().href("panel.js").unwrap();
        let response = asked(&href).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), SCRIPT[0].bytes);
        assert_eq!(asked("/assets/panel.js").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(asked("/assets/..%2fCargo.toml").await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn no_style_sheet_fetches_anything() {
        for (name, asset) in Assets::of(&[]).unwrap().iter() {
            let text = String::from_utf8_lossy(asset.bytes);
            let targets = text.split("url(").skip(1).map(|after| after.trim_start_matches(['"', '\'']));
            assert!(targets.into_iter().all(|target| target.starts_with("data:")), "{name}");
            assert!(!text.contains("@import"), "{name}");
        }
    }

    #[test]
    fn two_assets_of_one_name_are_refused() {
        assert!(matches!(Assets::of(&[SCRIPT, SCRIPT]), Err(Error::DoubleAsset("panel.js"))));
        assert!(matches!(Assets::of(&[]).unwrap().href("other.js"), Err(Error::UnknownAsset(_))));
    }
}
