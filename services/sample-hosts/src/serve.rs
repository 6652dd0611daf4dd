//! Starts both hosts: their pages, the initial load, heartbeats, the stream of assignments.

use crate::assignments::Receiver;
use crate::council::CaseSystem;
use crate::http::{Host, Served, router};
use crate::launch::Launcher;
use crate::portal::Portal;
use crate::shell::{Brand, COUNCIL, PORTAL, Shell};
use crate::{Error, Settings, dates, load};
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use world::World;

/// Well below how often the register expects the feeds to be heard.
const HEARTBEAT: Duration = Duration::from_mins(1);

/// Both hosts, made and not started.
pub(crate) struct Hosts {
    pub(crate) council: Served<CaseSystem>,
    pub(crate) portal: Served<Portal>,
    pub(crate) world: World,
}

impl Hosts {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let world = World::generate(settings.seed, settings.size, dates::day_of(settings.loaded_at))?;
        let serve = |brand: Brand, launcher: Launcher| Shell::new(brand, launcher, settings).map(Arc::new);
        Ok(Self {
            council: Served {
                host: Arc::new(CaseSystem::new(settings, &world)?),
                shell: serve(COUNCIL, Launcher::for_council(settings)?)?,
            },
            portal: Served {
                host: Arc::new(Portal::new(settings, &world)?),
                shell: serve(PORTAL, Launcher::for_portal(settings)?)?,
            },
            world,
        })
    }
}

/// Runs both hosts until `shutdown` resolves. Pages answer at once; the initial load goes on beside them.
pub async fn run(settings: Settings, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
    let hosts = Hosts::new(&settings)?;
    let council = bind(settings.council).await?;
    let portal = bind(settings.portal).await?;
    let (stop, stopped) = watch::channel(false);
    let receiver = Receiver::new(&settings, Arc::clone(&hosts.council.host))?;
    let pages = async {
        let both = tokio::try_join!(
            serve(council, routes(&hosts.council), stopped.clone()),
            serve(portal, routes(&hosts.portal), stopped.clone()),
        );
        both.map(|_| ())
    };
    let ended = async {
        shutdown.await;
        stop.send_replace(true);
        // Pages that are being answered are finished; a browser's idle connection is not waited for.
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    let beside = async {
        tokio::join!(receiver.run(), feeds(&settings, &hosts));
    };
    tokio::select! {
        result = pages => result,
        () = ended => Ok(()),
        () = beside => Ok(()),
    }
}

async fn feeds(settings: &Settings, hosts: &Hosts) {
    let (council, board) = (hosts.council.host.feed(), hosts.portal.host.feed());
    if settings.load {
        load::send_all(settings, &hosts.world, council, board).await;
    }
    loop {
        let now = settings.clock.now();
        let (first, second) = tokio::join!(council.heartbeat(now), board.heartbeat(now));
        for error in [first.err(), second.err()].into_iter().flatten() {
            tracing::debug!(%error, "a heartbeat was not taken");
        }
        tokio::time::sleep(HEARTBEAT).await;
    }
}

fn routes<H: Host>(served: &Served<H>) -> Router {
    router(served.clone())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source })
}

async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), Error> {
    let stop = async move {
        // Were the sender gone, stopping would be right as well.
        while !*stopped.borrow_and_update() && stopped.changed().await.is_ok() {}
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await.map_err(Error::Serve)
}

#[cfg(test)]
mod tests;
