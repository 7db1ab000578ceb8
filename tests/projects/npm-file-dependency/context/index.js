console.log(require('greet'));
