//! Tables as files, in the formats that the archive offers: VOTable, CSV, ECSV, JSON and FITS.
//!
//! Page and sandbox write with the same code, so that a file from either looks the same. Rows come in blocks of any size,
//! bytes go to the end of a buffer that the caller empties when it likes.

mod csv;
mod ecsv;
mod fits;
mod json;
mod text;
mod votable;

use std::ops::Range;

use ::votable::model::{Info, ServiceDescriptor};
use ::votable::writer::{Preamble, Serialization};
use table::Column;

use crate::Error;

/// A file format, by the archive's names for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// VOTable 1.4, BINARY2.
    Votable,
    /// The same, compressed.
    VotableGzip,
    /// VOTable 1.4, TABLEDATA.
    VotablePlain,
    /// A line of names and lines of values.
    Csv,
    /// CSV below a header in YAML (ECSV 1.0).
    Ecsv,
    /// The archive's own JSON: `metadata` and `data`.
    Json,
    /// One binary table (FITS 4.0, section 7.3).
    Fits,
}

impl Format {
    /// All of them, the default first.
    pub const ALL: [Format; 7] = [
        Format::Votable,
        Format::VotableGzip,
        Format::VotablePlain,
        Format::Csv,
        Format::Ecsv,
        Format::Json,
        Format::Fits,
    ];

    /// The value of `FORMAT`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Votable => "votable",
            Format::VotableGzip => "votable_gzip",
            Format::VotablePlain => "votable_plain",
            Format::Csv => "csv",
            Format::Ecsv => "ecsv",
            Format::Json => "json",
            Format::Fits => "fits",
        }
    }

    /// Reads a name, a name of TAP 1.1 (`votable/td`, `votable/b2`) or a media type, with or without parameters.
    pub fn parse(text: &str) -> Option<Format> {
        let text: String = text.trim().to_ascii_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(format) = Format::ALL.into_iter().find(|format| format.name() == text) {
            return Some(format);
        }
        let (kind, parameters) = text.split_once(';').unwrap_or((&text, ""));
        match kind {
            "application/x-votable+xml" | "text/xml" | "application/xml" => {
                let tabledata = parameters.split(';').any(|p| p.replace('"', "") == "serialization=tabledata");
                Some(if tabledata { Format::VotablePlain } else { Format::Votable })
            }
            "votable/td" => Some(Format::VotablePlain),
            "votable/b2" | "votable/b" => Some(Format::Votable),
            "application/x-votable+gzip" | "application/x-votable+xml+gzip" => Some(Format::VotableGzip),
            "text/csv" => Some(Format::Csv),
            "text/ecsv" | "application/x-ecsv" => Some(Format::Ecsv),
            "application/json" => Some(Format::Json),
            "application/fits" | "image/fits" => Some(Format::Fits),
            _ => None,
        }
    }

    /// The media type of the file.
    pub fn mime(self) -> &'static str {
        match self {
            Format::Votable | Format::VotablePlain => "application/x-votable+xml",
            Format::VotableGzip => "application/x-votable+gzip",
            Format::Csv => "text/csv",
            Format::Ecsv => "text/ecsv",
            Format::Json => "application/json",
            Format::Fits => "application/fits",
        }
    }

    /// The end of the file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Votable | Format::VotablePlain => "vot",
            Format::VotableGzip => "vot.gz",
            Format::Csv => "csv",
            Format::Ecsv => "ecsv",
            Format::Json => "json",
            Format::Fits => "fits",
        }
    }
}

/// Name of the INFO in which a file says that it may not be whole, and why.
pub const COMPLETENESS: &str = "COMPLETENESS";

/// Name of the INFO in which a file says that it holds rows which a person chose.
pub const SELECTION: &str = "SELECTION";

/// Writes one file.
pub struct Exporter {
    sink: Sink,
}

enum Sink {
    Votable(Box<votable::Votable>),
    Csv(Preamble, &'static text::Spelling),
    Ecsv(Preamble),
    Json(json::Json),
    Fits(Box<fits::Fits>),
}

impl Exporter {
    /// An exporter of the columns and metadata in `preamble`.
    pub fn new(format: Format, preamble: Preamble) -> Exporter {
        let votable =
            |serialization, gzip| Sink::Votable(Box::new(votable::Votable::new(serialization, gzip, preamble.clone())));
        let sink = match format {
            Format::Votable => votable(Serialization::Binary2, false),
            Format::VotableGzip => votable(Serialization::Binary2, true),
            Format::VotablePlain => votable(Serialization::TableData, false),
            Format::Csv => Sink::Csv(preamble, &csv::SPELLING),
            Format::Ecsv => Sink::Ecsv(preamble),
            Format::Json => Sink::Json(json::Json::new(preamble)),
            Format::Fits => Sink::Fits(Box::new(fits::Fits::new(preamble))),
        };
        Exporter { sink }
    }

    /// The same, with arrays in CSV as tuples: `(1.0, 2.0)`. So the archive writes DataLink products.
    pub fn with_tuples(mut self) -> Exporter {
        if let Sink::Csv(_, spelling) = &mut self.sink {
            *spelling = &csv::TUPLES;
        }
        self
    }

    /// Writes what stands before the first row. Once, first.
    pub fn start(&mut self, out: &mut Vec<u8>) {
        match &mut self.sink {
            Sink::Votable(sink) => sink.start(out),
            Sink::Csv(preamble, _) => csv::header(&preamble.fields, out),
            Sink::Ecsv(preamble) => ecsv::header(preamble, out),
            Sink::Json(sink) => sink.start(out),
            Sink::Fits(_) => {}
        }
    }

    /// Writes rows `rows` of `columns`, which have the fields of the preamble, in its order. As often as there are blocks.
    /// FITS states the number of rows in its header: its rows are kept until [`Exporter::finish`].
    pub fn rows(&mut self, columns: &[Column], rows: Range<usize>, out: &mut Vec<u8>) {
        match &mut self.sink {
            Sink::Votable(sink) => sink.rows(columns, rows, out),
            Sink::Csv(_, spelling) => csv::rows(columns, rows, spelling, out),
            Sink::Ecsv(_) => ecsv::rows(columns, rows, out),
            Sink::Json(sink) => sink.rows(columns, rows, out),
            Sink::Fits(sink) => sink.rows(columns, rows),
        }
    }

    /// Writes the end. `trailing` is what became known behind the last row, such as `QUERY_STATUS` `OVERFLOW`; the text
    /// formats have no place for it but a comment (ECSV) or a key more (JSON), CSV has none. `descriptors` go into VOTable only.
    pub fn finish(
        &mut self,
        trailing: &[Info],
        descriptors: &[ServiceDescriptor],
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match &mut self.sink {
            Sink::Votable(sink) => sink.finish(trailing, descriptors, out),
            Sink::Csv(..) => {}
            Sink::Ecsv(_) => ecsv::finish(trailing, out),
            Sink::Json(sink) => sink.finish(trailing, out),
            Sink::Fits(sink) => sink.finish(trailing, out)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_name_and_media_type() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Some(format));
            assert_eq!(Format::parse(&format.name().to_uppercase()), Some(format));
            if format != Format::VotablePlain {
                assert_eq!(Format::parse(format.mime()), Some(format));
            }
        }
        assert_eq!(Format::parse("application/x-votable+xml; serialization=TABLEDATA"), Some(Format::VotablePlain));
        assert_eq!(Format::parse("application/x-votable+xml;serialization=\"BINARY2\""), Some(Format::Votable));
        assert_eq!(Format::parse("votable/td"), Some(Format::VotablePlain));
        assert_eq!(Format::parse("parquet"), None);
    }
}
