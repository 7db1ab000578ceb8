// The files whose text says what a build downloads: the only ones that are read.

const NAMES = new Set([
  ".npmrc",
  ".pnpmfile.cjs",
  ".ruby-version",
  ".yarnrc",
  ".yarnrc.yml",
  "Cargo.toml",
  "Directory.Build.props",
  "Directory.Build.targets",
  "Directory.Packages.props",
  "Gemfile",
  "NuGet.Config",
  "Package.swift",
  "Pipfile",
  "build.gradle",
  "build.gradle.kts",
  "build.sbt",
  "bunfig.toml",
  "cabal.project",
  "composer.json",
  "deno.json",
  "deno.jsonc",
  "environment.yaml",
  "environment.yml",
  "global.json",
  "go.mod",
  "go.work",
  "gradle.properties",
  "lerna.json",
  "libs.versions.toml",
  "mix.exs",
  "nuget.config",
  "package.json",
  "packages.config",
  "pnpm-workspace.yaml",
  "poetry.toml",
  "pom.xml",
  "pubspec.yaml",
  "pyproject.toml",
  "rebar.config",
  "rust-toolchain",
  "rust-toolchain.toml",
  "settings.gradle",
  "settings.gradle.kts",
  "setup.cfg",
  "setup.py",
  "stack.yaml",
  "turbo.json",
  "uv.toml",
]);

const PATTERNS = [
  /(^|\/)(requirements|constraints)[^/]*\.(txt|in)$/,
  /(^|\/)requirements[^/]*\/[^/]+\.(txt|in)$/,
  /\.(cs|fs|vb)proj$/,
  /\.slnx?$/,
  /\.gemspec$/,
  /\.cabal$/,
  /(^|\/)\.cargo\/config(\.toml)?$/,
  /(^|\/)\.mvn\/[^/]+\.(xml|config)$/,
];

/** Whether the file at `path` is a manifest. */
export function isManifest(path) {
  return (
    NAMES.has(path.slice(path.lastIndexOf("/") + 1)) ||
    PATTERNS.some((pattern) => pattern.test(path))
  );
}
