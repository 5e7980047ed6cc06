//! Pictures, statistics and selections as the page asks for them: what is answered, in which order, and what is overtaken.

use workbench::picture::{Axis, Part, Plane, Preset, Spec, Style, presets};
use workbench::protocol::{self, Command, Event, Output, SortKey, Ticket};
use workbench::select::{Choice, Combine, Region, Rows, Shape};
use workbench::svg::Words;
use workbench::{Out, Workbench};

use crate::conversation::{events, load, loaded};

/// 500 stars as CSV: identifier, color, magnitude and parallax, every tenth parallax missing.
fn stars(count: usize) -> Workbench {
    let mut document = "source_id,bp_rp,phot_g_mean_mag,parallax,name\n".to_owned();
    for row in 0..count {
        let parallax = if row % 10 == 0 { String::new() } else { format!("{}.5", row % 7 + 1) };
        let (color, magnitude) = (row % 25, row / 25 % 20);
        document +=
            &format!("{},{color}.0,{magnitude}.25,{parallax},s{row}\n", 6_917_528_997_577_384_320_u64 + row as u64);
    }
    loaded(document.as_bytes())
}

fn ticket(slot: u32, sequence: u32) -> Ticket {
    Ticket { table: 1, slot, sequence }
}

fn plane() -> Plane {
    Plane::Axes { x: Axis::new("bp_rp"), y: Axis::new("phot_g_mean_mag").reversed() }
}

fn draw(slot: u32, sequence: u32) -> Command {
    Command::Draw {
        ticket: ticket(slot, sequence),
        spec: Box::new(Spec::new(plane(), 100, 50)),
        output: Output::Pixels,
    }
}

fn select(choice: Choice, how: Combine) -> Command {
    Command::Select { ticket: ticket(9, 0), choice, how }
}

/// Everything that comes of a command, but reports of progress.
fn done(bench: &mut Workbench, command: Command) -> Vec<Out> {
    assert_eq!(bench.handle(command, None), []);
    rest(bench)
}

fn rest(bench: &mut Workbench) -> Vec<Out> {
    let mut all = Vec::new();
    while bench.is_busy() {
        all.extend(bench.work());
    }
    all.retain(|out| !matches!(out, Out::Event(Event::Working { .. }, _)));
    all
}

fn selected(bench: &mut Workbench, choice: Choice, how: Combine) -> u64 {
    match &events(done(bench, select(choice, how)))[..] {
        [Event::Selected { count, .. }] => *count,
        other => panic!("{other:?}"),
    }
}

fn first_cells(bench: &mut Workbench, rows: Rows, column: usize) -> Vec<String> {
    let out = bench.handle(Command::Window { table: 1, sequence: 1, start: 0, count: 10_000, rows }, None);
    let Some(Event::Window { cells, .. }) = events(out).pop() else { panic!() };
    cells.into_iter().map(|row| row[column].clone().unwrap_or_default()).collect()
}

#[test]
fn a_picture_comes_with_its_axes_and_pixels() {
    let mut bench = stars(500);
    let out = done(&mut bench, draw(1, 7));
    let [Out::Event(Event::Drawn { ticket, picture }, Some(pixels))] = &out[..] else { panic!("{out:?}") };
    let encoded = protocol::encode(&Event::Drawn { ticket: *ticket, picture: picture.clone() }).unwrap();
    let Event::Drawn { picture: back, .. } = protocol::decode(&encoded).unwrap() else { panic!() };
    assert_eq!(back, *picture);
    let picture = picture.open().unwrap();
    assert_eq!((ticket.sequence, pixels.len()), (7, 100 * 50 * 4));
    assert_eq!((picture.drawn, picture.outside, picture.unvalued), (500, 0, 0));
    assert_eq!((picture.x.label.as_str(), picture.y.reversed), ("bp_rp", true));
    assert!(pixels.chunks(4).any(|pixel| pixel[3] > 0));
}

