//! Errors in the shapes that clients of the archive know.

use votable::Status;

use crate::service::Service;

#[test]
fn a_mistake_in_a_query_has_its_place() {
    let service = Service::new();
    let response = service.query("SELECT ra\nFROM gaiadr3.gaia_sorce", "csv");
    assert_eq!((response.status, response.header("content-type")), (400, "application/x-votable+xml"));
    let text = response.text();
    assert!(text.contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">\n"), "{text}");
    assert!(text.contains("line 2, column 6") && text.contains("gaiadr3.gaia_source"), "{text}");
    let mut reader = votable::Reader::new();
    reader.push(&response.body).unwrap();
    reader.finish().unwrap();
    assert!(matches!(reader.document().status(), Status::Error(message) if message.contains("gaia_sorce")));
    for (query, place) in [
        ("SELEC ra FROM gaiadr3.gaia_source", "line 1, column 1"),
        ("SELECT ra,\n\n  nix FROM gaiadr3.gaia_source", "line 3, column 3"),
    ] {
        assert!(
            service.query(query, "votable").text().contains(place),
            "{query}: {}",
            service.query(query, "votable").text()
        );
    }
}

#[test]
fn wrong_parameters_are_named() {
    let service = Service::new();
    for (parameters, words) in [
        (&[("LANG", "ADQL")][..], "Not found required parameter"),
        (&[("LANG", "PQL"), ("QUERY", "SELECT 1")], "PQL"),
        (&[("REQUEST", "getEverything"), ("QUERY", "SELECT 1")], "getEverything"),
        (&[("MAXREC", "many"), ("QUERY", "SELECT 1")], "MAXREC"),
        (&[("MAXREC", "-7"), ("QUERY", "SELECT 1")], "MAXREC"),
    ] {
        let response = service.post("sync", parameters);
        assert_eq!(response.status, 400, "{parameters:?}");
        assert!(response.text().contains(words), "{}", response.text());
    }
}

#[test]
fn other_failures_are_pages() {
    let service = Service::new();
    for path in ["nowhere", "async/1", "async/1/phase", "tables/gaiadr3.nix"] {
        let response = service.get(path);
        assert_eq!(response.status, 404, "{path}");
        let text = response.text();
        assert!(text.contains("<title>SERVICE ERROR</title>") && text.contains("<li><b>Message: </b>"), "{text}");
    }
    assert_eq!(service.delete("tables").status, 405);
}

#[test]
fn the_error_of_a_job_is_told_three_times() {
    let service = Service::new();
    let id = service.submit("SELECT nix FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(service.phase(&id), "ERROR");
    let document = service.get(&format!("async/{id}")).text();
    assert!(
        document
            .contains("<uws:errorSummary type=\"FATAL\" hasDetails=\"true\"><uws:message><![CDATA[Cannot parse query"),
        "{document}"
    );
    let redirect = service.get(&format!("async/{id}/error"));
    assert_eq!(redirect.status, 303);
    assert!(redirect.header("location").ends_with(&format!("async/{id}/error/details")));
    let details = service.get(&format!("async/{id}/error/details")).text();
    assert!(details.contains("nix") && details.contains("<INFO name=\"HttpErrorCode\" value=\"-1\"/>"), "{details}");
    assert!(service.files().is_empty(), "a failed job leaves nothing behind");
}

#[test]
fn nothing_is_written_by_a_query() {
    let service = Service::new();
    for query in [
        "DROP TABLE gaiadr3.gaia_source",
        "SELECT 1; DELETE FROM gaiadr3.gaia_source",
        "SELECT load_extension('x') FROM gaiadr3.gaia_source",
        "ATTACH DATABASE 'x' AS y",
        "PRAGMA journal_mode",
    ] {
        assert_eq!(service.query(query, "csv").status, 400, "{query}");
    }
}
