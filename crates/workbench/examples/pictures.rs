//! Pictures of many points, against a loop that draws point after point through cells. Prints one JSON object for each measure;
//! `cargo xtask bench` collects them.
//!
//! The table has the columns of a color–magnitude diagram, made by a seeded generator; the absolute magnitude is an expression
//! with a logarithm. Rounds are interleaved, and medians taken.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use table::{Column, Datatype, Field, Table};
use workbench::picture::{Axis, Drawing, Plane, Spec};
use workbench::progress::Progress;
use workbench::select::{Choice, Choosing, Region, Selection, Shape};
use workbench::statistics::Statistics;

const ROUNDS: usize = 7;
const SIZE: (u32, u32) = (1200, 900);
/// Rows of one step, as the workbench takes them.
const PIECE: usize = 1 << 17;
const RANGES: [(f64, f64); 2] = [(-1.0, 5.0), (-5.0, 20.0)];

fn main() -> Result<(), Box<dyn Error>> {
    let few = stars(200_000);
    let many = stars(3_000_000);
    let sky = Plane::Sky { longitude: "ra".into(), latitude: "dec".into(), center: 180.0, window: None };
    let columns = [("200,000", &few, 30.0, 10.0), ("3 million", &many, 400.0, 120.0)];
    for (count, table, must, aim) in columns {
        let (mut times, mut ratios, mut expressions, mut skies) = (vec![], vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            let naive = timed(|| black_box(point_by_point(table)))?;
            let zoomed = timed(|| draw(table, diagram("phot_g_mean_mag", true)))?;
            ratios.push(naive / zoomed);
            times.push(zoomed);
            let modulus = "phot_g_mean_mag + 5 * log10(parallax) - 10";
            expressions.push(timed(|| draw(table, diagram(modulus, false)))?);
            skies.push(timed(|| draw(table, sky.clone()))?);
        }
        lower(&format!("redrawing {count} points"), median(times), must, aim);
        lower(&format!("drawing {count} points of an expression, ranges found"), median(expressions), must, aim);
        lower(&format!("drawing {count} points on the sky"), median(skies), must, aim);
        let ratio = median(ratios);
        let name = format!("redrawing {count} points, speed relative to a loop over cells");
        println!(r#"{{"name":"{name}","value":{ratio:.3},"unit":"ratio","better":"higher","must":1.0,"aim":3.0}}"#);
    }
    let lasso = Shape::Polygon(
        (0..100).map(|n| f64::from(n) * 0.0628).map(|a| (1.5 + a.cos(), 12.0 + 4.0 * a.sin())).collect(),
    );
    let choice = Choice::Region(Region { plane: diagram("phot_g_mean_mag", true), shape: lasso });
    let chosen = (0..ROUNDS).map(|_| timed(|| choose(&many, &choice))).collect::<Result<Vec<_>, _>>()?;
    lower("choosing among 3 million points by a lasso", median(chosen), 400.0, 120.0);
    let described = (0..ROUNDS).map(|_| timed(|| describe(&many))).collect::<Result<Vec<_>, _>>()?;
    lower("statistics of a column of 3 million rows", median(described), 1500.0, 500.0);
    let mut steps = longest_step(&many)?;
    steps.sort_by(f64::total_cmp);
    lower("the longest step of drawing 3 million points", steps[steps.len() - 1], 60.0, 20.0);
    Ok(())
}

fn diagram(magnitude: &str, fixed: bool) -> Plane {
    let (mut x, mut y) = (Axis::new("bp_rp"), Axis::new(magnitude).reversed());
    if fixed {
        (x.range, y.range) = (Some(RANGES[0]), Some(RANGES[1]));
    }
    Plane::Axes { x, y }
}

fn drawing(table: &Table, plane: Plane) -> Result<Drawing, Box<dyn Error>> {
    let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
    let spec = Spec::new(plane, SIZE.0, SIZE.1);
    Drawing::new(spec, &fields, table.rows(), None).map_err(|faults| format!("{faults:?}").into())
}

fn draw(table: &Table, plane: Plane) -> Result<usize, Box<dyn Error>> {
    let mut drawing = drawing(table, plane)?;
    loop {
        if let Progress::Done((picture, pixels)) = drawing.step(table, PIECE) {
            return Ok(black_box(pixels).len() + picture.drawn as usize);
        }
    }
}

fn longest_step(table: &Table) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut drawing = drawing(table, diagram("phot_g_mean_mag + 5 * log10(parallax) - 10", false))?;
    let mut times = Vec::new();
    loop {
        let start = Instant::now();
        let progress = drawing.step(table, PIECE);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if let Progress::Done(done) = progress {
            black_box(done);
            return Ok(times);
        }
    }
}

