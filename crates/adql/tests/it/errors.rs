//! Mistakes: where they are, what is said about them, what is suggested.

use adql::parse;

use crate::archive::translated;

/// The bytes between « and » are those of the error, which contains the words; then what is suggested.
const MISTAKES: &[(&str, &str, Option<&str>)] = &[
    // Syntax.
    ("«»", "no query", None),
    ("«SELCT» ra FROM gaiadr3.gaia_source", "SELECT was expected", Some("SELECT")),
    ("«DROP» TABLE x", "ADQL only asks", None),
    ("SELECT ra«»", "ends here, but FROM", None),
    ("SELECT ra, «FROM» gaiadr3.gaia_source", "missing before FROM", None),
    ("SELECT ra FROM gaiadr3.gaia_source «LIMIT» 10", "SELECT TOP", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra «==» 1", "single =", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE 1 < ra «<» 2", "chained", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra = «'x»", "not closed", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra > «‘»1", "typographic", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE «(»ra > 1", "not closed", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra > 1«)»", "closes nothing", None),
    ("SELECT ra FROM gaiadr3.gaia_source «WHERE»", "", None),
    ("SELECT TOP «x» ra FROM gaiadr3.gaia_source", "whole number", None),
    ("SELECT TOP «1.5» ra FROM gaiadr3.gaia_source", "whole number", None),
    ("SELECT ra AS «select» FROM gaiadr3.gaia_source", "reserved", None),
    ("SELECT ra FROM gaiadr3.gaia_source a JOIN gaiadr3.vari_rrlyrae b «WHERE» 1=1", "condition of the join", None),
    ("SELECT ra FROM «(SELECT ra FROM gaiadr3.gaia_source)»", "needs a name", None),
    ("SELECT ra FROM gaiadr3.gaia_source ORDER BY ra; «SELECT» 1 FROM x", "second query", None),
    ("SELECT CAST(ra AS «money») FROM gaiadr3.gaia_source", "not a type", None),
    ("SELECT ra «/* all */» FROM gaiadr3.gaia_source", "comments", None),
    ("SELECT ra FROM gaiadr3.gaia_source ORDER BY ra «WHERE» ra > 1", "order of clauses", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra IN «()»", "empty", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra «NOT» 5", "", None),
    // Names.
    ("SELECT ra FROM «gaia_source»", "no table gaia_source", Some("gaiadr3.gaia_source")),
    ("SELECT ra FROM «gaiadr3.gaia_sorce»", "no table", Some("gaiadr3.gaia_source")),
    ("SELECT «paralax» FROM gaiadr3.gaia_source", "no column paralax", Some("parallax")),
    ("SELECT g.«paralax» FROM gaiadr3.gaia_source AS g", "g has no column", Some("parallax")),
    ("SELECT «gaia_source».ra FROM gaiadr3.gaia_source AS g", "not a table of this query", Some("g")),
    ("SELECT «source_id» FROM gaiadr3.gaia_source, gaiadr3.vari_rrlyrae", "ambiguous", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE designation = «\"Gaia\"»", "single quotes", None),
    ("SELECT «\"RA\"» FROM gaiadr3.gaia_source", "no column RA", Some("ra")),
    ("SELECT ra FROM gaiadr3.gaia_source, «gaiadr3.gaia_source»", "Give each an alias", None),
    ("SELECT «x».* FROM gaiadr3.gaia_source", "", None),
    ("SELECT ra FROM gaiadr3.gaia_source g JOIN gaiadr3.vari_rrlyrae v USING («ra»)", "right of the join", None),
    ("SELECT «SQR»(ra) FROM gaiadr3.gaia_source", "no function", Some("SQRT")),
    ("SELECT «gaia_healpix_idx»(5, source_id) FROM gaiadr3.gaia_source", "no function", Some("gaia_healpix_index")),
    ("SELECT x.ra FROM (SELECT dec FROM gaiadr3.gaia_source) AS x", "", None),
    // Types.
    ("SELECT «designation» + 1 FROM gaiadr3.gaia_source", "number is needed", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra = «'north'»", "but ra is a number", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE has_rvs = «'maybe'»", "has_rvs", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE «ra»", "condition is needed", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE «CONTAINS(POINT(ra,dec),CIRCLE(1,2,3))»", "1 = CONTAINS", None),
    ("SELECT GAIA_HEALPIX_INDEX(5, «ra») FROM gaiadr3.gaia_source", "source_id must be a whole number", None),
    ("SELECT SIN(ra, «dec») FROM gaiadr3.gaia_source", "one argument", None),
    ("SELECT IN_UNIT(parallax, «'furlong'») FROM gaiadr3.gaia_source", "no known unit", None),
    ("SELECT IN_UNIT(parallax, «'yr'») FROM gaiadr3.gaia_source", "cannot be converted", None),
    ("SELECT IN_UNIT(«ruwe», 'deg') FROM gaiadr3.gaia_source", "not known", None),
    ("SELECT POINT(«'GALACTIC'», l, b) FROM gaiadr3.gaia_source", "not converted", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE 1=CONTAINS(POINT(ra,dec), «CIRCLE(0, 91, 1)»)", "declination", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE 1=CONTAINS(POINT(ra,dec), «CIRCLE(0, 1)»)", "3 numbers", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE 1=CONTAINS(«ra», CIRCLE(0, 1, 1))", "geometry is needed", None),
    ("SELECT AREA(REGION(«'TRIANGLE 1 2 3'»)) FROM gaiadr3.gaia_source", "no region", None),
    // Groups, sets, order.
    ("SELECT «ra», COUNT(*) FROM gaiadr3.gaia_source", "neither in GROUP BY", None),
    (
        "SELECT phot_variable_flag, «dec» FROM gaiadr3.gaia_source GROUP BY phot_variable_flag",
        "neither in GROUP BY",
        None,
    ),
    ("SELECT COUNT(*) FROM gaiadr3.gaia_source ORDER BY «ra»", "neither in GROUP BY", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE «COUNT(*)» > 1", "HAVING", None),
    ("SELECT SUM(«MAX(ra)») FROM gaiadr3.gaia_source", "within another", None),
    ("SELECT ra FROM gaiadr3.gaia_source «UNION» SELECT ra, dec FROM gaiadr3.gaia_source", "1 and 2 columns", None),
    ("SELECT ra FROM gaiadr3.gaia_source «UNION» SELECT designation FROM gaiadr3.gaia_source", "different types", None),
    ("SELECT ra FROM gaiadr3.gaia_source ORDER BY «2»", "1 columns", None),
    ("SELECT ra FROM gaiadr3.gaia_source WHERE ra IN (SELECT «ra, dec FROM gaiadr3.gaia_source»)", "", None),
];

#[test]
fn mistakes_have_places_and_words() {
    for (marked, words, suggestion) in MISTAKES {
        let text = marked.replace(['«', '»'], "");
        let Err(error) = translated(&text) else { panic!("accepted: {text}") };
        assert!(error.message.contains(words), "{text}\n{error:?}");
        assert!(error.message.ends_with(['.', '?', '…']), "{error:?}");
        if words.is_empty() {
            continue;
        }
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        assert_eq!(error.range, start..end, "{text}\n{error:?}");
        assert_eq!(error.suggestion.as_deref(), *suggestion, "{text}\n{error:?}");
    }
}

#[test]
fn several_mistakes_are_found_at_once() {
    let text = "SELECT ra +, SIN( AS x, dec FROM gaiadr3.gaia_source WHERE ra > ORDER BY dec, LIMIT";
    let parsed = parse(text);
    let places: Vec<usize> = parsed.errors.iter().map(|error| error.range.start).collect();
    assert!(parsed.errors.len() >= 3, "{:?}", parsed.errors);
    assert_eq!(places[0], text.find(',').unwrap());
    assert!(places.contains(&text.find("ORDER").unwrap()), "{:?}", parsed.errors);
    assert!(parsed.tree.is_some());
}

#[test]
fn reserved_words_as_names_draw_a_warning() {
    let parsed = parse("SELECT size, DISTANCE(ra, dec, 1, 2) AS distance FROM tap_schema.tables AS position");
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    assert_eq!(parsed.warnings.len(), 3, "{:?}", parsed.warnings);
}
