//! The life of jobs: made, run, aborted, removed, expired, waited for, listed.

use std::time::{Duration, Instant};

use votable::Status;

use crate::service::{SOURCES, Service, TAP, id};

const ALL: &str = "SELECT source_id FROM gaiadr3.gaia_source";
/// Takes for ever.
const ENDLESS: &str = "SELECT COUNT(*) FROM gaiadr3.gaia_source AS a, gaiadr3.gaia_source AS b, gaiadr3.gaia_source AS c WHERE a.ra < b.dec AND b.ra < c.dec AND a.parallax > c.pmra";

#[test]
fn a_job_lives_as_uws_says() {
    let service = Service::new();
    let id = service.submit(ALL, &[("MAXREC", "2500")]);
    assert_eq!(service.phase(&id), "PENDING");
    service.work();
    assert_eq!(service.phase(&id), "PENDING", "nobody has started it");
    let started = service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    assert_eq!((started.status, started.header("location")), (303, format!("{TAP}/async/{id}").as_str()));
    assert_eq!(service.phase(&id), "QUEUED");
    assert_eq!(service.get(&format!("async/{id}/results/result")).status, 404);
    service.pass(Duration::from_secs(5));
    service.work();
    assert_eq!(service.phase(&id), "COMPLETED");
    let document = service.get(&format!("async/{id}")).text();
    assert!(document.contains("<uws:startTime>2026-03-01T12:00:05.000Z</uws:startTime>"), "{document}");
    assert!(document.contains("<uws:parameter id=\"maxrec\"><![CDATA[2500]]></uws:parameter>"), "{document}");
    assert!(
        document.contains(&format!("xlink:href=\"{TAP}/async/{id}/results/result\""))
            && document.contains("rows=\"2500\"")
    );
    let (table, status) = service.get(&format!("async/{id}/results/result")).table();
    assert_eq!((table.rows(), status), (2_500, Status::Overflow));
    let removed = service.delete(&format!("async/{id}"));
    assert_eq!((removed.status, removed.header("location")), (303, format!("{TAP}/async").as_str()));
    assert_eq!(service.get(&format!("async/{id}")).status, 404);
    assert!(service.files().is_empty(), "{:?}", service.files());
}

#[test]
fn a_job_gives_all_rows_without_a_limit() {
    let service = Service::new();
    let id = service.submit(&format!("{ALL} ORDER BY phot_g_mean_mag"), &[("PHASE", "RUN")]);
    service.work();
    let (table, status) = service.get(&format!("async/{id}/results/result")).table();
    assert_eq!((table.rows(), status), (SOURCES, Status::Ok));
    let sync = service.rows("SELECT TOP 5 source_id FROM gaiadr3.gaia_source ORDER BY phot_g_mean_mag");
    let column = &table.columns[0];
    assert!((0..5).all(|row| column.display(row).to_string() == sync[row][0]), "the order is that of the query");
}

#[test]
fn jobs_can_be_changed_before_they_run() {
    let service = Service::new();
    let id = service.submit("SELECT nonsense", &[]);
    service.post(
        &format!("async/{id}/parameters"),
        &[("QUERY", "SELECT TOP 1 ra FROM gaiadr3.gaia_source"), ("RUNID", "mine")],
    );
    service.post(&format!("async/{id}/executionduration"), &[("EXECUTIONDURATION", "100")]);
    assert_eq!(service.get(&format!("async/{id}/executionduration")).text(), "100");
    service.post(&format!("async/{id}"), &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(service.phase(&id), "COMPLETED");
    assert!(service.get(&format!("async/{id}")).text().contains("<uws:runId>mine</uws:runId>"));
    assert_eq!(service.post(&format!("async/{id}/parameters"), &[("QUERY", "SELECT 1")]).status, 400);
    let again = service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    assert_eq!(again.status, 500);
    assert!(again.text().contains("Cannot change phase to 'RUN'"), "{}", again.text());
    let wrong = service.post(&format!("async/{id}/phase"), &[("PHASE", "JUMP")]);
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("Invalid phase value 'JUMP'. Only 'RUN' and 'ABORT' are allowed."));
}

