// How careless agents clean up: traps, files under another name, ways that are certain, other languages. Each row names who ends.
import {expect, test} from 'vitest';
import {type Known, known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';

const FILES: readonly (readonly [string, string | null])[] = [
  ['/w/a/stop.sh', '#!/bin/bash\nfuser -k "$1/tcp"\n'],
  ['/w/a/package.json', '{"scripts":{"stop":"kill 21"}}'],
  ['/w/a/pids', null],
  ['/tmp/p', null],
  ['/w/a/x.md', '# x'],
  ['/w/a/x.md/a/stop.sh', null],
];
const facts: Facts = {
  ...FACTS,
  files: new Map<string, Known<string | null>>(FILES.map(([path, text]) => [path, known(text)])),
  links: new Map<string, Known<string | null>>([
    ['/proc/11/cwd', known('/w/a')],
    ['/proc/21/cwd', known('/w/b')],
    ['/proc/99/cwd', known(null)],
  ]),
};
const played = (command: string) => playCommand(command, CALLER, facts);

test.each<[string, readonly number[]]>([
  ["trap 'kill $P' EXIT; P=$(lsof -ti:3001)", [21]],
  ["P=21; trap 'kill $P' EXIT; P=12", [12, 21]],
  ["trap 'kill $P' EXIT; sleep 9 & P=$!", []],
  ["trap 'kill 21' EXIT; trap - EXIT", [21]],
  ["trap 'kill $P' EXIT; trap - EXIT; P=21", []],
  ["(trap 'kill $P' EXIT; P=21); P=12", [21]],
  ["if true; then trap 'kill $P' INT; fi; P=21", [21]],
  ['cp stop.sh /tmp/x && bash /tmp/x 3001', [21]],
  ['cp stop.sh /tmp && bash /tmp/stop.sh 3001', [21]],
  ['ln -s ../a/stop.sh /w/c/link; bash /w/c/link 3001', [21]],
  ['echo true > x; mv stop.sh x; bash x 3001', [21]],
  ['cp stop.sh x; echo true > x; bash x 3001', []],
  ["sed -i 's/fuser -k/echo/' stop.sh; bash stop.sh 3001", []],
  ['cp -r ../a /tmp/c; bash /tmp/c/stop.sh 3001', [21]],
  ['mv /w/a /w/d; mv /w/d /tmp/d; bash /tmp/d/stop.sh 3001', [21]],
  ['cp x.md /w; bash /w/a/stop.sh 3001; bash stop.sh 3000', [11, 21]],
  ['mkdir d; echo kill 21 > d/x; cp -r d e; mv e d; sh d/x', [21]],
  ['for i in $(seq 2000); do cp stop.sh f$i; done; bash f1999 3001', [21]],
  ['shopt -s nocasematch; case STOP in stop) kill 21;; esac; [[ A == a ]] && kill 22', [21, 22]],
  ['[[ 010 -eq 8 ]] && kill 21', [21]],
  ['for p in 11 21 22; do [[ $p == 2* ]] || continue; kill $p; done', [21, 22]],
  ['for p in 11 12 21; do if [ $p -gt 11 ]; then break; fi; kill $p; done', [11]],
  ['for p in 11 21; do [ "$UNSET" = x ] && continue; kill $p; done', [11, 21]],
  ['for p in 11 21; do (continue); { true | continue; }; bash -c continue; kill $p; done', [11, 21]],
  ['for p in 11 21; do for q in 1 2; do continue 2; done; kill $p; done', [11, 21]],
  ['for p in 11 21; do for q in 1 2; do break; done; kill $p; done', [11, 21]],
  ['echo "11 21 22" | tr " " "\\n" | while read p; do [ $p = 21 ] && continue; kill $p; done', [11, 22]],
  ['f() { continue; }; for p in 11 21; do f; kill $p; done', [11, 21]],
  ['break; kill 21', [21]],
  ['if true; then continue; fi; { break; kill 21; }', [21]],
  ['for p in 11 21; do break & kill $p; done', [11, 21]],
  ['for p in 11 21; do { break; } & kill $p; done', [11, 21]],
  ['for p in 11 21; do break > /nowhere/x; kill $p; done', [11, 21]],
  ['for p in 11 21; do { break; } 2> /nowhere/x; kill $p; done', [11, 21]],
  ['for p in 11 21; do if break < /nowhere/x; then :; fi; kill $p; done', [11, 21]],
  ['for p in 11 21; do nohup break; env continue; kill $p; done', [11, 21]],
  ['for p in 11 21; do (break; kill $p); done', [11, 21]],
  ['for p in 11 21; do x=$(break; kill $p); done', [11, 21]],
  ["for p in 1; do bash -c 'break; kill 21'; done", [21]],
  ['f() { break; kill 21; }; for p in 1; do f; done', [21]],
  ['for p in 1; do echo x | { continue; kill 21; }; done', [21]],
  ['for p in 1; do coproc { break; kill 21; }; done', [21]],
  ['while true; do [ -z "$x" ] && { x=1; continue; }; kill 21; done', [21]],
  ['fuser -k -9 -15 3001/tcp; fuser -k -9 -USR1 3000/tcp', [11, 21]],
  ["perl -pi -e 's/a/b/' stop.sh; bash stop.sh 3001", [21]],
  ['jq .version=2 package.json > p && mv p package.json && npm stop', [21]],
  ['echo kill 21 >> /tmp/p; bash /tmp/p', [21]],
  ['bash -n stop.sh 3001; bash -nc "kill 21"; sh -o noexec stop.sh 3001', []],
  ['bash -norc stop.sh 3001', [21]],
  ['case stop in st*) kill 21;; *) kill 22;; esac', [21]],
  ['case stop in "st*") kill 21;; *) kill 22;; esac', [22]],
  ['case stop in stop) kill 21;& x) kill 22;; *) kill 12;; esac', [21, 22]],
  ['case $UNSET in a) kill 21;; b) kill 22;; esac', [21, 22]],
  ['x=a; while read y; do case $x in b) kill 21;; esac; x=b; done', [21]],
  ['i=0; until [ $i -ge 4 ]; do [[ $i -eq 3 ]] && kill 21; i=$((i+1)); done', [21]],
  ['[[ 3 -gt 4 || a != "a" ]] && kill 21; [ 3 -gt 4 ] || kill 22', [22]],
  ['[[ ! $UNSET == x ]] && kill 21', [21]],
  ['for p in 11 21 99; do [ "$(readlink /proc/$p/cwd)" = "$PWD" ] && kill $p; done', [11]],
  ['for p in 11 21; do [[ $(readlink -f /proc/$p/cwd) == *"/w/b"* ]] && kill $p; done', [21]],
  ['pwdx 11 21 99 | grep "$PWD" | cut -d: -f1 | xargs kill', [11]],
  ['kill $(ps -o ppid= -p $$)', [10]],
  ['fuser -k9 3001/tcp; pkill -v node', []],
  ['f=$(mktemp); echo 21 > $f; kill $(cat $f)', [21]],
  ['kill $(cat $(mktemp))', []],
])('%s', (command, ends) => {
  const {endings, undecided} = played(command);
  expect({undecided, ends: endings.map(({pid}) => pid).toSorted((a, b) => a - b)}).toEqual({undecided: [], ends});
});

test.each([
  "node -e \"require('child_process').execSync('lsof -ti:3001 | xargs kill')\"",
  "node -e \"require('child_process').spawnSync('fuser', ['-k', '3001/tcp'])\"",
  'python3 -c "import subprocess; subprocess.run(\'true && kill $(cat p)\', shell=True)"',
  "python3 -c \"import subprocess; subprocess.run(['tmux', 'kill-server'])\"",
  'perl -e \'system("lsof -ti:3001 | xargs kill")\'',
  'ruby -e \'exec "killall node"\'',
  "sed -i '/^fuser/c pkill -f vite' stop.sh; bash stop.sh",
  'jq \'.scripts.stop="pkill node"\' package.json > p && mv p package.json && npm stop',
  "python3 -c \"open('stop.sh', 'w').write('pkill -f vite')\"; bash stop.sh",
  "sed -i '1a # more' stop.sh; bash stop.sh 3001",
  "python3 -c \"from pathlib import Path; (Path('/w') / 'a' / 'stop.sh').write_text('pkill -f vite')\"; bash stop.sh",
  "python3 - <<'X'\nd = '/w/a'\nopen(f'{d}/package.json', 'w').write('{\"scripts\":{\"stop\":\"pkill node\"}}')\nX\nnpm stop",
  "ipython -c '!pkill node'",
  'node -e "import(\'tree-kill\').then(({default: kill}) => kill(21))"',
  'TMUX_TMPDIR=$UNSET tmux kill-server',
  'kill $(date +%N)$UNSET',
  "trap 'kill $UNSET' EXIT; true",
])('%s is asked about', command => {
  expect(played(command).undecided).not.toEqual([]);
});
