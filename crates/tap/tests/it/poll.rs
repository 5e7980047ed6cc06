//! The poller through whole lives of jobs: time and answers are written down here.

use std::fmt::Write as _;

use tap::{Answer, Error, Note, Phase, Poller, RetryAfter, Step, Timestamp};

const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Passes the answers in at the times the poller names, with a random number in the middle, and writes down
/// what it says: `phase -> step after milliseconds`.
fn run(poller: &mut Poller, answers: &[Answer]) -> String {
    let mut now = START;
    let mut out = String::new();
    for answer in answers {
        let step = poller.on_answer(now, answer.clone(), 0.5);
        let (word, at) = match &step {
            Step::Poll { at, note: Note::None } => ("poll".to_owned(), *at),
            Step::Poll { at, note } => (format!("poll ({note:?})"), *at),
            Step::Held { at } => ("held".to_owned(), *at),
            other => (format!("{other:?}"), now),
        };
        writeln!(out, "{answer:?} -> {word} +{}", at.since(now)).unwrap();
        now = at;
    }
    out
}

fn phases(phases: &[Phase]) -> Vec<Answer> {
    phases.iter().cloned().map(Answer::Phase).collect()
}

#[test]
fn a_long_job() {
    let mut life = vec![Phase::Queued, Phase::Queued];
    life.extend(vec![Phase::Executing; 7]);
    life.push(Phase::Completed);
    insta::assert_snapshot!(run(&mut Poller::new(START), &phases(&life)), @"
    Phase(Queued) -> poll +1000
    Phase(Queued) -> poll +2000
    Phase(Executing) -> poll +5000
    Phase(Executing) -> poll +10000
    Phase(Executing) -> poll +20000
    Phase(Executing) -> poll +30000
    Phase(Executing) -> poll +30000
    Phase(Executing) -> poll +30000
    Phase(Executing) -> poll +30000
    Phase(Completed) -> Done(Completed) +0
    ");
}

#[test]
fn run_is_sent_again_but_not_for_ever() {
    let mut life = vec![Phase::Pending; 3];
    life.extend([Phase::Executing, Phase::Error]);
    insta::assert_snapshot!("run_again", run(&mut Poller::new(START), &phases(&life)));
    insta::assert_snapshot!("run_in_vain", run(&mut Poller::new(START), &phases(&vec![Phase::Pending; 8])));
}

#[test]
fn a_job_that_shall_wait_is_not_run() {
    let mut poller = Poller::watching(START);
    let step = poller.on_answer(START, Answer::Phase(Phase::Pending), 0.5);
    assert!(matches!(step, Step::Held { .. }), "{step:?}");
    poller.run_wanted();
    assert_eq!(poller.on_answer(START, Answer::Phase(Phase::Pending), 0.5), Step::SendRun);
}

#[test]
fn rare_phases() {
    let life = [
        Phase::Unknown,
        Phase::Suspended,
        Phase::Held,
        Phase::Executing,
        Phase::Other("PAUSED".into()),
        Phase::Executing,
        Phase::Queued,
        Phase::Archived,
    ];
    insta::assert_snapshot!(run(&mut Poller::new(START), &phases(&life)));
}

#[test]
fn lost_connections() {
    let mut answers = vec![Answer::Phase(Phase::Executing)];
    answers.extend(vec![Answer::NoAnswer; 9]);
    answers.extend([
        Answer::Phase(Phase::Executing),
        Answer::Unreadable,
        Answer::NoAnswer,
        Answer::Phase(Phase::Aborted),
    ]);
    insta::assert_snapshot!(run(&mut Poller::new(START), &answers));
}

#[test]
fn a_busy_service_is_heeded_within_reason() {
    let date = RetryAfter::At(START.plus_millis(45_000));
    let answers = [
        Answer::Busy(None),
        Answer::Busy(Some(RetryAfter::Seconds(7))),
        Answer::Phase(Phase::Executing),
        Answer::Busy(Some(RetryAfter::Seconds(u64::MAX))),
        Answer::Busy(Some(RetryAfter::parse("-20").unwrap())),
    ];
    insta::assert_snapshot!(run(&mut Poller::new(START), &answers));
    insta::assert_snapshot!("busy_till_a_date", run(&mut Poller::new(START), &[Answer::Busy(Some(date))]));
}

#[test]
fn one_404_is_no_proof() {
    let mut poller = Poller::new(START);
    assert!(matches!(poller.on_answer(START, Answer::NotFound, 0.5), Step::Poll { .. }));
    assert!(matches!(poller.on_answer(START, Answer::Phase(Phase::Queued), 0.5), Step::Poll { .. }));
    assert!(matches!(poller.on_answer(START, Answer::NotFound, 0.5), Step::Poll { .. }));
    assert_eq!(poller.on_answer(START, Answer::NotFound, 0.5), Step::Gone);
}

#[test]
fn a_hidden_page_asks_less() {
    let mut poller = Poller::new(START);
    poller.set_hidden(true);
    insta::assert_snapshot!(run(&mut poller, &phases(&vec![Phase::Executing; 3])), @"
    Phase(Executing) -> poll +4000
    Phase(Executing) -> poll +8000
    Phase(Executing) -> poll +20000
    ");
    poller.set_hidden(false);
    let at = poller.wake(START, 0.5);
    assert_eq!(at.since(START), 1000);
    assert_eq!(run(&mut poller, &phases(&[Phase::Executing])), "Phase(Executing) -> poll +1000\n");
}

#[test]
fn jitter_stays_in_its_bounds() {
    for (random, expect) in [(0.0, 800), (1.0, 1200), (-3.0, 800), (f64::NAN, 1000), (f64::INFINITY, 1000)] {
        let step = Poller::new(START).on_answer(START, Answer::Phase(Phase::Executing), random);
        assert_eq!(step, Step::Poll { at: START.plus_millis(expect), note: Note::None }, "{random}");
    }
    for random in [0.0, 0.5, 1.0] {
        let Step::Poll { at, .. } =
            Poller::new(START).on_answer(START, Answer::Busy(Some(RetryAfter::Seconds(7))), random)
        else {
            panic!("not polled");
        };
        assert!(at.since(START) >= 7000, "earlier than the service asked for");
    }
}

#[test]
fn errors_become_answers() {
    let answer = |status: u16| Answer::from(&Error::from_response(status, None, Some("5"), b""));
    assert_eq!(answer(429), Answer::Busy(Some(RetryAfter::Seconds(5))));
    assert_eq!(answer(503), Answer::Busy(Some(RetryAfter::Seconds(5))));
    assert_eq!(answer(404), Answer::NotFound);
    assert_eq!(answer(403), Answer::Forbidden);
    assert_eq!(answer(500), Answer::NoAnswer);
    assert_eq!(answer(418), Answer::Unreadable);
    assert_eq!(Answer::from(&Error::Truncated { what: "job document" }), Answer::Unreadable);
}
