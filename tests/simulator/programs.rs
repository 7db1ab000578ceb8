//! Programs of the image and of the project: what they do is a function of what they may read, so
//! that whatever reaches them otherwise than before is seen in what they leave.

use super::files::{Failure, Files, Kind, Node, Owner, ROOT, digest, parent};
use super::shell::Process;
use std::collections::BTreeMap;

/// The accounts of a stage: name and number.
pub fn accounts(files: &Files) -> BTreeMap<String, u32> {
    let text = files.text("/etc/passwd").unwrap_or_else(|| "".into());
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.filter_map(|(name, id)| Some((name.to_owned(), id.parse().ok()?))).collect()
}

/// `user`, `user:group`, by names or numbers.
pub fn owner(files: &Files, text: &str) -> Result<Owner, Failure> {
    let all = accounts(files);
    let number = |name: &str| match name.parse() {
        Ok(number) => Ok(number),
        Err(_) => all.get(name).copied().ok_or_else(|| format!("no account {name}")),
    };
    let (user, group) = text.split_once(':').unwrap_or((text, text));
    Ok(Owner(number(user)?, number(group)?))
}

/// Where a user's settings lie, as the runtime sets HOME where nobody else does.
pub fn home(files: &Files, user: Owner) -> String {
    let all = accounts(files);
    match all.iter().find(|(_, id)| **id == user.0) {
        _ if user == ROOT => "/root".into(),
        Some((name, _)) => format!("/home/{name}"),
        None => "/".into(),
    }
}

pub fn add_user(process: &mut Process, name: &str) -> Result<(), Failure> {
    let all = accounts(process.files);
    if process.user.0 != 0 || all.contains_key(name) {
        return Err(format!("cannot add {name}"));
    }
    let id = all.values().max().copied().unwrap_or(0).max(1000) + 1;
    process.write("/etc/passwd", &format!("{name}:{id}\n"), true)?;
    let place = format!("/home/{name}");
    if !process.files.0.contains_key(&place) {
        process.files.make_all(&place, 0o755, ROOT)?;
        process.files.0.insert(place, Node::directory(0o700, Owner(id, id)));
    }
    Ok(())
}

/// `curl [-o FILE] ADDRESS`, which reads `.curlrc` and the system's certificates.
pub fn download(process: &mut Process, words: &[&str]) -> Result<String, Failure> {
    let at = words.iter().position(|word| word.starts_with('-') && word.ends_with('o'));
    let address = words.last().expect("an address");
    let home = process.variable("HOME").to_owned();
    let settings = ["/etc/ssl/certs/ca-certificates.crt".to_owned(), format!("{home}/.curlrc")];
    let settings = settings.map(|path| process.read(&path).ok());
    if settings[0].is_none() {
        return Err("no certificates".into());
    }
    let text = format!("{address} {}\n", digest(settings));
    match at {
        Some(at) => process.write(words[at + 1], &text, false).map(|()| String::new()),
        None => Ok(text),
    }
}

/// What a program may see: all that lies in its directory and below, its variables, its user, and
/// what is installed.
fn seen(process: &Process) -> String {
    let system = ["/etc", "/usr/bin", "/usr/local/bin", "/usr/local/lib", "/var/lib/dpkg"];
    let system = system.map(|directory| process.files.digest(directory));
    // Nobody looks through the whole image for what belongs to a project.
    let own = match process.directory.as_str() {
        "/" => {
            digest(["/src", "/lib", "/packages", "/scripts"].map(|path| process.files.digest(path)))
        }
        directory => process.files.digest(directory),
    };
    digest((own, system, &process.variables, process.user, &process.directory))
}

/// A script of the project: it reads all that it may see, and leaves a file.
pub fn interpret(process: &mut Process, program: &str, script: &str) -> Result<(), Failure> {
    let text = process.read(script)?;
    let result = digest((program, &text, seen(process)));
    process.leave(&format!("static/{program}.out"), &result)
}

pub fn make(process: &mut Process) -> Result<(), Failure> {
    process.read("Makefile")?;
    let result = seen(process);
    process.leave("out/made", &result)
}

/// A program of the project, by its path.
pub fn execute(process: &mut Process, path: &str) -> Result<(), Failure> {
    let place = process.place(path);
    let node = process.files.get(&place).ok_or_else(|| format!("{path}: not found"))?;
    if !node.allows(process.user, 1) || !matches!(node.kind, Kind::File(_)) {
        return Err(format!("{path}: permission denied"));
    }
    let result = digest((&node.kind, seen(process)));
    process.leave("built", &result)
}

/// What a build of the project makes of all that lies in its directory.
pub fn build(process: &mut Process, output: &str) -> Result<(), Failure> {
    let result = seen(process);
    let output = process.place(output);
    process.make_all(parent(&output))?;
    process.write(&output, &result, false)
}
