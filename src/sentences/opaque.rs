//! Why a command may need any file.

use super::sentences;

sentences! {
    /// Why a command may need any file: the end of "`make` may need any file: ...".
    #[derive(Copy)]
    Opaque {
        NotSimple = "it is not a simple command";
        UnknownProgram = "its program is not known";
        UnknownArguments = "its arguments are not known";
        UnknownDirectory = "its working directory is not known";
        UnknownReads = "what it reads is not known";
        TooManyPaths = "it names too many paths";
        UnknownSourced = "which file it runs is not known";
        UnknownRedirection = "a redirection's target is not known";
        RunsInWords = "it runs a command inside its words";
        SeveralNeedFiles = "it runs several commands that need files";
        Compiles = "it compiles the source";
        Varies = "what it writes is another text each time";
        WorksOnSource = "it works on the source";
    }
}
