//! Numbers as style sheets write them.

/// A number with a unit, such as `12.5px`, to a hundredth. Reckoned in whole numbers: the code that prints floats would be a
/// fiftieth of the page.
pub fn css(value: f64, unit: &str) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}{unit}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::css;

    #[test]
    fn numbers_keep_sign_and_hundredths() {
        assert_eq!(
            [css(12.5, "px"), css(-0.256, "%"), css(0.0, ""), css(1.999, "px")],
            ["12.50px", "-0.26%", "0.00", "2.00px"]
        );
    }
}
