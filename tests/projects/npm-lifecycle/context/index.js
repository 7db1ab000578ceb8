console.log(require('./generated.json'));
