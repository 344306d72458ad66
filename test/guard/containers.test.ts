// Containers: whom an order of docker or podman ends, and how the two tell of them.
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {ContainerFact, Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {containerFormat, parseContainers} from '../../src/guard/read/read-containers.ts';
import {CALLER, FACTS} from './fleet.ts';

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
  ['podman kill a1', ['web']],
  ['podman rm web', []],
  ['podman rm -f web', ['web']],
  ['podman stop -a', ['web', 'web2', 'db', 'old']],
  ['docker kill -s CONT web', []],
  ['docker kill -s KILL web', ['web']],
  ['docker stop $(docker ps -q)', ['web', 'web2', 'db']],
  ['docker kill $(docker ps -qf name=^web$)', ['web']],
  ["docker rm -f $(docker ps -a --format '{{.ID}}' --filter name=web)", ['web', 'web2']],
  ["podman kill $(podman ps --format '{{.Names}}' | grep db)", ['db']],
  ['podman run -d --replace --name db postgres', ['db']],
  ['podman run -d --name db2 postgres', []],
])('%s', (command, names) => {
  const {containers, undecided, needs} = playCommand(command, CALLER, facts);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(containers.map(({name}) => name)).toEqual(names);
});
