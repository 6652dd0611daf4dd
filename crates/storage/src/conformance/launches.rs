//! Codes and sessions.

use super::samples::{begin, launch, second};
use crate::Store;
use std::sync::Arc;

pub(super) async fn a_launch_code_is_taken_once(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    work.save_launch_code(&[9; 32], &launch(1), second(60)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = begin(store.as_ref()).await;
    assert_eq!(work.take_launch_code(&[8; 32], second(1)).await.unwrap(), None);
    assert_eq!(work.take_launch_code(&[9; 32], second(1)).await.unwrap(), Some(launch(1)));
    assert_eq!(work.take_launch_code(&[9; 32], second(1)).await.unwrap(), None);
    work.commit().await.unwrap();
    let mut work = begin(store.as_ref()).await;
    assert_eq!(work.take_launch_code(&[9; 32], second(2)).await.unwrap(), None);
}

pub(super) async fn an_expired_code_or_session_is_nothing(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    work.save_launch_code(&[9; 32], &launch(1), second(60)).await.unwrap();
    work.save_session(&[1; 32], &launch(1), second(60)).await.unwrap();
    assert_eq!(work.take_launch_code(&[9; 32], second(60)).await.unwrap(), None);
    work.commit().await.unwrap();
    assert_eq!(store.session(&[1; 32], second(59)).await.unwrap(), Some((launch(1), second(60))));
    assert_eq!(store.session(&[1; 32], second(60)).await.unwrap(), None);
    let mut work = begin(store.as_ref()).await;
    work.prune_launches(second(60)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.session(&[1; 32], second(0)).await.unwrap(), None);
}

pub(super) async fn an_ended_session_is_gone(store: Arc<dyn Store>) {
    let mut work = begin(store.as_ref()).await;
    work.save_session(&[1; 32], &launch(1), second(60)).await.unwrap();
    work.save_session(&[2; 32], &launch(2), second(60)).await.unwrap();
    work.end_session(launch(1).request.session).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(store.session(&[1; 32], second(1)).await.unwrap(), None);
    assert!(store.session(&[2; 32], second(1)).await.unwrap().is_some());
}
