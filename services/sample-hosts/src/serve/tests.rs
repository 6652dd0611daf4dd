//! Both hosts against a stand-in for Yett that takes everything down: loads, launches, edits, assignments.

use super::*;
use crate::{Credentials, Progress};
use axum::http::StatusCode;
use domain::{SeededEntropy, SystemClock};
use futures::stream::BoxStream;
use proto::intake::v1 as intake;
use proto::intake::v1::clinical_intake_service_server::{ClinicalIntakeService, ClinicalIntakeServiceServer};
use proto::intake::v1::social_care_intake_service_server::{
    SocialCareIntakeService, SocialCareIntakeServiceServer,
};
use proto::matching::v1 as matching;
use proto::matching::v1::assignment_service_server::{AssignmentService, AssignmentServiceServer};
use proto::viewing::v1 as viewing;
use proto::viewing::v1::launch_service_server::{LaunchService, LaunchServiceServer};
use std::sync::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::{Request, Response, Status, Streaming};
use world::cast::{AILSA_KINROSS, ELSPETH_DUNBRAE, MURDO_HALCRO, TORQUIL_ASKEW};

/// What was taken down.
#[derive(Default)]
struct Book {
    submissions: Mutex<Vec<intake::RecordSubmission>>,
    launches: Mutex<Vec<viewing::CreateLaunchRequest>>,
    answers: Mutex<Vec<matching::ConfirmAssignmentRequest>>,
    messages: Mutex<Vec<String>>,
}

#[derive(Clone, Default)]
struct StandIn(Arc<Book>);

fn check<T>(request: &Request<T>, secret: &str) -> Result<(), Status> {
    let shown = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
    if shown == Some(&format!("Bearer {secret}")) {
        Ok(())
    } else {
        Err(Status::unauthenticated("wrong secret"))
    }
}

impl StandIn {
    fn take(&self, submission: Option<intake::RecordSubmission>) -> intake::Receipt {
        let submission = submission.unwrap();
        let event_id = submission.message_id.clone();
        self.0.submissions.lock().unwrap().push(submission);
        intake::Receipt { event_id, ..intake::Receipt::default() }
    }
}

#[tonic::async_trait]
impl SocialCareIntakeService for StandIn {
    async fn submit_record(
        &self,
        request: Request<intake::SocialCareIntakeServiceSubmitRecordRequest>,
    ) -> Result<Response<intake::SocialCareIntakeServiceSubmitRecordResponse>, Status> {
        check(&request, "council-feed")?;
        let receipt = Some(self.take(request.into_inner().submission));
        Ok(Response::new(intake::SocialCareIntakeServiceSubmitRecordResponse { receipt }))
    }

    async fn submit_records(
        &self,
        _: Request<Streaming<intake::SocialCareIntakeServiceSubmitRecordsRequest>>,
    ) -> Result<Response<intake::SocialCareIntakeServiceSubmitRecordsResponse>, Status> {
        Err(Status::unimplemented("not used here"))
    }

    type SubmitExtractStream =
        BoxStream<'static, Result<intake::SocialCareIntakeServiceSubmitExtractResponse, Status>>;

    async fn submit_extract(
        &self,
        _: Request<Streaming<intake::SocialCareIntakeServiceSubmitExtractRequest>>,
    ) -> Result<Response<Self::SubmitExtractStream>, Status> {
        Err(Status::unimplemented("not used here"))
    }

    async fn send_heartbeat(
        &self,
        request: Request<intake::SocialCareIntakeServiceSendHeartbeatRequest>,
    ) -> Result<Response<intake::SocialCareIntakeServiceSendHeartbeatResponse>, Status> {
        check(&request, "council-feed")?;
        Ok(Response::new(intake::SocialCareIntakeServiceSendHeartbeatResponse::default()))
    }
}

#[tonic::async_trait]
impl ClinicalIntakeService for StandIn {
    async fn submit_record(
        &self,
        request: Request<intake::ClinicalIntakeServiceSubmitRecordRequest>,
    ) -> Result<Response<intake::ClinicalIntakeServiceSubmitRecordResponse>, Status> {
        check(&request, "board-feed")?;
        let receipt = Some(self.take(request.into_inner().submission));
        Ok(Response::new(intake::ClinicalIntakeServiceSubmitRecordResponse { receipt }))
    }

    async fn submit_records(
        &self,
        _: Request<Streaming<intake::ClinicalIntakeServiceSubmitRecordsRequest>>,
    ) -> Result<Response<intake::ClinicalIntakeServiceSubmitRecordsResponse>, Status> {
        Err(Status::unimplemented("not used here"))
    }

