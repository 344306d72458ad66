import {describe, expect, test} from 'vitest';
import type {Owner} from '../../src/core/domain/agent.ts';
import type {Finding} from '../../src/core/domain/finding.ts';
import {known} from '../../src/core/domain/known.ts';
import {sessionKey} from '../../src/core/domain/multiplexer.ts';
import {explainRow} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {FleetView} from '../../src/store/rows.ts';
import {coarseAge} from '../../src/words/ages.ts';
import {countOf} from '../../src/words/counts.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {shortBytes, steadyBytes, steadyCount, steadyCpu} from '../../src/words/measures.ts';
import {agent, buildFleet, finding, lookAgain, pane, process_, servers, session} from './fleet.ts';

const view = viewFleet(buildFleet(), EMPTY_VIEW);
const words = (rows: FleetView['orphans']): readonly string[] =>
  rows.map(row => `${row.badge.word} ${row.cells.what ?? row.cells.name ?? ''}`);

describe('rows', () => {
  test('every verdict is a row; what is not sure is UNKNOWN with its suspicion', () => {
    expect(words(view.orphans)).toEqual([
      'ORPHAN vite',
      'ORPHAN claude',
      'UNKNOWN opencode (orphan?)',
      'ZOMBIE session billing',
      'WRONG-OWNER vite',
    ]);
  });

  test('the evidence of what is left over is whose it was and where it works, not what the verdict says of all', () => {
    const fleet = buildFleet();
    const owner: Owner = {rig: 'shop', town: null, agent: 'agent:shop/eve', pane: {socket: '/s', paneId: '%12'}, slot: null, evidence: []};
    const owned = {
      ...fleet,
      fleet: {
        ...fleet.fleet,
        processOwners: new Map<number, Owner>([
          [7714, owner],
          [8102, {...owner, agent: null}],
        ]),
      },
    };
    const rows = viewFleet(owned, EMPTY_VIEW).orphans;
    expect(rows.slice(0, 2).map(row => row.cells.evidence)).toEqual(['was shop/eve’s, in …/w', 'was pane %12’s, in …/w']);
    expect(view.orphans[0]?.cells).toMatchObject({evidence: 'in …/w', place: '/home/u/w'});
  });

  test.each([
    [
      'defunct-process',
      'process:7',
      'python3 7 is defunct: its parent node 6 has not collected it',
      'its parent node 6 has not collected it',
    ],
    [
      'defunct-process',
      'process:7',
      '3 children are defunct (python3 7 …): its parent node 6 has not collected it',
      '3 children: its parent node 6 has not collected it',
    ],
    ['zombie-session', 'session:default/billing', 'session billing is there, agent:shop/bob is not', 'shop/bob is not there'],
    ['dead-pane', 'session:demo/shop-2', 'pane %4 of session shop-2 is dead: exit status 1', 'session shop-2: exit status 1'],
    ['wrong-owner', 'slot:shop/2/web', 'port 3102 of shop slot 2 is held by node vite 7', 'has port 3102 of shop slot 2'],
    ['stale-lock', 'lock:/w/agent.lock', 'the lock of agent:shop/bob is left over', 'is shop/bob’s'],
  ] as const)('the evidence of %s says neither its verdict nor what the row names: %s, %s', (kind, subject, title, evidence) => {
    const processes = [{pid: 7, startTime: 70, command: 'node vite'}];
    const of = (more: Partial<Finding>): string | undefined =>
      viewFleet(buildFleet({findings: [finding('f-9', subject, {kind, title, processes, ...more})]}), EMPTY_VIEW).orphans[0]?.cells
        .evidence;
    expect(of({})).toBe(evidence);
    expect(of({certainty: 'unknown'})).not.toBe(evidence);
  });

  test.each([
    ['billing', 'feat-1', 'feat-1'],
    ['billing', 'billing-feat-1', 'feat-1'],
    ['billing', 'billing_feat', 'feat'],
    ['shop', 'shop-2', 'shop-2'],
    ['shop', 'shopper', 'shopper'],
    ['checkout', 'crew/max', 'crew/max'],
  ])('beside its rig %s an agent %s is called %s', (rig, name, shown) => {
    const fleet = buildFleet();
    const [row] = viewFleet({...fleet, fleet: {...fleet.fleet, agents: [agent(rig, name, null)]}}, EMPTY_VIEW).agents;
    expect(row?.cells).toMatchObject({rig, agent: shown, name: `${rig}/${name}`});
  });

  test.each([
    [
      ['gt-co-amber', 'gt-co-flint', 'gt-co-max'],
      ['amber', 'flint', 'max'],
    ],
    [
      ['feat-1', 'feat-2'],
      ['feat-1', 'feat-2'],
    ],
    [
      ['team-feat-1', 'team-fix-2'],
      ['feat-1', 'fix-2'],
    ],
    [
      ['crew/max-a', 'crew/max-b'],
      ['crew/max-a', 'crew/max-b'],
    ],
    [['gt-co-amber'], ['gt-co-amber']],
  ])('what all agents of a rig begin with is left away: %j', (names, shown) => {
    const fleet = buildFleet();
    const agents = [...names.map(name => agent('billing', name, null)), agent('search', 'gt-ida', null)];
    const rows = viewFleet({...fleet, fleet: {...fleet.fleet, agents}}, EMPTY_VIEW).agents.filter(row => row.cells.rig === 'billing');
    expect(rows.map(row => row.cells.agent)).toEqual(shown);
    expect(rows.map(row => row.cells.name)).toEqual(names.map(name => `billing/${name}`));
  });

  test('an agent carries the worst trouble of its session and tree, a session of nobody is listed too', () => {
    expect(words(view.agents)).toEqual(['RUNNING checkout/max', 'RUNNING ! search/ida', 'ZOMBIE billing/bob', 'SESSION notes']);
  });

  test('an agent is measured with its whole tree', () => {
    expect(view.agents[0]?.cells).toMatchObject({pid: '4388', cpu: '31%', mem: '730M'});
    expect(view.agents[1]?.fields.pid).toEqual(['4977', '5120', '5131']);
  });

  test('rigs say their worst verdict with its number; what is of no rig comes last', () => {
    expect(words(view.rigs)).toEqual(['WRONG-OWNER 1 checkout', 'ORPHAN 1 billing', 'ok search', 'ORPHAN 1 no rig']);
  });

  test('why a row cannot be stopped is in words', () => {
    expect(view.orphans.map(row => row.barred)).toEqual([null, null, expect.stringMatching(/^unknown, so never acted on/), null, null]);
    expect(view.orphans.map(row => row.unmarkable)[3]).toMatch(/^protected \(attached\): a client is attached/);
    expect(view.ports.map(row => row.barred)).toEqual(['nothing listens there', null, null]);
  });

  test('text from the fleet cannot control the terminal', () => {
    const hostile = session('a\u001b[2Jb', '$9', [pane('%1', 4387)]);
    const fleet = buildFleet();
    const again = viewFleet(
      {
        ...fleet,
        snapshot: {...fleet.snapshot, servers: servers.map(server => ({...server, sessions: [hostile]}))},
        fleet: {...fleet.fleet, agents: [agent('x\ny', 'n\u0007', hostile, {because: 'tab\there'})]},
        findings: [finding('f-9', 'process:1\u001b]0;x\u0007', {evidence: [{fact: 'new\nline', source: 's'}]})],
      },
      EMPTY_VIEW,
    );
    expect(JSON.stringify([...again.agents, ...again.orphans].map(row => row.cells))).not.toMatch(/\\u00|\\n|\\t/);
  });

  test('a pid that is another process by now is neither aged nor measured', () => {
    const fleet = buildFleet({findings: [finding('f-1', 'process:7714', {processes: [{pid: 7714, startTime: 1, command: 'node'}]})]});
    expect(viewFleet(fleet, EMPTY_VIEW).orphans[0]?.cells).toMatchObject({age: '-', mem: '-'});
  });

  test('the header counts verdicts, says how far the look reached and what did not answer', () => {
    expect(view.header.counts.map(({word, count}) => `${word} ${count}`)).toEqual(['WRONG-OWNER 1', 'ORPHAN 2', 'ZOMBIE 1', 'UNKNOWN 1']);
    expect(view.header.reach).toBe('Looked at 12 processes, 1 server');
    expect(view.header.blind).toEqual(['tmux work: did not answer within 2 s']);
  });
});

