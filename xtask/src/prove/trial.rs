//! One Dockerfile of one project: what the analyzer makes of it, and what an engine makes of
//! both texts, before and after each edit.

use super::context::Context;
use super::difference::{Aspect, Difference, Noise, differences};
use super::image::{Image, Store};
use super::layer::digest;
use super::project::{Covered, Files, Project};
use super::record::{Measured, Round, Trial, Verdict};
use super::series::{Attempt, Built, Series, options};
use super::stand_in::StandIns;
use crate::engine::Engine;
use anyhow::{Result, bail};
use layerwise::{Applicability, FixLevel, Report, analyze};
use std::collections::{BTreeMap, BTreeSet};

/// Most differences that are told one by one.
const SHOWN: usize = 8;

/// What holds for an image whose RUN has mounts, as the manual says.
const OF_MOUNTS: &str = "What is mounted is no part of the image.";

/// The digest of what a trial builds.
pub fn digest_of(project: &Project, original: &str, rewritten: &str) -> String {
    let mut all = format!("{original}\0{rewritten}\0{:?}", project.files);
    for edit in &project.edit {
        all += &format!("\0{:?} {:?} {:?}", edit.replace, edit.write, edit.remove);
    }
    digest(all.as_bytes())[..16].to_string()
}

/// What the analyzer makes of a Dockerfile of a project.
pub fn analyzed(project: &Project, dockerfile: &str) -> Result<Report> {
    let mut options = options(Some(&project.files), project.target.as_deref());
    options.build_args = project.build_args.clone();
    options.fix = most(project);
    let mut report = analyze(project.text(dockerfile)?, &options);
    if let Some(advised) = &project.advised {
        report.rewritten = project.text(advised)?.to_string();
    }
    Ok(report)
}

/// How far the fixes go that are made of a project.
fn most(project: &Project) -> FixLevel {
    if project.suggested { FixLevel::Suggested } else { FixLevel::Assumed }
}

/// By the name that FROM uses, what stands for it in the engine.
pub type Images = BTreeMap<String, String>;

/// The base images of a project; the reason where one cannot be had.
pub fn images(
    engine: &Engine,
    stand_ins: &mut StandIns<'_>,
    project: &Project,
) -> std::result::Result<Images, String> {
    let mut images = Images::new();
    for (name, stand_in) in &project.images {
        let image = match engine.root() {
            None => name.clone(),
            Some(_) => stand_ins.image(stand_in)?,
        };
        images.insert(name.clone(), image);
    }
    Ok(images)
}

/// Tries one Dockerfile; the reason where what it needs cannot be had.
pub fn run(
    engine: &Engine,
    stand_ins: &mut StandIns<'_>,
    store: &mut Store,
    project: &Project,
    dockerfile: &str,
) -> Result<std::result::Result<Trial, String>> {
    let images = match images(engine, stand_ins, project) {
        Ok(images) => images,
        Err(reason) => return Ok(Err(reason)),
    };
    let report = analyzed(project, dockerfile)?;
    let original = project.text(dockerfile)?;
    let folder = engine.place().join(format!("context-{}", project.name));
    let series = |text: &str| Series::new(engine, project, &images, text, &folder);
    let (level, sentences) = promised(project, &report);
    let is_rewritten = report.rewritten != original;
    let mut scene = Scene {
        original: series(original)?,
        again: is_rewritten.then(|| series(original)).transpose()?,
        rewritten: is_rewritten.then(|| series(&report.rewritten)).transpose()?,
        context: Context::new(folder.clone())?,
        store,
        noise: Noise::default(),
        sentences,
        learned: false,
    };
    let rounds = scene.rounds(project, &report.rewritten)?;
    Ok(Ok(Trial {
        dockerfile: dockerfile.to_string(),
        engine: engine.name(),
        digest: digest_of(project, original, &report.rewritten),
        level: level.to_string(),
        sentences: scene.sentences,
        rounds,
        noise: scene.noise.paths().into_iter().map(str::to_string).collect(),
    }))
}