    async fn send_heartbeat(
        &self,
        request: Request<intake::ClinicalIntakeServiceSendHeartbeatRequest>,
    ) -> Result<Response<intake::ClinicalIntakeServiceSendHeartbeatResponse>, Status> {
        check(&request, "board-feed")?;
        Ok(Response::new(intake::ClinicalIntakeServiceSendHeartbeatResponse::default()))
    }
}

#[tonic::async_trait]
impl LaunchService for StandIn {
    async fn create_launch(
        &self,
        request: Request<viewing::CreateLaunchRequest>,
    ) -> Result<Response<viewing::CreateLaunchResponse>, Status> {
        check(&request, "council-host")?;
        self.0.launches.lock().unwrap().push(request.into_inner());
        let url = "http://yett.localhost:7400/panel?code=once".to_owned();
        Ok(Response::new(viewing::CreateLaunchResponse { url, ..viewing::CreateLaunchResponse::default() }))
    }
}

#[tonic::async_trait]
impl AssignmentService for StandIn {
    type WatchAssignmentsStream = BoxStream<'static, Result<matching::WatchAssignmentsResponse, Status>>;

    async fn watch_assignments(
        &self,
        request: Request<matching::WatchAssignmentsRequest>,
    ) -> Result<Response<Self::WatchAssignmentsStream>, Status> {
        check(&request, "council-feed")?;
        let assignment = |(id, local_id, chi): (&str, &str, &str)| {
            let assignment = matching::Assignment {
                id: id.to_owned(),
                record: Some(crate::wire::source_record(world::COUNCIL_AUTHORITY, local_id)),
                chi_number: chi.to_owned(),
                ..matching::Assignment::default()
            };
            let entry = Some(matching::watch_assignments_response::Entry::Assignment(assignment));
            Ok(matching::WatchAssignmentsResponse { entry })
        };
        let both = [
            ("right", MURDO_HALCRO.council, MURDO_HALCRO.chi),
            ("wrong", AILSA_KINROSS.council, TORQUIL_ASKEW.chi),
        ];
        let open = futures::stream::pending();
        let stream = futures::stream::iter(both.map(assignment).into_iter().collect::<Vec<_>>());
        Ok(Response::new(Box::pin(futures::StreamExt::chain(stream, open))))
    }

    async fn confirm_assignment(
        &self,
        request: Request<matching::ConfirmAssignmentRequest>,
    ) -> Result<Response<matching::ConfirmAssignmentResponse>, Status> {
        self.0.answers.lock().unwrap().push(request.into_inner());
        Ok(Response::new(matching::ConfirmAssignmentResponse::default()))
    }
}

/// Answers AA to every frame and keeps its text.
async fn take_frames(listener: TcpListener, book: Arc<Book>) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let book = Arc::clone(&book);
        tokio::spawn(async move {
            let mut bytes = Vec::new();
            while stream.read_buf(&mut bytes).await.unwrap_or(0) > 0 {
                while let Some(end) = bytes.windows(2).position(|pair| pair == [0x1C, 0x0D]) {
                    let frame: Vec<u8> = bytes.drain(..end + 2).collect();
                    let text = String::from_utf8(frame[1..end].to_vec()).unwrap();
                    let id = text.split('|').nth(9).unwrap().to_owned();
                    book.messages.lock().unwrap().push(text);
                    let answer =
                        format!("\u{b}MSH|^~\\&|Y|Y|PAS|S|1||ACK|{id}|P|2.5.1\rMSA|AA|{id}\r\u{1c}\r");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        });
    }
}

async fn started() -> (Arc<Book>, Settings) {
    let stand_in = StandIn::default();
    let grpc = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mllp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (yett_grpc, yett_mllp) = (grpc.local_addr().unwrap(), mllp.local_addr().unwrap());
    tokio::spawn(take_frames(mllp, Arc::clone(&stand_in.0)));
    let server = tonic::transport::Server::builder()
        .add_service(SocialCareIntakeServiceServer::new(stand_in.clone()))
        .add_service(ClinicalIntakeServiceServer::new(stand_in.clone()))
        .add_service(LaunchServiceServer::new(stand_in.clone()))
        .add_service(AssignmentServiceServer::new(stand_in.clone()));
    tokio::spawn(server.serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(grpc)));
    let secret = |name: &str| Credentials { feed: format!("{name}-feed"), host: format!("{name}-host") };
    let free = "127.0.0.1:0".parse().unwrap();
    let settings = Settings {
        council: free,
        portal: free,
        council_origin: "http://council.localhost:7410".to_owned(),
        portal_origin: "http://portal.localhost:7411".to_owned(),
        panel_origin: "http://yett.localhost:7400".to_owned(),
        yett_grpc,
        yett_mllp,
        council_credentials: secret("council"),
        portal_credentials: secret("board"),
        seed: 7,
        size: 60,
        loaded_at: "2026-11-24T10:00:00Z".parse().unwrap(),
        load: true,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::new(1)),
        progress: watch::channel(Progress::default()).0,
    };
    (stand_in.0, settings)
}

