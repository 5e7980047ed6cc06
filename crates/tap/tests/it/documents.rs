//! Documents of services in all dialects, and what is read in them.

use std::path::PathBuf;

use tap::{
    Error, ErrorKind, Phase,
    uws::{self, ResultPlace, parse_job, parse_jobs, parse_parameters, parse_phase, parse_results},
    vosi::{parse_availability, parse_capabilities, parse_examples, parse_tables},
};

pub(crate) fn read(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/documents").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn jobs_in_every_dialect() {
    for name in ["job_uws11", "job_esa_2014", "job_esa_2016", "job_esa_error", "job_plain_names", "job_without_phase"] {
        insta::assert_debug_snapshot!(name, parse_job(&read(&format!("{name}.xml"))).unwrap());
    }
}

#[test]
fn job_lists_in_every_dialect() {
    for name in ["jobs_references", "jobs_uws11", "jobs_tapplus"] {
        insta::assert_debug_snapshot!(name, parse_jobs(&read(&format!("{name}.xml"))).unwrap());
    }
}

#[test]
fn jobs_in_lists_have_an_address() {
    let urls = |name: &str, tap: &str| -> Vec<Option<String>> {
        parse_jobs(&read(name)).unwrap().jobs.iter().map(|job| job.url(tap)).collect()
    };
    let some = |url: &str| Some(url.to_owned());
    assert_eq!(
        urls("jobs_uws11.xml", "gw/dc/tap"),
        [some("gw/dc/__system__/tap/run/async/ab12"), some("gw/dc/tap/async/cd34")]
    );
    assert_eq!(
        urls("jobs_references.xml", "gw/gaia/tap-server/tap")[1],
        some("gw/gaia/tap-server/tap/async/1479000000002O")
    );
    assert_eq!(urls("jobs_tapplus.xml", "/tap-server/tap/")[0], some("/tap-server/tap/async/1479000000003O"));
}

#[test]
fn parameters_are_found_in_any_case() {
    let job = parse_job(&read("job_esa_2014.xml")).unwrap();
    assert_eq!(job.parameter("MAXREC"), Some("100000"));
    assert_eq!(job.query(), Some("select top 2 * from public.t where a < 3 && 'x&amp;y'"));
    let job = parse_job(&read("job_esa_2016.xml")).unwrap();
    assert_eq!(job.format(), Some("fits"));
    assert_eq!(job.job_name(), Some("bright stars"));
    let url = "https://p/gw/gaia/tap-server/tap/async/1479000000000O";
    assert_eq!(
        uws::result_place(url, job.result().unwrap()),
        ResultPlace::OfJob(format!("{url}/results/result?a=1&b=2"))
    );
}

