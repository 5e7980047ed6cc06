//! The archive's own functions, against figures of other programs.

use crate::service::Service;

/// One row without a table: the first source, in ECSV-free text.
fn values(service: &Service, expression: &str) -> Vec<f64> {
    let (table, _) =
        service.query(&format!("SELECT TOP 1 {expression} AS x FROM gaiadr3.gaia_source"), "votable_plain").table();
    let text = table.columns[0].display(0).to_string();
    text.split([' ', ',', '[', ']']).filter(|word| !word.is_empty()).map(|word| word.parse().unwrap()).collect()
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{a} is not {b} in {found:?}");
    }
}

const BARNARD: &str = "269.452082,4.693364,546.976,-801.551,10362.394,-110.47";

/// The errors of five parameters, that of the radial velocity, and ten correlations.
const ERRORS: &str = "0.026,0.029,0.041,0.032,0.036";
const CORRELATIONS: &str = "0.1,-0.2,0.05,-0.3,0.25,0.15,-0.12,0.33,-0.08,0.21";

#[test]
fn epochs_agree_with_the_example_of_the_ivoa() {
    // Catalogue of ADQL User Defined Functions, ivo_epoch_prop: from 2016.0 to 1992.25.
    let service = Service::new();
    let found = values(&service, "EPOCH_PROP(7.606083572, 11.79044105, 125, 300, -428.8, 52.51, 2016.0, 1992.25)");
    let radial = 52.508_803_817_752_56 * 125.019_931_655_846_82 / 4.740_470_463_533_349;
    let expected = [
        7.604_061_404_627_973,
        11.793_270_382_827_929,
        125.019_931_655_846_82,
        300.098_773_259_736,
        -428.934_593_565_712,
    ];
    assert_close(&found[..5], &expected, 1e-11);
    assert_close(&found[5..], &[radial], 1e-9);
}

#[test]
fn epochs_agree_with_pygaia_over_a_millennium() {
    let service = Service::new();
    let expected = [
        269.212_914_944_508_16,
        7.758_407_633_316_936,
        582.164_757_02,
        -913.317_003_88,
        11_738.162_641_98,
        -12_953.752_698_68,
    ];
    for call in [
        format!("EPOCH_PROP({BARNARD}, 2016, 3016)"),
        format!("ESDC_EPOCH_PROP(ASTROMETRIC_PARAMETERS({BARNARD}), 2016.0, 3016.0)"),
    ] {
        assert_close(&values(&service, &call), &expected, 1e-10);
    }
    let position = values(&service, &format!("EPOCH_PROP_POS({BARNARD}, 2016.0, 3016.0)"));
    assert_close(&position, &expected[..2], 1e-12);
}

#[test]
fn positions_agree_with_astropy() {
    // SkyCoord.apply_space_motion of astropy 8.0, which lets light take its time: a few microarcseconds.
    let service = Service::new();
    for (star, expected) in [
        ("7.606083572, 11.79044105, 125, 300, -428.8, 52.51, 2016.0, 1992.25", [7.604_061_404_656, 11.793_270_382_788]),
        ("56.75, 24.12, 7.34, 19.9, -45.5, 5.7, 2016, 2000", [56.749_903_094_708, 24.120_202_222_330]),
        ("359.9999, -70.0, 100.0, 2500.0, 300.0, -30.0, 2000, 2100", [0.202_922_286_965, -69.991_548_464_578]),
    ] {
        let found = values(&service, &format!("EPOCH_PROP_POS({star})"));
        assert!((found[0] - expected[0]).abs() < 3e-8 && (found[1] - expected[1]).abs() < 3e-8, "{star}: {found:?}");
    }
}

#[test]
fn errors_agree_with_pygaia() {
    let service = Service::new();
    // Row by row: σ of α, δ, ϖ, μα, μδ, μr, then fifteen correlations.
    for (epoch, expected) in [
        (
            2016.0,
            [
                0.026,
                0.029,
                0.041,
                0.032,
                0.036,
                15.03036131,
                0.1,
                -0.2,
                0.05,
                -0.3,
                0.0127135648,
                0.25,
                0.15,
                -0.12,
                -0.015891956,
                0.33,
                -0.08,
                -0.06356782399,
                0.21,
                -0.02097738192,
                0.005085425919,
            ],
        ),
        (
            1991.25,
            [
                0.7914858978,
                1.007833431,
                0.04088662103,
                0.03209191501,
                0.05182645737,
                14.98441929,
                0.1590701142,
                -0.3379661808,
                -0.9984844496,
                -0.1042685633,
                0.06643943486,
                0.09590705396,
                -0.1289739811,
                -0.9473162995,
                -0.4624908185,
                0.3315048861,
                -0.0838099454,
                -0.03959260632,
                0.06490661173,
                -0.1105244854,
                0.7214207307,
            ],
        ),
        (
            3016.0,
            [
                74.12203934,
                856.0128833,
                0.06470848371,
                0.1452843443,
                1.818383591,
                16.92855982,
                -0.8830421106,
                -0.5551690049,
                0.974670354,
                -0.8858704426,
                0.8882616213,
                0.7364916057,
                -0.965169446,
                0.9997489402,
                -0.9989892233,
                -0.6610946895,
                0.7382451274,
                -0.7396434693,
                -0.9670711804,
                0.9684914883,
                -0.9997456017,
            ],
        ),
    ] {
        for call in [
            format!("EPOCH_PROP_ERROR({BARNARD},{ERRORS},0.13,{CORRELATIONS},2016.0,{epoch:?})"),
            format!(
                "EPOCH_PROP_ERROR(ASTROMETRIC_PARAMETERS({BARNARD}), \
                 ASTROMETRIC_PARAMETER_ERROR({ERRORS},{CORRELATIONS},546.976,-110.47,0.13), 2016.0, {epoch:?})"
            ),
        ] {
            assert_close(&values(&service, &call), &expected, 2e-8);
        }
    }
}

