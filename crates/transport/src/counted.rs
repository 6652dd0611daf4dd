//! Counts the calls that a port answered with a refusal, by status alone: nothing of whom or what they were about.

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use tonic::Code;

/// The same routes, with every refusal counted.
pub(crate) fn counted(router: Router) -> Router {
    router.layer(map_response(count))
}

async fn count(response: Response) -> Response {
    if let Some(status) = refusal(&response) {
        metrics::counter!("yett_calls_refused_total", "status" => status).increment(1);
    }
    response
}

/// The status of a refusal: the name of a gRPC code, or the number of HTTP's.
fn refusal(response: &Response) -> Option<String> {
    if let Some(code) = response.headers().get("grpc-status") {
        let code = Code::from_bytes(code.as_bytes());
        return (code != Code::Ok).then(|| format!("{code:?}"));
    }
    let status = response.status();
    (status.is_client_error() || status.is_server_error()).then(|| status.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;
    use tonic::Status;

    #[test]
    fn refusals_are_told_by_their_status_and_answers_are_not() {
        let plain = |status: StatusCode| Response::builder().status(status).body(Body::empty()).unwrap();
        assert_eq!(refusal(&plain(StatusCode::OK)), None);
        assert_eq!(refusal(&plain(StatusCode::SEE_OTHER)), None);
        assert_eq!(refusal(&plain(StatusCode::FORBIDDEN)).as_deref(), Some("403"));
        let grpc = Status::out_of_range("too long").into_http::<Body>();
        assert_eq!(refusal(&grpc).as_deref(), Some("OutOfRange"));
    }
}
