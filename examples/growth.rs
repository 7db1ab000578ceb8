//! Analyses one build of a family that grows, once: `growth FAMILY SIZE`; without arguments it
//! lists the families and their sizes. To count its instructions:
//! `valgrind --tool=callgrind --toggle-collect='*counted*' target/release/examples/growth NAME SIZE`

use layerwise::analyze;
use std::hint::black_box;

#[path = "../tests/support/families.rs"]
mod families;

use families::{Build, FAMILIES};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, size] = arguments.as_slice() else {
        for family in FAMILIES {
            println!("{} {}", family.name, family.size);
        }
        return;
    };
    let family = FAMILIES.iter().find(|family| family.name == name).expect("a family's name");
    let build = (family.make)(size.parse().expect("a number"));
    let start = std::time::Instant::now();
    counted(&build);
    eprintln!("{:?}", start.elapsed());
}

/// What is counted: valgrind collects inside of it alone.
#[inline(never)]
fn counted(build: &Build) {
    black_box(analyze(&build.dockerfile, &build.options));
}
