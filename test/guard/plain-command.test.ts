// What is let through for being plain is never read: so nothing that a program could take for more than text may be plain.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {isPlain} from '../../src/guard/shell/plain-command.ts';
import {CALLER, FACTS} from './fleet.ts';

test.each([
  "sed -n '1,20p' stop.txt",
  'sed -n 5p kill.ts | head -3',
  'grep -rn "process.kill" src/ | head -20',
  'cd packages/web && git add -A && git commit -m "Kill the stale server; stop it (twice) & restart"',
  'git -C ../b log --oneline -5 --grep=kill',
  "find . -name '*kill*' -not -path './node_modules/*' 2>/dev/null",
  'rm -rf dist node_modules',
  'cat $HOME/stop.log 2>&1 | tail -50; echo done',
  'ls -la\ngrep stop *.sh || true',
])('%s is plain', command => {
  expect(isPlain(command)).toBe(true);
});

test.each([
  "sed -n '1e kill 21' x",
  'sed -n -e 1p -s x',
  'sed 1p kill',
  'find . -name x -exec kill {} +',
  "find . -name x -okdir kill ';'",
  'rg --pre kill x',
  'git -c core.pager=kill log',
  'git fetch "ext::sh -c kill% 21"',
  'git fetch "--uplo=kill 21; git-upload-pack" .',
  'git push --rece "kill 21" .',
  'git push --e "kill 21" .',
  'find /tmp/tmux-0 -type s -delete',
  "git rebase --exec 'kill 21' main",
  'git bisect run kill 21',
  'git stop',
  'git -C x -c alias.log=!kill log',
  'GIT_PAGER="kill 21" git log',
  'rm -rf /tmp/tmux-0',
  'cd /tmp && rm -r tmux-1000',
  'rm -rf ../*',
  'echo 1 > /sys/fs/cgroup/x/cgroup.kill',
  'echo 1 >/dev/nullx',
  'echo kill 21 | sh',
  'cat <(kill 21)',
  'echo $(kill 21)',
  'echo "$(kill 21)"',
  'echo `kill 21`',
  'echo "`kill 21`"',
  'grep kill x & kill 21',
  'grep kill x; ./kill 21',
  'cat x; kill 21',
  'cat x\nkill 21',
  'cat() { kill 21; }; cat x',
  'alias cat="kill 21"; cat x',
  'echo $[21] kill',
  'ca\\t x; kill',
  '$cat kill',
  'cat "x\\" ; kill 21; "y"',
  'if cat kill; then ls; fi',
  'time cat kill',
  '! grep kill x',
  "echo $'a' kill",
])('%s is not', command => {
  expect(isPlain(command)).toBe(false);
});

/** Filters read files and globs look into directories, and nothing is there. */
const withNothing = (facts: Facts, command: string): Facts => {
  const {needs} = playCommand(command, CALLER, facts);
  expect(needs.filter(({kind}) => kind !== 'file' && kind !== 'directory')).toEqual([]);
  return {
    ...facts,
    files: new Map(needs.flatMap(need => (need.kind === 'file' ? [[need.path, known(null)]] : []))),
    directories: new Map(needs.flatMap(need => (need.kind === 'directory' ? [[need.path, known([])]] : []))),
  };
};

const piece = fc.constantFrom(
  ...'cat grep sed git rm find rg echo kill pkill sh eval xargs -n 1,3p 21 node -exec -f -c -C log . ; | && || & \n $x $( ) ` " \' { } < > >/dev/null 2>&1 \\ # ! = * tmux-0 /tmp'.split(
    ' ',
  ),
);
const commands = fc.array(fc.tuple(piece, fc.constantFrom('', ' ', ' ')), {minLength: 1, maxLength: 9}).map(all => all.flat().join(''));

test('whatever is plain ends nobody when it is read', () => {
  const seed = process.env.RIGTOP_SEED;
  let plain = 0;
  fc.assert(
    fc.property(commands, command => {
      fc.pre(isPlain(command));
      plain += 1;
      const {endings, containers, undecided} = playCommand(command, CALLER, withNothing(FACTS, command));
      expect({endings, containers, undecided}).toEqual({endings: [], containers: [], undecided: []});
    }),
    {numRuns: Number(process.env.RIGTOP_WORLDS ?? 400), maxSkipsPerRun: 10_000, ...(seed === undefined ? {} : {seed: Number(seed)})},
  );
  expect(plain).toBeGreaterThan(0);
});
