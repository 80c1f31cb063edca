//! A password from standard input: one line, so that it is never seen in a list of processes or in a history of
//! commands. How long it must be is the service's to say.

use std::io::{self, BufRead};

use thiserror::Error;
use zeroize::Zeroizing;

use crate::base::limits::PASSWORD_BYTES_MAX;

/// Why there is no password.
#[derive(Debug, Error)]
pub enum PasswordError {
    /// Nothing was sent, or an empty line.
    #[error(
        "no password on standard input: send it as one line, such as: polylogue … --password-stdin < FILE"
    )]
    Missing,
    /// More bytes than a password may have.
    #[error("the password has more than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// Not text.
    #[error("the password is not UTF-8")]
    NotUtf8,
    /// Standard input failed.
    #[error("standard input cannot be read")]
    Unreadable(#[source] io::Error),
}

/// Reads one line and drops its end (`\n` or `\r\n`) and nothing else: spaces belong to the password.
pub fn read_line(input: impl BufRead) -> Result<Zeroizing<String>, PasswordError> {
    // Two bytes for the end of the line and one to see that there is too much. Made at full size, since growing
    // would leave copies behind that nothing wipes.
    let bytes_max = PASSWORD_BYTES_MAX + 3;
    let mut line = Zeroizing::new(Vec::with_capacity(bytes_max));
    let mut limited = input.take(bytes_max as u64);
    limited.read_until(b'\n', &mut line).map_err(PasswordError::Unreadable)?;
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Err(PasswordError::Missing);
    }
    if text.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    match std::str::from_utf8(text) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(PasswordError::NotUtf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Result<String, PasswordError> {
        read_line(input).map(|password| password.to_string())
    }

    #[test]
    fn one_line_without_its_end() {
        assert_eq!(read(b"open sesame\n").unwrap(), "open sesame");
        assert_eq!(read(b" open sesame \r\nsecond line\n").unwrap(), " open sesame ");
        assert_eq!(read("sésame, ouvre-toi".as_bytes()).unwrap(), "sésame, ouvre-toi");
    }

    #[test]
    fn nothing_is_no_password() {
        for empty in [&b""[..], b"\n", b"\r\n", b"\nsecond line"] {
            assert!(matches!(read(empty), Err(PasswordError::Missing)), "{empty:?}");
        }
    }

    #[test]
    fn no_more_than_a_password_may_have() {
        for end in ["", "\n", "\r\n"] {
            let longest = "a".repeat(PASSWORD_BYTES_MAX);
            assert_eq!(read(format!("{longest}{end}").as_bytes()).unwrap(), longest);
            let over = format!("{longest}a{end}");
            assert!(matches!(read(over.as_bytes()), Err(PasswordError::TooLong)));
        }
        assert!(matches!(
            read_line(io::BufReader::new(io::repeat(b'a'))),
            Err(PasswordError::TooLong)
        ));
    }

    #[test]
    fn only_text() {
        assert!(matches!(read(b"\xff\xfe\n"), Err(PasswordError::NotUtf8)));
    }
}
