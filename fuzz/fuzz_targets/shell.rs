//! Any shell text is read into commands whose places lie in it, as a RUN and as a here-document.
#![no_main]

use layerwise::shell::read;
use layerwise::text::Joined;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let joined = Joined::verbatim(text, 0);
    for command in &read(&joined).commands {
        let _ = command.span.of(text);
    }
    layerwise::inspect::inspect(&format!("FROM a\nCOPY . /app\nRUN {text}\n"), &Default::default());
});