#[test]
fn a_newer_request_for_the_same_place_takes_over() {
    let mut bench = stars(300_000);
    bench.handle(draw(1, 1), None);
    assert!(matches!(events(bench.work())[..], [Event::Working { part, .. }] if part > 0.0 && part < 1.0));
    bench.handle(draw(2, 2), None);
    assert_eq!(events(bench.handle(draw(1, 3), None)), [Event::Stopped { ticket: ticket(1, 1) }]);
    let drawn: Vec<u32> = events(rest(&mut bench))
        .into_iter()
        .map(|event| match event {
            Event::Drawn { ticket, .. } => ticket.sequence,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(drawn, [2, 3]);
    bench.handle(draw(1, 4), None);
    assert_eq!(
        events(bench.handle(Command::Stop { table: 1, slot: 1 }, None)),
        [Event::Stopped { ticket: ticket(1, 4) }]
    );
    assert!(!bench.is_busy());
}

#[test]
fn a_hand_is_answered_before_statistics() {
    let mut bench = stars(300_000);
    bench.handle(Command::Describe { ticket: ticket(1, 1), column: 3, rows: Rows::All }, None);
    bench.work();
    bench.handle(draw(2, 2), None);
    bench.handle(select(Choice::Condition("bp_rp < 1".into()), Combine::Replace), None);
    bench.handle(select(Choice::Condition("parallax is null".into()), Combine::Intersect), None);
    let out = events(rest(&mut bench));
    let [
        Event::Selected { count: 12_000, .. },
        Event::Selected { count: 6000, .. },
        Event::Drawn { picture, .. },
        Event::Described { column: 3, summary, .. },
    ] = &out[..]
    else {
        panic!("{out:?}")
    };
    let (picture, summary) = (picture.open().unwrap(), summary.open().unwrap());
    assert_eq!(picture.lit, 6000, "the picture shows the selection, which is made first");
    assert_eq!((summary.rows, summary.nulls), (300_000, 30_000));
}

#[test]
fn mistakes_in_expressions_are_told_with_their_place() {
    let mut bench = stars(10);
    let plane = Plane::Axes { x: Axis::new("bp_pr"), y: Axis::new("name") };
    let style = Style::Mean { expression: "1 +".into(), range: None };
    let spec = Box::new(Spec { style, ..Spec::new(plane, 10, 10) });
    let out = events(done(&mut bench, Command::Draw { ticket: ticket(1, 1), spec, output: Output::Pixels }));
    let [Event::Faulty { faults, .. }] = &out[..] else { panic!("{out:?}") };
    let faults = faults.open().unwrap();
    assert_eq!(faults.iter().map(|fault| fault.part).collect::<Vec<_>>(), [Part::X, Part::Y, Part::Color]);
    assert_eq!(faults[0].error.suggestion.as_deref(), Some("bp_rp"));
}

#[test]
fn selections_are_made_listed_and_saved() {
    let mut bench = stars(500);
    let region = Region { plane: plane(), shape: Shape::Rectangle { from: (0.0, 0.0), to: (1.0, 1.5) } };
    assert_eq!(selected(&mut bench, Choice::Region(region), Combine::Replace), 4);
    assert_eq!(first_cells(&mut bench, Rows::Selected, 4), ["s0", "s1", "s25", "s26"]);
    assert_eq!(selected(&mut bench, Choice::Rows(vec![1, 400]), Combine::Add), 5);
    assert_eq!(selected(&mut bench, Choice::Condition("name = 's25'".into()), Combine::Remove), 4);
    let keys = vec![SortKey { column: 0, direction: table::sort::Direction::Descending }];
    bench.handle(Command::Sort { table: 1, keys }, None);
    assert_eq!(first_cells(&mut bench, Rows::Selected, 4), ["s400", "s26", "s1", "s0"]);
    let window = Command::Window { table: 1, sequence: 1, start: 98, count: 3, rows: Rows::All };
    let Some(Event::Window { numbers, selected: lit, .. }) = events(bench.handle(window, None)).pop() else { panic!() };
    let (numbers, lit) = (numbers.open().unwrap(), lit.open().unwrap());
    assert_eq!((numbers, lit), (vec![401, 400, 399], vec![false, true, false]), "the grid lights what is selected");
    let below = |start, count, rows, how| Command::SelectPlaces { ticket: ticket(9, 0), start, count, rows, how };
    done(&mut bench, below(98, 3, Rows::All, Combine::Add));
    assert_eq!(first_cells(&mut bench, Rows::Selected, 4), ["s401", "s400", "s399", "s26", "s1", "s0"]);
    done(&mut bench, below(2, 1, Rows::Selected, Combine::Remove));
    done(&mut bench, below(98, 1, Rows::All, Combine::Remove));
    done(&mut bench, below(4000, 9, Rows::All, Combine::Add));
    assert_eq!(first_cells(&mut bench, Rows::Selected, 4), ["s400", "s26", "s1", "s0"]);
    for (as_shown, first) in [(true, "6917528997577384720"), (false, "6917528997577384320")] {
        let export = Command::Export { table: 1, format: "csv".into(), as_shown, rows: Rows::Selected };
        let Some(Out::Event(_, Some(bytes))) = bench.handle(export, None).pop() else { panic!() };
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), 5);
        assert!(text.lines().nth(1).unwrap().starts_with(first), "{text}");
    }
    let export = Command::Export { table: 1, format: "votable_plain".into(), as_shown: false, rows: Rows::Selected };
    let Some(Out::Event(_, Some(bytes))) = bench.handle(export, None).pop() else { panic!() };
    assert!(String::from_utf8(bytes).unwrap().contains("4 of 500 rows were selected by hand"));
    assert_eq!(selected(&mut bench, Choice::Others, Combine::Replace), 496);
    assert_eq!(selected(&mut bench, Choice::None, Combine::Replace), 0);
    assert!(first_cells(&mut bench, Rows::Selected, 4).is_empty());
}

