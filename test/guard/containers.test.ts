// Containers: whom an order of docker or podman ends, and how the two tell of them.
import {expect, test} from 'vitest';
import {type Known, known} from '../../src/core/domain/known.ts';
import type {ContainerFact, Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {containerFormat, parseContainers} from '../../src/guard/read/read-containers.ts';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {CALLER, FACTS} from './fleet.ts';

test('an order that makes containers anew is read', () => {
  expect(mayEnd('docker compose up -d --force-recreate')).toBe(true);
  expect(mayEnd('docker compose up -d --remove-orphans')).toBe(true);
  expect(mayEnd('docker compose up -d')).toBe(true);
  expect(mayEnd('docker compose ps')).toBe(false);
});

test('podman has labels as a map, and says its state in words', () => {
  expect(containerFormat('podman')).toContain('{{index .Labels "com.docker.compose.project"}}');
  expect(containerFormat('docker')).toContain('{{.Label "com.docker.compose.project"}}');
  expect(parseContainers('1a\tweb\tUp 2 minutes ago\t\t\t\n2b\tdb\tExited (0) 3 hours ago\tshop\tdb\t/w/a\n')).toEqual([
    {id: '1a', name: 'web', running: true, project: '', service: '', directory: ''},
    {id: '2b', name: 'db', running: false, project: 'shop', service: 'db', directory: '/w/a'},
  ]);
});

const container = (id: string, name: string, running = true): ContainerFact => ({
  id,
  name,
  running,
  project: '',
  service: '',
  directory: '',
});
const LISTED = known([container('a1b2', 'web'), container('c3d4', 'web2'), container('e5f6', 'db'), container('0708', 'old', false)]);
const facts: Facts = {
  ...FACTS,
  containers: new Map([
    ['podman', LISTED],
    ['docker', LISTED],
  ]),
};

test.each([
  ['podman stop web', ['web']],
  ['docker ps --format \'"{{.ID}}"\' | xargs docker stop', ['web', 'web2', 'db']],
  ['podman kill a1', ['web']],
  ['podman rm web', []],
  ['podman rm -f web', ['web']],
  ['podman rm -f -t 0 db', ['db']],
  ['podman stop -a', ['web', 'web2', 'db', 'old']],
  ['docker kill -s CONT web', []],
  ['docker kill -s KILL web', ['web']],
  ['docker stop $(docker ps -q)', ['web', 'web2', 'db']],
  ['docker kill $(docker ps -qf name=^web$)', ['web']],
  ["docker rm -f $(docker ps -a --format '{{.ID}}' --filter name=web)", ['web', 'web2']],
  ["podman kill $(podman ps --format '{{.Names}}' | grep db)", ['db']],
  ['podman run -d --replace --name db postgres', ['db']],
  ['podman run -d --name db2 postgres', []],
  ['podman system reset -f', ['web', 'web2', 'db', 'old']],
])('%s', (command, names) => {
  const {containers, undecided, needs} = playCommand(command, CALLER, facts);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(containers.map(({name}) => name)).toEqual(names);
});

const started = (name: string, project: string, service: string, directory: string): ContainerFact => ({
  ...container(`${name}0`, name),
  project,
  service,
  directory,
});

const FILES: ReadonlyMap<string, string> = new Map([
  ['/w/a/compose.yaml', 'name: shop\n'],
  ['/w/a/tools/extra.yml', 'services: {}\n'],
]);

/** The files are there from the beginning: what is asked for is given. */
const withFiles = (command: string, given: Facts): Facts => {
  let filled = given;
  for (let round = 0; round < 12; round += 1) {
    for (const need of playCommand(command, CALLER, filled).needs) {
      filled =
        need.kind === 'file' ? {...filled, files: new Map([...filled.files, [need.path, known(FILES.get(need.path) ?? null)]])} : filled;
    }
  }
  return filled;
};

const COMPOSED = known([
  started('a-web', 'shop', 'web', '/w/a'),
  started('a-db', 'shop', 'db', '/w/a'),
  started('tools-x', 'tools', 'x', '/w/a/tools'),
  started('b-web', 'b', 'web', '/w/b'),
  container('free', 'free'),
]);

test.each([
  ['docker compose down', ['a-web', 'a-db']],
  ['docker compose stop web', ['a-web']],
  ['docker compose kill -s KILL', ['a-web', 'a-db']],
  ['docker compose kill -s KILL web', ['a-web']],
  ['docker compose rm -s web', ['a-web']],
  ['docker compose up -d --force-recreate web', ['a-web', 'a-db']],
  ['docker compose up -d', []],
  ['docker-compose down', ['a-web', 'a-db']],
  ['cd src && docker compose down', ['a-web', 'a-db']],
  ['cd /w/b/deep/er && docker compose down', ['b-web']],
  ['docker compose -f compose.yaml down', ['a-web', 'a-db']],
  ['docker compose -f tools/extra.yml down', ['tools-x']],
  ['COMPOSE_FILE=tools/extra.yml docker compose down', ['tools-x']],
  ['docker compose --project-directory /w/b down', ['b-web']],
  ['docker compose -p b down', ['b-web']],
  // podman-compose 1.0 goes on with the name of its directory.
  ['COMPOSE_PROJECT_NAME=b docker compose down', ['a-web', 'a-db', 'b-web']],
])('of a project: %s', (command, names) => {
  const {containers, undecided, needs} = playCommand(
    command,
    CALLER,
    withFiles(command, {...FACTS, containers: new Map([['docker', COMPOSED]])}),
  );
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(containers.map(({name}) => name)).toEqual(names);
});

test('a name of hexadecimal letters is a name, not the beginning of an id', () => {
  const list = known([container('a1b2', 'web'), container('ffff', 'a1')]);
  const named = (command: string): readonly string[] =>
    playCommand(command, CALLER, {...FACTS, containers: new Map([['podman', list]])}).containers.map(({name}) => name);
  expect(named('podman stop a1')).toEqual(['a1']);
  expect(named('podman stop a1b')).toEqual(['web']);
});

test.each([
  'podman rm -f --depend web',
  'podman pod pause p',
  'podman rmi -f box',
  'docker image rm --force box',
  'podman restart --running',
  'docker service scale x=0',
  'docker buildx stop x',
  'docker desktop restart',
  'docker compose exec web kill 1',
])('%s: who depends on it is not followed', command => {
  expect(mayEnd(command)).toBe(true);
  expect(playCommand(command, CALLER, facts).undecided.length).toBe(1);
});

/** Two work trees of one repository, whose file gives the project its name: docker compose 2.26 makes the other's containers anew. */
test.each([
  ['docker compose up -d', 'name: shop\nservices: {}\n', ['other']],
  ['docker compose up -d --no-recreate', 'name: shop\n', []],
  ['docker compose down', 'name: "shop"\n', ['own', 'other']],
  ['docker compose stop web', 'name: shop\n', ['own', 'other']],
  ['docker compose run --rm --remove-orphans web', 'name: shop\n', ['own', 'other']],
  ['docker compose wait web --down-project', 'name: shop\n', ['own', 'other']],
  ['docker compose scale web=0', 'name: shop\n', ['own', 'other']],
  ['docker compose up -d', 'services: {}\n', []],
  ['docker compose -p shop up -d', 'services: {}\n', ['own', 'other']],
  ['docker compose up -d --scale web=0', 'name: shop\n', ['own', 'other']],
])('%s with %j', (command, text, names) => {
  const list = known([started('own', 'shop', 'web', '/w/a'), started('other', 'shop', 'web', '/w/b')]);
  const files = new Map<string, Known<string | null>>([
    ['/w/a/compose.yaml', known(text)],
    ...['.env', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'].map(name => [`/w/a/${name}`, known(null)] as const),
  ]);
  const played = playCommand(command, CALLER, {...FACTS, files, containers: new Map([['docker', list]])});
  expect(played.needs).toEqual([]);
  expect(played.containers.map(({name}) => name)).toEqual(names);
});

test('the surroundings of a project may name it', () => {
  const list = known([started('b-web', 'b', 'web', '/w/b')]);
  const files = new Map<string, Known<string | null>>([
    ['/w/a/.env', known('X=1\nCOMPOSE_PROJECT_NAME=b\n')],
    ['/w/a/compose.yaml', known('name: shop\n')],
    ...['compose.yml', 'docker-compose.yaml', 'docker-compose.yml'].map(name => [`/w/a/${name}`, known(null)] as const),
  ]);
  const {containers} = playCommand('docker compose down', CALLER, {...FACTS, files, containers: new Map([['docker', list]])});
  expect(containers.map(({name}) => name)).toEqual(['b-web']);
});
