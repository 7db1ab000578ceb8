//! Infrastructure: Terraform, Helm, Ansible.

use super::{
    Action, ActionKind, Arguments, Looks, Manifest, OPTIONS, OptionTable, Presence, Source, TOOL,
    Tool, Unlisted, action, local, lock, optional, refreshes, required,
};

pub(super) const TOOLS: &[Tool] = &[ANSIBLE_GALAXY, HELM, TERRAFORM];

const VERSION: Action =
    Action { flags: "--version -version -v", ..action(&[], ActionKind::Upkeep) };

const ANSIBLE_GALAXY: Tool = Tool {
    name: "ansible-galaxy",
    source: Source::at("https://docs.ansible.com/ansible/latest/cli/ansible-galaxy.html"),
    programs: &["ansible-galaxy"],
    options: OptionTable {
        values: "-s --server --token --api-key --timeout",
        files: "-r --role-file --requirements-file",
        writes: "-p --roles-path --collections-path",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action {
            flags: "-r --role-file --requirements-file",
            looks: Looks::Settings,
            ..action(&["collection|role|install", "install"], ActionKind::Install)
        },
        Action {
            flags: "-r --role-file --requirements-file",
            looks: Looks::Settings,
            ..action(&["install"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::Packages,
            ..action(&["collection|role", "install"], ActionKind::Named)
        },
    ],
    settings: &["ansible.cfg"],
    writes: &["~/.ansible", "/usr/share/ansible"],
    assumes: &["The requirements name no local role or collection, and no further file."],
    ..TOOL
};

const HELM: Tool = Tool {
    name: "helm",
    source: Source::at("https://helm.sh/docs/helm/helm_dependency_build/"),
    programs: &["helm"],
    options: OptionTable {
        values: "--version --username --password --kube-context -n",
        reads: "--keyring --ca-file --cert-file --key-file --repository-config --registry-config",
        writes: "-d --destination --untardir",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action {
            arguments: Arguments::Manifests,
            ..action(&["dependency|dep|dependencies", "build"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::Manifests,
            writes: &["./Chart.lock"],
            ..action(&["dependency|dep|dependencies", "update|up"], ActionKind::Install)
        },
        refreshes(&["repo", "add|update|list|remove"]),
        Action {
            // An address, or a directory.
            arguments: Arguments::Paths,
            ..action(&["plugin", "install"], ActionKind::Named)
        },
        Action {
            arguments: Arguments::Packages,
            writes: &["./"],
            ..action(&["pull|fetch"], ActionKind::Named)
        },
        action(&["version|env"], ActionKind::Upkeep),
    ],
    manifests: &[
        required("Chart.yaml"),
        lock("Chart.lock", Unlisted::As("Chart.lock*")),
        optional("requirements.yaml"),
        optional("requirements.lock"),
    ],
    writes: &["./charts", "~/.cache/helm", "~/.config/helm", "~/.local/share/helm"],
    inspect: Some(local::helm),
    texts: "Chart.yaml requirements.yaml",
    ..TOOL
};

/// <https://developer.hashicorp.com/terraform/language/files/dependency-lock>
const TERRAFORM_LOCKS: &[&str] = &["./.terraform.lock.hcl"];

/// Its manifests are the source itself; what it gains is not to depend on anything else.
const TERRAFORM: Tool = Tool {
    name: "terraform",
    source: Source::at("https://developer.hashicorp.com/terraform/cli/commands/init"),
    programs: &["terraform", "tofu"],
    options: OptionTable {
        directories: "-chdir",
        reads: "-plugin-dir",
        opaque: "-backend-config -from-module",
        ..OPTIONS
    },
    actions: &[
        VERSION,
        Action { arguments: Arguments::None, ..action(&["get"], ActionKind::Install) },
        Action {
            writes: TERRAFORM_LOCKS,
            arguments: Arguments::None,
            ..action(&["init"], ActionKind::Install)
        },
        Action {
            arguments: Arguments::None,
            writes: TERRAFORM_LOCKS,
            ..action(&["providers", "lock"], ActionKind::Install)
        },
        action(&["version"], ActionKind::Upkeep),
    ],
    manifests: &[
        Manifest { path: "*.tf", presence: Presence::Required, unlisted: Unlisted::As("*.tf") },
        optional("*.tf.json"),
        lock(".terraform.lock.hcl", Unlisted::As(".terraform.lock.hcl*")),
    ],
    writes: &["./.terraform", "~/.terraform.d"],
    inspect: Some(local::terraform),
    texts: "*.tf *.tf.json",
    frozen: "-lockfile=readonly",
    ..TOOL
};
