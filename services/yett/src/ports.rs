//! The ports of a node: HTTP, gRPC and MLLP, each with what the node's roles offer.

use crate::background::Background;
use crate::node::Node;
use crate::roles::Role;
use crate::{operations, registers};
use anyhow::{Context, Result, anyhow};
use axum::Router;
use clinical_adapter::{MllpSettings, run_mllp};
use governance::{Governance, GovernanceParts};
use intake::{Door, Intake, WireIntake};
use pipeline::Commands;
use proto::intake::v1::social_care_intake_service_server::{
    SocialCareIntakeService, SocialCareIntakeServiceServer,
};
use settings::Settings;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use transport::{Limits, listen, serve};
use viewer::{Viewer, ViewerParts};

/// The open ports.
pub(crate) struct Ports {
    tasks: JoinSet<()>,
}

/// Opens every port that the node's roles need.
pub(crate) async fn open(
    node: &Node,
    background: &Background,
    commands: Commands,
    stop: &CancellationToken,
) -> Result<Ports> {
    let mut tasks = JoinSet::new();
    let limits = limits(&node.settings);
    let viewer = viewer(node, stop).await?;
    let http = http(node, viewer.as_ref());
    let grpc = grpc(node, background, viewer.as_ref(), (commands, stop)).await?;
    // Every port is bound before the first answers: whoever is told that the node is ready reaches all of them.
    let listen_on = &node.settings.listen;
    let (http_port, grpc_port) = (listen(listen_on.http).await?, listen(listen_on.grpc).await?);
    if node.plays(Role::ClinicalAdapter) {
        let intake: Arc<dyn Intake> = node.intake.clone();
        let port = listen(listen_on.mllp).await?;
        let settings = mllp_settings(&node.settings)?;
        tasks.spawn(run_mllp(port, intake, mllp_feed(node)?, settings, stop.clone()));
    }
    tasks.spawn(serve(grpc_port, grpc, limits, stop.clone()));
    tasks.spawn(serve(http_port, http, limits, stop.clone()));
    Ok(Ports { tasks })
}

impl Ports {
    /// Waits until every port has let its connections go, at most so long.
    pub(crate) async fn finish(mut self, within: Duration) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(within + Duration::from_secs(1), all).await.is_err() {
            tracing::warn!(outcome = "shutdown-limit", "some connections had to be cut off");
        }
    }
}

async fn viewer(node: &Node, stop: &CancellationToken) -> Result<Option<Arc<Viewer>>> {
    if !node.plays(Role::Viewer) {
        return Ok(None);
    }
    let settings = &node.settings;
    let seconds = Duration::from_secs;
    Ok(Some(Viewer::new(ViewerParts {
        gate: Arc::clone(&node.gate),
        hub: Arc::clone(&node.hub),
        store: Arc::clone(&node.ground.store),
        commands: Commands::claim(node.ground.clone(), "viewer")
            .await
            .context("the viewer's outbox cannot be moved")?,
        callers: node.callers.clone(),
        clock: Arc::clone(&node.ground.clock),
        entropy: Arc::clone(&node.entropy),
        assets: node.assets.clone(),
        stop: stop.clone(),
        settings: viewer::Settings {
            public_url: settings.listen.public_url.trim_end_matches('/').to_owned(),
            launch: seconds(settings.viewer.launch_s),
            session: seconds(settings.viewer.session_s),
            heartbeat: seconds(settings.viewer.heartbeat_s),
            lease: Duration::from_millis(settings.policy.lease_ms),
            most_panels: usize::try_from(settings.viewer.most_panels).unwrap_or(usize::MAX),
        },
    })))
}

fn http(node: &Node, viewer: Option<&Arc<Viewer>>) -> Router {
    let router = node.health.router().merge(node.assets.router());
    match viewer {
        Some(viewer) => router.merge(viewer.router()),
        None => router,
    }
}