/// How far the fixes go, and their sentences: assumptions, or why there is none.
pub fn promised(project: &Project, report: &Report) -> (&'static str, Vec<String>) {
    if project.advised.is_some() {
        return ("advised", vec![OF_MOUNTS.to_string()]);
    }
    let is_used = |fix: &&layerwise::Fix| {
        (project.suggested || fix.applicability <= Applicability::Assumed)
            && !report.edits.is_empty()
    };
    let used: Vec<_> = report.fixes.iter().filter(is_used).collect();
    let refusals = report.issues.iter().filter_map(|issue| issue.refusal.as_ref());
    match used.iter().map(|fix| fix.applicability).max() {
        None => ("none", refusals.map(|refusal| refusal.message.clone()).collect()),
        Some(level) => {
            let mut sentences: Vec<String> = Vec::new();
            for sentence in used.iter().flat_map(|fix| &fix.assumptions) {
                if !sentences.contains(sentence) {
                    sentences.push(sentence.clone());
                }
            }
            (level.id(), sentences)
        }
    }
}

/// What the analyzer says of the rewritten text with these files and not with those before.
fn told(project: &Project, rewritten: &str, files: &Files) -> Vec<String> {
    let said = |files: &Files| -> Vec<String> {
        let mut options = options(Some(files), project.target.as_deref());
        options.build_args = project.build_args.clone();
        let issues = analyze(rewritten, &options).issues;
        issues.into_iter().map(|issue| format!("{}: {}", issue.rule, issue.message)).collect()
    };
    let before = said(&project.files);
    said(files).into_iter().filter(|sentence| !before.contains(sentence)).collect()
}

/// A trial as it goes.
struct Scene<'e> {
    original: Series<'e>,
    /// The original once more, to learn what any two builds of it differ in.
    again: Option<Series<'e>>,
    rewritten: Option<Series<'e>>,
    context: Context,
    store: &'e mut Store,
    noise: Noise,
    /// Whether the original was built a second time.
    learned: bool,
    sentences: Vec<String>,
}

impl Scene<'_> {
    fn rounds(&mut self, project: &Project, rewritten: &str) -> Result<Vec<Round>> {
        let mut files = project.files.clone();
        let always = project.covered.as_ref();
        let mut rounds = vec![self.round(&files, None, always)?];
        for edit in &project.edit {
            if matches!(rounds.last().map(|round| &round.verdict), Some(Verdict::Fails { .. })) {
                break;
            }
            let changed = edit.apply(&mut files)?;
            let content_alone = edit.write.is_empty() && edit.remove.is_empty();
            let edited = content_alone.then_some(changed.as_slice());
            let mut round = self.round(&files, edited, edit.covered.as_ref().or(always))?;
            round.edit = Some(edit.kind);
            if matches!(round.verdict, Verdict::Differs { .. } | Verdict::Fails { .. }) {
                round.told = told(project, rewritten, &files);
            }
            rounds.push(round);
        }
        Ok(rounds)
    }

    /// Builds both texts from these files and compares.
    fn round(
        &mut self,
        files: &Files,
        edited: Option<&[String]>,
        covered: Option<&Covered>,
    ) -> Result<Round> {
        self.context.lay_out(files)?;
        let before = match self.original.build(files, edited, self.store)? {
            Ok(built) => built,
            Err(error) => bail!("the original does not build: {error}"),
        };
        let mut round = Round {
            edit: None,
            before: measured(&before),
            after: None,
            verdict: Verdict::Unchanged,
            told: Vec::new(),
        };
        let Some(rewritten) = &mut self.rewritten else { return Ok(round) };
        let attempt = rewritten.build(files, edited, self.store)?;
        round.after = attempt.as_ref().ok().map(measured);
        round.verdict = self.verdict(files, &before.image, attempt, covered)?;
        Ok(round)
    }

    fn verdict(
        &mut self,
        files: &Files,
        original: &Image,
        rewritten: Attempt,
        covered: Option<&Covered>,
    ) -> Result<Verdict> {
        let sentence = covered.and_then(|covered| {
            self.sentences.iter().find(|sentence| sentence.contains(&covered.by)).cloned()
        });
        let rewritten = match rewritten {
            Ok(built) => built.image,
            Err(error) => {
                let is_expected = covered.is_some_and(|covered| covered.paths.is_empty());
                return Ok(match sentence.filter(|_| is_expected) {
                    Some(sentence) => Verdict::Covered { differences: vec![error], sentence },
                    None => Verdict::Fails { error },
                });
            }
        };
        let found = differences(original, &rewritten);
        let told = |noise: &Noise| {
            found.iter().filter(|one| !noise.covers(one)).cloned().collect::<Vec<_>>()
        };
        let mut left = told(&self.noise);
        // The first round has to learn in any case.
        if !left.is_empty() || !self.learned {
            self.learn(files, original)?;
            left = told(&self.noise);
        }
        let paths = covered.map(|covered| covered.paths.as_slice()).unwrap_or_default();
        let shown = shown(&left);
        Ok(match sentence {
            _ if left.is_empty() => Verdict::Identical,
            Some(sentence) if left.iter().all(|one| lies_below(one, paths)) => {
                Verdict::Covered { differences: shown, sentence }
            }
            _ => Verdict::Differs { differences: shown },
        })
    }

    /// Builds the original once more: what differs then is noise.
    fn learn(&mut self, files: &Files, original: &Image) -> Result<()> {
        let Some(again) = &mut self.again else { return Ok(()) };
        self.learned = true;
        match again.build(files, None, self.store)? {
            Ok(built) => self.noise.learn(&differences(original, &built.image)),
            Err(error) => bail!("the original does not build a second time: {error}"),
        }
        Ok(())
    }
}

