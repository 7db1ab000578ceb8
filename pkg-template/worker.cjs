// A thread of the command line, where it has many Dockerfiles to analyse.

"use strict";

require("./command-line.cjs").answerBatches();
