// Colours a Dockerfile in the editor: keywords, flags, strings, variables, comments,
// here-documents. Colour only: what the text means is the package's to say.

import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StringStream } from "@codemirror/language";
import { tags } from "@lezer/highlight";

interface Mode {
  /** Inside an instruction that a continuation carried over the line end. */
  inside: boolean;
  keyword: string;
  /** Whether the next word of a RUN is the name of a program. */
  command: boolean;
  /** Terminators of the here-documents opened on this line, and those whose bodies follow. */
  opened: string[];
  bodies: string[];
}

const KEYWORDS = new Set(
  ("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL " +
    "STOPSIGNAL USER VOLUME WORKDIR").split(" "),
);

function token(stream: StringStream, mode: Mode): string | null {
  if (stream.sol()) {
    if (mode.bodies.length > 0) return body(stream, mode);
    if (stream.match(/^\s*#.*/)) return "comment";
    if (!mode.inside) {
      stream.eatSpace();
      const word = stream.match(/^[A-Za-z]+/);
      if (word && word !== true) {
        mode.keyword = word[0].toUpperCase();
        mode.inside = true;
        mode.command = mode.keyword === "RUN";
        if (stream.eol()) close(mode);
        return KEYWORDS.has(mode.keyword) ? "keyword" : "invalid";
      }
    }
  }
  if (stream.match(/^\\[ \t]*$/)) return "punctuation";
  const style = word(stream, mode);
  if (stream.eol()) close(mode);
  return style;
}

/** The logical line ends here; here-documents begin. */
function close(mode: Mode): void {
  mode.inside = false;
  mode.bodies = mode.opened;
  mode.opened = [];
}

function body(stream: StringStream, mode: Mode): string | null {
  stream.skipToEnd();
  if (stream.current().trim() !== mode.bodies[0]) return "string";
  mode.bodies.shift();
  return "punctuation";
}

function word(stream: StringStream, mode: Mode): string | null {
  if (stream.eatSpace()) return null;
  const heredoc = stream.match(/^<<-?(["']?)([\w.-]+)\1/);
  if (heredoc && heredoc !== true && heredoc[2]) {
    mode.opened.push(heredoc[2]);
    return "punctuation";
  }
  if (stream.match(/^(&&|\|\|?|;)/)) {
    mode.command = mode.keyword === "RUN";
    return "punctuation";
  }
  if (stream.match(/^"(?:\\.|[^"\\])*"?/) || stream.match(/^'[^']*'?/)) return "string";
  if (stream.match(/^\$(?:\{[^}]*\}|\w+)/)) return "variable";
  if (stream.match(/^--?[\w-]+/)) return "attribute";
  if (mode.keyword === "FROM" && stream.match(/^as\b/i)) return "keyword";
  const word = stream.match(/^[^\s"'$;&|<\\]+/);
  if (word && word !== true) {
    const command = mode.command && !word[0].includes("=");
    if (command) mode.command = false;
    return command ? "function" : null;
  }
  stream.next();
  return null;
}

const language = StreamLanguage.define<Mode>({
  name: "dockerfile",
  startState: () => ({ inside: false, keyword: "", command: false, opened: [], bodies: [] }),
  copyState: (mode) => ({ ...mode, opened: [...mode.opened], bodies: [...mode.bodies] }),
  token,
  blankLine: () => undefined,
  languageData: { commentTokens: { line: "#" } },
  tokenTable: {
    attribute: tags.attributeName,
    comment: tags.comment,
    function: tags.function(tags.variableName),
    invalid: tags.invalid,
    keyword: tags.keyword,
    punctuation: tags.punctuation,
    string: tags.string,
    variable: tags.special(tags.variableName),
  },
});

const style = HighlightStyle.define([
  { tag: tags.keyword, class: "tok-keyword" },
  { tag: tags.function(tags.variableName), class: "tok-command" },
  { tag: tags.attributeName, class: "tok-flag" },
  { tag: tags.string, class: "tok-string" },
  { tag: tags.special(tags.variableName), class: "tok-variable" },
  { tag: tags.punctuation, class: "tok-punctuation" },
  { tag: tags.comment, class: "tok-comment" },
  { tag: tags.invalid, class: "tok-invalid" },
]);

/** Language and colours of both panes. */
export const dockerfileMode = [language, syntaxHighlighting(style)];