fn measured(built: &Built) -> Measured {
    Measured {
        seconds: built.seconds,
        steps: built.steps,
        ran: built.ran,
        predicted: built.predicted,
        mistaken: built.mistaken.clone(),
    }
}

/// The differences as sentences, not too many of them: what lies in a directory that one image
/// lacks goes without saying.
fn shown(all: &[Difference]) -> Vec<String> {
    let lacking: BTreeSet<&str> = all
        .iter()
        .filter(|one| one.aspect == Aspect::Presence)
        .map(|one| one.path.as_str())
        .collect();
    let is_inside = |path: &str| {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.into_iter().any(|end| lacking.contains(&path[..end]))
    };
    let told: Vec<&Difference> = all.iter().filter(|one| !is_inside(&one.path)).collect();
    let mut shown: Vec<String> = told.iter().take(SHOWN).map(|one| one.to_string()).collect();
    if told.len() > SHOWN {
        shown.push(format!("and {} more", told.len() - SHOWN));
    }
    shown
}

fn lies_below(difference: &Difference, paths: &[String]) -> bool {
    paths.iter().any(|path| {
        let rest = difference.path.strip_prefix(path.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(path: &str, aspect: Aspect) -> Difference {
        Difference { path: path.into(), aspect, before: "there".into(), after: "missing".into() }
    }

    #[test]
    fn what_lies_in_a_missing_directory_goes_without_saying() {
        let all = [
            difference("/a", Aspect::Presence),
            difference("/a/b", Aspect::Presence),
            difference("/ab", Aspect::Presence),
            difference("/c", Aspect::Mode),
            difference("/c/d", Aspect::Presence),
        ];
        assert_eq!(
            shown(&all),
            [
                "`/a` is missing, was there",
                "`/ab` is missing, was there",
                "`/c` has mode missing, not there",
                "`/c/d` is missing, was there"
            ]
        );
        let many: Vec<_> =
            (0..20).map(|at| difference(&format!("/{at}"), Aspect::Presence)).collect();
        assert_eq!(shown(&many).last().map(String::as_str), Some("and 12 more"));
    }

    #[test]
    fn what_is_covered_lies_below_its_path() {
        let below = |path: &str| lies_below(&difference(path, Aspect::Content), &["/a".into()]);
        assert!(below("/a") && below("/a/b"));
        assert!(!below("/ab") && !below("/b"));
    }
}