describe('looks', () => {
  test('one that changed nothing gives the same view, object for object', () => {
    expect(viewFleet(lookAgain(buildFleet()), view)).toBe(view);
  });

  test('one that changed a single thing keeps every other row', () => {
    const fleet = lookAgain(buildFleet());
    const processes = new Map(fleet.snapshot.processes);
    processes.set(4388, process_(4388, 4387, ['claude'], {cpu: 80, rss: 610 * 1024 ** 2}));
    const next = viewFleet({...fleet, snapshot: {...fleet.snapshot, processes}}, view);
    expect(next.agents.map((row, index) => row === view.agents[index])).toEqual([false, true, true, true]);
    expect(next.orphans).toBe(view.orphans);
    expect(next.rigs).toBe(view.rigs);
    expect(next.header).toBe(view.header);
  });

  test('jitter of processor, memory and unrelated processes is not a change', () => {
    const fleet = lookAgain(buildFleet());
    const processes = new Map(fleet.snapshot.processes);
    processes.set(4388, process_(4388, 4387, ['claude'], {cpu: 32, rss: 620 * 1024 ** 2}));
    processes.set(9999, process_(9999, 1, ['sleep', '1'], {cwd: known('/')}));
    expect(viewFleet({...fleet, snapshot: {...fleet.snapshot, processes}}, view)).toBe(view);
  });
});

