//! Runs the step functions: one loop per queue, woken by the write that made work and by the clock when something
//! falls due. The only place that starts tasks and waits.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, task::JoinSet};

use crate::{
    federation::Federation,
    service::{ServiceError, streams::Fed},
    store::{attestations, deliveries, inbox_items, links, push, walks},
};

/// Lanes that deliver at once.
const LANES_AT_ONCE: usize = 64;
/// Longest wait between two looks at a queue that nobody woke.
const IDLE_MILLIS_MAX: i64 = 60_000;
/// Wait after a failure of our own, so that a broken database is not asked in a hot loop.
const FAILURE_PAUSE: Duration = Duration::from_secs(1);
/// Wait between two looks at what has happened that nobody rang for: another program over the same database did it, or
/// revoked a token.
const STREAMS_PAUSE: Duration = Duration::from_secs(3);
/// Wait for those who have much to read.
const CROWDED_PAUSE: Duration = Duration::from_millis(50);
/// Wait between two looks at what is held unverified.
const HELD_PAUSE: Duration = Duration::from_mins(10);

/// One queue and how it is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Queue {
    Inbox,
    Log,
    Outgoing,
    Pull,
    Held,
    Web,
    Threads,
    Streams,
    Telling,
    Push,
}

/// The running workers. Dropped or stopped, they leave everything where it can be taken up again.
#[derive(Debug)]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Workers {
    /// Starts a loop for every queue.
    pub fn start(federation: &Federation) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for queue in [
            Queue::Inbox,
            Queue::Log,
            Queue::Outgoing,
            Queue::Pull,
            Queue::Held,
            Queue::Web,
            Queue::Threads,
            Queue::Push,
        ] {
            tasks.spawn(run(queue, federation.clone(), stopped.clone()));
        }
        tasks.spawn(run(Queue::Streams, federation.clone(), stopped.clone()));
        if federation.service.store.is_shared() {
            tasks.spawn(run(Queue::Telling, federation.clone(), stopped.clone()));
            tasks.spawn(hear(federation.clone(), stopped));
        }
        Self { stop, tasks }
    }

    /// Lets each worker end the step it is at.
    pub async fn stop(mut self) {
        // Nobody listens any more: then there is nothing to stop.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn run(queue: Queue, federation: Federation, mut stopped: watch::Receiver<bool>) {
    let lanes = Lanes::default();
    let mut sending = JoinSet::new();
    while !*stopped.borrow() {
        let step = match queue {
            Queue::Outgoing => send(&federation, &lanes, &mut sending).await,
            _ => work(queue, &federation).await,
        };
        let pause = match step {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(?queue, ?error, "a worker failed; it tries again");
                Some(FAILURE_PAUSE)
            }
        };
        if let Some(pause) = pause {
            rest(queue, &federation, pause, &mut stopped).await;
        }
        while sending.try_join_next().is_some() {}
    }
    while sending.join_next().await.is_some() {}
}

/// One step; `None` where there may be more to do at once, else how long to rest.
async fn work(queue: Queue, federation: &Federation) -> Result<Option<Duration>, ServiceError> {
    let store = &federation.service.store;
    let idle = |due| Ok(Some(until(federation, due)));
    match queue {
        Queue::Inbox if federation.process_inbox().await? > 0 => Ok(None),
        Queue::Inbox => idle(inbox_items::next_due(store).await?),
        Queue::Log if read_logs(federation).await? > 0 => Ok(None),
        // A log that grew may hold a revision: once all is passed on, the passages of its comments are found again.
        Queue::Log if federation.service.find_passages_again().await? > 0 => Ok(None),
        Queue::Log | Queue::Outgoing => idle(None),
        Queue::Pull if federation.pull_due().await? > 0 => Ok(None),
        Queue::Pull => idle(links::next_pull(store).await?),
        Queue::Web if federation.look_at_web_domains().await? > 0 => Ok(None),
        Queue::Web => idle(attestations::next_web_due(store).await?),
        Queue::Threads if federation.walk(federation.service.now()).await? > 0 => Ok(None),
        Queue::Threads => idle(walks::next_due(store).await?),
        Queue::Held => {
            federation.look_again().await?;
            while federation.service.forget_waiting_pictures().await? > 0 {}
            Ok(Some(HELD_PAUSE))
        }
        Queue::Push if federation.push().await? > 0 => Ok(None),
        Queue::Push => idle(push::next_due(store).await?),
        Queue::Streams => Ok(match federation.service.feed_streams().await? {
            Fed::Some => None,
            Fed::Crowded => Some(CROWDED_PAUSE),
            Fed::All => Some(STREAMS_PAUSE),
        }),
        Queue::Telling => {
            store.tell().await?;
            idle(None)
        }
    }
}

