require('fs').writeFileSync('generated.json', JSON.stringify({ ready: true }));
