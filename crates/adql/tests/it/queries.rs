//! Queries as people and clients of the archive write them: each parses, translates and runs.

use crate::archive::{database, rows, translated};

/// Query and names of its columns with their types.
const QUERIES: &[(&str, &str)] = &[
    // Simple ones.
    ("SELECT TOP 5 source_id, ra, dec FROM gaiadr3.gaia_source", "source_id long, ra double, dec double"),
    ("select top 5 source_id,ra,dec from gaiadr3.gaia_source;", "source_id long, ra double, dec double"),
    ("SELECT RA, DEC FROM GAIADR3.GAIA_SOURCE", "ra double, dec double"),
    ("SELECT DISTINCT phot_variable_flag FROM gaiadr3.gaia_source", "phot_variable_flag char"),
    ("SELECT ALL ruwe FROM gaiadr3.gaia_source OFFSET 3", "ruwe float"),
    ("SELECT \"gaia_source\".\"ra\" FROM gaiadr3.gaia_source", "ra double"),
    ("SELECT g.ra AS \"Right Ascension\" FROM gaiadr3.gaia_source AS g -- a comment", "Right Ascension double"),
    ("SELECT gaiadr3.gaia_source.ra FROM gaiadr3.gaia_source", "ra double"),
    ("SELECT ra, ra, ra AS dec, dec FROM gaiadr3.gaia_source", "ra double, ra_2 double, dec double, dec_2 double"),
    ("SELECT COUNT(*) FROM gaiadr3.gaia_source", "count_all long"),
    ("SELECT table_name, \"size\" FROM tap_schema.tables WHERE schema_name = 'gaiadr3'", "table_name char, size long"),
    ("SELECT size FROM TAP_SCHEMA.tables ORDER BY size DESC", "size long"),
    ("SELECT * FROM tap_upload.mine", "name char, ra double, dec double, Mixed Case int"),
    ("SELECT \"Mixed Case\" FROM TAP_UPLOAD.mine", "Mixed Case int"),
    ("SELECT name FROM JOB_UPLOAD.\"job1404139480755A\"", "name char"),
    ("SELECT name FROM JOB_UPLOAD.JOB1404139480755A", "name char"),
    ("SELECT name FROM user_joe.\"Table1\"", "name char"),
    // Cone searches, in all spellings.
    (
        "SELECT TOP 50 *, DISTANCE(POINT('ICRS', ra, dec), POINT('ICRS', 180, -30)) AS dist FROM gaiadr3.vari_rrlyrae \
         JOIN gaiadr3.gaia_source USING (source_id) WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 180, -30, 0.5)) \
         ORDER BY dist ASC",
        "",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE CONTAINS(POINT(ra, dec), CIRCLE(180, -30, 0.5)) = 1",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE 0 = CONTAINS(POINT(ra, dec), CIRCLE(180, -30, 0.5))",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE 1=CONTAINS(POINT('',ra,dec),CIRCLE('',POINT(180,-30),5./60.))",
        "source_id long",
    ),
    ("SELECT source_id FROM gaiadr3.gaia_source WHERE DISTANCE(ra, dec, 180, -30) < 0.1", "source_id long"),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE DISTANCE(POINT(180, -30), POINT(ra, dec)) <= 10/3600.",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE DISTANCE(POINT(180, -30), POINT(ra, dec)) * 3600 < 10",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE IN_UNIT(DISTANCE(POINT(180, -30), POINT(ra, dec)), 'arcsec') < 10",
        "source_id long",
    ),
    (
        "SELECT TOP 2000 source_id FROM gaiadr3.gaia_source WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), BOX('ICRS', 180, -30, 0.5, 0.3))",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE 1=CONTAINS(POINT('ICRS',ra,dec),POLYGON('ICRS',179,-31,181,-31,180,-29))",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE 1=INTERSECTS(CIRCLE('ICRS',ra,dec,0.1),POLYGON(POINT(179,-31),POINT(181,-31),POINT(180,-29)))",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE 1=CONTAINS(POINT(ra,dec), REGION('CIRCLE ICRS 180 -30 0.3'))",
        "source_id long",
    ),
    ("SELECT CONTAINS(POINT(ra, dec), CIRCLE(0, 0, 1)) AS inside FROM gaiadr3.gaia_source", "inside int"),
    (
        "SELECT POINT(ra, dec), CIRCLE(ra, dec, 1) AS c, BOX(ra, dec, 1, 1) AS b FROM gaiadr3.gaia_source",
        "point double[2], c double[3], b double[*]",
    ),
    (
        "SELECT COORD1(POINT(ra, dec)), COORD2(CENTROID(CIRCLE(ra, dec, 1))), AREA(CIRCLE(ra,dec,1)), COORDSYS(POINT(1,2)) FROM gaiadr3.gaia_source",
        "coord1 double, coord2 double, area double, coordsys char",
    ),
    (
        "SELECT AREA(POLYGON(1,1,2,1,2,2)), CENTROID(POLYGON(1,1,2,1,2,2)) AS c FROM tap_upload.mine",
        "area double, c double[2]",
    ),
    (
        "SELECT TOP 3 x.p FROM (SELECT POINT(ra, dec) AS p FROM gaiadr3.gaia_source) AS x WHERE 1=CONTAINS(x.p, CIRCLE(180,-30,1)) AND COORD1(x.p) > 0",
        "p double[2]",
    ),
    // Color-magnitude diagram, densities, statistics.
    (
        "SELECT bp_rp_index / 40 AS bp_rp, g_abs_index / 10 AS g_abs, n FROM (SELECT FLOOR(bp_rp * 40) AS bp_rp_index, \
         FLOOR((phot_g_mean_mag + 5 * LOG10(parallax) - 10) * 10) AS g_abs_index, COUNT(*) AS n FROM gaiadr3.gaia_source \
         WHERE parallax_over_error > 5 AND bp_rp IS NOT NULL AND random_index < 500000 GROUP BY bp_rp_index, g_abs_index) AS subquery",
        "bp_rp double, g_abs double, n long",
    ),
    (
        "SELECT source_id, phot_g_mean_mag + 5*LOG10(parallax/100) AS g_abs, bp_rp FROM gaiadr3.gaia_source WHERE parallax > 5 AND parallax_over_error >= 10",
        "source_id long, g_abs double, bp_rp float",
    ),
    (
        "SELECT GAIA_HEALPIX_INDEX(5, source_id) AS hpx, COUNT(*) AS n, AVG(phot_g_mean_mag) AS mean_g FROM gaiadr3.gaia_source GROUP BY hpx ORDER BY n DESC",
        "hpx long, n long, mean_g double",
    ),
    ("SELECT source_id/34359738368 AS hpx12 FROM gaiadr3.gaia_source", "hpx12 long"),
    (
        "SELECT phot_variable_flag, COUNT(*) AS n, MIN(ra), MAX(ra), SUM(phot_g_n_obs) FROM gaiadr3.gaia_source GROUP BY phot_variable_flag HAVING COUNT(*) > 1 ORDER BY 2 DESC",
        "phot_variable_flag char, n long, min double, max double, sum long",
    ),
    ("SELECT COUNT(DISTINCT phot_variable_flag) AS n FROM gaiadr3.gaia_source HAVING COUNT(*) > 0", "n long"),
    ("SELECT esdc.spread(ra) FROM gaiadr3.gaia_source", "stddev double"),
    (
        "SELECT ROUND(phot_g_mean_mag, 1) AS bin, COUNT(*) FROM gaiadr3.gaia_source GROUP BY ROUND(phot_g_mean_mag, 1) ORDER BY bin",
        "bin double, count_all long",
    ),
    (
        "SELECT TRUNCATE(ra), COUNT(*) FROM gaiadr3.gaia_source GROUP BY 1 ORDER BY TRUNCATE(ra)",
        "truncate double, count_all long",
    ),
    // Conditions.
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE has_rvs = 'true' AND phot_variable_flag = 'VARIABLE'",
        "source_id long",
    ),
    ("SELECT source_id FROM gaiadr3.gaia_source WHERE has_rvs = True OR NOT has_xp_continuous = 't'", "source_id long"),
    ("SELECT source_id FROM gaiadr3.gaia_source WHERE has_rvs AND source_id = '5'", "source_id long"),
    ("SELECT source_id FROM gaiadr3.gaia_source WHERE source_id IN (1, 2, 3, 5853498713190525696)", "source_id long"),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE designation LIKE 'Gaia DR3 1%' AND designation NOT ILIKE '%9'",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE ra BETWEEN 10 AND 20 AND dec NOT BETWEEN -5 AND 5",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE b > -10 AND b < 10 AND (l < 30 OR l > 330) AND radial_velocity IS NOT NULL",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE ABS(b) < 10 AND SQRT(POWER(pmra - 3, 2) + POWER(pmdec - 4, 2)) < 1 AND ruwe < 1.4",
        "source_id long",
    ),
    (
        "SELECT g.source_id FROM gaiadr3.gaia_source g WHERE EXISTS (SELECT 1 FROM gaiadr3.vari_rrlyrae r WHERE r.source_id = g.source_id)",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE source_id IN (SELECT source_id FROM gaiadr3.vari_rrlyrae WHERE best_classification = 'RRab')",
        "source_id long",
    ),
    (
        "SELECT source_id FROM gaiadr3.gaia_source WHERE phot_g_mean_mag = (SELECT MIN(phot_g_mean_mag) FROM gaiadr3.gaia_source)",
        "source_id long",
    ),
    // Joins.
    (
        "SELECT TOP 10 dr3.source_id, dr2.source_id AS dr2_source_id, n.angular_distance FROM gaiadr3.gaia_source AS dr3 \
         INNER JOIN gaiadr3.dr2_neighbourhood AS n ON dr3.source_id = n.dr3_source_id INNER JOIN gaiadr2.gaia_source AS dr2 ON dr2.source_id = n.dr2_source_id \
         WHERE n.angular_distance < 100",
        "source_id long, dr2_source_id long, angular_distance float",
    ),
    (
        "SELECT source_id, pf, ra FROM gaiadr3.vari_rrlyrae NATURAL JOIN gaiadr3.gaia_source",
        "source_id long, pf double, ra double",
    ),
    (
        "SELECT g.source_id, r.pf FROM gaiadr3.gaia_source AS g LEFT OUTER JOIN gaiadr3.vari_rrlyrae AS r USING (source_id)",
        "source_id long, pf double",
    ),
    (
        "SELECT source_id, r.pf FROM gaiadr3.gaia_source AS g FULL JOIN gaiadr3.vari_rrlyrae AS r USING (source_id)",
        "source_id long, pf double",
    ),
    ("SELECT r.*, g.ra FROM gaiadr3.vari_rrlyrae r RIGHT JOIN gaiadr3.gaia_source g ON g.source_id = r.source_id", ""),
    (
        "SELECT a.name, b.name FROM tap_upload.mine AS a, tap_upload.mine AS b WHERE a.ra < b.ra",
        "name char, name_2 char",
    ),
    ("SELECT a.name FROM tap_upload.mine AS a CROSS JOIN tap_upload.mine AS b", "name char"),
    (
        "SELECT u.name, g.source_id, DISTANCE(u.ra, u.dec, g.ra, g.dec) AS sep FROM tap_upload.mine AS u JOIN gaiadr3.gaia_source AS g \
         ON 1 = CONTAINS(POINT('ICRS', g.ra, g.dec), CIRCLE('ICRS', u.ra, u.dec, 0.1)) ORDER BY sep",
        "name char, source_id long, sep double",
    ),
    (
        "SELECT u.name, g.source_id FROM tap_upload.mine AS u LEFT JOIN gaiadr3.gaia_source AS g ON DISTANCE(u.ra, u.dec, g.ra, g.dec) < 10./3600",
        "name char, source_id long",
    ),
    (
        "SELECT a.source_id FROM (gaiadr3.gaia_source AS a JOIN gaiadr3.vari_rrlyrae AS v ON a.source_id = v.source_id) JOIN tap_upload.mine AS m ON m.ra > a.ra",
        "source_id long",
    ),
    // Common tables, set operations.
    (
        "WITH bright AS (SELECT source_id, phot_g_mean_mag AS g FROM gaiadr3.gaia_source WHERE phot_g_mean_mag < 10), \
         n(total) AS (SELECT COUNT(*) FROM bright) SELECT b.source_id, b.g, n.total FROM bright AS b, n ORDER BY b.g",
        "source_id long, g float, total long",
    ),
    (
        "SELECT source_id FROM gaiadr3.vari_rrlyrae UNION SELECT source_id FROM gaiadr3.gaia_source WHERE ra < 1 ORDER BY source_id",
        "source_id long",
    ),
    (
        "SELECT TOP 2 ra AS x FROM gaiadr3.gaia_source UNION ALL SELECT TOP 3 phot_g_n_obs FROM gaiadr3.gaia_source",
        "x double",
    ),
    (
        "(SELECT source_id FROM gaiadr3.gaia_source EXCEPT SELECT source_id FROM gaiadr3.vari_rrlyrae) INTERSECT SELECT source_id FROM gaiadr2.gaia_source ORDER BY 1 OFFSET 2",
        "source_id long",
    ),
    ("SELECT NULL AS x FROM tap_upload.mine UNION ALL SELECT ra FROM tap_upload.mine", "x double"),
    (
        "SELECT t.n FROM (SELECT name AS n FROM tap_upload.mine UNION SELECT best_classification FROM gaiadr3.vari_rrlyrae) AS t",
        "n char",
    ),
    (
        "SELECT x.a FROM ((SELECT ra AS a FROM tap_upload.mine) UNION (SELECT dec FROM tap_upload.mine)) AS x",
        "a double",
    ),
    // Values.
    (
        "SELECT TOP 1 CAST(source_id AS VARCHAR), CAST(g.ra AS INTEGER) AS i, CAST('12' AS BIGINT) AS b, CAST(g.ra AS REAL) AS r, CAST(g.dec AS DOUBLE PRECISION) AS d, CAST(name AS CHAR(3)) AS c \
         FROM gaiadr3.gaia_source AS g, tap_upload.mine",
        "source_id char, i int, b long, r float, d double, c char[3]",
    ),
    (
        "SELECT COALESCE(radial_velocity, 0) AS rv, COALESCE(pf, p1_o) AS period FROM gaiadr3.gaia_source JOIN gaiadr3.vari_rrlyrae USING (source_id)",
        "rv double, period double",
    ),
    (
        "SELECT CASE WHEN ra < 10 THEN 'low' WHEN ra < 20 THEN 'mid' ELSE 'high' END AS class, CASE non_single_star WHEN 0 THEN 1 END FROM gaiadr3.gaia_source",
        "class char, case int",
    ),
    (
        "SELECT IN_UNIT(parallax, 'arcsec') AS p, IN_UNIT(pm, 'deg/yr') AS pm FROM gaiadr3.gaia_source",
        "p double, pm double",
    ),
    (
        "SELECT designation || ' ' || source_id AS label, UPPER(name), LOWER(name) FROM gaiadr3.gaia_source, tap_upload.mine",
        "label char, upper char, lower char",
    ),
    (
        "SELECT MOD(source_id, 7), MOD(ra, 2.5) AS m, PI(), RAND(), RAND(3) AS r3, EXP(1), LOG(10), CEILING(ra), DEGREES(PI()), RADIANS(180), ATAN2(1, 2), SIN(1), COS(1), TAN(1), COT(1), ASIN(1), ACOS(1), ATAN(1) FROM gaiadr3.gaia_source",
        "",
    ),
    (
        "SELECT source_id & 255, source_id | 1 AS o, source_id ^ 3 AS x, ~source_id AS n, 0xFF AS h FROM gaiadr3.gaia_source",
        "col1 long, o long, x long, n long, h int",
    ),
    ("SELECT -ra, +dec AS d, - -1.5e3 AS v FROM gaiadr3.gaia_source", "col1 double, d double, v double"),
    ("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source WHERE (SELECT COUNT(*) FROM tap_upload.mine) = 4", "n long"),
];

