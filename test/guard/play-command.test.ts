// Commands played over literals: whom they end, what is undecided, what has to be read first.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../src/core/domain/known.ts';
import {type Facts, NO_FACTS} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

const file = (path: string, text: string): Facts => ({...FACTS, files: new Map([[path, known(text)]])});

const ends = (command: string, facts: Facts = FACTS): readonly number[] => {
  const {endings, needs, undecided} = playCommand(command, CALLER, facts);
  expect({needs, undecided}).toEqual({needs: [], undecided: []});
  return endings.map(({pid}) => pid).toSorted((a, b) => a - b);
};

const doubts = (command: string, facts: Facts = FACTS): readonly string[] =>
  playCommand(command, CALLER, facts).undecided.map(({because}) => because);

describe('whom a command ends', () => {
  test.each([
    ['pkill -f vite', [11, 21]],
    ['pkill node', [11, 12, 21, 22]],
    ['pkill -f "vite.*3001"', [21]],
    ['pkill -n node', [22]],
    ['pkill -n node; pkill -n node', [21, 22]],
    ['pkill -P $PPID', [11, 12]],
    ['pkill -u root', []],
    ['lsof -ti:3000 | xargs kill -9', [11, 30]],
    ['kill $(lsof -ti tcp:3000 -sTCP:LISTEN)', [11]],
    ['fuser -k 3000/tcp', [11]],
    ['npx kill-port 3000', [11]],
    ['npx fkill-cli@8 -f :3000', [11]],
    ['npx tree-kill 20', [20, 21, 22]],
    ['kill -9 -1', [10, 11, 12, 20, 21, 22, 30]],
    ['sudo kill -9 -1', [10, 11, 12, 20, 21, 22, 30, 40]],
    ['kill 0; kill %1; kill $!; kill -- -$$', []],
    ['kill -0 21', []],
    ['export p=21; kill $p', [21]],
    ['echo 21 > /tmp/p; kill $(< /tmp/p)', [21]],
    ['false && kill 21', []],
    ['true || kill 21', []],
    ['if pgrep -f nothing-like-it; then kill 21; fi', []],
    ['for p in 3000 3001; do kill $(lsof -ti:$p -sTCP:LISTEN); done', [11, 21]],
    ["ps aux | grep 'vite --port 3001' | grep -v grep | awk '{print $2}' | xargs -r kill", [21]],
    ['sh <<EOF\npkill -f mcp\nEOF', [12, 22]],
    ['pids=$(pgrep -f vite); kill $pids', [11, 21]],
    ['pgrep -f vite > /tmp/p; xargs kill < /tmp/p', [11, 21]],
    ['while read -r p; do kill $p; done < <(pgrep -f mcp)', [12, 22]],
    ['k() { pkill -f "$1"; }; k mcp', [12, 22]],
    ['grep -q pkill <<< text && echo "pkill node"', []],
    ['git commit -m "stop: kill the server with pkill node"', []],
    ['git fetch "--upl=kill 21; git-upload-pack" .', [21]],
    ['git push --rece "kill 21" .', [21]],
    ["git clone -u'kill 21; git-upload-pack' a b", [21]],
    ['git rebase --exe "kill 21" main', [21]],
    ["git clone -c core.fsmonitor='kill 21' a b", [21]],
    ["git clone --conf=core.sshCommand='kill 21' h:a b", [21]],
    ['git push --repo kill --verbose', []],
  ])('%s', (command, pids) => {
    expect(ends(command)).toEqual(pids);
  });
});

test('package scripts, make and shell scripts are read', () => {
  expect(ends('npm stop', file('/w/a/package.json', '{"scripts":{"prestop":"true","stop":"pkill -f vite"}}'))).toEqual([11, 21]);
  expect(ends('make stop', file('/w/a/GNUmakefile', 'PORT := 3001\nstop: down\ndown:\n\t@kill $$(lsof -ti:$(PORT))\n'))).toEqual([21]);
  expect(ends('./stop.sh 3001', file('/w/a/stop.sh', '#!/usr/bin/env bash\nfuser -k "$1/tcp"\n'))).toEqual([21]);
});

