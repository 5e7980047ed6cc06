//! The services that can be found: this one, under both of its names, and invented ones.
//!
//! All but this service are made up, so that lessons can practise the search without a network. Their addresses end in
//! `.example` (RFC 2606), so that nobody is asked by mistake. Their tables look like those that are found in earnest, with
//! names that need quotes among them.

use crate::archive::Archive;
use crate::catalogue::definition::{INDEXED, PRINCIPAL};
use crate::external::NEIGHBOUR;

/// A TAP service.
pub struct Service {
    pub address: String,
    pub ivoid: String,
    pub tables: Vec<Table>,
}

/// A table of a service.
pub struct Table {
    pub name: String,
    pub description: String,
    pub utype: String,
    pub columns: Vec<Column>,
}

/// A column of a table.
pub struct Column {
    pub name: String,
    pub description: String,
    pub unit: String,
    pub ucd: String,
    pub datatype: String,
    pub principal: bool,
    pub indexed: bool,
    pub standard: bool,
}

/// Name, type, unit, UCD, description.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str);

const RA: Entry = ("RAJ2000", "DOUBLE", "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS, epoch J2000");
const DEC: Entry = ("DEJ2000", "DOUBLE", "deg", "pos.eq.dec;meta.main", "Declination, ICRS, epoch J2000");
const NUMBER: Entry = ("recno", "INTEGER", "", "meta.record", "Number of the row");
const NAME: Entry = ("Name", "VARCHAR", "", "meta.id;meta.main", "Name of the object");

/// Address without scheme and path, identifier, tables: name, description, utype, columns.
type Invented = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str, &'static [Entry])]);

