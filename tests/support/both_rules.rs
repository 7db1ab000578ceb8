//! A file with an issue of each rule about the order of steps.

/// Two steps that are invalidated needlessly from one copy, each by a rule of its own. What else
/// could be said of them is not asked for.
pub const BOTH: &str = "\
# layerwise ignore-file=install-without-cache-mount
FROM python:3.13
WORKDIR /app
COPY . .
RUN apt-get update && apt-get install -y libpq-dev
RUN pip install -r requirements.txt
";

/// The rule of the last step.
pub const INSTALL: &str = "source-copied-before-install";

/// The rule of the step before it.
pub const INDEPENDENT: &str = "source-copied-before-independent-step";
