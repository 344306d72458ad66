// Names as people and tmux write them: bare repositories, and dots in the names of sessions.
import {expect, test} from 'vitest';
import {identifyFleet} from '../../../src/core/judge/owners/identify.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, listener, look, pane, process, server, session, settings} from '../../support/world.ts';

const rigsOf = (checkouts: Readonly<Record<string, string>>): readonly string[] => {
  const directories = Object.keys(checkouts);
  const servers = [
    server(
      'default',
      directories.map((_, index) => session(`s${index}`, [pane(`%${index}`, 4000 + index)])),
    ),
  ];
  const processes = directories.map((cwd, index) => process(4000 + index, 700, 'claude', {cwd, tty: `pts/${index}`}));
  return identifyFleet(look({servers, processes, checkouts}), settings, SOURCES).agents.map(agent => agent.rig);
};

test('a bare repository is called by the directory that a person gave it', () => {
  expect(rigsOf({'/w/project/main': '/w/project/.bare', '/w/project/feat': '/w/project/.bare'})).toEqual(['project', 'project']);
  expect(rigsOf({'/w/a/project/main': '/w/a/project/.bare', '/w/b/project/main': '/w/b/project/.bare'})).toEqual([
    'a-project',
    'b-project',
  ]);
  expect(rigsOf({'/w/trees/x': '/srv/git/shop.git'})).toEqual(['shop']);
  expect(rigsOf({'/w/.bare': '/.bare'})).toEqual(['.bare']);
});

const RIG = {
  name: 'my.app',
  path: '/w/app',
  session: '{rig}-{slot}',
  slots: 2,
  slotStride: 1,
  services: [{name: 'web', basePort: 5390, command: null}],
};

test.each(['my_app-1', 'my.app-1'])('a session that tmux calls %s is the one declared with a dot', name => {
  const facts: LookFacts = {
    servers: [server('default', [session(name, [pane('%1', 4000, {windowName: 'web'})])])],
    processes: [process(4000, 700, 'vite', {cwd: '/w/app', tty: 'pts/1'})],
    listeners: [listener(5391, 4000)],
  };
  const {services, fleet} = assessAll([look(facts)], {rigs: [RIG]}).assessment;
  expect(services).toMatchObject([{ref: 'slot:my.app/1/web', state: 'up'}]);
  expect([...fleet.sessionOwners.values()]).toMatchObject([{rig: 'my.app', slot: {slot: 1}}]);
});

test('a name that is merely alike is another', () => {
  const facts: LookFacts = {
    servers: [server('default', [session('my-app-1', [pane('%1', 4000)])])],
    processes: [process(4000, 700, 'vite', {cwd: '/w/app', tty: 'pts/1'})],
  };
  expect(assessAll([look(facts)], {rigs: [RIG]}).assessment.services).toEqual([]);
});
