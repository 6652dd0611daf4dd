//! The stream of `WatchView`: the view, its changes, and signs of life between them.

use crate::live::{LiveView, Told};
use crate::present::{
    Scene, Seen, WireBody, blank, cleared_message, panel_input, refusal_message, view_message,
};
use gate::{Gate, Shown, Update};
use proto::viewing::v1;
use proto::viewing::v1::watch_view_response::Update as Sent;
use std::pin::Pin;
use std::sync::Arc;
use tonic::Status;

/// The messages of one open view.
pub(super) type WatchStream =
    Pin<Box<dyn futures::Stream<Item = Result<v1::WatchViewResponse, Status>> + Send>>;

/// One open view.
struct Watching {
    live: LiveView,
    number: u64,
    seen: Option<Seen>,
}

/// The messages, until the session ends.
pub(super) fn stream(live: LiveView) -> WatchStream {
    let watching = Watching { live, number: 0, seen: None };
    Box::pin(futures::stream::unfold(watching, |mut watching| async move {
        let message = watching.next().await?;
        Some((Ok(message), watching))
    }))
}

impl Watching {
    async fn next(&mut self) -> Option<v1::WatchViewResponse> {
        let viewer = Arc::clone(self.live.viewer());
        let session = self.live.session.clone();
        let number = self.number.saturating_add(1);
        let reference = Gate::reference(session.launch.request.session);
        let mut on_page = None;
        let render = |shown: &Shown| {
            let scene = Scene::of(&viewer.gate, &session);
            let input = panel_input(&scene, shown).ok_or(gate::Error::Render)?;
            let view = view_message(&scene, shown, &input);
            let update = Some(Sent::View(view.ok_or(gate::Error::Render)?));
            on_page = Some(Seen::of(&scene, shown));
            Ok(WireBody::new(v1::WatchViewResponse { update, reference: reference.clone(), number }))
        };
        let told = self.live.next(render).await?;
        let scene = Scene::of(&viewer.gate, &session);
        let update = match told {
            Told::Update(Update::Show(released)) => {
                self.seen = on_page;
                self.number = number;
                return Some(released.into_body().into_message());
            }
            Told::Update(Update::Blank(refused)) => {
                let seen = self.seen.take();
                let words = blank(&scene, &refused, seen.as_ref());
                Sent::Refusal(refusal_message(&scene, &refused, words, true))
            }
            Told::Alive(_) => {
                let alive = Some(Sent::AliveAt(proto::timestamp(viewer.clock.now())));
                return Some(v1::WatchViewResponse {
                    update: alive,
                    reference: String::new(),
                    number: self.number,
                });
            }
            Told::Broken => {
                self.seen = None;
                Sent::Refusal(cleared_message(&scene, viewer.clock.now()))
            }
        };
        self.number = number;
        Some(v1::WatchViewResponse { update: Some(update), reference, number })
    }
}
