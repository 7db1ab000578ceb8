//! The commands of cases that are no package managers: what each reads, writes and fails on, by
//! POSIX and the GNU manuals. A program that stands in no list does what its file says, see
//! `builds.rs`; one that does not exist fails.

use super::files::{Failure, Kind, Node, Owner, base, digest, join, parent};
use super::ignore::wildcard;
use super::shell::Process;
use super::{bundler, composer, dotnet, installs, maven, packages, poetry, programs, uv};
use std::rc::Rc;

type Output = Result<String, Failure>;

pub fn run(process: &mut Process, program: &str, words: &[&str], input: Option<Rc<str>>) -> Output {
    let operands: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
    let has = |letter: char| {
        let short = |word: &&&str| word.starts_with('-') && !word.starts_with("--");
        words.iter().filter(short).any(|word| word.contains(letter))
    };
    let nothing = |done: Result<(), Failure>| done.map(|()| String::new());
    match program {
        "true" | ":" | "export" => nothing(Ok(())),
        "false" => Err("exit 1".into()),
        "echo" => Ok(words.join(" ") + "\n"),
        "printf" => Ok(words.join(" ").replace("\\n", "\n")),
        "cat" => match (&operands[..], input) {
            ([], input) => Ok(input.map_or(String::new(), |text| text.to_string())),
            (paths, _) => {
                paths.iter().map(|path| process.read(path).map(|text| text.to_string())).collect()
            }
        },
        "cd" => nothing(change_directory(process, operands.first().copied().unwrap_or("/root"))),
        "test" => nothing(test(process, words)),
        "mkdir" => nothing(operands.iter().try_for_each(|path| match has('p') {
            true => process.make_all(path),
            false => make(process, path),
        })),
        "touch" => nothing(operands.iter().try_for_each(|path| {
            match process.files.get(&process.place(path)) {
                Some(_) => Ok(()),
                None => process.write(path, "", true),
            }
        })),
        "rm" => {
            nothing(operands.iter().try_for_each(|path| remove(process, path, has('r'), has('f'))))
        }
        "cp" => nothing(each_into(process, &operands, |process, from, to| {
            copy(process, from, to, has('r') || has('a'))
        })),
        "mv" => nothing(each_into(process, &operands, rename)),
        "ln" => nothing(link(process, &operands, has('f'))),
        "chmod" => nothing(owned(process, &operands, has('R'), &|node, mode, _| {
            node.mode = match mode {
                "+x" => node.mode | 0o111,
                "a+r" => node.mode | 0o444,
                octal => u32::from_str_radix(octal, 8).expect("an octal mode"),
            };
        })),
        "chown" => {
            let owner = programs::owner(process.files, operands[0])?;
            let root = process.user.0 == 0;
            let own = |node: &Node| root || node.owner == owner;
            nothing(owned_if(process, &operands, has('R'), &own, &|node, _, user| {
                node.owner = if user.0 == 0 { owner } else { node.owner };
            }))
        }
        "sed" => nothing(substitute(process, &operands)),
        "tar" => nothing(archive(process, words)),
        "find" => nothing(delete_others(process, words)),
        "useradd" | "adduser" => nothing(programs::add_user(process, operands.last().unwrap())),
        "curl" => programs::download(process, words),
        "tee" => {
            let text = input.unwrap_or_else(|| "".into());
            operands.iter().try_for_each(|path| process.write(path, &text, has('a')))?;
            Ok(text.to_string())
        }
        "node" | "python" | "php" => nothing(programs::interpret(process, program, operands[0])),
        "make" => nothing(programs::make(process)),
        "apt-get" => nothing(packages::apt(process, &operands)),
        "update-ca-certificates" => nothing(packages::certificates(process)),
        "pip" => nothing(installs::pip(process, words)),
        "npm" | "yarn" | "pnpm" => nothing(installs::javascript(process, program, words)),
        "uv" => nothing(uv::run(process, words)),
        "poetry" => nothing(poetry::run(process, words)),
        "composer" => nothing(composer::run(process, words)),
        "bundle" => nothing(bundler::run(process, words)),
        "dotnet" => nothing(dotnet::run(process, words)),
        "mvn" => nothing(maven::run(process, words)),
        "go" => nothing(installs::go(process, words)),
        "cargo" => nothing(installs::cargo(process, words)),
        path if path.contains('/') => nothing(programs::execute(process, path)),
        other => panic!("the simulator does not know `{other}`"),
    }
}

fn change_directory(process: &mut Process, path: &str) -> Result<(), Failure> {
    let place = process.files.real(&process.place(path), true);
    match process.files.0.get(&place) {
        Some(node) if node.is_directory() && node.allows(process.user, 1) => {
            process.directory = place;
            Ok(())
        }
        _ => Err(format!("{path}: cannot change to it")),
    }
}

