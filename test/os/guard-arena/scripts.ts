// The programs of the fleet, as scripts of perl, and what lies in its work trees.
import {chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

export const UID = 1000;

const READY = 'open(R, ">&=", 3); syswrite(R, "$ENV{FLEET_NAME} $$\\n"); close(R);\n';
const WAIT = 'sleep 1000 while 1;\n';
const LISTEN = [
  'my ($port) = map { $ARGV[$_] eq "--port" ? $ARGV[$_ + 1] : () } 0 .. $#ARGV;',
  'socket(S, 2, 1, 6) or die; setsockopt(S, 1, 2, 1);',
  'bind(S, pack("S n a4 x8", 2, $port, pack("C4", 127, 0, 0, 1))) or die "$port: $!"; listen(S, 5);\n',
].join('\n');
/** The second argument: for how long it must not be closed again. vite tries a port before it takes it. */
const CONNECT = [
  'for (1 .. 2000) { socket(C, 2, 1, 6);',
  'if (connect(C, pack("S n a4 x8", 2, $ARGV[0], pack("C4", 127, 0, 0, 1)))) { vec(my $in = "", fileno(C), 1) = 1;',
  'last unless select($in, undef, undef, $ARGV[1]); }',
  'select(undef, undef, undef, 0.01) }\n',
].join(' ');
/** Each tool runs in a shell that leads a session of its own, as the tools of real agents do. */
const AGENT = [
  'require POSIX; $| = 1;',
  READY,
  'while (my $line = <STDIN>) { chomp $line; my $command = pack("H*", $line);',
  'my $pid = fork; if (!$pid) { POSIX::setsid(); open(STDIN, "<", "/dev/null"); open(STDOUT, ">", "/dev/null"); open(STDERR, ">", "/dev/null");',
  'delete $ENV{FLEET_NAME}; exec "bash", "-c", $command; }',
  'waitpid($pid, 0); print "done $?\\n"; }',
  WAIT,
].join('\n');

/** Below the root; a shebang is none of perl’s, so that the name of the program stays what it was started as. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['lib/agent.js', AGENT],
  ['lib/idle.js', READY + WAIT],
  ['lib/mcp-server.js', READY + WAIT],
  ['lib/worker.js', READY + WAIT],
  ['lib/dev.js', WAIT],
  ['lib/listen.js', LISTEN + READY + WAIT],
  ['lib/browser.js', CONNECT + READY + WAIT],
  ['w/far/keep', ''],
  ...['a', 'b'].flatMap((tree): [string, string][] => [
    [`w/${tree}/node_modules/.bin/vite`, LISTEN + READY + WAIT],
    [`w/${tree}/watcher.js`, READY + WAIT],
    [`w/${tree}/vite.config.old`, READY + WAIT],
    [`w/${tree}/.git/HEAD`, 'ref: refs/heads/main\n'],
    [`w/${tree}/.git/config`, ''],
    [`w/${tree}/package.json`, '{"scripts":{"prestop":"true","stop":"pkill -f \'[v]ite.*3001\'","clean":"./stop.sh 3000","dev":"vite"}}'],
    [`w/${tree}/stop.sh`, '#!/bin/bash\nset -e\nport=$1\nfuser -k "$port/tcp"\n'],
    [
      `w/${tree}/Makefile`,
      'PORT ?= 3001\n.PHONY: stop all\nall:\n\t@true\nstop: warn\n\t@kill $$(lsof -ti tcp:$(PORT) -sTCP:LISTEN)\nwarn:\n\t@true\n',
    ],
  ]),
]);

const PROGRAMS = ['node', 'claude', 'firefox', 'postgres', 'vim'];

/** Makes the place of the fleet. */
export const prepare = (root: string): void => {
  for (const [path, text] of FILES) {
    const file = join(root, path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
  mkdirSync(join(root, 'bin'), {recursive: true});
  for (const name of PROGRAMS) {
    copyFileSync('/usr/bin/perl', join(root, 'bin', name));
  }
  for (const path of ['', 'w/a', 'w/b', 'w/far']) {
    chownSync(join(root, path), UID, UID);
  }
};