const INVENTED: &[Invented] = &[
    (
        "tap.attic.example/tap",
        "ivo://attic.example/tap",
        &[
            (
                "J/A+AS/134/483/table3",
                "Invented: new QSOs from an imagined objective prism survey (Nobody A., Noone B.)",
                "",
                &[
                    NUMBER,
                    NAME,
                    RA,
                    DEC,
                    ("z", "DOUBLE", "", "src.redshift", "Redshift"),
                    ("Bmag", "DOUBLE", "mag", "phot.mag;em.opt.B", "B magnitude"),
                ],
            ),
            (
                "J/MNRAS/999/1/table2",
                "Invented: radial velocities of 1,204 dwarf stars, with \"repeat\" observations",
                "",
                &[
                    NUMBER,
                    NAME,
                    RA,
                    DEC,
                    ("HRV", "DOUBLE", "km/s", "spect.dopplerVeloc", "Heliocentric radial velocity"),
                    ("e_HRV", "DOUBLE", "km/s", "stat.error", "Error of HRV"),
                ],
            ),
            (
                "I/999/hundredmas",
                "Invented: stars with parallaxes above 100 mas",
                "",
                &[
                    NUMBER,
                    RA,
                    DEC,
                    ("Plx", "DOUBLE", "mas", "pos.parallax", "Parallax"),
                    (
                        "pmRA",
                        "DOUBLE",
                        "mas/yr",
                        "pos.pm;pos.eq.ra",
                        "Proper motion in right ascension, times cos(dec)",
                    ),
                    ("pmDE", "DOUBLE", "mas/yr", "pos.pm;pos.eq.dec", "Proper motion in declination"),
                ],
            ),
        ],
    ),
    (
        "vo.lantern.example/tap",
        "ivo://lantern.example/tap",
        &[
            (
                "quasars.main",
                "Invented: quasars with broad lines, redshifts and radio loudness",
                "",
                &[
                    ("qso_id", "BIGINT", "", "meta.id;meta.main", "Identifier"),
                    ("ra", "DOUBLE", "deg", "pos.eq.ra;meta.main", "Right ascension"),
                    ("dec", "DOUBLE", "deg", "pos.eq.dec;meta.main", "Declination"),
                    ("redshift", "REAL", "", "src.redshift", "Redshift"),
                    ("mag_i", "REAL", "mag", "phot.mag;em.opt.I", "i magnitude"),
                ],
            ),
            (
                "ivoa.obscore",
                "Invented: observations in the form of the ObsCore data model",
                "ivo://ivoa.net/std/obscore#table-1.1",
                &[
                    ("dataproduct_type", "VARCHAR", "", "meta.code.class", "Kind of data product"),
                    ("obs_id", "VARCHAR", "", "meta.id", "Observation"),
                    ("s_ra", "DOUBLE", "deg", "pos.eq.ra", "Right ascension of the middle"),
                    ("s_dec", "DOUBLE", "deg", "pos.eq.dec", "Declination of the middle"),
                    ("t_min", "DOUBLE", "d", "time.start;obs.exposure", "Begin, MJD"),
                    ("access_url", "VARCHAR", "", "meta.ref.url", "Where the data are"),
                ],
            ),
        ],
    ),
    (
        "archive.tidepool.example/tap",
        "ivo://tidepool.example/tap",
        &[(
            "xray.sources",
            "Invented: X-ray sources of an imagined all-sky survey",
            "",
            &[
                ("src", "INTEGER", "", "meta.id;meta.main", "Number of the source"),
                ("ra", "DOUBLE", "deg", "pos.eq.ra;meta.main", "Right ascension"),
                ("dec", "DOUBLE", "deg", "pos.eq.dec;meta.main", "Declination"),
                ("rate", "REAL", "ct/s", "phot.count;em.X-ray", "Count rate"),
                ("hr1", "REAL", "", "phot.color;em.X-ray", "Hardness ratio"),
            ],
        )],
    ),
    (
        "tap.meridian.example/tap",
        "ivo://meridian.example/tap",
        &[(
            "lightcurves.epochs",
            "Invented: light curves of variable stars, one row an epoch",
            "",
            &[
                ("object", "VARCHAR", "", "meta.id", "Star"),
                ("hjd", "DOUBLE", "d", "time.epoch", "Heliocentric Julian date"),
                ("mag_v", "REAL", "mag", "phot.mag;em.opt.V", "V magnitude"),
                ("mag_v_error", "REAL", "mag", "stat.error;phot.mag;em.opt.V", "Its error"),
            ],
        )],
    ),
    (
        "dc.saltmarsh.example/__system__/tap/run",
        "ivo://saltmarsh.example/tap",
        &[(
            "clusters.members",
            "Invented: members of open clusters with their probabilities",
            "",
            &[
                ("cluster", "VARCHAR", "", "meta.id", "Cluster"),
                ("source_id", "BIGINT", "", "meta.id;meta.main", "Source"),
                ("probability", "REAL", "", "stat.probability", "Probability of membership"),
            ],
        )],
    ),
    (
        "spectra.foxglove.example/tap",
        "ivo://foxglove.example/tap",
        &[(
            "survey.\"Spectra-2\"",
            "Invented: stellar spectra with temperatures, gravities and metallicities",
            "",
            &[
                ("spec_id", "BIGINT", "", "meta.id;meta.main", "Spectrum"),
                ("teff", "REAL", "K", "phys.temperature.effective", "Effective temperature"),
                ("logg", "REAL", "log(cm.s**-2)", "phys.gravity", "Surface gravity"),
                ("fe_h", "REAL", "", "phys.abund.Fe", "Metallicity"),
            ],
        )],
    ),
    (
        "radio.heather.example/tap",
        "ivo://heather.example/tap",
        &[(
            "continuum.components",
            "Invented: components of radio sources at 1.4 GHz",
            "",
            &[
                ("component", "VARCHAR", "", "meta.id;meta.main", "Component"),
                ("ra", "DOUBLE", "deg", "pos.eq.ra;meta.main", "Right ascension"),
                ("dec", "DOUBLE", "deg", "pos.eq.dec;meta.main", "Declination"),
                ("s_int", "REAL", "mJy", "phot.flux.density;em.radio.750-1500MHz", "Integrated flux density"),
            ],
        )],
    ),
    (
        "ir.bracken.example/tap",
        "ivo://bracken.example/tap",
        &[(
            "deep.sources",
            "Invented: a deep survey of the galactic plane in J, H and K",
            "",
            &[
                ("id", "BIGINT", "", "meta.id;meta.main", "Identifier"),
                ("j_m", "REAL", "mag", "phot.mag;em.IR.J", "J magnitude"),
                ("h_m", "REAL", "mag", "phot.mag;em.IR.H", "H magnitude"),
                ("k_m", "REAL", "mag", "phot.mag;em.IR.K", "K magnitude"),
            ],
        )],
    ),
    (
        "minor.thistle.example/tap",
        "ivo://thistle.example/tap",
        &[(
            "orbits.elements",
            "Invented: orbital elements of asteroids",
            "",
            &[
                ("number", "INTEGER", "", "meta.id;meta.main", "Number"),
                ("a", "DOUBLE", "AU", "phys.size.smajAxis", "Semimajor axis"),
                ("e", "DOUBLE", "", "src.orbital.eccentricity", "Eccentricity"),
                ("i", "DOUBLE", "deg", "src.orbital.inclination", "Inclination"),
            ],
        )],
    ),
    (
        "planets.sorrel.example/tap",
        "ivo://sorrel.example/tap",
        &[(
            "exo.planets",
            "Invented: planets of other stars",
            "",
            &[
                ("planet", "VARCHAR", "", "meta.id;meta.main", "Planet"),
                ("period", "DOUBLE", "d", "time.period", "Orbital period"),
                ("mass", "DOUBLE", "jupiterMass", "phys.mass", "Mass"),
            ],
        )],
    ),
];

