//! Where a restore writes, other than to `obj` beside each project.

use super::super::{Finding, join, parent, refuse};
use crate::issue::RefusalReason;

/// Properties that name a directory which a restore writes to.
/// <https://learn.microsoft.com/en-us/visualstudio/msbuild/common-msbuild-project-properties>,
/// <https://learn.microsoft.com/en-us/nuget/reference/msbuild-targets#restore-properties>
const DIRECTORIES: &[&str] = &[
    "ArtifactsPath",
    "BaseIntermediateOutputPath",
    "MSBuildProjectExtensionsPath",
    "RestoreOutputPath",
    "RestorePackagesPath",
];

/// What a property of `file` has a restore write elsewhere: since .NET 8 all below `artifacts`.
/// <https://learn.microsoft.com/en-us/dotnet/core/sdk/artifacts-output>
pub(super) fn moved(property: &str, value: &str, file: &str) -> Option<Finding> {
    let value = value.trim();
    if property.eq_ignore_ascii_case("UseArtifactsOutput") && value.eq_ignore_ascii_case("true") {
        return Some(Finding::Makes(join(parent(file), "artifacts")));
    }
    let is_directory = DIRECTORIES.iter().any(|name| property.eq_ignore_ascii_case(name));
    (is_directory && !value.is_empty()).then(|| {
        let message = format!("`{file}` has the restore write to `{value}`");
        refuse(RefusalReason::HostArtifacts, &message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_that_a_restore_writes_to() {
        let made = moved("UseArtifactsOutput", "True", "src/Directory.Build.props");
        assert_eq!(made, Some(Finding::Makes("src/artifacts".into())));
        assert_eq!(moved("useartifactsoutput", "false", "Directory.Build.props"), None);
        let refusal = moved("BaseIntermediateOutputPath", "../tmp/", "a.csproj");
        let message = "`a.csproj` has the restore write to `../tmp/`";
        assert_eq!(refusal, Some(refuse(RefusalReason::HostArtifacts, message)));
        assert_eq!(moved("RestorePackagesPath", " ", "a.csproj"), None);
        assert_eq!(moved("OutputPath", "out", "a.csproj"), None);
    }
}
