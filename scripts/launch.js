#!/usr/bin/env node
// The installed command. Every Node since 10 can parse it: it checks the version, then loads the program.
var parts = process.versions.node.split('.');
var have = Number(parts[0]) * 1000 + Number(parts[1]);

var refuse = function () {
  process.stderr.write(
    'rigtop needs Node.js __FLOOR__ or newer; this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Install a newer Node.js and try again.\n',
  );
  process.exit(2);
};

/**
 * Nothing runs for long enough to be worth an optimising compiler: it would begin with Node's own loader, and its pages and threads would stay
 * in memory. See `beFrugal` in src/core/os/small-heap.ts, which says where it comes back.
 */
var beFrugal = function () {
  var v8 = process.getBuiltinModule && process.getBuiltinModule('node:v8');
  if (v8) {
    v8.setFlagsFromString('--no-maglev');
    v8.setFlagsFromString('--no-turbofan');
  }
};

var start = function () {
  if (process.argv[2] === 'guard' && process.argv[3] === '--for') {
    import('./guard.js');
    return;
  }
  if (process.argv.length !== 3 || process.argv[2] !== 'line') {
    beFrugal();
    import('./main.js');
    return;
  }
  // A status bar asks every few seconds: what a running rigtop has left is printed without loading the program.
  import('./print-left.js').then(function (left) {
    left.printLeft() || import('./main.js');
  });
};

if (have >= __FLOOR_NUMBER__) {
  start();
} else {
  // A checkout is built and tested on whatever Node its machine has; only an installed copy insists on a supported one.
  import('fs').then(function (fs) {
    var folder = fs.realpathSync(process.argv[1]).replace(/[^/]*$/, '');
    if (have >= 20000 && fs.existsSync(folder + '../src/cli/main.ts')) {
      start();
    } else {
      refuse();
    }
  }, refuse);
}