#[test]
fn a_running_job_is_aborted_at_once() {
    let service = Service::new();
    let id = service.submit(ENDLESS, &[("PHASE", "RUN")]);
    let (archive, now) = (&service.archive, service.now.get());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let worker = scope.spawn(move || archive.work(now, Duration::from_secs(60)));
        while service.phase(&id) != "EXECUTING" {
            assert!(begun.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(5));
        }
        service.post(&format!("async/{id}/phase"), &[("PHASE", "ABORT")]);
        assert_eq!(service.phase(&id), "ABORTED");
        assert!(worker.join().unwrap());
    });
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(service.phase(&id), "ABORTED");
    assert!(service.files().is_empty(), "{:?}", service.files());
}

#[test]
fn a_job_stops_at_its_duration() {
    let service = Service::new();
    let id = service.submit(ENDLESS, &[]);
    service.post(&format!("async/{id}/executionduration"), &[("EXECUTIONDURATION", "1")]);
    service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(service.phase(&id), "ERROR");
    assert!(service.get(&format!("async/{id}")).text().contains("took longer than the 1 s"));
}

#[test]
fn what_is_over_is_gone() {
    let service = Service::new();
    let short = service.submit(ALL, &[("PHASE", "RUN")]);
    let long = service.submit(ALL, &[("PHASE", "RUN")]);
    service.work();
    let set = service.post(&format!("async/{short}/destruction"), &[("DESTRUCTION", "2026-03-01T13:00:00")]);
    assert_eq!(set.status, 303);
    assert_eq!(service.get(&format!("async/{short}/destruction")).text(), "2026-03-01T13:00:00.000Z");
    assert_eq!(service.files().len(), 2);
    service.pass(Duration::from_secs(3_601));
    assert_eq!(service.get(&format!("async/{short}")).status, 404, "even before anybody has cleaned up");
    service.work();
    assert_eq!(service.files(), [format!("{long}.sqlite")]);
    service.pass(Duration::from_secs(4 * 86_400));
    service.work();
    assert!(service.files().is_empty());
    assert_eq!(service.post(&format!("async/{long}/destruction"), &[("DESTRUCTION", "2027-01-01")]).status, 404);
}

#[test]
fn a_request_waits_for_the_next_phase() {
    let service = Service::new();
    let id = service.submit(ALL, &[]);
    service.pass(Duration::from_secs(1));
    let arrival = service.now.get();
    let path = format!("async/{id}?WAIT=30");
    assert_eq!(service.waits(&path, arrival), Some(arrival.after(Duration::from_secs(30))));
    assert_eq!(
        service.waits(&format!("async/{id}?WAIT=30&PHASE=QUEUED"), arrival),
        None,
        "it has another phase already"
    );
    assert!(service.waits(&format!("async/{id}?WAIT=-1"), arrival).is_some());
    service.pass(Duration::from_secs(29));
    assert!(service.waits(&path, arrival).is_some());
    service.pass(Duration::from_secs(1));
    assert_eq!(service.waits(&path, arrival), None, "the time is over");
    let arrival = service.now.get();
    service.pass(Duration::from_secs(1));
    service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    assert_eq!(service.waits(&path, arrival), None, "it is queued now");
    service.work();
    assert_eq!(service.waits(&path, service.now.get()), None, "nothing more will happen to it");
    assert_eq!(service.get(&format!("async/{id}?WAIT=soon")).status, 400);
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    let service = Service::new();
    let ids: Vec<String> = (0..4)
        .map(|number| {
            service.pass(Duration::from_secs(60));
            service.submit(
                &format!("SELECT TOP {number} ra FROM gaiadr3.gaia_source"),
                &[("jobname", &format!("n{number}"))],
            )
        })
        .collect();
    service.post(&format!("async/{}/phase", ids[2]), &[("PHASE", "RUN")]);
    service.work();
    let listed = |path: &str| -> Vec<usize> {
        let text = service.get(path).text();
        let mut found: Vec<(usize, usize)> =
            ids.iter().enumerate().filter_map(|(number, id)| Some((text.find(id.as_str())?, number))).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, number)| number).collect()
    };
    assert_eq!(listed("async"), [0, 1, 2, 3]);
    assert_eq!(listed("async?PHASE=COMPLETED"), [2]);
    assert_eq!(listed("async?PHASE=COMPLETED&PHASE=PENDING&LAST=2"), [3, 2]);
    assert_eq!(listed("async?AFTER=2026-03-01T12:02:30Z"), [2, 3]);
    assert_eq!(listed("jobs/async?order=CREATION_TIME:DESC&limit=2&offset=1"), [2, 1]);
    assert_eq!(listed("jobs/async?phaseid=pending&order=JOBNAME:DESC"), [3, 1, 0]);
    assert_eq!(listed("jobs/async?jobname=n2"), [2]);
    let full = service.get("jobs/async").text();
    assert!(
        full.contains("total=\"4\"")
            && full.contains("<uws:name><![CDATA[n3]]></uws:name>")
            && full.contains("TOP 3 ra")
    );
    assert!(!service.get("jobs/async?metadata_only=True").text().contains("TOP 3 ra"));
    assert_eq!(service.get("jobs/async?order=colour:ASC").status, 400);
    let report = service.post("deletejobs", &[("JOB_IDS", &ids[..2].join(","))]);
    assert_eq!(report.status, 200);
    assert_eq!(listed("async"), [2, 3]);
}

