//! One binary for all integration tests: linked once.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod commentary;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod federation;
#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod push;
#[cfg(test)]
mod record;
#[cfg(test)]
mod store_story;
#[cfg(test)]
mod streaming;
