//! Texts that were made to hurt: depth, length, quotes, bytes.

use std::time::Instant;

use adql::parse;

use crate::archive::{database, rows, translated};

#[test]
fn depth_is_bounded() {
    for (before, unit, middle, after) in [
        ("SELECT ", "(", "1", ")"),
        ("SELECT ra FROM gaiadr3.gaia_source WHERE ", "(", "1=1", ")"),
        ("SELECT ra FROM ", "(", "gaiadr3.gaia_source", ")"),
        ("SELECT ra FROM ", "(SELECT * FROM ", "gaiadr3.gaia_source", ") AS x"),
        ("SELECT ", "- ", "1", ""),
        ("SELECT ", "SIN(", "1", ")"),
        ("SELECT ", "(SELECT ", "1", " FROM x)"),
        ("SELECT ra FROM x WHERE ", "NOT ", "ra > 1", ""),
        ("SELECT ", "1+", "1", ""),
        ("SELECT ", "1||", "1", ""),
        ("SELECT ", "CASE WHEN 1=1 THEN ", "1", " END"),
        ("SELECT ra FROM a ", "JOIN b ON 1=1 ", "", ""),
        ("", "SELECT ra FROM x UNION ", "SELECT ra FROM x", ""),
        ("", "(", "SELECT ra FROM x", ")"),
        ("", "WITH a AS (", "SELECT 1 FROM x", ") SELECT 1 FROM a"),
    ] {
        let n = if unit == "(" { 100_000 } else { 10_000 };
        for closed in [true, false] {
            let end = if closed { after.repeat(n) } else { String::new() };
            let parsed = parse(&format!("{before}{}{middle}{end}", unit.repeat(n)));
            assert!(!parsed.errors.is_empty());
            assert!(parsed.errors.len() <= 20);
        }
    }
}

#[test]
fn what_the_parser_accepts_the_translation_bears() {
    let connection = database(1);
    for (unit, after) in
        [("(", ")"), ("SIN(", ")"), ("-", ""), ("1+", ""), ("(SELECT ", " FROM tap_schema.tables)"), ("1|", "")]
    {
        for depth in [10, 20, 30, 45, 90] {
            // SQLite has bounds of its own and says so; what matters here is that nothing overflows.
            let runs = depth <= 30 || after.len() < 2;
            let text = format!(
                "SELECT {}1{} AS x FROM tap_schema.tables",
                unit.repeat(depth).replace("--", "- -").replace("--", "- -"),
                after.repeat(depth)
            );
            if let Ok(translated) = translated(&text) {
                assert!(connection.prepare(&translated.sql).is_ok() || !runs, "{unit} {depth}");
            }
        }
    }
    // Long, but flat: thousands of conditions are real.
    let list: Vec<String> = (0..5000).map(|id| format!("source_id = {id}")).collect();
    for word in [" OR ", " AND "] {
        let text = format!("SELECT source_id FROM gaiadr3.gaia_source WHERE {}", list.join(word));
        rows(&connection, &translated(&text).unwrap().sql);
    }
    let vertices: Vec<String> = (0..500)
        .map(|at| format!("{}, {}", (f64::from(at) * 0.01256).cos(), (f64::from(at) * 0.01256).sin()))
        .collect();
    let text =
        format!("SELECT CONTAINS(POINT(0.1, 0.1), POLYGON({})) AS x FROM tap_schema.tables", vertices.join(", "));
    assert_eq!(rows(&connection, &translated(&text).unwrap().sql), ["1", "1"]);
}