#[test]
fn encodings_and_blanks_do_not_matter() {
    let plain = read("job_plain_names.xml");
    let expect = parse_job(&plain).unwrap();
    let with_mark = [b"\xEF\xBB\xBF".as_slice(), &plain].concat();
    let with_blanks = [b"\r\n  ".as_slice(), &plain, b"\r\n\0"].concat();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(String::from_utf8(plain).unwrap().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(parse_job(&with_mark).unwrap(), expect);
    assert_eq!(parse_job(&utf16).unwrap(), expect);
    let _ = parse_job(&with_blanks);
}

#[test]
fn phases_as_plain_text() {
    let check = |bytes: &[u8], expect: Phase| assert_eq!(parse_phase(bytes).unwrap(), expect);
    check(b"COMPLETED", Phase::Completed);
    check(b"  executing\r\n", Phase::Executing);
    check(b"\xEF\xBB\xBFHELD\n", Phase::Held);
    check(b"", Phase::Unknown);
    check(b"Paused", Phase::Other("Paused".into()));
    check(b"<phase xmlns='x'> ERROR </phase>", Phase::Error);
    check(&read("job_uws11.xml"), Phase::Completed);
    assert!(matches!(parse_phase(b"Please sign in"), Err(Error::Document { .. })));
    assert!(parse_phase(&read("maintenance.html")).is_err());
}

#[test]
fn parts_of_a_job() {
    let parameters =
        b"<u:parameters xmlns:u='x'><u:parameter id='query'>select &lt;</u:parameter><u:parameter/></u:parameters>";
    assert_eq!(parse_parameters(parameters).unwrap(), [("query".to_owned(), "select <".to_owned())]);
    let results = b"<results xmlns:x='l'><result id='r1' x:href='a' rows='2' size='many'/></results>";
    let results = parse_results(results).unwrap();
    assert_eq!((results[0].id.as_str(), results[0].rows, results[0].size), ("r1", Some(2), None));
    assert!(parse_results(parameters).is_err());
    assert_eq!(parse_results(&read("job_uws11.xml")).unwrap().len(), 2);
}

#[test]
fn jobs_survive_storage() {
    for name in ["job_uws11.xml", "job_esa_error.xml", "job_plain_names.xml"] {
        let job = parse_job(&read(name)).unwrap();
        let stored = serde_json::to_string(&job).unwrap();
        assert_eq!(serde_json::from_str::<tap::Job>(&stored).unwrap(), job);
    }
    // What a later version leaves out or calls otherwise does not cost the journal.
    let job: tap::Job = serde_json::from_str(r#"{"id":"1","phase":"NEWWORD","unheard":3}"#).unwrap();
    assert_eq!(job.phase, Phase::Other("NEWWORD".into()));
}

#[test]
fn tables_in_every_dialect() {
    for name in ["tables_tapplus", "tables_vosi11", "tables_without_schema", "table_single"] {
        insta::assert_debug_snapshot!(name, parse_tables(&read(&format!("{name}.xml"))).unwrap());
    }
    assert_eq!(parse_tables(b"<tableset/>").unwrap(), []);
}

#[test]
fn column_flags_have_a_second_bit() {
    let schemas = parse_tables(&read("tables_tapplus.xml")).unwrap();
    let columns = &schemas[0].tables[0].columns;
    assert!(columns[0].flags.is_primary_key() && !columns[0].flags.is_ra());
    assert!(columns[1].flags.is_ra() && !columns[1].flags.is_dec());
    let _ = (columns[0].flags.is_mag(), columns[0].flags.is_flux());
}

#[test]
fn a_large_table_set_is_read_in_one_walk() {
    let column = "<column><name>c</name><description><![CDATA[some words]]></description><unit>deg</unit><dataType>double</dataType><flag>indexed</flag></column>";
    let table = format!("<table><name>s.t</name>{}</table>", column.repeat(150));
    let document = format!("<tableset><schema><name>s</name>{}</schema></tableset>", table.repeat(100));
    let schemas = parse_tables(document.as_bytes()).unwrap();
    assert_eq!(schemas[0].tables.iter().map(|table| table.columns.len()).sum::<usize>(), 15_000);
}

#[test]
fn what_a_service_can_do() {
    let capabilities = parse_capabilities(&read("capabilities.xml")).unwrap();
    insta::assert_debug_snapshot!("capabilities", &capabilities);
    assert_eq!(
        capabilities.access_url("ivo://ivoa.net/std/tap"),
        Some("https://vo.example.org/tap"),
        "the open interface comes first"
    );
    assert_eq!(capabilities.access_url("ivo://ivoa.net/std/VOSI#tables"), Some("https://vo.example.org/tap/tables"));
    assert_eq!(capabilities.access_url("ivo://ivoa.net/std/VOSI#availability"), None);
    assert!(capabilities.takes_inline_uploads());
    let limits = tap::limits::Limits::of(Some(&capabilities), false);
    assert_eq!((limits.sync_rows, limits.most_rows, limits.job_seconds), (Some(20_000), Some(3_000_000), Some(3600)));
    assert_eq!(limits.upload_bytes, Some(104_857_600));
    let features = &capabilities.languages[0].features;
    assert!(features[0].is_udf() && features[0].name() == "ivo_healpix_index");
    assert!(features[1].is_geometry() && features[1].name() == "CONTAINS");
    insta::assert_debug_snapshot!("availability", parse_availability(&read("availability.xml")).unwrap());
    assert!(!parse_availability(b"<availability><available> False </available></availability>").unwrap().available);
    assert!(parse_availability(b"<availability/>").is_err());
}

#[test]
fn examples_are_found_in_their_page() {
    insta::assert_debug_snapshot!("examples", parse_examples(&read("examples.xml")).unwrap());
}

#[test]
fn a_page_is_told_from_every_document() {
    let page = read("maintenance.html");
    let errors = [
        parse_job(&page).unwrap_err(),
        parse_jobs(&page).unwrap_err(),
        parse_tables(&page).unwrap_err(),
        parse_capabilities(&page).unwrap_err(),
        parse_availability(&page).unwrap_err(),
    ];
    for error in errors {
        let kind = &error.service().unwrap().kind;
        assert_eq!(*kind, ErrorKind::Maintenance { title: Some("Archive – scheduled maintenance".into()) });
    }
    let other = read("error_votable.xml");
    assert_eq!(parse_job(&other).unwrap_err().service().unwrap().kind, ErrorKind::Query);
    assert!(matches!(parse_job(&read("availability.xml")), Err(Error::Document { .. })));
    for nothing in [b"".as_slice(), b"   ", b"hello", b"\x1F\x8B\x08\0\0", b"{}", b"<", b"<?xml version='1.0'?>"] {
        assert!(parse_job(nothing).is_err());
        assert!(parse_jobs(nothing).is_err());
        assert!(parse_tables(nothing).is_err());
        assert!(parse_capabilities(nothing).is_err());
        assert!(parse_examples(nothing).is_err());
    }
}
