//! Why the verification does not take a rewritten file.

use super::{Reason, sentences};

sentences! {
    /// How a rewritten file differs from what it was made of.
    Mismatch {
        Syntax { message: String } = "the rewritten file has a syntax error: {message}";
        Preamble = "what stands before the first stage is not the same";
        Stages = "the stages are not the same";
        Mounts = "a mount shows another stage";
        Configuration = "the image configuration is not the same";
        Lost { line: u32 } = "no order was found that keeps the step on line {line} as it is";
        Unexplained { line: u32 } =
            "line {line} of the rewritten file brings what no later copy brings to the same place";
        Order { line: u32, why: Box<Reason> } =
            "line {line} of the rewritten file may not stand there: {why}";
        OwnerOfDirectory { path: String } =
            "`{path}` would be made by another copy, with another owner";
        OwnerOfFile { path: String } =
            "`{path}` would have another owner or mode while it is worked on";
        ModeOfDirectory { path: String, user: String } =
            "`{user}` works in `{path}`, which has its mode from the context";
        ManifestsChanged = "it may change what the other reads";
        Late { path: String, place: String } = "`{path}` would not be at `{place}` in time";
        Dearer { change: String } = "one rebuild would cost more: “{change}”";
        TooManyFail = "too many fixes of this file fail";
    }
}
