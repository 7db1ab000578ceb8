//! `cargo xtask <command>`: builds the package, tries it, tests everything, serves the demo.
//!
//! Only the order of things is here; each room does one of them.

mod addresses;
mod apart;
mod arrange;
mod browser;
mod command;
#[cfg(unix)]
mod conformance;
#[cfg(unix)]
mod engine;
mod extension;
mod fuzz;
mod glue;
mod inspect;
mod locals;
mod npm;
mod package;
mod panics;
#[cfg(unix)]
mod prove;
mod runtimes;
mod scaffold;
mod tests;
mod tree;
mod try_out;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask try [Dockerfile]   build everything and run the command line on the example, or on
                               the Dockerfile you name: issues, and the rewritten file
cargo xtask test               all tests: core, package in Node, demo and extension in a real browser
cargo xtask demo               build the demo and serve it; prints the address
cargo xtask build              leave the finished npm package in pkg/
cargo xtask extension          build the browser extension: a folder to load unpacked and a zip for the
                               store, for Chromium and for Firefox, in www/extension/dist
cargo xtask runtimes           try the packed package in every runtime, bundler and test runner, and
                               write what was seen into README.md; downloads a gigabyte
cargo xtask inspect FILE [--context DIR | --no-context]
                               what is known of every step and command of a Dockerfile: begin here
                               where a fix is refused that should not be
cargo xtask new-rule ID        write a rule from a template, with its entries and a fixture
cargo xtask new-tool NAME      write a tool's table from a template, with its entries
cargo xtask conformance [--start-engine] [--record] [PART]
                               build the scenarios of tests/conformance twice on the Docker that
                               is there, or on one started from Debian's packages (as root), and
                               compare what it did with what the cache model says; only those
                               whose name contains PART. Exit code: 0 all agree or are marked,
                               1 something disagrees, 2 there is no engine
cargo xtask prove [--start-engine] [--quick] [--new] [--record] [--plan] [--history] [--project NAME]
                               build the projects of tests/projects as they are and as they are
                               rewritten, before and after edits, and compare the images whole;
                               --record writes docs/evidence.md, --new leaves out what is recorded,
                               --plan only says what would be built, --history builds the commits of
                               those that have a history.toml instead. Exit code: 0 all is as
                               promised, 1 something is not, 2 there is no engine
cargo xtask fuzz [TARGET] [--seconds N]
                               feed each target of fuzz/, or one, with what nobody writes, a minute
                               where nothing else is said; needs a nightly compiler and cargo-fuzz

Needs Rust (rustup) and Node 20 or newer (20.19 or 22.12 for `test`, `demo`, `extension` and `runtimes`); `test`
and `runtimes` also Chromium.";

fn main() {
    match run() {
        Ok(0) => {}
        Ok(code) => std::process::exit(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::exit(1);
        }
    }
}

fn run() -> Result<i32> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["try"] => try_out::run(None),
        ["try", path] => try_out::run(Some(path.as_ref())),
        ["test"] => tests::run(),
        ["new-rule", id] => scaffold::new_rule(&tree::root(), id),
        ["new-tool", name] => scaffold::new_tool(&tree::root(), name),
        ["inspect", arguments @ ..] => inspect::run(arguments),
        ["demo"] => try_out::demo(),
        ["build"] => package::build(),
        ["extension"] => extension::build(),
        ["runtimes"] => runtimes::run(),
        ["fuzz", arguments @ ..] => fuzz::fuzz(arguments),
        #[cfg(unix)]
        ["conformance", options @ ..] => return conformance::run(options),
        #[cfg(unix)]
        ["prove", options @ ..] => return prove::run(options),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [command @ ("test" | "demo" | "build" | "extension" | "runtimes"), ..] => {
            bail!("`{command}` takes no arguments\n\n{HELP}")
        }
        _ => bail!("no such command: {}\n\n{HELP}", arguments.join(" ")),
    }?;
    Ok(0)
}
