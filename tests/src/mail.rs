//! Mail that goes nowhere: every letter is kept, to be read by the test.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use polylogue::base::mail::{Letter, Mail, MailError};

/// Keeps letters instead of sending them. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct CaughtMail {
    letters: Arc<Mutex<Vec<Letter>>>,
    refuses: Arc<Mutex<bool>>,
}

impl CaughtMail {
    /// Every letter so far, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on no letter is taken, as by a mail server that is down.
    pub fn refuse(&self) {
        *self.refuses.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

#[async_trait]
impl Mail for CaughtMail {
    fn sends(&self) -> bool {
        true
    }

    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        if *self.refuses.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(MailError::Server("down".to_owned()));
        }
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        Ok(())
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}
