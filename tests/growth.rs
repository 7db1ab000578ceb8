//! The work of an analysis grows no faster than its input: allocations, counted at one size, at
//! twice and at four times that size. No clock is read.

use layerwise::analyze;

#[path = "support/families.rs"]
mod families;

use families::{Build, FAMILIES, Family};

/// The exponent that is allowed: 1 is linear, 2 quadratic.
const MOST: f64 = 1.2;

/// Families that grow faster today, and by what exponent. Each step is asked about each other one
/// there, up to `COPIES_LOOKED_AT` copies and for `REPAIRS_OF_A_RULE` repairs, so that larger files do not go on so.
const FASTER: &[(&str, f64)] = &[
    ("npm-directories", 1.75),
    ("pip-directories", 1.75),
    ("go-directories", 1.75),
    ("dotnet-directories", 1.6),
    ("listed-npm-directories", 1.7),
    ("copies-then-apt", 1.8),
    ("alternating", 1.6),
    ("stages-in-a-row", 1.75),
    ("here-documents", 1.5),
    ("installs-behind-a-copy", 1.4),
];

fn allocations(build: &Build) -> f64 {
    let counted = allocation_counter::measure(|| {
        analyze(&build.dockerfile, &build.options);
    });
    counted.count_total as f64
}

/// The larger of the two exponents from one size to twice that size.
fn exponent(family: &Family) -> f64 {
    let smallest = family.size / 4;
    let [one, two, four] =
        [smallest, 2 * smallest, 4 * smallest].map(|size| allocations(&(family.make)(size)));
    (two / one).log2().max((four / two).log2())
}

#[test]
fn work_grows_with_the_input() {
    let mut wrong = Vec::new();
    for family in FAMILIES {
        let exponent = exponent(family);
        let listed = FASTER.iter().find(|(name, _)| *name == family.name);
        let most = listed.map_or(MOST, |(_, most)| *most);
        if exponent > most || (listed.is_some() && exponent <= MOST) {
            wrong.push(format!("{} grows by {exponent:.2}, {most} is allowed", family.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_family_that_grows_faster_is_noticed() {
    let squared = |size: usize| (0..size * size).map(|n| format!("ARG A{n}\n")).collect();
    let bare = |dockerfile| Build { dockerfile, options: Default::default() };
    let [one, two] = [20, 40].map(|size| allocations(&bare(squared(size))));
    assert!((two / one).log2() > 1.8);
}
