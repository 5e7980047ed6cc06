//! Pictures that astronomers draw first, offered where a table has the columns for them. Columns are known by their UCDs, and by
//! the names of the Gaia archive, since uploads and other services often lack one or the other.

use serde::{Deserialize, Serialize};
use table::Field;

use super::{Axis, Plane};
use crate::expression::quoted;

/// A picture that can be drawn of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preset {
    /// A word that stays the same, for addresses.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What is drawn.
    pub plane: Plane,
}

/// What the columns allow, the most telling first.
pub fn presets(fields: &[Field]) -> Vec<Preset> {
    let columns = Columns(fields);
    let color = columns.color();
    let magnitude = columns.expression(&["phot_g_mean_mag"], &["phot.mag;em.opt"]);
    let parallax = columns.find(&["parallax"], &["pos.parallax.trig", "pos.parallax"]);
    let mut presets = Vec::new();
    let mut axes = |name: &str, title: &str, x: Option<Axis>, y: Option<Axis>| {
        if let (Some(x), Some(y)) = (x, y) {
            presets.push(Preset { name: name.into(), title: title.into(), plane: Plane::Axes { x, y } });
        }
    };
    let down = |expression: String| Axis::new(expression).reversed();
    // A parallax in milliarcseconds has its modulus at 100 pc at m - M = 5 log10(100) - 5 = 5, that is 5 log10(ϖ) - 10 for 10 mas.
    let absolute = magnitude.as_ref().zip(parallax).map(|(magnitude, parallax)| {
        let zero = if parallax.unit.as_deref() == Some("arcsec") { "+ 5" } else { "- 10" };
        format!("{magnitude} + 5 * log10({}) {zero}", quoted(&parallax.name))
    });
    axes("hertzsprung-russell", "Hertzsprung–Russell diagram", color.clone().map(Axis::new), absolute.map(down));
    axes("color-magnitude", "Color–magnitude diagram", color.map(Axis::new), magnitude.clone().map(down));
    let motion = |names, ucd| columns.expression(names, &[ucd]).map(Axis::new);
    axes(
        "proper-motion",
        "Proper motions",
        motion(&["pmra"], "pos.pm;pos.eq.ra").map(Axis::reversed),
        motion(&["pmdec"], "pos.pm;pos.eq.dec"),
    );
    let temperature = columns.expression(&["teff_gspphot", "teff"], &["phys.temperature.effective"]);
    let gravity = columns.expression(&["logg_gspphot", "logg"], &["phys.gravity"]);
    axes("kiel", "Temperature and gravity", temperature.map(down), gravity.map(down));
    let parallax = parallax.map(|field| Axis::new(quoted(&field.name)));
    axes("magnitude-parallax", "Parallaxes by magnitude", magnitude.map(Axis::new), parallax);

    let mut sky = |name: &str, title: &str, longitude: Option<String>, latitude: Option<String>, center: f64| {
        if let (Some(longitude), Some(latitude)) = (longitude, latitude) {
            presets.push(Preset {
                name: name.into(),
                title: title.into(),
                plane: Plane::Sky { longitude, latitude, center, window: None },
            });
        }
    };
    let angle = |names: &[&str], ucds: &[&str]| columns.degrees(names, ucds);
    let (ra, dec) = (&["ra", "raj2000", "ra_icrs"], &["dec", "dej2000", "de_icrs"]);
    let equatorial =
        (angle(ra, &["pos.eq.ra;meta.main", "pos.eq.ra"]), angle(dec, &["pos.eq.dec;meta.main", "pos.eq.dec"]));
    sky("sky", "Sky, equatorial", equatorial.0, equatorial.1, 180.0);
    let galactic = (angle(&["l"], &["pos.galactic.lon"]), angle(&["b"], &["pos.galactic.lat"]));
    sky("sky-galactic", "Sky, galactic", galactic.0, galactic.1, 0.0);
    let ecliptic = (angle(&["ecl_lon"], &["pos.ecliptic.lon"]), angle(&["ecl_lat"], &["pos.ecliptic.lat"]));
    sky("sky-ecliptic", "Sky, ecliptic", ecliptic.0, ecliptic.1, 180.0);
    presets
}

struct Columns<'a>(&'a [Field]);

