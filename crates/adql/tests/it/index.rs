//! The position index: it is used, and it changes no answer.

use crate::archive::{database, rows, translated};

const REGIONS: &[&str] = &[
    "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 0, 90, 0.7))",
    "1 = CONTAINS(POINT(ra, dec), CIRCLE(200, -89.9, 0.5))",
    "CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 0.6)) = 1",
    "CONTAINS(POINT(ra, dec), CIRCLE(359.9, 0.1, 0.6)) > 0.5",
    "1 = CONTAINS(POINT(ra, dec), CIRCLE(180, -30, 120))",
    "1 = CONTAINS(POINT(ra, dec), BOX(0, 90, 1, 2))",
    "1 = CONTAINS(POINT(ra, dec), BOX(0, 0, 1.2, 0.4))",
    "1 = CONTAINS(POINT(ra, dec), POLYGON(359.5, -0.5, 0.5, -0.5, 0.5, 0.5, 359.5, 0.5))",
    "1 = CONTAINS(POINT(ra, dec), POLYGON(0, 89.3, 120, 89.3, 240, 89.3))",
    "1 = INTERSECTS(CIRCLE(180, -30, 0.3), POINT(ra, dec))",
    "DISTANCE(ra, dec, 180, -30) < 0.3",
    "DISTANCE(ra, dec, 180, -30) BETWEEN 0.1 AND 0.4",
    "0.3 >= DISTANCE(POINT(180, -30), POINT(ra, dec))",
    "DISTANCE(POINT(180, -30), POINT(ra, dec)) * 60 < 20",
    "IN_UNIT(DISTANCE(POINT(180, -30), POINT(ra, dec)), 'arcmin') < 20 AND phot_g_mean_mag < 15",
    "1 = CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 0.5)) OR 1 = CONTAINS(POINT(ra, dec), CIRCLE(180, -30, 0.5))",
];

#[test]
fn regions_of_the_sky() {
    let connection = database(5000);
    for region in REGIONS {
        let text = format!("SELECT source_id FROM gaiadr3.gaia_source WHERE {region} ORDER BY source_id");
        let indexed = translated(&text).unwrap().sql;
        let plan = rows(&connection, &format!("EXPLAIN QUERY PLAN {indexed}")).join("\n");
        assert!(plan.contains("VIRTUAL TABLE INDEX 2:"), "{text}\n{plan}");
        assert!(!plan.contains("SCAN t"), "{text}\n{plan}");
        // The same condition where no index can be used.
        let scan = format!(
            "SELECT source_id FROM gaiadr3.gaia_source WHERE CASE WHEN {region} THEN 1 ELSE 0 END = 1 ORDER BY source_id"
        );
        let scan = translated(&scan).unwrap().sql;
        assert!(!scan.contains("index"), "{scan}");
        let found = rows(&connection, &indexed);
        assert!(found.len() > 10 && found.len() < 4900, "{text}: {}", found.len());
        assert_eq!(found, rows(&connection, &scan), "{text}");
    }
}

