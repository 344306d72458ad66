// Commands in options and variables of programs of another trade, in scripts by their first line, in files that the command has written.
import {expect, test} from 'vitest';
import {type Known, known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {CALLER, FACTS} from './fleet.ts';

const FILES: readonly (readonly [string, string | null])[] = [
  ['/w/a/stop', '#!/usr/bin/make -f\nall:\n\tkill 21\n'],
  ['/w/a/stop-plain', 'kill 21\n'],
  ['/w/a/stop-split', '#!/usr/bin/env -S bash -e\nkill 21\n'],
  ['/w/a/bin/stop-servers', '#!/usr/bin/env node\nprocess.kill(21);\n'],
  ['/w/a/bin/kill.pl', '#!/usr/bin/perl -w\nkill 15, 21;\n'],
  ['/w/a/kill.awk', 'BEGIN {system("kill 21")}'],
  ['/w/a/kill.sed', '1{e kill 21\n}'],
  ['/w/a/.git/config', null],
  ['/home/u/.gitconfig', null],
  ['/home/u/.config/git/config', null],
];
const facts: Facts = {
  ...FACTS,
  files: new Map<string, Known<string | null>>(FILES.map(([path, text]) => [path, known(text)])),
  directories: new Map([
    ['/w/a', known(['stop'])],
    ['/tmp', known([])],
  ]),
};
const played = (command: string) => playCommand(command, CALLER, facts);

test.each([
  'tar --to-c "kill 21" -xf x',
  'tar --checkpoint=1 --checkpoint-a exec="kill 21" -cf x .',
  'tar -cI "kill 21" -f x .',
  'tar --use="kill 21" -cf x .',
  'TAR_OPTIONS=\'--checkpoint=1 --checkpoint-action=exec="kill 21"\' tar cf x .',
  'rsync -ave "kill 21" a h:b',
  'scp -o ProxyCommand="kill 21" a h:b',
  'echo x | sort --compress-prog="kill 21"',
  'split --filt "kill 21" x',
  'zip -T --unzip-command "kill 21" x.zip y',
  'man --pag "kill 21" ls',
  'PAGER="kill 21" man ls',
  'export EDITOR="kill 21"; crontab -e',
  'env GIT_EDITOR="kill 21" git commit',
  'RSYNC_RSH="kill 21" rsync a h:b',
  'LESSOPEN="|kill 21 %s" less x',
  './stop',
  './stop-plain',
  'env ./stop-plain',
  './stop-split',
  'echo "kill 21" > /tmp/x; chmod +x /tmp/x; /tmp/x',
  'echo "kill 21" > /tmp/rc; bash --rcfile /tmp/rc -i -c true',
  'echo "kill 21" > ~/.bashrc; bash -ic true',
  'hash -p /bin/kill x; x 21',
  'echo 21 > s.pid; kill $(cat *.pid)',
  'echo 2 > /tmp/p; echo 1 >> /tmp/p; kill $(tr -d "\\n" < /tmp/p)',
  'kill $((20 + 1)); i=3; kill $((i * (8 - 1)))',
  'pid=$(echo "pid: 21" | tr -cd 0-9); kill $pid',
  "kill $(echo 'pid: 21' | tr -dc '[:digit:]')",
  'for i in 1; do lsof -ti:$((3000 + i)) | xargs kill; done',
  'mkdir h; echo "kill 21" > h/pre-commit; git -c core.hooksPath=h commit -m x',
  "printf '[alias]\\n\\tz = !kill 21\\n' >> .git/config; git z",
])('%s', command => {
  expect(mayEnd(command)).toBe(true);
  const {endings, undecided, needs} = played(command);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(endings.map(({pid}) => pid)).toEqual([21]);
});

test.each([
  './bin/stop-servers',
  './bin/kill.pl',
  'awk -f kill.awk',
  "awk -v c='kill 21' 'BEGIN {system(c)}'",
  'gawk --sour="BEGIN {system(\\"kill 21\\")}"',
  'echo x | sed --exp "e kill 21"',
  "echo x | sed 's|.*|kill 21|e'",
  'echo x | sed -f kill.sed',
  'parallel kill :::+ 21',
])('%s is asked about', command => {
  expect(mayEnd(command)).toBe(true);
  const {undecided, needs} = played(command);
  expect(needs).toEqual([]);
  expect(undecided).not.toEqual([]);
});
