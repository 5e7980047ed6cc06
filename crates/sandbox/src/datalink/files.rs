//! The files of a request, one after the other, made as they are taken.

use std::collections::VecDeque;
use std::sync::Arc;

use table::{ArraySize, Column, Datatype, Field};
use votable::model::{Coosys, Info, Param, Timesys};
use votable::writer::Preamble;
use workbench::export::{Exporter, Format};

use super::epoch_photometry;
use super::product::Product;
use super::retrieval::{Axis, Retrieval, Structure};
use super::subject::{Subject, json};
use crate::Error;
use crate::archive::Folder;
use crate::database::Database;

/// Sources whose products are made in one step.
const STEP: usize = 8;

/// How files are written.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The format.
    pub format: Format,
    /// The structure.
    pub structure: Structure,
    /// Only good rows of light curves.
    pub valid: bool,
}

impl Layout {
    /// The end of the names of files.
    pub fn extension(self) -> &'static str {
        match self.format {
            Format::Votable | Format::VotablePlain => "xml",
            other => other.extension(),
        }
    }

    /// Whether the format has a place for PARAM; otherwise the values of the source are columns.
    fn has_params(self) -> bool {
        matches!(self.format, Format::Votable | Format::VotablePlain | Format::Ecsv | Format::Fits)
    }
}

/// A piece of what goes out.
pub enum Piece {
    /// A file of this name begins.
    Begin(String),
    /// Bytes of it.
    Bytes(Vec<u8>),
}

/// The products that a request gets.
pub struct Files {
    database: Arc<Database>,
    /// The catalogue must stay as long as somebody reads from it.
    _folder: Arc<Folder>,
    layout: Layout,
    /// Sources in steps, and whether the step is the last of its kind.
    steps: VecDeque<(&'static Retrieval, Vec<i64>, bool)>,
    pieces: VecDeque<Piece>,
    /// The file that all sources share, while it is written.
    shared: Option<Exporter>,
    count: usize,
}

impl Files {
    /// The files with the products that these sources have, of these kinds.
    pub fn new(
        database: &Arc<Database>,
        folder: &Arc<Folder>,
        layout: Layout,
        retrievals: &'static [Retrieval],
        sources: &[i64],
    ) -> Result<Files, Error> {
        let mut files = Files {
            database: Arc::clone(database),
            _folder: Arc::clone(folder),
            layout,
            steps: VecDeque::new(),
            pieces: VecDeque::new(),
            shared: None,
            count: 0,
        };
        for retrieval in retrievals {
            let having = having(database, retrieval, sources)?;
            files.count +=
                if layout.structure == Structure::Raw { usize::from(!having.is_empty()) } else { having.len() };
            let steps = having.len().div_ceil(STEP);
            let chunks = having.chunks(STEP).enumerate();
            files.steps.extend(chunks.map(|(at, chunk)| (retrieval, chunk.to_vec(), at + 1 == steps)));
        }
        Ok(files)
    }

    /// How many files there are.
    pub fn number(&self) -> usize {
        self.count
    }

    /// Name of the first.
    pub fn first_name(&self) -> Option<String> {
        let (retrieval, sources, _) = self.steps.front()?;
        Some(self.name(retrieval, *sources.first()?))
    }

    fn name(&self, retrieval: &Retrieval, source_id: i64) -> String {
        let extension = self.layout.extension();
        match self.layout.structure {
            Structure::Standard => format!("{}-Gaia DR3 {source_id}.{extension}", retrieval.name),
            Structure::Raw => format!("{}_RAW.{extension}", retrieval.name),
        }
    }

    /// Makes the products of the next sources.
    fn step(&mut self) -> Result<bool, Error> {
        let Some((retrieval, sources, last)) = self.steps.pop_front() else { return Ok(false) };
        for subject in Subject::load(&self.database, &sources)? {
            match self.layout.structure {
                Structure::Standard => {
                    let mut out = Vec::new();
                    let (preamble, columns) = self.standard(retrieval, &subject);
                    let mut exporter = Exporter::new(self.layout.format, preamble).with_tuples();
                    exporter.start(&mut out);
                    exporter.rows(&columns, 0..columns.first().map_or(0, Column::len), &mut out);
                    finish(&mut exporter, &mut out)?;
                    self.pieces.push_back(Piece::Begin(self.name(retrieval, subject.source_id)));
                    self.pieces.push_back(Piece::Bytes(out));
                }
                Structure::Raw => self.add_row(retrieval, &subject),
            }
        }
        if let Some(mut exporter) = self.shared.take_if(|_| last) {
            let mut out = Vec::new();
            finish(&mut exporter, &mut out)?;
            self.pieces.push_back(Piece::Bytes(out));
        }
        Ok(true)
    }