describe('measures', () => {
  test.each([
    [0, '<5m'],
    [299_999, '<5m'],
    [300_000, '5m'],
    [25 * 60_000, '20m'],
    [3_600_000, '1h'],
    [74 * 3_600_000, '3d02h'],
    [300 * 3_600_000, '12d'],
  ])('%i ms is %s', (ms, words) => {
    expect(coarseAge(ms)).toBe(words);
  });

  test('memory and counts', () => {
    expect([1000, 310 * 1024 ** 2, 2.4 * 1024 ** 3, 31 * 1024 ** 3].map(shortBytes)).toEqual(['<1M', '310M', '2.4G', '31G']);
    expect([countOf(1, 'server'), countOf(2, 'server'), countOf(2, 'process')]).toEqual(['1 server', '2 servers', '2 processes']);
  });

  test('hold still while they jitter', () => {
    expect([steadyCpu(10, 11.9), steadyCpu(10, 12), steadyCpu(null, 3), steadyCpu(3, null)]).toEqual([10, 12, 3, null]);
    expect([steadyBytes(100, 105), steadyBytes(100, 107)]).toEqual([100, 107]);
    expect([steadyCount(null, 7), steadyCount(214, 230), steadyCount(214, 240), steadyCount(2, 4)]).toEqual([7, 214, 240, 2]);
  });
});

test('beside an agent stands its first port, else its slot; of a pane of it that is dead, not in which session', () => {
  const fleet = buildFleet();
  const [ida] = fleet.fleet.agents.filter(({name}) => name === 'ida');
  const [session] = fleet.snapshot.servers.flatMap(({sessions}) => sessions);
  if (ida === undefined || session === undefined) {
    throw new Error('the fleet has no such agent');
  }
  const dead = {
    ...fleet.findings[0],
    id: 'f-dead',
    kind: 'dead-pane',
    subject: ida.ref,
    title: `pane %4 of session ${session.name} is dead: exit status 1`,
    protectedBy: null,
  } as Finding;
  const agents = [{...ida, slot: 7, process: null, session: sessionKey(session)}];
  const [row] = viewFleet({...fleet, findings: [dead], fleet: {...fleet.fleet, agents}}, EMPTY_VIEW).agents;
  expect(row?.cells.slot).toMatch(/^(:\d+|slot 7)$/);
  expect(row?.cells.why).toContain('! DEAD-PANE pane %4 is dead: exit status 1');
});

test('an agent’s branch is that of the work tree that its process works in', () => {
  const fleet = buildFleet();
  const [ida] = fleet.fleet.agents.filter(({name}) => name === 'ida');
  const cwd = ida?.process == null ? undefined : fleet.snapshot.processes.get(ida.process.pid)?.cwd;
  if (cwd?.known !== true) {
    throw new Error('the agent works nowhere');
  }
  const checkouts = new Map([[cwd.value, {directory: cwd.value, root: cwd.value, mainRoot: cwd.value, branch: 'feat/totals'}]]);
  const there = {...fleet, snapshot: {...fleet.snapshot, checkouts}};
  const row = viewFleet(there, EMPTY_VIEW).agents.find(({ref}) => ref === ida?.ref);
  expect(row?.cells.branch).toBe('feat/totals');
  expect(row === undefined ? [] : explainRow(indexFleet(there), row).lines.map(({text}) => text)).toContain('on branch feat/totals');
  expect(view.agents.find(({ref}) => ref === ida?.ref)?.cells.branch).toBe('-');
});
