#!/usr/bin/env node
console.log(require('ms')('1d'));