/// Hears when another server over this database has written something. Where it cannot, the streams are read at their
/// pace all the same.
async fn hear(federation: Federation, mut stopped: watch::Receiver<bool>) {
    let service = &federation.service;
    while !*stopped.borrow() {
        let heard = tokio::select! {
            heard = heard_from_others(&federation) => heard,
            _ = stopped.changed() => continue,
        };
        if let Err(error) = heard {
            tracing::warn!(
                ?error,
                "other servers over this database are not heard; it tries again"
            );
            tokio::select! {
                () = pause_for(FAILURE_PAUSE) => {}
                _ = stopped.changed() => {}
            }
        }
        service.wake.streams().notify_one();
    }
}

async fn heard_from_others(federation: &Federation) -> Result<(), ServiceError> {
    let service = &federation.service;
    let Some(mut hearing) = service.store.hear().await? else { return Ok(()) };
    loop {
        hearing.next().await?;
        service.wake.streams().notify_one();
    }
}

/// What is done when logs have grown, each from where it had read to.
async fn read_logs(federation: &Federation) -> Result<usize, ServiceError> {
    Ok(federation.relay().await? + federation.service.leave_notices().await?)
}

/// Waits until the queue is woken, something falls due, or all is stopped.
async fn rest(
    queue: Queue,
    federation: &Federation,
    pause: Duration,
    stopped: &mut watch::Receiver<bool>,
) {
    let wake = &federation.service.wake;
    let bell = match queue {
        Queue::Inbox => wake.inbox(),
        Queue::Log => wake.log(),
        Queue::Outgoing => wake.outgoing(),
        Queue::Pull => wake.sync(),
        Queue::Held => wake.held(),
        Queue::Web => wake.web(),
        Queue::Threads => wake.threads(),
        Queue::Streams => wake.streams(),
        Queue::Telling => wake.others(),
        Queue::Push => wake.push(),
    };
    tokio::select! {
        () = bell.notified() => {}
        () = pause_for(pause) => {}
        _ = stopped.changed() => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that waits")]
async fn pause_for(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// How long until a moment, at most a minute.
fn until(federation: &Federation, due_at: Option<i64>) -> Duration {
    let now = federation.service.now().as_millis();
    let wait = due_at.map_or(IDLE_MILLIS_MAX, |due| (due - now).clamp(0, IDLE_MILLIS_MAX));
    // At least a little: a delivery that is due but whose host's circuit is open must not spin.
    Duration::from_millis(u64::try_from(wait).unwrap_or_default().max(10))
}

/// The hosts that are being delivered to: one task each, so that order within a host is kept and a slow host holds up
/// nobody else.
#[derive(Debug, Clone, Default)]
struct Lanes(Arc<Mutex<BTreeSet<String>>>);

impl Lanes {
    /// Enters a lane; `None` where somebody is in it, or all are taken.
    fn enter(&self, host: &str) -> Option<Lane> {
        let mut busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.len() >= LANES_AT_ONCE || !busy.insert(host.to_owned()) {
            return None;
        }
        Some(Lane { host: host.to_owned(), lanes: self.clone() })
    }
}

/// A lane that is taken; left when dropped.
#[derive(Debug)]
struct Lane {
    host: String,
    lanes: Lanes,
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.lanes.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.host);
    }
}

/// Expands what is to be sent and starts a task for every lane that has something due.
async fn send(
    federation: &Federation,
    lanes: &Lanes,
    sending: &mut JoinSet<()>,
) -> Result<Option<Duration>, ServiceError> {
    let expanded = federation.expand().await? > 0;
    let mut all_entered = true;
    for host in federation.lanes_due().await? {
        let Some(lane) = lanes.enter(&host) else {
            all_entered = false;
            continue;
        };
        let federation = federation.clone();
        sending.spawn(async move {
            let wake = federation.service.wake.clone();
            let failed = drain(&federation, &lane).await;
            drop(lane);
            if failed {
                pause_for(FAILURE_PAUSE).await;
            }
            // What became due for this host while its lane was being left is looked at again.
            wake.outgoing().notify_one();
        });
    }
    if expanded {
        return Ok(None);
    }
    let due = if all_entered {
        deliveries::next_due_open(&federation.service.store).await?
    } else {
        None
    };
    Ok(Some(until(federation, due)))
}

/// Sends until the lane is empty; answers whether our own side failed.
async fn drain(federation: &Federation, lane: &Lane) -> bool {
    loop {
        match federation.deliver(&lane.host).await {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(host = %lane.host, ?error, "a delivery failed on our side");
                return true;
            }
        }
    }
}

/// Looks again and again whether something has come about, for a while; answers whether it has. For those who show
/// what happens between servers, such as the demo: nothing in a server waits like this.
pub async fn come_about<F>(patience: Duration, mut look: impl FnMut() -> F) -> anyhow::Result<bool>
where
    F: Future<Output = anyhow::Result<bool>>,
{
    const LOOK_EVERY: Duration = Duration::from_millis(50);
    let mut looks = patience.as_millis() / LOOK_EVERY.as_millis();
    loop {
        if look().await? {
            return Ok(true);
        }
        if looks == 0 {
            return Ok(false);
        }
        looks -= 1;
        pause_for(LOOK_EVERY).await;
    }
}