fn test(process: &Process, words: &[&str]) -> Result<(), Failure> {
    let [flag, path] = words else { panic!("test {words:?}") };
    let node = process.files.get(&process.place(path));
    let holds = match *flag {
        "-f" => node.is_some_and(|node| matches!(node.kind, Kind::File(_))),
        "-d" => node.is_some_and(Node::is_directory),
        "-e" => node.is_some(),
        other => panic!("test {other}"),
    };
    if holds { Ok(()) } else { Err(format!("{path}: no")) }
}

fn make(process: &mut Process, path: &str) -> Result<(), Failure> {
    let real = process.files.real(&process.place(path), false);
    process.may_change(&real)?;
    if process.files.0.contains_key(&real) {
        return Err(format!("{path}: file exists"));
    }
    process.files.0.insert(real, Node::directory(0o755, process.user));
    Ok(())
}

pub fn remove(process: &mut Process, path: &str, deep: bool, force: bool) -> Result<(), Failure> {
    let real = process.files.real(&process.place(path), false);
    match process.files.0.get(&real) {
        None if force => return Ok(()),
        None => return Err(format!("{path}: no such file")),
        Some(node) if node.is_directory() && !deep => {
            return Err(format!("{path}: is a directory"));
        }
        Some(_) => {}
    }
    if matches!(base(path), "." | "..") {
        return Err(format!("{path}: refusing to remove it"));
    }
    let inner: Vec<String> = process.files.below(&real).map(|(path, _)| path.clone()).collect();
    inner.iter().chain([&real]).try_for_each(|path| process.may_change(path))?;
    process.files.remove(&real);
    Ok(())
}

