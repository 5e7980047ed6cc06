//! What can be wrong with a file, and where.

/// Why a file cannot be read or written. What was read before stays readable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// A line with another number of fields than the header.
    #[error("line {line} has {found} fields, the header {expected}")]
    Fields {
        /// Where the record begins, from 1.
        line: u64,
        /// Fields in it.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// A quoted field that never ends.
    #[error("line {line}: a quotation mark is not closed")]
    Quote {
        /// Where the field begins, from 1.
        line: u64,
    },
    /// Bytes that are no text.
    #[error("line {line}: not text but binary data")]
    Binary {
        /// Where, from 1.
        line: u64,
    },
    /// A record longer than any table's.
    #[error("line {line}: a record of more than {limit} bytes")]
    TooLong {
        /// Where the record begins, from 1.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// More columns than a table may have.
    #[error("{found} columns are more than the {limit} that are read")]
    TooManyFields {
        /// Fields in the header.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The compressed data is damaged.
    #[error("damaged gzip data at byte {offset}: {cause}")]
    Gzip {
        /// Bytes of the compressed file before the damage.
        offset: u64,
        /// What is wrong.
        cause: &'static str,
    },
    /// The compressed data ends too early.
    #[error("the gzip data is cut after {offset} bytes")]
    GzipCut {
        /// Bytes that came.
        offset: u64,
    },
    /// More inflated data than is taken.
    #[error("the file inflates to more than {} MiB", limit >> 20)]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A VOTable that cannot be read to its end.
    #[error(transparent)]
    Votable(#[from] votable::Error),
    /// FITS numbers the columns with three digits.
    #[error("FITS holds at most 999 columns, the table has {0}")]
    TooManyColumns(usize),
}
