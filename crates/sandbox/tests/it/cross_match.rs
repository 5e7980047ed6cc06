//! Cross-matches: asynchronous queries that make a table of pairs.

use crate::service::Service;
use crate::user::User;

/// A table `mine` of three sources of the catalogue, moved by an arcsecond or so, and one that is nowhere near any.
fn user(service: &Service) -> User<'_> {
    let demo = User::of(service, "demo");
    let known = service.rows("SELECT TOP 3 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id");
    let moved = known.iter().zip([0.2, 0.9, 3.0]).map(|(row, arcsec)| {
        let (ra, dec): (f64, f64) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        format!("{},{ra},{}\n", row[0], dec - f64::signum(dec) * arcsec / 3600.0)
    });
    let body = format!("number,ra,dec\n{}77,0.001,-89.999\n", moved.collect::<String>());
    assert_eq!(demo.upload(&[("TABLE_NAME", "mine"), ("FORMAT", "csv")], body.as_bytes()).status, 200);
    demo
}

const MATCH: &str = "SELECT crossmatch_positional('user_demo','mine','gaiadr3','gaia_source',1.0,'Pairs') FROM dual;";

#[test]
fn a_cross_match_makes_a_table_of_pairs() {
    let service = Service::new();
    let demo = user(&service);
    let id = demo.run(MATCH);
    assert_eq!(
        demo.get(&format!("async/{id}/phase")).text(),
        "COMPLETED",
        "{}",
        demo.get(&format!("async/{id}")).text()
    );
    assert_eq!(demo.get(&format!("async/{id}/parameters/jobtype")).text(), "XMATCH");
    let rows = demo.rows(
        "SELECT m.number, p.gaia_source_source_id, p.separation * 3600 FROM user_demo.pairs AS p
         JOIN user_demo.mine AS m ON m.mine_oid = p.mine_mine_oid ORDER BY p.separation",
    );
    assert_eq!(rows.len(), 2, "{rows:?}");
    for (row, expected) in rows.iter().zip([0.2, 0.9]) {
        assert_eq!(row[0], row[1]);
        assert!((row[2].parse::<f64>().unwrap() - expected).abs() < 1e-4, "{row:?}");
    }
    let (table, _) = demo.query("SELECT TOP 1 * FROM user_demo.pairs", "votable").table();
    let names: Vec<&str> = table.columns.iter().map(|column| column.field().name.as_str()).collect();
    assert_eq!(names, ["pairs_oid", "mine_mine_oid", "gaia_source_source_id", "separation"]);
    assert_eq!(table.columns[3].field().unit.as_deref(), Some("deg"));
    let (result, _) = demo.get(&format!("async/{id}/results/result")).table();
    assert_eq!(result.columns[0].display(0).to_string(), "2");

    let again = demo.run(MATCH);
    assert_eq!(demo.get(&format!("async/{again}/phase")).text(), "ERROR");
    assert!(demo.get(&format!("async/{again}/error/details")).text().contains("already exists"));
    // A table matches itself, and wider.
    let own = demo.run("SELECT CROSSMATCH_POSITIONAL('user_demo','mine','user_demo','mine',10,'self') FROM dual");
    assert_eq!(demo.get(&format!("async/{own}/phase")).text(), "COMPLETED");
    assert_eq!(demo.rows("SELECT mine_mine_oid_2 - mine_mine_oid FROM user_demo.self"), [["0"], ["0"], ["0"], ["0"]]);
    assert_eq!(service.table_files().len(), 3);
}

#[test]
fn a_cross_match_that_cannot_be_says_why() {
    let service = Service::new();
    let demo = user(&service);
    demo.upload(&[("TABLE_NAME", "unplaced"), ("FORMAT", "csv")], b"a,b\n1,2\n");
    let teacher = User::of(&service, "teacher");
    let query = |a: &str, radius: &str, result: &str| {
        format!("SELECT crossmatch_positional({a},'gaiadr3','gaia_source',{radius},'{result}') FROM dual")
    };
    for (user, query, words) in [
        (&demo, query("'user_demo','mine'", "0.01", "r"), "0.1 to 10 arcsec"),
        (&demo, query("'user_demo','mine'", "100", "r"), "0.1 to 10 arcsec"),
        (&demo, query("'user_demo','unplaced'", "1", "r"), "flags Ra and Dec"),
        (&demo, query("'gaiadr3','astrophysical_parameters'", "1", "r"), "flags Ra and Dec"),
        (&demo, query("'user_demo','nix'", "1", "r"), "There is no table"),
        (&demo, query("'user_demo','mine'", "1", "a.b"), "dot"),
        (&demo, query("'user_demo','mine'", "ra", "r"), "is written"),
        (&teacher, query("'user_demo','mine'", "1", "r"), "There is no table"),
        (&User::nobody(&service), query("'gaiadr2','gaia_source'", "1", "r"), "not authorized"),
    ] {
        let id = user.run(&query);
        assert_eq!(user.get(&format!("async/{id}/phase")).text(), "ERROR", "{query}");
        let details = user.get(&format!("async/{id}/error/details")).text();
        assert!(details.contains(words), "{query}: {details}");
    }
    let sync = demo.query(MATCH, "votable");
    assert_eq!(sync.status, 400);
    assert!(sync.text().contains("asynchronous job only"), "{}", sync.text());
    assert_eq!(service.table_files().len(), 2, "nothing is left of what failed");
}

#[test]
fn a_cross_match_keeps_to_the_space_of_its_user() {
    let service = Service::with(|config| config.table_space = 60_000);
    let demo = user(&service);
    let used = std::fs::metadata(service.folder().join("tables").join(&service.table_files()[0])).unwrap().len();
    let query =
        "SELECT crossmatch_positional('gaiadr3','gaia_source','gaiadr3','gaia_source',0.1,'all_of_them') FROM dual";
    let id = demo.run(query);
    assert!(used < 60_000, "{used}");
    let details = demo.get(&format!("async/{id}/error/details")).text();
    assert!(details.contains("DB quota exceeded for user demo"), "{details}");
}

#[test]
fn a_cross_match_that_was_made_before_a_kill_is_not_made_again() {
    let service = Service::new();
    let id = user(&service).run(MATCH);
    // As if the process had ended between the table and the job.
    let jobs = rusqlite::Connection::open(service.folder().join("jobs/jobs.sqlite")).unwrap();
    let sql = "UPDATE job SET document = replace(document, '\"Completed\"', '\"Executing\"') WHERE id = ?1";
    assert_eq!(jobs.execute(sql, [&id]).unwrap(), 1);
    drop(jobs);
    let service = service.reopen();
    service.work();
    let demo = User::of(&service, "demo");
    assert_eq!(demo.get(&format!("async/{id}/phase")).text(), "COMPLETED");
    assert_eq!(demo.rows("SELECT COUNT(*) FROM user_demo.pairs"), [["2"]]);
}