#[test]
fn a_pointer_finds_its_row_with_exact_cells() {
    let mut bench = stars(500);
    let keys = vec![SortKey { column: 0, direction: table::sort::Direction::Descending }];
    bench.handle(Command::Sort { table: 1, keys }, None);
    let near = |at| Command::Nearest {
        ticket: ticket(3, 1),
        plane: Box::new(Plane::Axes {
            x: Axis::new("bp_rp").from_to(0.0, 25.0),
            y: Axis::new("phot_g_mean_mag").from_to(0.0, 20.0).reversed(),
        }),
        size: (250, 200),
        at,
        tolerance: 4.0,
    };
    let out = events(done(&mut bench, near((3.2, 2.3))));
    let [Event::Nearest { near: found, .. }] = &out[..] else { panic!("{out:?}") };
    let row = found.open().flatten().unwrap();
    assert_eq!((row.row, row.place, row.x, row.y), (53, 446, 3.0, 2.25));
    assert_eq!(row.cells[0].as_deref(), Some("6917528997577384373"));
    let out = events(done(&mut bench, near((3.5, 2.75))));
    assert!(matches!(&out[..], [Event::Nearest { near, .. }] if near.open() == Some(None)));
}

#[test]
fn pictures_are_saved_as_files() {
    let mut bench = stars(500);
    let words = Words { title: "Stars <1>".into(), ..Words::default() };
    for (output, start) in [(Output::Png, &b"\x89PNG"[..]), (Output::Svg(words.clone()), b"<svg ")] {
        let spec = Box::new(Spec::new(plane(), 100, 50));
        let out = done(&mut bench, Command::Draw { ticket: ticket(1, 1), spec, output });
        let [Out::Event(Event::Drawn { .. }, Some(bytes))] = &out[..] else { panic!() };
        assert!(bytes.starts_with(start));
    }
    let spec = workbench::picture::HistogramSpec {
        axis: Axis::new("parallax"),
        bins: Some(7),
        counts: workbench::picture::Scale::Linear,
        rows: Rows::All,
        size: (300, 200),
        ground: workbench::picture::Ground::Dark,
    };
    let out = done(&mut bench, Command::Count { ticket: ticket(1, 1), spec: Box::new(spec), svg: Some(words) });
    let [Out::Event(Event::Counted { histogram, .. }, Some(bytes))] = &out[..] else { panic!() };
    let histogram = histogram.open().unwrap();
    assert_eq!((histogram.bins.iter().map(|bin| bin.count).sum::<u64>(), histogram.unvalued), (450, 50));
    assert!(String::from_utf8(bytes.clone()).unwrap().contains("Stars &lt;1&gt;"));
}

#[test]
fn presets_of_the_columns_can_be_drawn() {
    let mut bench = stars(500);
    let fields: Vec<table::Field> =
        ["bp_rp", "phot_g_mean_mag", "parallax"].map(|name| table::Field::new(name, table::Datatype::Double)).to_vec();
    for Preset { plane, name, .. } in presets(&fields) {
        let spec = Box::new(Spec::new(plane, 64, 64));
        let out = events(done(&mut bench, Command::Draw { ticket: ticket(1, 1), spec, output: Output::Pixels }));
        let [Event::Drawn { picture, .. }] = &out[..] else { panic!("{name}: {out:?}") };
        assert!(picture.open().unwrap().drawn >= 450, "{name}");
    }
}

#[test]
fn what_is_gone_is_not_worked_on() {
    let mut bench = stars(500);
    bench.handle(draw(1, 1), None);
    let dropped = bench.handle(Command::Drop { table: 1 }, None);
    assert_eq!(events(dropped), [Event::Stopped { ticket: ticket(1, 1) }], "who waits is told");
    assert!(!bench.is_busy());
    assert_eq!(events(done(&mut bench, draw(1, 2))), [Event::Stopped { ticket: ticket(1, 2) }]);
    load(&mut bench);
    assert_eq!(events(done(&mut bench, draw(1, 3))), [Event::Stopped { ticket: ticket(1, 3) }], "no columns yet");
    let mut bench = stars(5);
    let describe = Command::Describe { ticket: ticket(1, 4), column: 99, rows: Rows::All };
    assert_eq!(events(done(&mut bench, describe)), [Event::Stopped { ticket: ticket(1, 4) }]);
}

