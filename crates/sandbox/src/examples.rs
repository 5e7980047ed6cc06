//! `/examples`: queries to begin with (DALI 1.1, section 2.3), as a page that people and programs read.

use crate::archive::Answer;
use crate::fault::escape;
use crate::response;

/// An example.
pub struct Example {
    /// Identifier in the page.
    pub id: &'static str,
    /// Title.
    pub name: &'static str,
    /// What the query does and why.
    pub text: &'static str,
    /// The query.
    pub query: &'static str,
}

/// The examples, simple ones first. All of them run as they are.
pub const EXAMPLES: &[Example] = &[
    Example {
        id: "cone",
        name: "Cone search: the field of the Pleiades",
        text: "All sources within one degree of a position, the brightest first. The index over the sky makes it fast.",
        query: "SELECT source_id, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp\nFROM gaiadr3.gaia_source\n\
                WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 1))\nORDER BY phot_g_mean_mag",
    },
    Example {
        id: "pleiades",
        name: "Members of the Pleiades by their proper motion",
        text: "Stars of a cluster move together. The mean of the parallaxes gives the distance of the cluster.",
        query: "SELECT source_id, ra, dec, parallax, parallax_error, pmra, pmdec, phot_g_mean_mag, bp_rp\n\
                FROM gaiadr3.gaia_source\n\
                WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 3))\n\
                AND SQRT(POWER(pmra - 19.9, 2) + POWER(pmdec + 45.5, 2)) < 4\nAND parallax BETWEEN 6.3 AND 8.4",
    },
    Example {
        id: "cmd",
        name: "Color–magnitude diagram of the solar neighborhood",
        text: "Absolute magnitude against color for stars with good parallaxes: plot mg downwards against bp_rp.",
        query: "SELECT source_id, bp_rp, phot_g_mean_mag + 5 * LOG10(parallax) - 10 AS mg\nFROM gaiadr3.gaia_source\n\
                WHERE parallax > 8 AND parallax_over_error > 20 AND bp_rp IS NOT NULL",
    },
    Example {
        id: "fast",
        name: "Stars of high proper motion",
        text: "The fastest on the sky are near; most are red dwarfs.",
        query: "SELECT TOP 100 designation, ra, dec, pm, pmra, pmdec, parallax, radial_velocity\n\
                FROM gaiadr3.gaia_source\nWHERE pm > 200\nORDER BY pm DESC",
    },
    Example {
        id: "rrlyrae",
        name: "RR Lyrae stars with periods and positions",
        text: "A join of the table of variables with the main table.",
        query: "SELECT v.source_id, g.ra, g.dec, v.best_classification, v.pf, v.p1_o, v.peak_to_peak_g, v.int_average_g\n\
                FROM gaiadr3.vari_rrlyrae AS v\nJOIN gaiadr3.gaia_source AS g ON g.source_id = v.source_id\n\
                ORDER BY int_average_g",
    },
    Example {
        id: "neighbourhood",
        name: "From DR2 to DR3",
        text: "Identifiers change between releases; the neighbourhood table connects them.",
        query: "SELECT TOP 500 n.dr2_source_id, n.dr3_source_id, n.angular_distance, g.parallax AS parallax_dr3,\n\
                o.parallax AS parallax_dr2\nFROM gaiadr3.dr2_neighbourhood AS n\n\
                JOIN gaiadr3.gaia_source AS g ON g.source_id = n.dr3_source_id\n\
                JOIN gaiadr2.gaia_source AS o ON o.source_id = n.dr2_source_id\n\
                WHERE g.phot_g_mean_mag < 18 AND n.dr2_source_id <> n.dr3_source_id",
    },
    Example {
        id: "crossmatch",
        name: "Cross-match with an infrared catalogue",
        text: "Positions within one arcsecond, in the field of Praesepe.",
        query: "SELECT g.source_id, t.designation, \n\
                DISTANCE(POINT('ICRS', g.ra, g.dec), POINT('ICRS', t.ra, t.dec)) * 3600 AS separation,\n\
                g.phot_g_mean_mag, t.j_m, t.ks_m\nFROM gaiadr3.gaia_source AS g\n\
                JOIN external.twomass_like AS t\n\
                ON 1 = CONTAINS(POINT('ICRS', t.ra, t.dec), CIRCLE('ICRS', g.ra, g.dec, 0.000278))\n\
                WHERE 1 = CONTAINS(POINT('ICRS', g.ra, g.dec), CIRCLE('ICRS', 130.1, 19.67, 2))",
    },
    Example {
        id: "counts",
        name: "Sources by magnitude",
        text: "Groups and counts: how many sources in each bin of one magnitude, and how red they are.",
        query: "SELECT magnitude, COUNT(*) AS n, AVG(bp_rp) AS mean_color\n\
                FROM (SELECT FLOOR(phot_g_mean_mag) AS magnitude, bp_rp FROM gaiadr3.gaia_source) AS binned\n\
                GROUP BY magnitude\nORDER BY magnitude",
    },
    Example {
        id: "sample",
        name: "A random sample",
        text: "A range of random_index is a sample that is spread over the whole sky.",
        query: "SELECT source_id, l, b, parallax, phot_g_mean_mag, bp_rp\nFROM gaiadr3.gaia_source\n\
                WHERE random_index BETWEEN 0 AND 1999",
    },
    Example {
        id: "columns",
        name: "Which columns are there?",
        text: "The service describes itself in tap_schema.",
        query: "SELECT column_name, datatype, unit, description\nFROM tap_schema.columns\n\
                WHERE table_name = 'gaiadr3.gaia_source'\nORDER BY column_index",
    },
];

/// The page.
pub fn page(tap: &str) -> Answer {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n\
         <title>Example queries of the Parallax sandbox</title>\n</head>\n<body vocab=\"http://www.ivoa.net/rdf/examples#\">\n\
         <h1>Example queries</h1>\n<p>All data at <code>{}</code> are synthetic: nothing here was observed. For a join with a \
         table of your own, upload it as <code>mine</code> and read it as <code>tap_upload.mine</code>.</p>\n",
        escape(tap)
    );
    for Example { id, name, text, query } in EXAMPLES {
        out += &format!(
            "<div id=\"{id}\" resource=\"#{id}\" typeof=\"example\">\n<h2 property=\"name\">{}</h2>\n<p>{}</p>\n\
             <pre property=\"query\">{}</pre>\n</div>\n",
            escape(name),
            escape(text),
            escape(query)
        );
    }
    out += "</body>\n</html>\n";
    response::document("application/xhtml+xml", out)
}
