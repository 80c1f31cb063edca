//! Wakes the workers when a commit has made work for them: no timer stands between an act and its delivery.

use std::sync::Arc;

use tokio::sync::Notify;

/// One bell per queue; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Wake {
    inbox: Arc<Notify>,
    log: Arc<Notify>,
    outgoing: Arc<Notify>,
    sync: Arc<Notify>,
    held: Arc<Notify>,
    web: Arc<Notify>,
    threads: Arc<Notify>,
    streams: Arc<Notify>,
    others: Arc<Notify>,
    push: Arc<Notify>,
}

impl Wake {
    /// Something came in.
    pub fn inbox(&self) -> &Notify {
        &self.inbox
    }

    /// A log grew.
    pub fn log(&self) -> &Notify {
        &self.log
    }

    /// Something is to be sent.
    pub fn outgoing(&self) -> &Notify {
        &self.outgoing
    }

    /// A peer's log is to be read.
    pub fn sync(&self) -> &Notify {
        &self.sync
    }

    /// What is held unverified may be verifiable now.
    pub fn held(&self) -> &Notify {
        &self.held
    }

    /// A web domain is to be looked at.
    pub fn web(&self) -> &Notify {
        &self.web
    }

    /// A thread that began elsewhere is to be walked along.
    pub fn threads(&self) -> &Notify {
        &self.threads
    }

    /// There may be something for those who listen to streams.
    pub fn streams(&self) -> &Notify {
        &self.streams
    }

    /// Other servers over this database are to be told that there is something.
    pub fn others(&self) -> &Notify {
        &self.others
    }

    /// Something is to be told by push.
    pub fn push(&self) -> &Notify {
        &self.push
    }

    /// Somebody here may have been told something, or may not listen any more.
    pub fn told(&self) {
        self.streams.notify_one();
        self.others.notify_one();
        self.push.notify_one();
    }

    /// Rings all bells: another process wrote to the database.
    pub fn all(&self) {
        self.told();
        self.inbox.notify_one();
        self.log.notify_one();
        self.outgoing.notify_one();
        self.sync.notify_one();
    }

    /// Rings after an act: the log grew, and there may be something to send.
    pub fn after_act(&self) {
        self.told();
        self.log.notify_one();
        self.outgoing.notify_one();
    }
}
