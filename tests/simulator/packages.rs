//! Packages of the system, as apt and dpkg leave them.

use super::files::{Failure, digest};
use super::shell::Process;

const LISTS: &str = "/var/lib/apt/lists/index";

pub fn apt(process: &mut Process, operands: &[&str]) -> Result<(), Failure> {
    if process.user.0 != 0 {
        return Err("are you root?".into());
    }
    match operands {
        ["update"] => update(process),
        ["install", packages @ ..] => {
            packages.iter().try_for_each(|package| install(process, package))
        }
        other => panic!("apt-get {other:?}"),
    }
}

/// The texts in a directory, which a `.d` directory adds up to.
fn settings(process: &Process, directory: &str) -> Vec<(String, Option<String>)> {
    let names = process.files.names(directory).into_iter();
    let text = |name: &String| process.read(&format!("{directory}/{name}")).ok();
    names.map(|name| (name.clone(), text(&name).map(|text| text.to_string()))).collect()
}

fn update(process: &mut Process) -> Result<(), Failure> {
    let sources = process.read("/etc/apt/sources.list").ok();
    let all =
        (settings(process, "/etc/apt/sources.list.d"), settings(process, "/etc/apt/apt.conf.d"));
    process.leave(LISTS, &digest((sources, all)))
}

fn install(process: &mut Process, package: &str) -> Result<(), Failure> {
    let lists = process.read(LISTS).map_err(|_| format!("unable to locate package {package}"))?;
    let status = process.read("/var/lib/dpkg/status")?;
    if status.lines().any(|line| line == package) {
        return Ok(());
    }
    process.write("/var/lib/dpkg/status", &format!("{package}\n"), true)?;
    process.leave(&format!("/usr/bin/{package}"), &lists)?;
    match package {
        // A file of settings that is there stays, and dpkg leaves its own beside it.
        "nginx" => {
            let is_there = process.files.get("/etc/nginx/nginx.conf").is_some();
            let name = if is_there { "nginx.conf.dpkg-dist" } else { "nginx.conf" };
            process.leave(&format!("/etc/nginx/{name}"), "of the package\n")?;
            process.leave("/var/www/html/index.html", "of the package\n")
        }
        "ca-certificates" => certificates(process),
        "cron" => process.leave("/etc/crontab", "of the package\n"),
        _ => Ok(()),
    }
}

/// Joins the certificates of the system and those of its administrator.
pub fn certificates(process: &mut Process) -> Result<(), Failure> {
    let own = settings(process, "/usr/local/share/ca-certificates");
    let own = own.into_iter().filter(|(name, _)| name.ends_with(".crt"));
    let bundle = digest(own.collect::<Vec<_>>());
    process.leave("/etc/ssl/certs/ca-certificates.crt", &bundle)
}