#[test]
fn a_get_with_a_query_makes_a_job() {
    let service = Service::new();
    let made = service.get("async?REQUEST=doQuery&LANG=ADQL&PHASE=run&QUERY=SELECT+TOP+1+ra+FROM+gaiadr3.gaia_source");
    assert_eq!(service.phase(&id(&made)), "QUEUED");
    let wrong = service.post("async", &[("QUERY", ALL), ("PHASE", "HELD")]);
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("Wrong phase value: 'HELD'. Only PHASE=RUN is allowed."));
}

#[test]
fn results_of_jobs_are_tables() {
    let service = Service::new();
    let id = service.submit(
        "SELECT source_id, parallax AS plx, designation FROM gaiadr3.gaia_source WHERE parallax > 10",
        &[("PHASE", "RUN")],
    );
    service.work();
    let rows = service.rows(&format!("SELECT COUNT(*), MIN(plx) FROM JOB_UPLOAD.\"job{id}\""));
    let direct = service.rows("SELECT COUNT(*), MIN(parallax) FROM gaiadr3.gaia_source WHERE parallax > 10");
    assert_eq!(rows, direct);
    let joined = service.rows(&format!(
        "SELECT COUNT(*) FROM job_upload.\"JOB{}\" AS j JOIN gaiadr3.gaia_source AS g ON g.source_id = j.source_id",
        id.to_ascii_uppercase()
    ));
    assert_eq!(joined[0][0], direct[0][0]);
}

#[test]
fn jobs_survive_a_restart() {
    let service = Service::new();
    let done = service.submit("SELECT TOP 3 ra FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    service.work();
    let queued = service.submit("SELECT TOP 4 ra FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    let service = service.reopen();
    assert_eq!([service.phase(&done), service.phase(&queued)], ["COMPLETED", "QUEUED"]);
    service.work();
    for (id, rows) in [(done, 3), (queued, 4)] {
        assert_eq!(service.get(&format!("async/{id}/results/result")).table().0.rows(), rows);
    }
}

#[test]
fn remembered_queries_take_limited_space() {
    let service = Service::new();
    let padding = "x".repeat(9_000_000);
    for name in ["first", "second", "third"] {
        let query = "SELECT TOP 1 ra FROM gaiadr3.gaia_source";
        let response = service.post("sync", &[("QUERY", query), ("jobname", name), ("note", &padding)]);
        assert_eq!(response.status, 200);
    }
    let list = service.get("jobs/sync?metadata_only=true").text();
    assert!(!list.contains("first") && list.contains("second") && list.contains("third"), "{list}");
}