    /// Adds a source to the file that all share; begins it if this is the first.
    fn add_row(&mut self, retrieval: &Retrieval, subject: &Subject) {
        let columns = (retrieval.raw)(subject).fold(retrieval.fixed);
        let mut out = Vec::new();
        if self.shared.is_none() {
            let preamble = preamble(retrieval, &columns);
            let mut exporter = Exporter::new(self.layout.format, preamble).with_tuples();
            exporter.start(&mut out);
            self.pieces.push_back(Piece::Begin(self.name(retrieval, subject.source_id)));
            self.shared = Some(exporter);
        }
        if let Some(exporter) = &mut self.shared {
            exporter.rows(&columns, 0..1, &mut out);
        }
        self.pieces.push_back(Piece::Bytes(out));
    }

    /// The file of one source: its metadata and columns.
    fn standard(&self, retrieval: &Retrieval, subject: &Subject) -> (Preamble, Vec<Column>) {
        let product = (retrieval.standard)(subject);
        let Some(axis) = retrieval.spectrum.as_ref().filter(|_| self.layout.has_params()) else {
            let mut columns = product.unfold(true);
            if self.layout.valid && retrieval.name == "EPOCH_PHOTOMETRY" {
                columns = epoch_photometry::valid(columns);
            }
            return (preamble(retrieval, &columns), columns);
        };
        let params = spectrum_params(&product, axis, retrieval, subject);
        let columns = product.unfold(false);
        let mut preamble = preamble(retrieval, &columns);
        preamble.utype = Some("spec:Spectrum".to_owned());
        preamble.timesys = vec![time_frame()];
        preamble.coosys = vec![position_frame()];
        // ECSV and FITS have one place for all that is said of the table.
        if matches!(self.layout.format, Format::Votable | Format::VotablePlain) {
            preamble.table_params = params;
        } else {
            preamble.params.extend(params);
        }
        (preamble, columns)
    }
}

impl Iterator for Files {
    type Item = Result<Piece, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Some(Ok(piece));
            }
            match self.step() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.steps.clear();
                    return Some(Err(error));
                }
            }
        }
    }
}

/// Which of these sources have a product of a kind.
fn having(database: &Database, retrieval: &Retrieval, sources: &[i64]) -> Result<Vec<i64>, Error> {
    let session = database.connect()?;
    let mut statement = session.prepare(&format!(
        "SELECT source_id FROM catalogue.\"gaiadr3.gaia_source\"
         WHERE source_id IN (SELECT value FROM json_each(?1)) AND {} ORDER BY source_id",
        retrieval.flag
    ))?;
    let having = statement.query_map([json(sources)], |row| row.get(0))?;
    Ok(having.collect::<Result<_, _>>()?)
}

fn finish(exporter: &mut Exporter, out: &mut Vec<u8>) -> Result<(), Error> {
    exporter.finish(&[], &[], out).map_err(|cause| Error::Format(cause.to_string()))
}

/// What every file says of itself.
fn preamble(retrieval: &Retrieval, columns: &[Column]) -> Preamble {
    let is = |field: &Field, ucd: &str| field.ucd.as_deref().is_some_and(|own| own.starts_with(ucd));
    let fields: Vec<Field> = columns
        .iter()
        .map(|column| {
            let mut field = column.field().clone();
            if is(&field, "time.epoch") {
                field.reference = Some("time_frame".to_owned());
            } else if is(&field, "pos.eq") {
                field.reference = Some("GAIADR3".to_owned());
            }
            field
        })
        .collect();
    Preamble {
        infos: vec![
            Info::new("QUERY_STATUS", "OK"),
            Info::new("CAPTION", "SYNTHETIC DATA of the Parallax sandbox: nothing here was observed"),
        ],
        params: vec![Param::text("RELEASE", "Synthetic, in the shape of Gaia DR3")],
        timesys: fields.iter().any(|field| is(field, "time.epoch")).then(time_frame).into_iter().collect(),
        coosys: fields.iter().any(|field| is(field, "pos.eq")).then(position_frame).into_iter().collect(),
        table_name: Some(retrieval.name.to_owned()),
        fields,
        ..Preamble::default()
    }
}