/// Every gRPC service of the node's roles, with health and reflection.
async fn grpc(
    node: &Node,
    background: &Background,
    viewer: Option<&Arc<Viewer>>,
    (commands, stop): (Commands, &CancellationToken),
) -> Result<Router> {
    let (_, health) = tonic_health::server::health_reporter();
    let describe = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let mut routes = Routes::new(health);
    routes = routes.add_service(describe().build_v1()?).add_service(describe().build_v1alpha()?);
    let feeds = WireIntake::new(node.intake.clone(), node.callers.clone(), Arc::clone(&node.feeds));
    let most_bytes = node.settings.limits.message_bytes;
    if node.plays(Role::SocialCareAdapter) {
        routes = routes.add_service(social_care(node, feeds.clone()));
    }
    if node.plays(Role::ClinicalAdapter) {
        routes = routes.add_service(clinical_adapter::service(feeds, most_bytes));
    }
    if node.plays(Role::Governance) {
        routes = governance_services(node, commands, routes);
    }
    if let Some(viewer) = viewer {
        routes = routes.add_service(viewer.launch_service()).add_service(viewer.view_service());
    }
    if node.plays(Role::Projector) {
        let operations = operations::start(node).await?;
        routes = routes.add_service(operations.quarantine_service()).add_service(operations.status_service());
    }
    if let Some(disclosures) = &background.disclosures {
        routes = routes.add_service(disclosures.service());
    }
    if let Some((matcher, commands)) = &background.matcher {
        let doors = chi_matcher::Doors {
            gate: Arc::clone(&node.gate),
            callers: node.callers.clone(),
            commands: commands.clone(),
            entropy: Arc::clone(&node.entropy),
            stop: stop.clone(),
        };
        routes = routes
            .add_service(matcher.review_service(&doors))
            .add_service(matcher.assignment_service(&doors));
    }
    Ok(routes.prepare().into_axum_router())
}

fn social_care(
    node: &Node,
    feeds: WireIntake,
) -> SocialCareIntakeServiceServer<impl SocialCareIntakeService + use<>> {
    let ground = social_care_adapter::ExtractGround {
        store: Arc::clone(&node.ground.store),
        log: Arc::clone(&node.ground.log),
        removal_stop_percent: node.settings.intake.removal_stop_percent,
    };
    social_care_adapter::service(feeds, ground, node.settings.limits.message_bytes)
}

fn governance_services(node: &Node, commands: Commands, routes: Routes) -> Routes {
    let governance = Governance::new(GovernanceParts {
        log: Arc::clone(&node.ground.log),
        codec: node.ground.codec.clone(),
        clock: Arc::clone(&node.ground.clock),
        events: Arc::new(commands),
        snapshot: Arc::clone(&node.snapshot),
        callers: node.callers.clone(),
    });
    routes
        .add_service(governance.organisation_service())
        .add_service(governance.position_service())
        .add_service(governance.agreement_service())
        .add_service(governance.directive_service())
}

/// Whose feed the MLLP port is: that of whoever controls the authority in the settings, as the register stands.
pub(crate) fn mllp_feed(node: &Node) -> Result<clinical_adapter::FeedSource> {
    let authority = domain::Authority::parse(&node.settings.intake.mllp_authority)
        .map_err(|violation| anyhow!("intake.mllp_authority: {}", violation.rule))?;
    let snapshot = Arc::clone(&node.snapshot);
    Ok(Arc::new(move || {
        let current = snapshot.current();
        let holds = |organisation: &&domain::Organisation| {
            organisation.active && organisation.authorities.contains(&authority)
        };
        let mut feed = registers::feed(current.state.organisations().find(holds)?, Door::Hl7v2);
        feed.authorities.retain(|one| *one == authority);
        Some(feed)
    }))
}

/// How the MLLP port reads and what a connection may take up.
pub(crate) fn mllp_settings(settings: &Settings) -> Result<MllpSettings> {
    Ok(MllpSettings {
        limits: clinical_adapter::Limits {
            connections: settings.limits.connections,
            first_byte: Duration::from_millis(settings.limits.first_byte_ms),
            frame: Duration::from_millis(settings.limits.frame_ms),
            idle: Duration::from_millis(settings.limits.idle_ms),
            frame_bytes: settings.limits.message_bytes,
            ..clinical_adapter::Limits::default()
        },
        ..MllpSettings::new(hl7_settings(settings)?)
    })
}

fn hl7_settings(settings: &Settings) -> Result<hl7v2::Settings> {
    let intake = &settings.intake;
    let authority = domain::Authority::parse(&intake.mllp_authority)
        .map_err(|violation| anyhow!("intake.mllp_authority: {}", violation.rule))?;
    let zone = jiff::tz::TimeZone::get(&intake.time_zone).context("intake.time_zone")?;
    let otherwise = intake.mllp_take_unnamed.then(|| authority.clone());
    Ok(hl7v2::Settings { zone, otherwise, ..hl7v2::Settings::new(&intake.mllp_numbers, authority) })
}

fn limits(settings: &Settings) -> Limits {
    let millis = Duration::from_millis;
    let limits = &settings.limits;
    Limits {
        connections: limits.connections,
        first_byte: millis(limits.first_byte_ms),
        frame: millis(limits.frame_ms),
        idle: millis(limits.idle_ms),
        shutdown: millis(limits.shutdown_ms),
    }
}