describe('pm2 ends what it keeps under a name', () => {
  const kept = (line: string, pid: number) => process(pid, 50, line);
  const processes = new Map(
    [
      process(1, 0, 'init', {uid: 0}),
      process(50, 1, 'PM2 v7.0.4: God Daemon (/home/u/.pm2)'),
      kept('node app.js', 51),
      kept('node app.js', 52),
      process(53, 52, 'esbuild'),
    ].map(each => [each.pid, each]),
  );
  const facts: Facts = {
    ...FACTS,
    processes: known(processes),
    directories: new Map([['/home/u/.pm2/pids', known(['web-0.pid', 'my-api-1.pid', 'gone-2.pid'])]]),
    files: new Map([
      ['/home/u/.pm2/pids/web-0.pid', known('51\n')],
      ['/home/u/.pm2/pids/my-api-1.pid', known('52\n')],
      ['/home/u/.pm2/pids/gone-2.pid', known('1\n')],
      ['/w/a/ecosystem.config.js', known("module.exports = {apps: [{name: 'web', script: 'my-api.js'}]}")],
    ]),
  };
  test.each([
    ['pm2 stop web', [51]],
    ['pm2 restart "my api" --update-env', [52, 53]],
    ['pm2 delete 1', [52, 53]],
    ['pm2 -s reload web', [51]],
    ['pm2 delete all', [51, 52, 53]],
    ['pm2 kill', [50, 51, 52, 53]],
    ['pm2 start web', [51]],
    ['pm2 start ecosystem.config.js', [51]],
    ['pm2 start other.js --name web', []],
    ['pm2 sendSignal SIGKILL web', [51]],
    ['PM2_HOME=/elsewhere pm2 kill', []],
    ['pm2 list', []],
  ])('%s', (command, pids) => {
    const read = {...facts, files: new Map([...facts.files, ['/w/a/other.js', known('')]])};
    expect(ends(command, read)).toEqual(pids);
  });

  test('what has no pid file is undecided', () => {
    expect(doubts('pm2 delete default', facts)).toEqual(['which process pm2 keeps under that name cannot be seen']);
  });
});

test('tasks of a Taskfile are asked about where they plainly end something', () => {
  const text = 'version: "3"\ntasks:\n  build:\n    cmds:\n      - tsc\n  stop:\n    cmds:\n      - kill 21\n  all:\n    deps: [stop]\n';
  const paths = ['Taskfile', 'taskfile'].flatMap(name => ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map(end => `/w/a/${name}${end}`));
  const files = new Map(paths.map(path => [path, known(path === '/w/a/Taskfile.yml' ? text : null)]));
  const asked = (command: string): number => playCommand(command, CALLER, {...FACTS, files}).undecided.length;
  expect(['task stop', 'task all', 'task -d . stop'].map(asked)).toEqual([1, 1, 1]);
  expect(['task build', 'task --list'].map(asked)).toEqual([0, 0]);
});

test('groups of package scripts are read', () => {
  const scripts = file('/w/a/package.json', '{"scripts":{"stop:a":"kill-port 3000","stop:b":"kill-port 3001","x":"true"}}');
  expect(ends('run-s stop:a x', scripts)).toEqual([11]);
  expect(ends('npm-run-all --parallel "stop:*"', scripts)).toEqual([11, 21]);
  expect(ends('npx concurrently -n a,b npm:stop:b "kill 12"', scripts)).toEqual([12, 21]);
});