fn time_frame() -> Timesys {
    Timesys {
        id: Some("time_frame".to_owned()),
        timeorigin: Some("2455197.5".to_owned()),
        timescale: Some("TCB".to_owned()),
        refposition: Some("BARYCENTER".to_owned()),
    }
}

fn position_frame() -> Coosys {
    Coosys {
        id: Some("GAIADR3".to_owned()),
        system: Some("ICRS".to_owned()),
        epoch: Some("J2016.0".to_owned()),
        ..Coosys::default()
    }
}

/// What a spectrum says beside its points (Spectrum data model 1.1), after the values of the source.
fn spectrum_params(product: &Product, axis: &Axis, retrieval: &Retrieval, subject: &Subject) -> Vec<Param> {
    let number = |name: &str, value: f64, unit: &str, utype: &str| {
        let mut field = Field::new(name, Datatype::Double);
        field.unit = (!unit.is_empty()).then(|| unit.to_owned());
        field.utype = Some(format!("spec:{utype}"));
        Param { field, value: value.to_string(), values: None }
    };
    let text = |name: &str, value: &str, utype: &str| {
        let mut param = Param::text(name, value);
        param.field.utype = Some(format!("spec:{utype}"));
        param
    };
    // Right ascension and declination are one value here.
    let own = product.head.iter().filter(|column| !matches!(column.field().name.as_str(), "ra" | "dec"));
    let mut params: Vec<Param> = own
        .map(|column| {
            let value = column.cell(0);
            let missing = matches!(value, table::Cell::Null);
            Param {
                field: column.field().clone(),
                value: if missing { String::new() } else { value.to_string() },
                values: None,
            }
        })
        .collect();
    let mut location = number("spatialLocation", subject.ra, "deg", "Char.SpatialAxis.Coverage.Location.Value");
    location.field.arraysize = ArraySize::fixed(2);
    location.field.ucd = Some("pos.eq".to_owned());
    location.field.reference = Some("GAIADR3".to_owned());
    location.value = format!("{} {}", subject.ra, subject.dec);
    params.push(location);
    params.extend([
        number("TimeAxisCoverageLocation", 2016.0, "yr", "Char.TimeAxis.Coverage.Location.Value"),
        number("TimeAxisCoverageBoundsExtent", 2.83, "yr", "Char.TimeAxis.Coverage.Bounds.Extent"),
        number(
            "SpectralAxisCoverageLocation",
            (axis.start + axis.stop) / 2.0,
            "nm",
            "Char.SpectralAxis.Coverage.Location.Value",
        ),
        number(
            "SpectralAxisCoverageBoundsExtent",
            axis.stop - axis.start,
            "nm",
            "Char.SpectralAxis.Coverage.Bounds.Extent",
        ),
        number("SpectralAxisCoverageBoundsStart", axis.start, "nm", "Char.SpectralAxis.Coverage.Bounds.Start"),
        number("SpectralAxisCoverageBoundsStop", axis.stop, "nm", "Char.SpectralAxis.Coverage.Bounds.Stop"),
        number("SpatialExtent", 0.0, "arcsec", "Char.SpatialAxis.Coverage.Bounds.Extent"),
        text("DataModel", "Spectrum 1.01", "DataModel"),
        text("Publisher", "Parallax sandbox", "Curation.Publisher"),
        text("Title", &format!("{} of {}", retrieval.title, subject.designation()), "DataID.Title"),
        text("SpectralAxisUcd", "em.wl", "Char.SpectralAxis.Ucd"),
        text("SpectralAxisUnit", "nm", "Char.SpectralAxis.Unit"),
        text("FluxAxisUcd", axis.ucd, "Char.FluxAxis.Ucd"),
        text("FluxAxisUnit", axis.unit, "Char.FluxAxis.Unit"),
    ]);
    params
}