impl Columns<'_> {
    /// The first column of numbers that has one of the names, then of the UCDs.
    fn find(&self, names: &[&str], ucds: &[&str]) -> Option<&Field> {
        let numbers = || self.0.iter().filter(|field| field.is_scalar_number());
        let named = names.iter().find_map(|name| numbers().find(|field| field.name.eq_ignore_ascii_case(name)));
        named.or_else(|| {
            ucds.iter().find_map(|ucd| {
                numbers().find(|field| field.ucd.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(ucd)))
            })
        })
    }

    fn expression(&self, names: &[&str], ucds: &[&str]) -> Option<String> {
        self.find(names, ucds).map(|field| quoted(&field.name))
    }

    /// An angle; in radians, if the column says so, it is turned into degrees.
    fn degrees(&self, names: &[&str], ucds: &[&str]) -> Option<String> {
        let field = self.find(names, ucds)?;
        let name = quoted(&field.name);
        Some(if field.unit.as_deref() == Some("rad") { format!("degrees({name})") } else { name })
    }

    /// A color, or the difference of two magnitudes.
    fn color(&self) -> Option<String> {
        let ucds = ["phot.color;em.opt.b;em.opt.r", "phot.color;em.opt.b;em.opt.v", "phot.color"];
        self.expression(&["bp_rp"], &ucds).or_else(|| {
            let blue = self.expression(&["phot_bp_mean_mag"], &["phot.mag;em.opt.b"])?;
            let red = self.expression(&["phot_rp_mean_mag"], &["phot.mag;em.opt.r"])?;
            Some(format!("{blue} - {red}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use table::Datatype;

    use super::*;
    use crate::expression::compile;

    fn field(name: &str, ucd: &str) -> Field {
        let mut field = Field::new(name, Datatype::Double);
        field.ucd = Some(ucd.to_owned());
        field
    }

    fn names(fields: &[Field]) -> Vec<String> {
        presets(fields).into_iter().map(|preset| preset.name).collect()
    }

    #[test]
    fn the_archives_columns_give_all_pictures() {
        let plain = [
            "ra",
            "dec",
            "l",
            "b",
            "parallax",
            "pmra",
            "pmdec",
            "phot_g_mean_mag",
            "bp_rp",
            "teff_gspphot",
            "logg_gspphot",
        ];
        let fields: Vec<Field> = plain.into_iter().map(|name| Field::new(name, Datatype::Double)).collect();
        let expected = [
            "hertzsprung-russell",
            "color-magnitude",
            "proper-motion",
            "kiel",
            "magnitude-parallax",
            "sky",
            "sky-galactic",
        ];
        assert_eq!(names(&fields), expected);
        let Plane::Axes { x, y } = &presets(&fields)[0].plane else { panic!() };
        assert_eq!((x.expression.as_str(), y.reversed), ("bp_rp", true));
        assert_eq!(y.expression, "phot_g_mean_mag + 5 * log10(parallax) - 10");
        let bound: Vec<&Field> = fields.iter().collect();
        for preset in presets(&fields) {
            let texts = match preset.plane {
                Plane::Axes { x, y } => [x.expression, y.expression],
                Plane::Sky { longitude, latitude, .. } => [longitude, latitude],
            };
            assert!(texts.iter().all(|text| compile(text, &bound).is_ok()), "{texts:?}");
        }
    }

    #[test]
    fn columns_are_known_by_their_ucds() {
        let fields = [
            field("Alpha 2000", "pos.eq.ra;meta.main"),
            field("Delta", "POS.EQ.DEC;META.MAIN"),
            field("B", "phot.mag;em.opt.B"),
            field("R", "phot.mag;em.opt.R"),
            field("G", "phot.mag;em.opt"),
        ];
        assert_eq!(names(&fields), ["color-magnitude", "sky"]);
        let Plane::Sky { longitude, .. } = &presets(&fields)[1].plane else { panic!() };
        assert_eq!(longitude, "\"Alpha 2000\"");
        let Plane::Axes { x, .. } = &presets(&fields)[0].plane else { panic!() };
        assert_eq!(x.expression, "B - R");
    }

    #[test]
    fn errors_and_texts_are_not_taken_for_values() {
        let text = Field::new("ra", Datatype::Char);
        let fields = [text, field("dec", "pos.eq.dec"), field("ra_error", "stat.error;pos.eq.ra")];
        assert_eq!(names(&fields), Vec::<String>::new());
        assert_eq!(names(&[]), Vec::<String>::new());
    }
}
