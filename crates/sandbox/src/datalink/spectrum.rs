//! The light of a source outside the atmosphere, 330 to 1050 nm: a black body with the strongest absorption features, behind
//! dust, as bright as G says. Quasars have a power law with broad emission lines instead.
//!
//! Not a model atmosphere: enough that colors, Balmer lines of hot stars and molecular bands of cool ones are where they are
//! in the sky.

use super::subject::Subject;

/// Flux of a source of magnitude 0 in G, W/m²/nm (Vega, at the pivot wavelength of the band).
const ZERO_FLUX: f64 = 2.5e-11;

/// Purpose of the random numbers.
const PURPOSE: u64 = 1;

/// A spectrum that can be asked for its flux.
#[derive(Clone, Debug)]
pub struct Spectrum {
    light: Light,
    /// Extinction at 547.7 nm, mag.
    azero: f64,
    scale: f64,
}

#[derive(Clone, Debug)]
enum Light {
    Star { teff: f64, metals: f64 },
    Quasar { redshift: f64 },
}

impl Spectrum {
    /// The spectrum of a source.
    pub fn of(subject: &Subject) -> Spectrum {
        let mut random = subject.stream(PURPOSE);
        let (light, azero) = match (subject.parameters, subject.quasar) {
            (_, true) => (Light::Quasar { redshift: random.between(0.3, 3.2) }, 0.1),
            (Some(p), _) => (Light::Star { teff: p.teff.value, metals: p.mh.value }, p.azero.value),
            // Without parameters the color is all there is; it says nothing of the dust.
            (None, _) => (Light::Star { teff: color_temperature(subject.color().unwrap_or(1.0)), metals: 0.0 }, 0.0),
        };
        let mut spectrum = Spectrum { light, azero, scale: 1.0 };
        // Mean flux over the band of G.
        let band = (0..72).map(|step| 335.0 + 10.0 * f64::from(step));
        let (sum, weight) = band.fold((0.0, 0.0), |(sum, weight), wavelength| {
            let through = passband(wavelength);
            (sum + through * spectrum.flux(wavelength), weight + through)
        });
        spectrum.scale = ZERO_FLUX * libm::exp10(-0.4 * subject.g.mag) * weight / sum;
        spectrum
    }

    /// Flux at a wavelength (nm), W/m²/nm.
    pub fn flux(&self, wavelength: f64) -> f64 {
        let dust = libm::exp10(-0.4 * self.azero * extinction(wavelength));
        let light = match self.light {
            Light::Star { teff, metals } => black_body(wavelength, teff) * transmission(wavelength, teff, metals),
            Light::Quasar { redshift } => quasar(wavelength, redshift),
        };
        self.scale * dust * light
    }
}

/// Temperature of a star of this BP − RP, K; within 3 % between 3500 and 12 000 K.
pub fn color_temperature(color: f64) -> f64 {
    5040.0 / (0.5 + 0.43 * color.clamp(-0.7, 4.5))
}

/// Planck's law, relative to 550 nm.
fn black_body(wavelength: f64, teff: f64) -> f64 {
    // h c / k in nm K.
    let exponent = |wavelength: f64| 1.438_777e7 / (wavelength * teff);
    libm::pow(550.0 / wavelength, 5.0) * libm::expm1(exponent(550.0)) / libm::expm1(exponent(wavelength))
}

/// Extinction relative to 547.7 nm: a power law, as the mean curve nearly is in this range.
fn extinction(wavelength: f64) -> f64 {
    libm::pow(547.7 / wavelength, 1.35)
}

/// Transmission of G: wide, highest near 600 nm.
fn passband(wavelength: f64) -> f64 {
    let x = (wavelength - 600.0) / if wavelength < 600.0 { 150.0 } else { 240.0 };
    libm::exp(-x * x * x * x)
}

fn gauss(wavelength: f64, center: f64, width: f64) -> f64 {
    let x = (wavelength - center) / width;
    libm::exp(-0.5 * x * x)
}

/// Absorption features at the resolution of BP and RP: center nm, width nm, depth.
const BALMER: [(f64, f64, f64); 4] = [(656.3, 9.0, 0.22), (486.1, 6.0, 0.30), (434.0, 5.0, 0.30), (410.2, 5.0, 0.28)];
const METALS: [(f64, f64, f64); 6] = [
    (395.0, 6.0, 0.45),
    (430.5, 5.0, 0.20),
    (517.5, 7.0, 0.20),
    (589.3, 5.0, 0.12),
    (854.2, 9.0, 0.08),
    (383.0, 7.0, 0.25),
];
const TITANIUM_OXIDE: [(f64, f64, f64); 7] = [
    (496.0, 9.0, 0.25),
    (545.0, 10.0, 0.30),
    (588.0, 9.0, 0.30),
    (623.0, 13.0, 0.38),
    (674.0, 13.0, 0.42),
    (715.0, 13.0, 0.48),
    (768.0, 11.0, 0.45),
];

/// What the atmosphere of a star lets through.
fn transmission(wavelength: f64, teff: f64, metals: f64) -> f64 {
    // Hydrogen absorbs most near 9500 K, metals in cooler stars, molecules below 4000 K.
    let hydrogen = gauss(libm::log10(teff), 3.978, 0.11);
    let metal = ((7_500.0 - teff) / 2_500.0).clamp(0.0, 1.2) * libm::exp10(0.25 * metals.clamp(-2.5, 0.5));
    let molecules = ((4_000.0 - teff) / 800.0).clamp(0.0, 1.6);
    let absorbed = |lines: &[(f64, f64, f64)], strength: f64| {
        lines.iter().fold(1.0, |through, (center, width, depth)| {
            through * (1.0 - (strength * depth).min(0.95) * gauss(wavelength, *center, *width))
        })
    };
    // The Balmer jump, smeared by the resolution.
    let jump = 1.0 - 0.55 * hydrogen / (1.0 + libm::exp((wavelength - 368.0) / 4.0));
    jump * absorbed(&BALMER, hydrogen) * absorbed(&METALS, metal) * absorbed(&TITANIUM_OXIDE, molecules)
}

/// Lyman α, C IV, C III], Mg II, Hβ, Hα: wavelength nm, strength.
const EMISSION: [(f64, f64); 6] = [(121.6, 3.0), (154.9, 1.2), (190.9, 0.7), (279.8, 0.5), (486.1, 0.4), (656.3, 1.2)];

fn quasar(wavelength: f64, redshift: f64) -> f64 {
    let lines: f64 = EMISSION
        .iter()
        .map(|(rest, strength)| {
            strength * gauss(wavelength, rest * (1.0 + redshift), 0.012 * rest * (1.0 + redshift) + 5.0)
        })
        .sum();
    // Hydrogen between the galaxies takes light bluer than Lyman α.
    let forest = if wavelength < 121.6 * (1.0 + redshift) { 0.55 } else { 1.0 };
    libm::pow(wavelength / 550.0, -1.5) * (1.0 + lines) * forest
}