/// Calls `done` for each source, with the path that it goes to.
fn each_into(
    process: &mut Process,
    operands: &[&str],
    done: impl Fn(&mut Process, &str, &str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (target, sources) = operands.split_last().expect("a target");
    if sources.len() > 1 && !process.files.is_directory(&process.place(target)) {
        return Err(format!("{target} is no directory"));
    }
    sources.iter().try_for_each(|source| {
        let to = process.within_directory(target, source);
        done(process, source, &to)
    })
}

fn copy(process: &mut Process, from: &str, to: &str, deep: bool) -> Result<(), Failure> {
    let source = process.files.real(&process.place(from), !deep);
    let Some(node) = process.files.0.get(&source).cloned() else {
        return Err(format!("{from}: no such file"));
    };
    if !node.allows(process.user, 4) {
        return Err(format!("{from}: permission denied"));
    }
    match &node.kind {
        Kind::File(text) => {
            let text = text.clone();
            let is_new = process.files.get(&process.place(to)).is_none();
            if to.ends_with('/') && is_new {
                return Err(format!("{to}: no such directory"));
            }
            process.write(to, &text, false)?;
            let place = process.files.real(&process.place(to), true);
            if let Some(made) = process.files.0.get_mut(&place)
                && is_new
            {
                made.mode = node.mode & 0o755;
            }
            Ok(())
        }
        Kind::Link(target) => {
            let real = process.files.real(&process.place(to), false);
            process.may_change(&real)?;
            process.files.0.insert(real, Node::link(target, process.user));
            Ok(())
        }
        Kind::Directory if !deep => Err(format!("{from} is a directory")),
        Kind::Directory => {
            let target = process.files.real(&process.place(to), true);
            if target.starts_with(&format!("{source}/")) || target == source {
                return Err(format!("{to} lies in {from}"));
            }
            if !process.files.is_directory(&target) {
                make(process, &target)?;
                process.files.0.get_mut(&target).expect("it is made").mode = node.mode & 0o755;
            }
            process.files.names(&source).iter().try_for_each(|name| {
                copy(process, &format!("{source}/{name}"), &format!("{target}/{name}"), true)
            })
        }
    }
}

fn rename(process: &mut Process, from: &str, to: &str) -> Result<(), Failure> {
    let source = process.files.real(&process.place(from), false);
    let target = process.files.real(&process.place(to), false);
    if !process.files.0.contains_key(&source) {
        return Err(format!("{from}: no such file"));
    }
    if target.starts_with(&format!("{source}/")) || target == source {
        return Err(format!("{from} and {to} are the same, or lie in each other"));
    }
    process.may_change(&source)?;
    process.may_change(&target)?;
    if process.files.0.get(&target).is_some_and(Node::is_directory) {
        return Err(format!("{to} is not empty"));
    }
    let moved: Vec<(String, Node)> = process
        .files
        .below(&source)
        .map(|(path, node)| (format!("{target}{}", &path[source.len()..]), node.clone()))
        .collect();
    let node = process.files.0[&source].clone();
    process.files.remove(&source);
    process.files.0.insert(target, node);
    process.files.0.extend(moved);
    Ok(())
}

fn link(process: &mut Process, operands: &[&str], force: bool) -> Result<(), Failure> {
    let [target, path] = operands else { panic!("ln {operands:?}") };
    let real = process.files.real(&process.place(&process.within_directory(path, target)), false);
    process.may_change(&real)?;
    match process.files.0.get(&real) {
        Some(node) if !force || node.is_directory() => return Err(format!("{path}: file exists")),
        _ => {}
    }
    process.files.0.insert(real, Node::link(target, process.user));
    Ok(())
}

type Change<'c> = &'c dyn Fn(&mut Node, &str, Owner);

fn owned(
    process: &mut Process,
    operands: &[&str],
    deep: bool,
    change: Change,
) -> Result<(), Failure> {
    let user = process.user;
    owned_if(process, operands, deep, &|node| user.0 == 0 || node.owner.0 == user.0, change)
}

/// Changes nodes, each of which has to be the user's own or whatever `may` says.
fn owned_if(
    process: &mut Process,
    operands: &[&str],
    deep: bool,
    may: &dyn Fn(&Node) -> bool,
    change: Change,
) -> Result<(), Failure> {
    let (word, paths) = operands.split_first().expect("a mode or an owner");
    for path in paths {
        let real = process.files.real(&process.place(path), true);
        if !process.files.0.contains_key(&real) {
            return Err(format!("{path}: no such file"));
        }
        let mut all = vec![real.clone()];
        if deep {
            all.extend(process.files.below(&real).map(|(path, _)| path.clone()));
        }
        for place in all {
            let user = process.user;
            let node = process.files.0.get_mut(&place).expect("it is listed");
            if matches!(node.kind, Kind::Link(_))
                && word.parse::<u32>().is_ok_and(|_| !word.contains(':'))
            {
                continue;
            }
            if !may(node) {
                return Err(format!("{place}: operation not permitted"));
            }
            change(node, word, user);
        }
    }
    Ok(())
}

/// `sed -i s/a/b/ file`, which makes the file anew.
fn substitute(process: &mut Process, operands: &[&str]) -> Result<(), Failure> {
    let (script, paths) = operands.split_first().expect("a script");
    let parts: Vec<&str> = script.split('/').collect();
    paths.iter().try_for_each(|path| {
        let text = process.read(path)?.replace(parts[1], parts[2]);
        let real = process.files.real(&process.place(path), true);
        process.may_change(&real)?;
        let user = process.user;
        let node = process.files.0.get_mut(&real).expect("it was read");
        (node.kind, node.owner) =
            (Kind::File(text.into()), if user.0 == 0 { node.owner } else { user });
        Ok(())
    })
}

/// `tar -cf archive path...` and `tar -xf archive [-C directory]`. An archive's text lists what it
/// holds, a path and a text a line.
fn archive(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    match words {
        ["-cf", archive, paths @ ..] => {
            let mut text = String::new();
            for path in paths {
                let real = process.files.real(&process.place(path), true);
                if !process.files.0.contains_key(&real) {
                    return Err(format!("{path}: no such file"));
                }
                let number = (digest(&process.files.0[&real]), process.files.digest(&real));
                text += &format!("{path} {}\n", digest(number));
            }
            process.write(archive, &text, false)
        }
        ["-xf", archive, rest @ ..] => {
            let text = process.read(archive)?;
            let into = match rest {
                ["-C", directory] => process.place(directory),
                _ => process.directory.clone(),
            };
            if !process.files.is_directory(&into) {
                return Err(format!("{into}: no such directory"));
            }
            text.lines().filter(|line| line.contains(' ')).try_for_each(|line| {
                let (path, number) = line.split_once(' ').expect("a blank");
                let path = join(&into, path);
                process.leave(&format!("{}/{}", parent(&path), base(&path)), number)
            })
        }
        other => panic!("tar {other:?}"),
    }
}

/// `find . ! -type l ! -name NAME ... -delete`: what no test keeps is deleted, the deepest first;
/// a directory only where it is empty.
fn delete_others(process: &mut Process, words: &[&str]) -> Result<(), Failure> {
    assert!(words[0] == "." && words.last() == Some(&"-delete"), "find {words:?}");
    let tests: Vec<&[&str]> = words[1..words.len() - 1].chunks(3).collect();
    let root = process.directory.clone();
    let mut paths: Vec<String> = process.files.below(&root).map(|(path, _)| path.clone()).collect();
    paths.reverse();
    let mut failed = None;
    for path in paths {
        let node = &process.files.0[&path];
        let written = format!(".{}", &path[root.len()..]);
        let kept = tests.iter().any(|test| match test {
            ["!", "-type", "l"] => matches!(node.kind, Kind::Link(_)),
            ["!", "-name", name] => wildcard(name, base(&path)),
            ["!", "-path", pattern] => wildcard(pattern, &written),
            other => panic!("find {other:?}"),
        });
        if kept {
            continue;
        }
        match node.is_directory() && !process.files.names(&path).is_empty() {
            true => failed = Some(format!("{path} is not empty")),
            false => process.files.remove(&path),
        }
    }
    failed.map_or(Ok(()), Err)
}
