import {describe, expect, it} from 'vitest';
import {presenceOf} from '../../../src/core/domain/multiplexer.ts';
import type {CommandResult} from '../../../src/core/os/host.ts';
import {parseHerdrAgents, parseHerdrSessions} from '../../../src/sources/herdr/read/herdr-sessions.ts';
import {judgeZellijListing} from '../../../src/sources/zellij/read/zellij-sessions.ts';

const ran = (over: Partial<CommandResult>): CommandResult => ({stdout: '', stderr: '', exitCode: 0, trouble: null, tookMs: 1, ...over});

describe('zellij', () => {
  const live = judgeZellijListing(
    ran({
      stdout: 'work [Created 2h 3m ago] \nmy notes [Created 1s ago] (current)\nold [Created 3days ago] (EXITED - attach to resurrect)\n',
    }),
  );

  it.each([
    ['work', 'exists'],
    ['my notes', 'exists'],
    ['my', 'missing'],
    ['wor', 'missing'],
    ['old', 'missing'],
  ])('%s is %s', (name, presence) => {
    expect(presenceOf(live.server, name)).toBe(presence);
  });

  it('proves absence only by its own words', () => {
    expect(judgeZellijListing(ran({exitCode: 1, stderr: 'No active zellij sessions found.\n'})).server.state).toBe('absent');
    expect(judgeZellijListing(ran({exitCode: 137, stderr: 'No active zellij sessions found.\n'})).server.state).toBe('unknown');
    expect(judgeZellijListing(ran({exitCode: 1, stderr: 'permission denied'})).server.state).toBe('unknown');
    expect(judgeZellijListing(ran({exitCode: 1})).server.state).toBe('unknown');
  });

  it('takes its own words for what they are only where no session is listed', () => {
    const hostile = 'no active zellij sessions found';
    const among = judgeZellijListing(ran({stdout: `work [Created 2h ago] \n${hostile} [Created 1s ago] \n`}));
    expect(among.server.sessions.map(({name}) => name)).toEqual(['work', hostile]);
    expect(judgeZellijListing(ran({stdout: `${hostile} [Created 1s ago] \n`})).server.sessions).toHaveLength(1);
    expect(judgeZellijListing(ran({stdout: 'No active zellij sessions found.\n'})).server.state).toBe('absent');
  });

  it.each(['timeout', 'denied', 'failed', 'too-large'] as const)('%s is unknown', trouble => {
    expect(judgeZellijListing(ran({exitCode: null, trouble})).server.state).toBe('unknown');
  });

  it('is not there at all when there is no such program', () => {
    expect(judgeZellijListing(ran({exitCode: null, trouble: 'missing'}))).toMatchObject({installed: false, server: {state: 'unknown'}});
  });
});

describe('herdr', () => {
  it('reads running sessions in both shapes', () => {
    const rows = [
      {name: 'live', running: true},
      {name: 'off', running: false},
    ];
    expect(parseHerdrSessions(JSON.stringify({sessions: rows}))).toEqual(['live']);
    expect(parseHerdrSessions(JSON.stringify({result: {sessions: rows}}))).toEqual(['live']);
  });

  it.each([{name: 'odd', running: 'yes'}, {name: 'odd'}, {running: true}])('%j among them makes nothing of all of it', odd => {
    expect(parseHerdrSessions(JSON.stringify({sessions: [{name: 'live', running: true}, odd]}))).toBeNull();
  });

  it.each(['', '[]', '{}', '{"sessions": null}', '{"sessions": ["x"]}', 'oops'])('output %j proves nothing', stdout => {
    expect(parseHerdrSessions(stdout)).toBeNull();
    expect(parseHerdrAgents(stdout)).toBeNull();
  });

  it('shows exited agents as dead panes', () => {
    const agents = parseHerdrAgents(
      JSON.stringify({
        result: {
          agents: [
            {name: 'a', pane_id: 'p1', running: true},
            {name: 'b', pane_id: 'p2', agent_status: 'exited'},
            {name: 'c', pane_id: 'p3', running: false},
          ],
        },
      }),
    );
    expect(agents?.map(pane => [pane.id, pane.dead])).toEqual([
      ['p1', false],
      ['p2', true],
      ['p3', true],
    ]);
  });
});

it('a server that was never asked leaves a session unknown', () => {
  expect(presenceOf(undefined, 'x')).toBe('unknown');
});
