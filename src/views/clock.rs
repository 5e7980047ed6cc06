//! Time that passes on the page, and how it reads.

use leptos::prelude::*;

use crate::dom;

/// The time in milliseconds since 1970, four times a second.
pub fn use_clock() -> ReadSignal<f64> {
    let (now, set_now) = signal(dom::now());
    if let Ok(handle) = set_interval_with_handle(move || set_now.set(dom::now()), std::time::Duration::from_millis(250))
    {
        on_cleanup(move || handle.clear());
    }
    now
}

/// A duration such as `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
pub fn duration(milliseconds: f64) -> String {
    let tenths = (milliseconds.max(0.0) / 100.0) as u64;
    let seconds = tenths / 10;
    match seconds {
        0..10 => format!("{seconds}.{} s", tenths % 10),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A number of bytes such as `512 B`, `3.2 kB`, `1.5 MB`. Reckoned in whole numbers: the code that prints floats is large.
pub fn bytes(count: u64) -> String {
    let mut unit = 1;
    for name in ["B", "kB", "MB", "GB"] {
        if count < unit * 1000 {
            return if unit == 1 {
                format!("{count} B")
            } else {
                format!("{}.{} {name}", count / unit, count % unit / (unit / 10))
            };
        }
        unit *= 1000;
    }
    format!("{}.{} TB", count / unit, count % unit / (unit / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_read_well() {
        assert_eq!(duration(420.0), "0.4 s");
        assert_eq!(duration(185_000.0), "3 min 05 s");
        assert_eq!(duration(7_800_000.0), "2 h 10 min");
        assert_eq!(
            [bytes(999), bytes(3200), bytes(1_500_000), bytes(999_950)],
            ["999 B", "3.2 kB", "1.5 MB", "999.9 kB"].map(String::from)
        );
    }
}
