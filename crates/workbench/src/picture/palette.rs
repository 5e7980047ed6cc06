//! Palettes whose steps look equally large and that people with any color vision can order: viridis and its family by Nathaniel
//! Smith and Stéfan van der Walt (matplotlib, CC0), in the polynomials of the sixth degree fitted to them by Matt Zucker (CC0).

use serde::{Deserialize, Serialize};

use super::Ground;

/// A palette by its usual name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Palette {
    /// Blue, green, yellow.
    #[default]
    Viridis,
    /// Black, magenta, pale yellow.
    Magma,
    /// Blue, red, yellow.
    Plasma,
    /// Black, red, pale yellow.
    Inferno,
}

/// Coefficients of red, green and blue, the constant ones first.
type Polynomial = [[f64; 3]; 7];

impl Palette {
    /// All of them.
    pub const ALL: [Palette; 4] = [Palette::Viridis, Palette::Magma, Palette::Plasma, Palette::Inferno];

    /// The color at `at`, 0 for the dark end and 1 for the bright one.
    pub fn color(self, at: f64) -> [u8; 3] {
        let at = at.clamp(0.0, 1.0);
        let polynomial = match self {
            Palette::Viridis => &VIRIDIS,
            Palette::Magma => &MAGMA,
            Palette::Plasma => &PLASMA,
            Palette::Inferno => &INFERNO,
        };
        [0, 1, 2].map(|channel| {
            let value = polynomial.iter().rev().fold(0.0, |sum, coefficients| sum * at + coefficients[channel]);
            (value.clamp(0.0, 1.0) * 255.0).round() as u8
        })
    }

    /// `count` colors from the one for least to the one for most: what is most stands out from the ground, and what is least can
    /// still be told from it.
    pub fn colors(self, ground: Ground, count: usize) -> Vec<[u8; 3]> {
        let last = count.saturating_sub(1).max(1) as f64;
        let at = |part: f64| match ground {
            Ground::Dark => 0.2 + 0.8 * part,
            Ground::Light => 0.84 * (1.0 - part),
        };
        (0..count).map(|number| self.color(at(number as f64 / last))).collect()
    }
}

const VIRIDIS: Polynomial = [
    [0.277_727_327_223_417_7, 0.005_407_344_544_966_578, 0.334_099_805_335_306_1],
    [0.105_093_043_108_577_4, 1.404_613_529_898_575, 1.384_590_162_594_685],
    [-0.330_861_828_725_556_3, 0.214_847_559_468_213, 0.095_095_163_028_236_59],
    [-4.634_230_498_983_486, -5.799_100_973_351_585, -19.332_440_956_279_87],
    [6.228_269_936_347_081, 14.179_933_366_805_09, 56.690_552_600_681_05],
    [4.776_384_997_670_288, -13.745_145_377_746_01, -65.353_032_633_372_34],
    [-5.435_455_855_934_631, 4.645_852_612_178_535, 26.312_435_249_583_2],
];

const MAGMA: Polynomial = [
    [-0.002_136_485_053_939_582, -0.000_749_655_052_795_221, -0.005_386_127_855_323_933],
    [0.251_660_540_737_164_2, 0.677_523_243_683_766_8, 2.494_026_599_312_351],
    [8.353_717_279_216_625, -3.577_719_514_958_484, 0.314_467_903_013_257_3],
    [-27.668_733_085_768_66, 14.264_730_780_965_33, -13.649_213_188_139_22],
    [52.176_139_812_340_68, -27.943_606_071_683_51, 12.944_169_442_383_94],
    [-50.768_525_364_735_88, 29.046_582_821_272_91, 4.234_152_993_845_98],
    [18.655_705_065_918_83, -11.489_773_519_977_11, -5.601_961_508_734_096],
];

const PLASMA: Polynomial = [
    [0.058_732_343_923_997_02, 0.023_336_708_925_656_64, 0.543_340_182_674_875_4],
    [2.176_514_634_195_958, 0.238_383_417_126_018_2, 0.753_960_459_978_403_6],
    [-2.689_460_476_458_034, -7.455_851_135_738_909, 3.110_799_939_717_086],
    [6.130_348_345_893_603, 42.346_188_147_722_7, -28.518_854_653_321_58],
    [-11.107_436_190_622_71, -82.666_311_094_280_45, 60.139_847_674_182_63],
    [10.023_065_576_470_65, 71.413_617_700_953_5, -54.072_186_555_600_67],
    [-3.658_713_842_777_788, -22.931_534_654_611_49, 18.191_907_785_398_28],
];

const INFERNO: Polynomial = [
    [0.000_218_940_369_119_226_5, 0.001_651_004_631_001_012, -0.019_480_898_437_091_84],
    [0.106_513_419_485_611_6, 0.563_956_436_788_409_1, 3.932_712_388_889_277],
    [11.602_493_082_471_87, -3.972_853_965_665_698, -15.942_394_106_291_4],
    [-41.703_996_131_394_59, 17.436_398_882_053_13, 44.354_145_198_728_13],
    [77.162_935_699_427, -33.402_358_942_100_92, -81.807_309_257_389_93],
    [-71.319_428_244_992_14, 32.626_064_263_977_23, 73.209_519_858_032_02],
    [25.131_126_224_773_41, -12.242_668_952_385_67, -23.070_325_002_871_72],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colors_are_those_of_the_originals() {
        // matplotlib's tables at 0, 0.5 and 1.
        for (palette, originals) in [
            (Palette::Viridis, [[68, 1, 84], [33, 145, 140], [253, 231, 37]]),
            (Palette::Magma, [[0, 0, 4], [183, 55, 121], [252, 253, 191]]),
            (Palette::Plasma, [[13, 8, 135], [204, 71, 120], [240, 249, 33]]),
            (Palette::Inferno, [[0, 0, 4], [188, 55, 84], [252, 255, 164]]),
        ] {
            for (at, original) in [0.0, 0.5, 1.0].into_iter().zip(originals) {
                let color = palette.color(at);
                let off = color.iter().zip(original).map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
                assert!(off.is_some_and(|off| off <= 5), "{palette:?} {at}: {color:?}, {original:?}");
            }
        }
    }

    #[test]
    fn most_stands_out_from_the_ground() {
        let light = |color: &[u8; 3]| {
            0.2126 * f64::from(color[0]) + 0.7152 * f64::from(color[1]) + 0.0722 * f64::from(color[2])
        };
        for palette in Palette::ALL {
            let dark = palette.colors(Ground::Dark, 32);
            assert!(dark.windows(2).all(|pair| light(&pair[0]) < light(&pair[1]) + 1.0), "{palette:?}");
            let bright = palette.colors(Ground::Light, 32);
            assert!(light(&bright[31]) < 40.0 && light(&bright[0]) > light(&bright[31]), "{palette:?}");
        }
        assert_eq!(Palette::Viridis.colors(Ground::Dark, 1).len(), 1);
    }
}