test('what is not known is undecided, never guessed', () => {
  expect(doubts('pkill -f "$PATTERN"')).toEqual(['$PATTERN is not known here']);
  expect(doubts('echo cGtpbGwgbm9kZQo= | base64 -d | sh')).toEqual(['what it runs is decoded only while it runs']);
  expect(doubts('python3 -c "import os; os.kill(21, 9)"')).toEqual(['what the python3 text ends is not followed']);
  expect(doubts('pkill -f x', {...FACTS, processes: unknown('/proc is hidden')})).toEqual(['/proc is hidden']);
  expect(doubts('bash -c "pkill -f $PATTERN"')).toEqual(['$PATTERN is not known here']);
  expect(doubts('eval "kill $SERVER"')).toEqual(['$SERVER is not known here']);
  expect(doubts('node -e "process.kill($SERVER)"')).toEqual(['what the node text ends is not followed']);
  expect(doubts('p=21; export p=$(curl -s localhost); kill $p')).toEqual(['what curl writes is not known']);
  expect(doubts('if test -e y; then p=vite; else p=node; fi; pkill $p')).toEqual(['it depends on which way the command goes']);
});

test.each([
  'echo 1 | sudo tee /sys/fs/cgroup/x/cgroup.kill',
  'cp one /sys/fs/cgroup/x/cgroup.freeze',
  'dd if=k of=/sys/fs/cgroup/x/cgroup.kill',
  'cd /sys/fs/cgroup/x && echo 1 | tee cgroup.kill',
  'uniq one /sys/fs/cgroup/x/cgroup.kill',
  'git log -1 --format=1 --output=/sys/fs/cgroup/x/cgroup.kill',
  'echo b > /proc/sysrq-trigger',
])('%s: whom a written file ends is not followed', command => {
  expect(mayEnd(command)).toBe(true);
  expect(doubts(command).join()).toContain('ends or freezes whatever is in it');
});

test.each([
  'sg users "kill 21"',
  'tar --checkpoint=1 --checkpoint-action="exec=kill 21" -cf /dev/null .',
  'rsync -e "kill 21;ssh" a: b',
  'vim -es -c "!kill 21" -c q',
  'less +"!kill 21" x',
  'man -P "kill 21" ls',
  'split --filter="kill 21" x',
  'socat EXEC:"kill 21" -',
  'nodemon --exec "kill 21" x.js',
])('%s: what a program of another trade is told to run is played', command => {
  expect(ends(command)).toEqual([21]);
});

test('where the shell of the user is zsh, a list is whole and counts from 1, and a text is one word; what bash would end counts as well', () => {
  const caller = {...CALLER, variables: new Map([...CALLER.variables, ['SHELL', '/usr/bin/zsh']])};
  const played = (command: string) => playCommand(command, caller, FACTS).endings.map(({pid}) => pid);
  expect(played('p=(12 21); kill $p')).toEqual([12, 21]);
  expect(played('x="vite --port 3001"; pkill -f $x')).toEqual([21]);
  expect(played('p=; x="vite --port 3001"; pkill -f $p $x')).toEqual([21]);
  expect(played('p="12 21"; kill $p')).toEqual([12, 21]);
  expect(ends('x="vite --port 3001"; pkill -f $x')).toEqual([]);
  expect(ends('zsh -c \'x="vite --port 3001"; pkill -f $x\'')).toEqual([21]);
  expect(played("bash -c 'p=(12 21); kill $p'")).toEqual([12]);
  expect(ends('p=(12 21); kill $p')).toEqual([12]);
  expect(ends("zsh -c 'p=(12 21); kill $p; =kill 22'")).toEqual([12, 21, 22]);
  const empty = new Map([['/w/a', known([])]]);
  expect(doubts('p=(12 21); kill $p[2]', {...FACTS, directories: empty}).join()).toContain('is not followed');
});

test('what was not read yet is asked for, and nothing else', () => {
  const {needs} = playCommand('kill $(lsof -ti:3000); bash ./x.sh', CALLER, NO_FACTS);
  expect(needs).toEqual([
    {kind: 'sockets', port: 3000},
    {kind: 'file', path: '/w/a/x.sh'},
  ]);
  expect(playCommand('npm test && ls | wc -l', CALLER, FACTS).needs).toEqual([{kind: 'file', path: '/w/a/package.json'}]);
});