fn choose(table: &Table, choice: &Choice) -> Result<usize, Box<dyn Error>> {
    let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
    let mut choosing =
        Choosing::new(choice, &fields, table.rows(), &Selection::default()).map_err(|faults| format!("{faults:?}"))?;
    loop {
        if let Progress::Done(selection) = choosing.step(table, PIECE) {
            return Ok(Arc::new(selection).len());
        }
    }
}

fn describe(table: &Table) -> Result<usize, Box<dyn Error>> {
    let mut statistics = Statistics::new(table.rows(), None);
    loop {
        if let Progress::Done(summary) = statistics.step(&table.columns[3], PIECE) {
            return Ok(summary.rows as usize);
        }
    }
}

/// The baseline: for each row its two cells, its pixel, and a translucent dot over what is there.
fn point_by_point(table: &Table) -> Result<usize, Box<dyn Error>> {
    let mut pixels = vec![0u8; (SIZE.0 * SIZE.1 * 4) as usize];
    let (x, y) = (table.column("bp_rp").ok_or("no color")?, table.column("phot_g_mean_mag").ok_or("no magnitude")?);
    let mut drawn = 0;
    for row in 0..table.rows() {
        let (Some(x), Some(y)) = (x.number(row), y.number(row)) else { continue };
        let across = (x - RANGES[0].0) / (RANGES[0].1 - RANGES[0].0) * f64::from(SIZE.0);
        let down = (y - RANGES[1].0) / (RANGES[1].1 - RANGES[1].0) * f64::from(SIZE.1);
        if across < 0.0 || across >= f64::from(SIZE.0) || down < 0.0 || down >= f64::from(SIZE.1) {
            continue;
        }
        let at = (down as usize * SIZE.0 as usize + across as usize) * 4;
        for (channel, color) in pixels[at..at + 4].iter_mut().zip([36.0, 87.0, 158.0, 255.0]) {
            *channel = (f32::from(*channel) * 0.7 + color * 0.3) as u8;
        }
        drawn += 1;
    }
    black_box(pixels);
    Ok(drawn)
}

/// Milliseconds.
fn timed(work: impl Fn() -> Result<usize, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let count = work()?;
    let time = start.elapsed().as_secs_f64() * 1e3;
    if count == 0 { Err("nothing was drawn".into()) } else { Ok(time) }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn lower(name: &str, value: f64, must: f64, aim: f64) {
    println!(r#"{{"name":"{name}","value":{value:.3},"unit":"ms","better":"lower","must":{must:.1},"aim":{aim:.1}}}"#);
}

/// Position, parallax (null in every seventh row), magnitude and color.
fn stars(rows: usize) -> Table {
    let fields = vec![
        Field::new("ra", Datatype::Double),
        Field::new("dec", Datatype::Double),
        Field::new("parallax", Datatype::Double),
        Field::new("phot_g_mean_mag", Datatype::Float),
        Field::new("bp_rp", Datatype::Float),
    ];
    let mut table = Table::new(fields);
    let mut random = Random(20_260_612);
    for row in 0..rows {
        table.columns[0].push_double(random.unit() * 360.0);
        table.columns[1].push_double((random.unit() * 2.0 - 1.0).asin().to_degrees());
        if row % 7 == 0 {
            table.columns[2].push_null();
        } else {
            table.columns[2].push_double(0.1 + random.unit() * random.unit() * 20.0);
        }
        let color = random.unit() + random.unit() + random.unit();
        table.columns[3].push_double(6.0 + color * 3.0 + random.unit() * 5.0);
        table.columns[4].push_double(color);
    }
    table
}

/// SplitMix64, for numbers that are the same everywhere.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }
}
