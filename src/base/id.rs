//! Ids of this instance: 64-bit, decimal in URLs and APIs, ordered by time (decisions 12, G2). One id space
//! for everything an instance makes, so that a key names one thing.

use std::sync::Mutex;

use super::{
    clock::Clock,
    entropy::{self, Entropy},
};

/// Bits of an id below its millisecond.
const SEQUENCE_BITS: u32 = 16;

/// Makes ids. Within one process they only grow; two processes on one database meet in one of 65,536 cases
/// per shared millisecond, and then the unique index refuses the second.
#[derive(Debug, Default)]
pub struct IdMaker {
    last: Mutex<i64>,
}

impl IdMaker {
    /// The next id.
    pub fn next(&self, clock: &dyn Clock, entropy: &dyn Entropy) -> i64 {
        let low = i64::from(u16::from_le_bytes(entropy::bytes(entropy)));
        let fresh = (clock.now().as_millis() << SEQUENCE_BITS) | low;
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = fresh.max(*last + 1);
        *last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Timestamp;

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(1_790_000_000_000)
        }
    }
    struct Zero;
    impl Entropy for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn grow_even_while_the_clock_stands_still() {
        let maker = IdMaker::default();
        let ids: Vec<i64> = (0..1000).map(|_| maker.next(&Still, &Zero)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].to_string().len(), 18);
    }
}
