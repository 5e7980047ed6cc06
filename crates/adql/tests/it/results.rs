//! What the translated queries answer.

use crate::archive::{database, rows, translated};

/// Each query has one column; its rows are joined by a comma.
#[test]
fn values() {
    let connection = database(50);
    for (query, expect) in [
        ("SELECT 7/2 FROM tap_schema.tables", "3,3"),
        ("SELECT TOP 1 7/2. FROM tap_schema.tables", "3.5"),
        ("SELECT TOP 1 7/0 FROM tap_schema.tables", "-"),
        ("SELECT TOP 1 1 - 2 - 3 FROM tap_schema.tables", "-4"),
        ("SELECT TOP 1 2 + 3 * 4 FROM tap_schema.tables", "14"),
        ("SELECT TOP 1 - -3 FROM tap_schema.tables", "3"),
        ("SELECT TOP 1 'a' || 'it''s' || 1.5 || 2 FROM tap_schema.tables", "ait's1.52"),
        ("SELECT TOP 1 'a' 'b' FROM tap_schema.tables", "ab"),
        ("SELECT TOP 1 ROUND(-1.25, 1) FROM tap_schema.tables", "-1.3"),
        ("SELECT TOP 1 LOG(EXP(2)) FROM tap_schema.tables", "2"),
        ("SELECT TOP 1 LOG10(1000) FROM tap_schema.tables", "3"),
        ("SELECT TOP 1 6 ^ 3 FROM tap_schema.tables", "5"),
        ("SELECT TOP 1 CAST(1.0 AS VARCHAR) FROM tap_schema.tables", "1"),
        ("SELECT TOP 1 CAST('abcdef' AS VARCHAR(3)) FROM tap_schema.tables", "abc"),
        ("SELECT TOP 1 POINT(10.5, -20) FROM tap_schema.tables", "10.5 -20"),
        ("SELECT TOP 1 COORD2(CENTROID(BOX(10, 20, 1, 1))) FROM tap_schema.tables", "20"),
        ("SELECT TOP 1 ROUND(DISTANCE(POINT(0, 89), POINT(180, 89)), 12) FROM tap_schema.tables", "2"),
        ("SELECT TOP 1 INTERSECTS(CIRCLE(0,0,1), CIRCLE(1.5,0,1)) FROM tap_schema.tables", "1"),
        ("SELECT TOP 1 CONTAINS(CIRCLE(0,0,1), CIRCLE(0.5,0,1)) FROM tap_schema.tables", "0"),
        ("SELECT TOP 1 5853498713190525696 + 1 FROM tap_schema.tables", "5853498713190525697"),
        // LIKE distinguishes case, ILIKE does not.
        ("SELECT name FROM tap_upload.mine WHERE name LIKE 'W%'", ""),
        ("SELECT name FROM tap_upload.mine WHERE name ILIKE 'W_AP'", "wrap"),
        ("SELECT name FROM tap_upload.mine WHERE name < 'g' ORDER BY name", "field"),
        // NULL sorts last, as in PostgreSQL.
        ("SELECT name FROM tap_upload.mine ORDER BY ra", "wrap,pole,field,none"),
        ("SELECT name FROM tap_upload.mine ORDER BY ra DESC", "none,field,pole,wrap"),
        ("SELECT name FROM tap_upload.mine ORDER BY -ra", "field,pole,wrap,none"),
        ("SELECT name AS ra FROM tap_upload.mine ORDER BY ra", "field,none,pole,wrap"),
        ("SELECT TOP 2 name FROM tap_upload.mine ORDER BY 1 OFFSET 1", "none,pole"),
        ("SELECT name FROM tap_upload.mine ORDER BY name DESC OFFSET 3", "field"),
        // Limits within set operations are their own.
        (
            "SELECT TOP 1 name FROM tap_upload.mine UNION ALL SELECT TOP 2 best_classification FROM gaiadr3.vari_rrlyrae",
            "pole,RRab,RRab",
        ),
        (
            "(SELECT TOP 1 name FROM tap_upload.mine ORDER BY name) UNION (SELECT TOP 1 name FROM tap_upload.mine ORDER BY name DESC) ORDER BY name DESC",
            "wrap,field",
        ),
        // INTERSECT binds more tightly than UNION; the ALL forms count.
        (
            "SELECT 1 AS x FROM tap_schema.tables UNION SELECT 2 FROM tap_schema.tables INTERSECT SELECT 3 FROM tap_schema.tables",
            "1",
        ),
        ("SELECT 1 AS x FROM tap_upload.mine EXCEPT ALL SELECT 1 FROM tap_schema.tables", "1,1"),
        ("SELECT 1 AS x FROM tap_upload.mine INTERSECT ALL SELECT 1 FROM tap_schema.tables", "1,1"),
        ("SELECT 1 AS x FROM tap_upload.mine EXCEPT SELECT 1 FROM tap_schema.tables", ""),
        // Groups.
        ("SELECT COUNT(*) FROM tap_upload.mine WHERE ra > 1000", "0"),
        ("SELECT COUNT(ra) FROM tap_upload.mine", "3"),
        ("SELECT MAX(ra) - MIN(ra) FROM tap_upload.mine", "179.99"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source GROUP BY has_rvs HAVING COUNT(*) > 20 ORDER BY has_rvs", "34"),
        ("SELECT 2 * MOD(source_id, 3) FROM gaiadr3.gaia_source GROUP BY MOD(source_id, 3) ORDER BY 1", "0,2,4"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE has_rvs = 'true'", "16"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE NOT has_rvs", "34"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE source_id IN ('1', '2', 77)", "2"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE radial_velocity = 'NaN'", "0"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE radial_velocity <> 'NaN'", "12"),
        // Joins.
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source LEFT JOIN gaiadr3.vari_rrlyrae USING (source_id)", "50"),
        ("SELECT COUNT(pf) FROM gaiadr3.gaia_source LEFT JOIN gaiadr3.vari_rrlyrae USING (source_id)", "5"),
        ("SELECT COUNT(*) FROM gaiadr3.gaia_source NATURAL JOIN gaiadr3.vari_rrlyrae", "5"),
        (
            "SELECT SUM(source_id) FROM gaiadr3.vari_rrlyrae AS v FULL JOIN gaiadr3.gaia_source AS g USING (source_id)",
            "1275",
        ),
        (
            "SELECT COUNT(*) FROM tap_upload.mine AS a, tap_upload.mine AS b LEFT JOIN tap_schema.tables ON b.ra > 1000",
            "16",
        ),
        (
            "SELECT COUNT(v.pf) FROM tap_schema.tables AS t JOIN (gaiadr3.gaia_source AS g LEFT JOIN gaiadr3.vari_rrlyrae AS v ON g.source_id = v.source_id) ON g.source_id > 0",
            "10",
        ),
        (
            "SELECT (SELECT COUNT(*) FROM tap_upload.mine AS b WHERE b.ra <= a.ra) FROM tap_upload.mine AS a ORDER BY name",
            "3,0,2,1",
        ),
        ("WITH a AS (SELECT ra AS x FROM tap_upload.mine), b AS (SELECT MAX(x) AS x FROM a) SELECT b.x FROM b", "180"),
    ] {
        let translated = translated(query).unwrap_or_else(|error| panic!("{query}\n{error:?}"));
        assert_eq!(rows(&connection, &translated.sql).join(","), expect, "{query}\n{}", translated.sql);
    }
}

#[test]
fn random_numbers_are_between_0_and_1() {
    let connection = database(50);
    let sql = translated("SELECT MIN(RAND()), MAX(RAND()) FROM gaiadr3.gaia_source").unwrap().sql;
    let row = rows(&connection, &sql).remove(0);
    let (least, most) = row.split_once('|').unwrap();
    let (least, most): (f64, f64) = (least.parse().unwrap(), most.parse().unwrap());
    assert!(least >= 0.0 && most < 1.0 && most - least > 0.3, "{row}");
}
