//! Every request as it goes out: method, address, headers and body.

use std::fmt::Write as _;

use tap::{
    Phase, Query, Request, Service, Timestamp, Upload,
    jobs::{JobsFilter, JobsOf},
    request::{Detail, JobListFilter, TablesFilter, job},
};

/// The request as text; line ends of multipart bodies are shown as `⏎`.
fn shown(request: &Request) -> String {
    let mut out = format!("{} {}\n", request.method.as_str(), request.url);
    for (name, value) in &request.headers {
        writeln!(out, "{name}: {value}").unwrap();
    }
    if let Some(content_type) = request.content_type() {
        writeln!(out, "Content-Type: {content_type}").unwrap();
    }
    if let Some(body) = request.body_bytes() {
        write!(out, "\n{}", String::from_utf8_lossy(body).replace("\r\n", "⏎\n")).unwrap();
    }
    out
}

pub(crate) fn all(requests: &[Request]) -> String {
    requests.iter().map(|request| shown(request) + "\n----\n").collect()
}

pub(crate) fn service() -> Service {
    Service::new(
        "https://portal.example/gw/sandbox/tap-server/tap/",
        Some("https://portal.example/gw/sandbox/data-server"),
    )
}

fn full_query() -> Query {
    Query {
        adql: "SELECT TOP 5 *\nFROM t WHERE name LIKE 'α+%' -- 100% & more; #1".into(),
        format: Some("votable_plain".into()),
        maxrec: Some(0),
        job_name: Some("my job".into()),
        job_description: Some("two\nlines".into()),
        run_id: Some("run-1".into()),
        uploads: Vec::new(),
    }
}

fn upload(table: &str, file_name: &str, bytes: &[u8]) -> Upload {
    Upload {
        table: table.into(),
        file_name: file_name.into(),
        content_type: "application/x-votable+xml".into(),
        bytes: bytes.into(),
    }
}

#[test]
fn queries() {
    let least = Query { adql: "select 1".into(), job_name: Some("  ".into()), ..Query::default() };
    let relative = Service::new("gw/sandbox/tap-server/tap", None);
    insta::assert_snapshot!(all(&[
        service().sync(&least),
        service().sync(&full_query()),
        service().create_job(&full_query(), false),
        service().create_job(&full_query(), true),
        relative.create_job(&least, true),
    ]));
}

#[test]
fn uploads() {
    let query = Query {
        adql: "select * from tap_upload.mine join tap_upload.others using (id)".into(),
        uploads: vec![
            upload("mine", "mine.vot", b"<VOTABLE/>"),
            upload("others", "tr\"icky\r\n.vot", b"<VOTABLE>\n\xC3\xA9</VOTABLE>"),
        ],
        ..Query::default()
    };
    insta::assert_snapshot!(all(&[service().sync(&query), service().create_job(&query, true)]));
}

#[test]
fn binary_uploads_are_not_touched() {
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    let request = service().sync(&Query {
        adql: "select 1".into(),
        uploads: vec![upload("t", "t.vot", &bytes)],
        ..Query::default()
    });
    let body = request.body_bytes().unwrap();
    assert_eq!(body.windows(bytes.len()).filter(|window| *window == bytes).count(), 1);
}

#[test]
fn metadata() {
    let filter = TablesFilter {
        tables: vec!["gaiadr3.gaia_source".into(), "user_x.\"My table\"".into()],
        schemas: vec!["a".into(), "b c".into()],
        only_schemas: true,
        only_tables: true,
        share_info: true,
        share_accessible: true,
        detail: Some(Detail::Min),
    };
    insta::assert_snapshot!(all(&[
        service().tables(&TablesFilter::default()),
        service().tables(&TablesFilter { only_tables: true, ..TablesFilter::default() }),
        service().tables(&filter),
        service().table("sky.\"odd/name\""),
        service().capabilities(),
        service().availability(),
        service().examples(),
    ]));
}

#[test]
fn job_lists() {
    let moment = Timestamp::parse("2026-03-01T10:00:00Z").unwrap();
    let list = JobListFilter { phases: vec![Phase::Executing, Phase::Pending], after: Some(moment), last: Some(3) };
    let jobs = JobsFilter {
        offset: Some(20),
        limit: Some(10),
        order: vec![("CREATION_TIME".into(), true), ("JOBID".into(), false)],
        metadata_only: true,
        job_id: Some("1O".into()),
        job_name: Some("a b".into()),
        owner: Some("joe".into()),
        phase: Some(Phase::Error),
        query: Some("gaia".into()),
        started: (Some(moment), None),
        ended: (None, Some(moment)),
    };
    insta::assert_snapshot!(all(&[
        service().job_list(&JobListFilter::default()),
        service().job_list(&list),
        service().jobs(JobsOf::Async, &JobsFilter::default()),
        service().jobs(JobsOf::Sync, &JobsFilter::default()),
        service().jobs(JobsOf::Async, &jobs),
        service().delete_jobs(&["1O", "2O"]),
    ]));
}

#[test]
fn one_job() {
    let url = "https://vo.example.org/__system__/tap/run/async/ab12";
    insta::assert_snapshot!(all(&[
        job::document(url, None),
        job::document(&format!("{url}/?WAIT=3#x"), Some(30)),
        job::document_while(url, 30, &Phase::Executing),
        job::phase(url),
        job::run(url),
        job::abort(url),
        job::delete(url),
        job::delete_by_post(url),
        job::set_destruction(url, "2026-03-08T10:00:00Z"),
        job::set_execution_duration(url, 0),
        job::set_parameter(url, "QUERY", "select 'a & b'"),
        job::parameters(url),
        job::results(url),
        job::result(url, "result"),
        job::result(url, "../a b"),
        job::error(url),
    ]));
}
