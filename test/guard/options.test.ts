// Options as the programs read them: cut, in one cluster, with a value in the same word or the next.
import {expect, test} from 'vitest';
import {type Known, known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';

const MAKEFILE = 'all:\n\ttrue\nstop:\n\tkill 21\nstop-%:\n\tkill $*\n22: 21\n\tkill $@ $<\n21:\n';
const facts: Facts = {
  ...FACTS,
  files: new Map<string, Known<string | null>>([
    ['/w/a/GNUmakefile', known(null)],
    ['/w/a/makefile', known(null)],
    ['/w/a/Makefile', known(MAKEFILE)],
    ['/w/b/GNUmakefile', known(null)],
    ['/w/b/makefile', known(null)],
    ['/w/b/Makefile', known(MAKEFILE)],
  ]),
};
const played = (command: string) => playCommand(command, CALLER, facts);

test.each<readonly [string, readonly number[]]>([
  ['pkill --sig KILL -f "vite --port 3001"', [21]],
  ['pkill --ful "vite --port 3001"', [21]],
  ['pkill --par 20', [21, 22]],
  ['pkill --sig 0 node', []],
  ['kill $(pgrep --delim " " node)', [11, 12, 21, 22]],
  ['killall --ignore FIREFOX', [30]],
  ['killall --reg "fire.*"', [30]],
  ['kill --sig 0 21', []],
  ['/bin/kill --signal=KILL 21', [21]],
  ['timeout --k 2 5 kill 21', [21]],
  ['env --split-s "kill 21"', [21]],
  ['env -iS "kill 21"', [21]],
  ["env -S 'kill\\_21'", [21]],
  ['env --chd /tmp kill 21', [21]],
  ['sudo -uroot kill 21', [21]],
  ['sudo --chroot / kill 21', [21]],
  ['sudo --login kill 21', [21]],
  ['sudo -s <<< "kill 21"', [21]],
  ['sudo -l kill 21', []],
  ['prlimit --nofile=64 kill 21', [21]],
  ['prlimit --pid 21', []],
  ['echo 21 | xargs --max-a 1 kill', [21]],
  ['echo 21 > /tmp/p; xargs --arg-f /tmp/p kill', [21]],
  ['printf "21\\0" | xargs --nul kill', [21]],
  ['echo 21 | xargs -ra /dev/stdin kill', [21]],
  [`echo '"21" 22' | xargs kill`, [21, 22]],
  [`echo '-c "kill 21"' | xargs sh`, [21]],
  ['echo "kill 21" | xargs | sh', [21]],
  ['printf "%s\\n" "-0 22" 21 | xargs -L1 kill', [21]],
  ['echo 21 | xargs -n $N kill', [21]],
  ['echo 21 | xargs -iX kill X', [21]],
  ['make -j stop', [21]],
  ['make -kj 4 stop', [21]],
  ['make --jobs stop', [21]],
  ['make -Otarget -l 2 stop', [21]],
  ['make --direc ../b stop', [21]],
  ['make --makef Makefile stop', [21]],
  ['make -W x stop', [21]],
  ['make --recon stop', []],
  ['make stop-22', [22]],
  ['make 22', [21, 22]],
])('%s', (command, pids) => {
  const {endings, undecided, needs} = played(command);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(endings.map(({pid}) => pid).toSorted((a, b) => a - b)).toEqual(pids);
});

test.each([
  'prlimit --pid 21 --cpu=1',
  'prlimit -p21 -t1',
  'printf "k = kill \\$(1)\\nall:\\n\\t\\$(call k,21)\\n" > /tmp/Mk; make -f /tmp/Mk',
])('%s is asked about', command => {
  expect(played(command).undecided).toHaveLength(1);
});