#[test]
fn work_is_bounded() {
    let start = Instant::now();
    let nested = |inner: &str, outer: &dyn Fn(&str) -> String, depth: usize| {
        (0..depth).fold(inner.to_owned(), |inner, _| outer(&inner))
    };
    let points = nested("POINT(1, 2)", &|p| format!("CENTROID(BOX({p}, 1, 1))"), 40);
    let circles = nested("1", &|x| format!("COORD1(CENTROID(CIRCLE(POINT({x}, 1), 1)))"), 20);
    let groups = nested("1", &|x| format!("(SELECT {x} AS x FROM tap_schema.tables GROUP BY 1)"), 30);
    let stars = format!("SELECT {} FROM gaiadr3.gaia_source", vec!["*"; 10_000].join(", "));
    for text in [
        format!("SELECT AREA({points}) FROM tap_schema.tables"),
        format!("SELECT {circles} FROM tap_schema.tables"),
        format!("SELECT {groups} FROM tap_schema.tables"),
        stars,
        format!("SELECT ra FROM gaiadr3.gaia_source WHERE {}", vec!["ra=1"; 150_000].join(" OR ")),
        format!("SELECT ra FROM gaiadr3.gaia_source ORDER BY {}", vec!["ra"; 50_000].join(", ")),
        "\"".repeat(100_001),
        "'\n".repeat(100_001),
        "a ".repeat(100_000),
        format!("SELECT {}", "/*".repeat(50_000)),
    ] {
        let _ = translated(&text);
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn quotes_do_not_lead_out() {
    let connection = database(1);
    for text in [
        "SELECT name AS \"x\"\"; DROP TABLE t; --\" FROM tap_upload.mine WHERE name = '''; DROP TABLE t; --'",
        "SELECT 'a''b' AS \"\"\"\" FROM tap_upload.mine",
        "SELECT \"Mixed Case\" AS \"a.b; c\" FROM tap_upload.mine AS \"'; --\"",
        "SELECT name FROM tap_upload.mine WHERE name LIKE '%'';'",
    ] {
        let sql = translated(text).unwrap_or_else(|error| panic!("{text}\n{error}")).sql;
        rows(&connection, &sql);
    }
    let sql = translated("SELECT 'a''; b' AS x FROM tap_upload.mine").unwrap().sql;
    assert_eq!(rows(&connection, &sql)[0], "a'; b");
}

#[test]
fn every_cut_of_a_query_is_survived() {
    let query = "WITH a AS (SELECT TOP 5 *, 'é' AS \"n\"\"\" FROM gaiadr3.gaia_source AS g NATURAL LEFT OUTER JOIN b USING (x) \
                 WHERE NOT (1=CONTAINS(POINT('ICRS',ra,dec),CIRCLE(1,-2,.5e1)) OR x BETWEEN 1 AND 2) AND y NOT IN (1,(SELECT 2 FROM t)) \
                 GROUP BY x HAVING COUNT(DISTINCT y)>=3) SELECT CAST(x AS VARCHAR(5)), CASE WHEN a IS NULL THEN 1 ELSE 2 END c \
                 FROM a, (b CROSS JOIN c) UNION ALL (SELECT t.* FROM t) ORDER BY 1 DESC, x OFFSET 5 -- end";
    assert!(parse(&query.replace(" USING (x)", "")).errors.is_empty(), "{:?}", parse(query).errors);
    for start in (0..query.len()).filter(|&at| query.is_char_boundary(at)) {
        for text in [&query[..start], &query[start..]] {
            let parsed = parse(text);
            for error in &parsed.errors {
                assert!(text.get(error.range.clone()).is_some(), "{text}\n{error:?}");
            }
            let _ = translated(text);
        }
    }
}

#[test]
fn noise_is_survived() {
    let words = [
        "SELECT",
        "FROM",
        "WHERE",
        "(",
        ")",
        ",",
        "ra",
        "gaiadr3.gaia_source",
        "1",
        "'x'",
        "AND",
        "NOT",
        "JOIN",
        "ON",
        "*",
        ".",
        "UNION",
        "ORDER",
        "BY",
        "GROUP",
        "AS",
        "CASE",
        "WHEN",
        "END",
        "IN",
        "IS",
        "NULL",
        "-",
        "=",
        "CAST",
        "COUNT",
        "TOP",
        "\"q\"",
        "é",
        "WITH",
        ";",
    ];
    let mut seed = 1u64;
    for _ in 0..5000 {
        let mut text = String::from("SELECT ");
        for _ in 0..20 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(words[(seed >> 33) as usize % words.len()]);
            text.push(' ');
        }
        let _ = translated(&text);
    }
}