#[test]
fn products_become_series_and_periods() {
    let mut document = "source_id,band,time,mag,flux_over_error\n".to_owned();
    let mut points = Vec::new();
    for row in 0..50 {
        let time = 1700.0 + f64::from(row * 13) + 0.31 * f64::from(row * row % 17);
        let magnitude = 15.0 + 0.3 * (std::f64::consts::TAU * time / 0.55).sin();
        document += &format!("5937083312263887616,G,{time},{magnitude},200.0\n");
        points.push((time, magnitude, 0.005));
    }
    let mut bench = loaded(document.as_bytes());
    let out = events(done(&mut bench, Command::Series { ticket: ticket(1, 1), source: None }));
    let [Event::Series { series, .. }] = &out[..] else { panic!("{out:?}") };
    let Some(Some(workbench::series::Series::LightCurves(curves))) = series.open() else { panic!("{series:?}") };
    assert_eq!((curves[0].source.as_str(), curves[0].observations.len()), ("5937083312263887616", 50));
    let spec = Box::new(workbench::series::SearchSpec { points, shortest: 0.4, longest: 0.7 });
    let out = events(done(&mut bench, Command::FindPeriod { ticket: ticket(1, 2), spec }));
    let [Event::PeriodFound { period, .. }] = &out[..] else { panic!("{out:?}") };
    let period = period.open().flatten().unwrap();
    assert!((period.period - 0.55).abs() < 1e-4, "{}", period.period);
    let out = events(done(&mut stars(5), Command::Series { ticket: ticket(1, 3), source: None }));
    assert!(matches!(&out[..], [Event::Series { series, .. }] if series.open() == Some(None)));
}

#[test]
fn odd_requests_do_no_harm() {
    let mut bench = stars(500);
    selected(&mut bench, Choice::All, Combine::Replace);
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 1e308, -1e308, 5e-324, 1.0, 1.0 + f64::EPSILON];
    for low in odd {
        for high in odd {
            for log in [false, true] {
                let mut x = Axis::new("parallax").from_to(low, high);
                if log {
                    x = x.log();
                }
                let y = Axis::new("exp(phot_g_mean_mag * 1000)").from_to(high, low);
                let plane = Plane::Axes { x: x.clone(), y };
                let mut spec = Spec::new(plane.clone(), 9, 0);
                (spec.ratio, spec.size) = (low as f32, Some(high as f32));
                spec.style = Style::Mean { expression: "1 / (bp_rp - 3)".into(), range: Some((low, high)) };
                let words = Words::default();
                let out = done(
                    &mut bench,
                    Command::Draw { ticket: ticket(1, 1), spec: Box::new(spec), output: Output::Svg(words.clone()) },
                );
                let [Out::Event(Event::Drawn { picture, .. }, Some(_))] = &out[..] else { panic!("{out:?}") };
                let picture = picture.open().unwrap();
                assert!(picture.x.low < picture.x.high && picture.x.low.is_finite(), "{low} {high} {log}: {picture:?}");
                assert_eq!(picture.drawn + picture.outside + picture.unvalued, 500);
                let spec = workbench::picture::HistogramSpec {
                    axis: x,
                    bins: None,
                    counts: workbench::picture::Scale::Log,
                    rows: Rows::Selected,
                    size: (0, u32::MAX),
                    ground: workbench::picture::Ground::Light,
                };
                let out =
                    done(&mut bench, Command::Count { ticket: ticket(1, 1), spec: Box::new(spec), svg: Some(words) });
                assert!(matches!(&out[..], [Out::Event(Event::Counted { .. }, Some(_))]));
                for shape in [
                    Shape::Rectangle { from: (low, high), to: (high, low) },
                    Shape::Polygon(vec![(low, high), (high, low), (1.0, low), (low, 2.0)]),
                ] {
                    let choice = Choice::Region(Region { plane: plane.clone(), shape });
                    assert!(selected(&mut bench, choice, Combine::Intersect) <= 500);
                }
            }
        }
        let sky = Plane::Sky {
            longitude: "bp_rp".into(),
            latitude: "parallax".into(),
            center: low,
            window: Some([low, 1.0, 0.0, 1.0]),
        };
        let out = done(
            &mut bench,
            Command::Draw {
                ticket: ticket(1, 1),
                spec: Box::new(Spec::new(sky.clone(), u32::MAX, 1)),
                output: Output::Pixels,
            },
        );
        assert!(matches!(&out[..], [Out::Event(Event::Drawn { .. }, Some(_))]));
        let near = Command::Nearest {
            ticket: ticket(1, 1),
            plane: Box::new(sky),
            size: (0, 0),
            at: (low, low),
            tolerance: low,
        };
        assert!(matches!(&done(&mut bench, near)[..], [Out::Event(Event::Nearest { .. }, None)]));
    }
}