/// All services. `tap` is the public address of this one.
pub fn services(archive: &Archive, tap: &str) -> Vec<Service> {
    let own = [(tap, "ivo://parallax.sandbox/tap"), (NEIGHBOUR, "ivo://neighbour.sandbox/tap")];
    let own = own.map(|(address, ivoid)| Service {
        address: address.to_owned(),
        ivoid: ivoid.to_owned(),
        tables: own_tables(archive),
    });
    own.into_iter().chain(INVENTED.iter().map(invented)).collect()
}

fn own_tables(archive: &Archive) -> Vec<Table> {
    let tables = archive.database.catalogue().tables().iter().map(|table| Table {
        name: table.qualified(),
        description: table.description.to_owned(),
        utype: String::new(),
        columns: table
            .columns
            .iter()
            .map(|info| Column {
                name: info.field.name.clone(),
                description: info.field.description.clone().unwrap_or_default(),
                unit: info.field.unit.clone().unwrap_or_default(),
                ucd: info.field.ucd.clone().unwrap_or_default(),
                datatype: adql_type(info.field.datatype.name()).to_owned(),
                principal: info.flags & PRINCIPAL != 0,
                indexed: info.flags & INDEXED != 0,
                standard: table.schema == "tap_schema",
            })
            .collect(),
    });
    tables.collect()
}

fn invented(&(host, ivoid, tables): &Invented) -> Service {
    let tables = tables.iter().map(|&(name, description, utype, columns)| Table {
        name: name.to_owned(),
        description: description.to_owned(),
        utype: utype.to_owned(),
        columns: columns
            .iter()
            .map(|&(name, datatype, unit, ucd, description)| Column {
                name: name.to_owned(),
                description: description.to_owned(),
                unit: unit.to_owned(),
                ucd: ucd.to_owned(),
                datatype: datatype.to_owned(),
                principal: ucd.contains("meta.main"),
                indexed: ucd.contains("meta.main"),
                standard: true,
            })
            .collect(),
    });
    Service { address: format!("http://{host}"), ivoid: ivoid.to_owned(), tables: tables.collect() }
}

/// The name that TAP 1.0 has for a type of VOTable.
fn adql_type(datatype: &str) -> &'static str {
    match datatype {
        "short" | "unsignedByte" => "SMALLINT",
        "int" | "boolean" => "INTEGER",
        "long" => "BIGINT",
        "float" => "REAL",
        "double" => "DOUBLE",
        _ => "VARCHAR",
    }
}
