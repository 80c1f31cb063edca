//! Tables as text with commas (RFC 4180), safe to open in a spreadsheet.

/// A table, row by row.
#[derive(Debug, Default)]
pub(super) struct Csv(String);

impl Csv {
    /// Adds a row.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.cell(cell);
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, cell: &str) {
        // A spreadsheet would run what begins so as a formula (decisions 33); the mark is documented, and taken away
        // again by whoever reads the table as data.
        let guarded = cell.starts_with(['=', '+', '-', '@', '\t']);
        let quoted = cell.contains(['"', ',', '\r', '\n']);
        if quoted {
            self.0.push('"');
        }
        if guarded {
            self.0.push('\'');
        }
        self.0.push_str(&cell.replace('"', "\"\""));
        if quoted {
            self.0.push('"');
        }
    }

    /// The whole text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_run_nothing() {
        let mut csv = Csv::default();
        csv.row(["plain", "a, b", "say \"no\"", "two\nlines", ""]);
        csv.row(["=1+1", "+1", "-1", "@x", "\tx", "=\"a\",b", "a=b"]);
        assert_eq!(
            csv.into_text(),
            "plain,\"a, b\",\"say \"\"no\"\"\",\"two\nlines\",\r\n\
             '=1+1,'+1,'-1,'@x,'\tx,\"'=\"\"a\"\",b\",a=b\r\n"
        );
    }
}
