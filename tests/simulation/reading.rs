//! How the node reads on, step by step, and the facts with it.

use crate::run::{Outcome, Run, text};
use domain::{Decider, LinkEvent, LinkStatus};
use event_codec::Event;
use event_log::{EventLog, Stream};
use support::cast::{person_of, truly};
use support::node::events;

impl Run {
    /// The node reads everything that it can.
    pub(crate) async fn settle(&mut self) -> Outcome {
        let could_decide = self.truth.may_decide(self.node.now());
        if !self.cut_links {
            self.catch_up().await?;
        }
        if !self.cut_sharing {
            self.read_sharing().await?;
        }
        self.look_at_progress(could_decide).await?;
        self.node.wake_touched().await.map_err(text)
    }

    /// The lease looks how far the read model is. Panels that it had blanked look again, as their own timers would
    /// make them within 20 seconds.
    pub(crate) async fn look_at_progress(&mut self, could_decide: bool) -> Outcome {
        self.node.gate.lease().look().await.map_err(text)?;
        self.truth.looked();
        self.node.gate.lease().facts();
        self.truth.clock_read(self.node.now());
        if !could_decide && self.truth.may_decide(self.node.now()) {
            self.node.hub.wake_all();
        }
        Ok(())
    }

    async fn catch_up(&mut self) -> Outcome {
        self.decide().await?;
        self.node.project(None).await.map_err(text)?;
        let read = events(&self.node.durable, Stream::Links, &mut self.link_places).await;
        let links: Vec<LinkEvent> = read
            .into_iter()
            .filter_map(|event| if let Event::Link(event) = event { Some(event) } else { None })
            .collect();
        self.note_index(&links);
        for event in &links {
            self.check_link(event)?;
        }
        self.truth.projected(&links, self.node.now());
        if links.is_empty() {
            return Ok(());
        }
        self.links_stand().await
    }

    /// The decider reads on, if there is anything: each time, it builds its memory anew from the whole log.
    async fn decide(&mut self) -> Outcome {
        let log = &self.node.durable.log;
        let mut ends = log.end(Stream::Records).await.map_err(text)?;
        ends.extend(log.end(Stream::Links).await.map_err(text)?);
        if ends != self.decided_up_to {
            self.node.decide(None).await.map_err(text)?;
            self.decided_up_to = ends;
        }
        Ok(())
    }

    /// Notes whom each person of the index truly is.
    fn note_index(&mut self, links: &[LinkEvent]) {
        for event in links {
            if let LinkEvent::RecordLinked(link) = event
                && link.decided_by == Decider::Index
            {
                self.index.insert(link.person, person_of(&link.record));
            }
        }
    }

    /// Whom the machine links is whom the record is truly about.
    fn check_link(&mut self, event: &LinkEvent) -> Outcome {
        let LinkEvent::RecordLinked(link) = event else { return Ok(()) };
        if !matches!(link.decided_by, Decider::Machine { .. }) || link.status != LinkStatus::Confirmed {
            return Ok(());
        }
        self.count("machine links");
        let (of, linked) = (person_of(&link.record), self.index.get(&link.person));
        if linked.is_some_and(|linked| truly(*linked) == truly(of)) {
            return Ok(());
        }
        Err(format!("the machine linked a record of {of} to {linked:?}"))
    }

    pub(crate) async fn read_sharing(&mut self) -> Outcome {
        let before = self.node.snapshot.current().version;
        self.node.snapshot.catch_up().await.map_err(text)?;
        let read = events(&self.node.durable, Stream::Sharing, &mut self.sharing_places).await;
        let sharing: Vec<_> = read
            .into_iter()
            .filter_map(|event| if let Event::Sharing(event) = event { Some(event) } else { None })
            .collect();
        self.truth.sharing_read(&sharing, self.node.now());
        if self.node.snapshot.current().version != before {
            self.node.hub.wake_all();
        }
        Ok(())
    }
}
