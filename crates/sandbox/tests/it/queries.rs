//! Synchronous queries: what they find, and how many rows they give.

use std::collections::BTreeSet;

use votable::Status;

use crate::service::{SOURCES, Service};

#[test]
fn the_pleiades_are_found_by_their_proper_motion() {
    let service = Service::new();
    let rows = service.rows(
        "SELECT AVG(parallax), COUNT(*), AVG(radial_velocity) FROM gaiadr3.gaia_source
         WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 3))
         AND SQRT(POWER(pmra - 19.9, 2) + POWER(pmdec + 45.5, 2)) < 4 AND parallax_error < 0.15",
    );
    let numbers: Vec<f64> = rows[0].iter().map(|cell| cell.parse().unwrap()).collect();
    assert!((numbers[0] - 7.34).abs() < 0.15, "mean parallax {numbers:?}");
    assert!(numbers[1] >= 15.0, "members {numbers:?}");
    assert!((numbers[2] - 5.7).abs() < 4.0, "mean radial velocity {numbers:?}");
}

#[test]
fn a_cone_is_the_same_as_a_scan() {
    let service = Service::with(|config| config.sync_rows = 100_000);
    let all = service.rows("SELECT source_id, ra, dec FROM gaiadr3.gaia_source");
    assert_eq!(all.len(), SOURCES);
    for (ra, dec, radius) in
        [(56.75, 24.12, 2.0), (0.5, 0.0, 20.0), (180.0, 89.0, 15.0), (270.0, -30.0, 0.5), (10.0, -88.0, 30.0)]
    {
        let within: BTreeSet<String> = all
            .iter()
            .filter(|row| distance(row[1].parse().unwrap(), row[2].parse().unwrap(), ra, dec) <= radius)
            .map(|row| row[0].clone())
            .collect();
        let found = service.rows(&format!(
            "SELECT source_id FROM gaiadr3.gaia_source WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', {ra}, {dec}, {radius}))"
        ));
        let found: BTreeSet<String> = found.into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(found, within, "{ra} {dec} {radius}");
        assert!(!found.is_empty() || radius < 1.0);
    }
}

/// By the haversine formula, which the sandbox does not use.
fn distance(ra: f64, dec: f64, ra0: f64, dec0: f64) -> f64 {
    let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
    let h = half(dec, dec0) + dec.to_radians().cos() * dec0.to_radians().cos() * half(ra, ra0);
    2.0 * h.sqrt().min(1.0).asin().to_degrees()
}

#[test]
fn a_synchronous_query_stops_at_its_cap() {
    let service = Service::new();
    let (table, status) = service.query("SELECT source_id FROM gaiadr3.gaia_source", "votable").table();
    assert_eq!((table.rows(), status), (2_000, Status::Overflow));
    let (table, status) = service.query("SELECT TOP 2000 source_id FROM gaiadr3.gaia_source", "votable").table();
    assert_eq!((table.rows(), status), (2_000, Status::Ok));
    let (table, status) = service.query("SELECT TOP 12 source_id FROM gaiadr3.gaia_source", "votable").table();
    assert_eq!((table.rows(), status), (12, Status::Ok));
    for (maxrec, rows) in [("10", 10), ("0", 0), ("5000", 2_000)] {
        let parameters =
            [("LANG", "ADQL"), ("MAXREC", maxrec), ("QUERY", "SELECT ra, designation FROM gaiadr3.gaia_source")];
        let (table, status) = service.post("sync", &parameters).table();
        assert_eq!((table.rows(), table.columns.len(), status), (rows, 2, Status::Overflow), "MAXREC={maxrec}");
    }
}

#[test]
fn get_and_post_are_the_same() {
    let service = Service::new();
    let query = "SELECT TOP 5 source_id, ra FROM gaiadr3.gaia_source ORDER BY source_id";
    let posted = service.query(query, "csv");
    let got =
        service.get(&format!("sync?request=doQuery&lang=adql&format=csv&query={}", crate::service::encode(query)));
    assert_eq!((got.status, got.text()), (200, posted.text()));
    assert_eq!(posted.text().lines().count(), 6);
}

#[test]
fn units_and_nulls_arrive() {
    let service = Service::new();
    let query = "SELECT TOP 300 source_id, ra, dec, parallax, radial_velocity, designation, has_xp_sampled FROM gaiadr3.gaia_source";
    let (table, _) = service.query(query, "votable").table();
    let unit = |name: &str| table.column(name).unwrap().field().unit.clone().unwrap_or_default();
    assert_eq!([unit("ra"), unit("parallax"), unit("radial_velocity")], ["deg", "mas", "km.s**-1"]);
    let velocities = table.column("radial_velocity").unwrap();
    assert!(velocities.nulls() > 100 && velocities.nulls() < 300, "{}", velocities.nulls());
    assert_eq!(table.column("source_id").unwrap().nulls(), 0);
    assert_eq!(table.column("ra").unwrap().field().reference.as_deref(), Some("GAIADR3"));
    let text = service.query(query, "votable_plain").text();
    assert!(text.contains("<COOSYS ID=\"GAIADR3\"") && text.contains("utype=\"adhoc:service\""));
    assert!(
        !service.query("SELECT TOP 1 ra FROM gaiadr3.gaia_source", "votable_plain").text().contains("adhoc:service")
    );
}

#[test]
fn healpix_functions_agree_with_each_other() {
    let service = Service::new();
    let rows = service.rows(
        "SELECT TOP 200 GAIA_HEALPIX_INDEX(5, source_id), IVO_HEALPIX_INDEX(5, ra, dec) FROM gaiadr3.gaia_source",
    );
    assert_eq!(rows.len(), 200);
    assert!(rows.iter().all(|row| row[0] == row[1]), "{:?}", rows[0]);
}

#[test]
fn statistics_are_those_of_the_sample() {
    let service = Service::new();
    let rows = service.rows("SELECT STDDEV(random_index), VARIANCE(random_index) FROM gaiadr3.gaia_source");
    // The variance of the numbers 0 to n-1 is n(n+1)/12.
    let expected = SOURCES as f64 * (SOURCES as f64 + 1.0) / 12.0;
    let variance: f64 = rows[0][1].parse().unwrap();
    assert!((variance / expected - 1.0).abs() < 1e-9, "{variance} {expected}");
    assert!((rows[0][0].parse::<f64>().unwrap() - expected.sqrt()).abs() < 1e-3);
}

#[test]
fn sources_of_both_releases_are_connected() {
    let service = Service::new();
    let rows = service.rows(
        "SELECT COUNT(*), MAX(DISTANCE(g.ra, g.dec, o.ra, o.dec)) FROM gaiadr3.dr2_neighbourhood AS n
         JOIN gaiadr3.gaia_source AS g ON g.source_id = n.dr3_source_id
         JOIN gaiadr2.gaia_source AS o ON o.source_id = n.dr2_source_id",
    );
    let [count, farthest] = [0, 1].map(|at| rows[0][at].parse::<f64>().unwrap());
    assert!(count > 0.9 * SOURCES as f64 && count < SOURCES as f64, "{count}");
    assert!(farthest < 5.0 / 3600.0, "{farthest}");
}

#[test]
fn all_examples_run() {
    let service = Service::new();
    let page = service.get("examples").text();
    let mut found = 0;
    for part in page.split("<pre property=\"query\">").skip(1) {
        let query = part.split("</pre>").next().unwrap();
        let query = query.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let rows = service.rows(&query);
        assert!(!rows.is_empty(), "no rows: {query}");
        found += 1;
    }
    assert!(found >= 8, "{found}");
}