#[test]
fn cross_matches() {
    let connection = database(5000);
    for (join, condition) in [
        ("JOIN", "1 = CONTAINS(POINT(g.ra, g.dec), CIRCLE(u.ra, u.dec, 0.4))"),
        ("JOIN", "1 = CONTAINS(POINT(u.ra, u.dec), CIRCLE(g.ra, g.dec, 0.4))"),
        ("JOIN", "DISTANCE(u.ra, u.dec, g.ra, g.dec) < 0.4"),
        ("LEFT JOIN", "DISTANCE(POINT(u.ra, u.dec), POINT(g.ra, g.dec)) < 0.4"),
        ("JOIN", "1 = CONTAINS(POINT(g.ra, g.dec), BOX(u.ra, u.dec, 1, 1))"),
        ("JOIN", "DISTANCE(u.ra, u.dec, g.ra, g.dec) < 0.1 * u.\"Mixed Case\""),
    ] {
        let query = |condition: &str| {
            let text = format!(
                "SELECT u.name, g.source_id FROM tap_upload.mine AS u {join} gaiadr3.gaia_source AS g ON {condition} ORDER BY 1, 2"
            );
            translated(&text).unwrap().sql
        };
        let indexed = query(condition);
        let plan = rows(&connection, &format!("EXPLAIN QUERY PLAN {indexed}")).join("\n");
        assert!(plan.contains("SEARCH t1 USING INTEGER PRIMARY KEY"), "{condition}\n{plan}");
        assert!(plan.contains("VIRTUAL TABLE INDEX 2:"), "{condition}\n{plan}");
        let found = rows(&connection, &indexed);
        assert!(found.len() > 30, "{condition}: {}", found.len());
        let scan = query(&format!("CASE WHEN {condition} THEN 1 ELSE 0 END = 1"));
        assert_eq!(found, rows(&connection, &scan), "{condition}");
    }
}

#[test]
fn two_catalogues_and_written_in_where() {
    let connection = database(2000);
    let text = "SELECT COUNT(*) FROM gaiadr3.gaia_source AS a, gaiadr2.gaia_source AS b \
                WHERE DISTANCE(a.ra, a.dec, b.ra, b.dec) < 0.0001 AND a.phot_g_mean_mag < 8";
    let sql = translated(text).unwrap().sql;
    let plan = rows(&connection, &format!("EXPLAIN QUERY PLAN {sql}")).join("\n");
    assert!(plan.contains("SEARCH t1 USING INTEGER PRIMARY KEY"), "{plan}");
    let bright = translated("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE phot_g_mean_mag < 8").unwrap().sql;
    assert_eq!(rows(&connection, &sql), rows(&connection, &bright));
}

#[test]
fn within_exists_the_inner_table_is_looked_up() {
    let connection = database(2000);
    let text = "SELECT u.name FROM tap_upload.mine AS u WHERE EXISTS (SELECT 1 FROM gaiadr3.gaia_source AS g \
                WHERE 1 = CONTAINS(POINT(g.ra, g.dec), CIRCLE(u.ra, u.dec, 0.5))) ORDER BY name";
    let sql = translated(text).unwrap().sql;
    let plan = rows(&connection, &format!("EXPLAIN QUERY PLAN {sql}")).join("\n");
    assert!(plan.contains("SEARCH t1") && !plan.contains("SCAN t1"), "{plan}");
    assert_eq!(rows(&connection, &sql), ["field", "pole", "wrap"]);
}

#[test]
fn not_where_it_would_be_wrong() {
    for condition in [
        "0 = CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1))",
        "NOT 1 = CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1))",
        "DISTANCE(ra, dec, 0, 0) > 1",
        "DISTANCE(ra, dec, 0, 0) NOT BETWEEN 0 AND 1",
        "1 = CONTAINS(POINT(dec, ra), CIRCLE(0, 0, 1))",
        "1 = CONTAINS(POINT(ra, b), CIRCLE(0, 0, 1))",
        "1 = CONTAINS(POINT(ra, dec), CIRCLE(ra, dec, 1))",
        "DISTANCE(ra, dec, 0, 0) < ruwe",
        "1 = CONTAINS(CIRCLE(ra, dec, 1), CIRCLE(0, 0, 1))",
        "1 >= CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1))",
        "DISTANCE(ra, dec, (SELECT MAX(u.ra) FROM tap_upload.mine AS u), 0) < 1",
        "EXISTS (SELECT 1 FROM tap_upload.mine AS u WHERE DISTANCE(u.ra, u.dec, gaia_source.ra, gaia_source.dec) < 1)",
    ] {
        let text = format!("SELECT source_id FROM gaiadr3.gaia_source WHERE {condition}");
        let sql = translated(&text).unwrap().sql;
        assert!(!sql.contains("gaia_source.index"), "{condition}\n{sql}");
    }
}