#[tokio::test]
async fn the_whole_world_is_loaded_through_the_feeds_and_assignments_are_answered() {
    let (book, settings) = started().await;
    let mut progress = settings.progress.subscribe();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let hosts = tokio::spawn(run(settings, async { stopped.await.unwrap() }));
    progress.wait_for(|progress| progress.total > 0 && progress.is_done()).await.unwrap();
    while book.answers.lock().unwrap().len() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(()).unwrap();
    hosts.await.unwrap().unwrap();
    let done = *progress.borrow();
    assert_eq!((done.failed, done.accepted), (0, done.total));
    let messages = book.messages.lock().unwrap();
    assert_eq!(
        messages.iter().filter(|text| text.contains("|ADT^A28")).count(),
        world::cast::ALL.len() + 1 + 60
    );
    let submissions = book.submissions.lock().unwrap();
    let ids: std::collections::BTreeSet<&str> = submissions.iter().map(|s| s.message_id.as_str()).collect();
    assert_eq!(ids.len(), submissions.len(), "every message has its own id");
    let elspeth = submissions.iter().find(|s| s.message_id.ends_with("-case-W-20481")).unwrap();
    assert!(elspeth.upserts.len() > 25 && elspeth.demographics.as_ref().unwrap().chi.is_some());
    let answers = book.answers.lock().unwrap();
    let refused = |id: &str| answers.iter().find(|a| a.assignment_id == id).unwrap().refused_because.clone();
    assert_eq!((refused("right"), refused("wrong").as_deref()), (None, Some("the birth date differs")));
}

#[tokio::test]
async fn a_record_page_launches_a_panel_and_an_edit_sends_a_message() {
    use axum::body::Body;
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let (book, settings) = started().await;
    let hosts = Hosts::new(&settings).unwrap();
    let sign_in = |served: &Shell, user| {
        served.sessions.sign_in(user, ("", true), served.clock.now(), &*served.entropy).unwrap()
    };
    let nurse = sign_in(&hosts.portal.shell, "aileen.strachan-bell");
    let worker = sign_in(&hosts.council.shell, "catriona.fenwick");
    let form = |path: &str, cookie: String, body: &'static str| {
        let request = axum::http::Request::post(path).header("cookie", cookie);
        request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
    };
    let council = routes(&hosts.council);
    let ended = form("/record/W-20481/edit", format!("caseline={worker}"), "package.home-care=Ended");
    assert_eq!(council.clone().oneshot(ended).await.unwrap().status(), StatusCode::SEE_OTHER);
    let page = axum::http::Request::get("/record/W-20481").header("cookie", format!("caseline={worker}"));
    let page = council.oneshot(page.body(Body::empty()).unwrap()).await.unwrap();
    let page = String::from_utf8(page.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(page.contains("<iframe src=\"http://yett.localhost:7400/panel?code=once\""), "{page}");
    assert!(page.contains("Saved and sent. Receipt caseline-"));
    let moved = form("/record/S100481/edit", format!("portal={nurse}"), "address=1+Rowanbank%2C+Kilmorran");
    assert_eq!(routes(&hosts.portal).oneshot(moved).await.unwrap().status(), StatusCode::SEE_OTHER);
    let submissions = book.submissions.lock().unwrap();
    assert_eq!((submissions.len(), submissions[0].upserts.len()), (1, 1));
    assert!(book.messages.lock().unwrap()[0].contains("|1 Rowanbank^^Kilmorran^^ST9 4QX^GBR^H|"));
    let launches = book.launches.lock().unwrap();
    let launch = &launches[0];
    assert_eq!(
        (launch.user.as_str(), launch.purpose.as_str(), launch.origin.as_str()),
        ("catriona.fenwick", "care-planning", "http://council.localhost:7410")
    );
    assert_eq!(launch.host_demographics.as_ref().unwrap().birth_date, "1941-03-12");
    let Some(viewing::person_identifier::Identifier::Record(record)) = &launch.person[0].identifier else {
        panic!()
    };
    assert_eq!(record.local_id, ELSPETH_DUNBRAE.council);
    let chi = viewing::person_identifier::Identifier::ChiNumber(ELSPETH_DUNBRAE.chi.to_owned());
    assert_eq!(launch.person[1].identifier, Some(chi));
}