#[test]
fn real_queries_run() {
    let connection = database(60);
    for (query, columns) in QUERIES {
        let translated = translated(query).unwrap_or_else(|error| panic!("{query}\n{error:?}"));
        let statement =
            connection.prepare(&translated.sql).unwrap_or_else(|error| panic!("{query}\n{}\n{error}", translated.sql));
        let names: Vec<&str> = translated.columns.iter().map(|column| column.field.name.as_str()).collect();
        assert_eq!(statement.column_names().collect::<Vec<_>>(), names, "{query}");
        drop(statement);
        rows(&connection, &translated.sql);
        let types: Vec<String> = translated
            .columns
            .iter()
            .map(|column| {
                let field = &column.field;
                let size = if field.is_text() && field.arraysize.variable {
                    String::new()
                } else {
                    field.arraysize.to_string()
                };
                let size = if size.is_empty() { size } else { format!("[{size}]") };
                format!("{} {}{size}", field.name, field.datatype.name())
            })
            .collect();
        if !columns.is_empty() {
            assert_eq!(types.join(", "), *columns, "{query}\n{}", translated.sql);
        }
    }
    assert!(QUERIES.len() >= 60, "{}", QUERIES.len());
}

#[test]
fn metadata_travel() {
    for (item, unit, ucd) in [
        ("parallax", "mas", "pos.parallax.trig"),
        ("AVG(parallax)", "mas", "stat.mean;pos.parallax.trig"),
        ("MAX(parallax) AS m", "mas", "stat.max;pos.parallax.trig"),
        ("COUNT(parallax)", "", "meta.number"),
        ("ra - l", "deg", ""),
        ("phot_g_mean_mag - phot_rp_mean_mag", "mag", ""),
        ("parallax + 0.017", "mas", ""),
        ("parallax * 2", "", ""),
        ("DISTANCE(ra, dec, 1, 2)", "deg", "pos.angDistance"),
        ("IN_UNIT(parallax, 'deg')", "deg", "pos.parallax.trig"),
        ("COALESCE(parallax, 0)", "", ""),
        ("ABS(parallax)", "mas", "pos.parallax.trig"),
        ("-parallax", "mas", ""),
        ("COORD1(POINT(ra, dec))", "deg", "pos.eq.ra;meta.main"),
        ("GAIA_HEALPIX_INDEX(3, source_id)", "", "pos.healpix"),
    ] {
        let text = format!("SELECT x.* FROM (SELECT {item} FROM gaiadr3.gaia_source) AS x");
        let columns = translated(&text).unwrap().columns;
        let field = &columns[0].field;
        assert_eq!(field.unit.as_deref().unwrap_or(""), unit, "{item}");
        assert_eq!(field.ucd.as_deref().unwrap_or(""), ucd, "{item}");
    }
    let columns = translated("SELECT ra AS alpha FROM gaiadr3.gaia_source").unwrap().columns;
    assert_eq!(columns[0].field.description.as_deref(), Some("the ra"));
    assert_eq!(translated("SELECT TOP 7 ra FROM gaiadr3.gaia_source").unwrap().limit, Some(7));
}
