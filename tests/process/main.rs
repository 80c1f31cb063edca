//! The program as a process: started, spoken to by its commands and its API, and killed.

#[cfg(test)]
mod demo;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod server;
