//! How often what a copy brings changes, where a history says so: in place of what its names say.

use super::content::{Content, OFTEN};
use super::copy::{Copy, Origin};
use crate::context::{Context, share_of_any};

impl Copy {
    /// In what share of the commits something changed that it brings; `None` where no history says
    /// so of all of it.
    pub fn share(&self, context: &Context) -> Option<f64> {
        if self.origin != Origin::Context || self.unresolved || self.other_sources {
            return None;
        }
        share_of_any(self.sources.iter().map(|(_, source)| context.share(source)))
    }

    /// What it brings, by what a history measured of it in place of its names. Manifests stay what
    /// they are: installs follow them however often they change.
    pub fn measured(&self, context: &Context) -> Content {
        match self.share(context) {
            Some(share) if self.content > Content::Manifests => match share >= OFTEN {
                true => self.content.max(Content::Artifacts),
                false => Content::Helpers,
            },
            _ => self.content,
        }
    }
}