#[test]
fn queries_of_the_archives_users_run() {
    let service = Service::new();
    // The position of the Pleiades' middle for J2000, as the archive's own form writes it.
    let rows = service.rows(
        "SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE CONTAINS(POINT('ICRS', gaiadr3.gaia_source.ra, gaiadr3.gaia_source.dec),
         CIRCLE('ICRS', COORD1(EPOCH_PROP_POS(56.75,24.12,7.34,19.9,-45.5,5.7,2000,2016.0)),
         COORD2(EPOCH_PROP_POS(56.75,24.12,7.34,19.9,-45.5,5.7,2000,2016.0)), 3)) = 1",
    );
    assert!(rows[0][0].parse::<u64>().unwrap() >= 15, "{rows:?}");
    let rows = service.rows(
        "SELECT ra, dec, ARRAY_ELEMENT(a0, 1), ARRAY_ELEMENT(a0, 2), ARRAY_ELEMENT(a0, 6), radial_velocity, ARRAY_ELEMENT(a0, 7) FROM
         (SELECT TOP 200 *, EPOCH_PROP(ra, dec, parallax, pmra, pmdec, radial_velocity, 2016.0, 1991.25) AS a0
          FROM gaiadr3.gaia_source WHERE pmra IS NOT NULL) AS p",
    );
    assert_eq!(rows.len(), 200);
    assert!(rows.iter().any(|row| row[5].is_empty()) && rows.iter().any(|row| !row[5].is_empty()));
    for row in &rows {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        assert!((number(1) - number(3)).abs() < 1e-3 && number(1) != number(3), "{row:?}");
        assert_eq!(row[4].is_empty(), row[5].is_empty(), "what is unknown stays unknown: {row:?}");
        assert_eq!(row[6], "");
    }
    let errors = service.rows(
        "SELECT TOP 3 CARDINALITY(EPOCH_PROP_ERROR(ra, dec, parallax, pmra, pmdec, radial_velocity, ra_error, dec_error,
         parallax_error, pmra_error, pmdec_error, radial_velocity_error, ra_dec_corr, ra_parallax_corr, ra_pmra_corr,
         ra_pmdec_corr, dec_parallax_corr, dec_pmra_corr, dec_pmdec_corr, parallax_pmra_corr, parallax_pmdec_corr,
         pmra_pmdec_corr, ref_epoch, 2030.0)) FROM gaiadr3.gaia_source WHERE parallax IS NOT NULL",
    );
    assert_eq!(errors, [["21"], ["21"], ["21"]]);
    let small = service.rows(
        "SELECT TOP 1 GAIA_HEALPIX_INDEX(4, 2060294888487267584), SIGN(-0.001), CBRT(27), DIV(7, 2), GREATEST(1, 2.5),
         LEAST(1, 2.5), TO_INTEGER(2.6), TO_CHAR(12), TO_DOUBLE('1.5'), ESDC_TO_BIGINT(3.2) FROM gaiadr3.gaia_source",
    );
    assert_eq!(small[0], ["914", "-1", "3.0", "3", "2.5", "1.0", "3", "12", "1.5", "3"]);
}

#[test]
fn wrong_calls_are_named() {
    let service = Service::new();
    for (call, words) in [
        ("EPOCH_PROP(ra, dec)", "EPOCH_PROP takes"),
        ("EPOCH_PROP('1 2 3', 2000, 2010)", "an array of 6 numbers is needed; this one has 3"),
        ("ARRAY_ELEMENT('a b', 1)", "no array of numbers"),
        ("EPOCH_PROP_POS('x', 1, 1, 1, 1, 1, 1, 1)", "ra must be a number"),
        ("TO_INTEGER(1e12)", "Cannot execute query"),
    ] {
        let response = service.query(&format!("SELECT TOP 1 {call} FROM gaiadr3.gaia_source"), "csv");
        assert_eq!(response.status, 400, "{call}");
        assert!(response.text().contains(words), "{call}: {}", response.text());
    }
    // Out of the domain there is no value.
    let rows =
        service.rows("SELECT TOP 1 DIV(1, 0), EPOCH_PROP_POS(1, 91, 1, 1, 1, 1, 2000, 2010) FROM gaiadr3.gaia_source");
    assert_eq!(rows[0], ["", ""]);
}

#[test]
fn capabilities_tell_their_signatures() {
    let text = Service::new().get("capabilities").text();
    for form in [
        "EPOCH_PROP_POS(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, radial_velocity DOUBLE, \
         ref_epoch DOUBLE, out_epoch DOUBLE) -&gt; POINT",
        "GAIA_HEALPIX_INDEX(norder INTEGER, source_id BIGINT) -&gt; BIGINT",
        "ARRAY_ELEMENT(array DOUBLE[*], at INTEGER) -&gt; DOUBLE",
    ] {
        assert!(text.contains(&format!("<form>{form}</form>")), "{form}");
    }
}
