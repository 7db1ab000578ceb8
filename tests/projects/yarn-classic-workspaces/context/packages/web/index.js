require('@repo/core');
