// Ending zellij and herdr sessions through the whole path, against stand-ins that hold real processes: only "missing" is success.
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {sessionRef} from '../../src/core/domain/reference.ts';
import {herdrControl} from '../../src/sources/herdr/herdr-control.act.ts';
import {createFakeMultiplexer, createFakePrograms, type FakeMultiplexer, type FakePrograms} from '../support/fake-multiplexers.ts';
import {isAlive} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {type Acting, openActing, results} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

let programs: FakePrograms;
beforeEach(async () => {
  programs = await createFakePrograms(scope);
});

const open = (): Promise<Acting> => openActing(scope, null, {env: {PATH: programs.path}});
const ref = (kind: string, name: string): string => sessionRef(kind, name);

describe('zellij', () => {
  let zellij: FakeMultiplexer;
  let acting: Acting;
  beforeEach(async () => {
    zellij = await createFakeMultiplexer(scope, programs, 'zellij');
    acting = await open();
  });

  test('a session ends with its trees, by its own name, and its neighbour lives', async () => {
    const work = await zellij.start('work');
    const other = await zellij.start('work-2');
    const plan = await acting.plan([ref('zellij', 'work')]);
    expect(plan.targets.map(({pid}) => pid)).toEqual(expect.arrayContaining(work.panes.map(({pid}) => pid)));
    expect(plan.targets.map(({pid}) => pid)).not.toContain(work.server.pid);
    const outcome = await acting.act(plan);
    expect(outcome).toMatchObject({ok: true, problems: []});
    expect([work.server, ...work.panes].filter(isAlive)).toEqual([]);
    expect([other.server, ...other.panes].every(isAlive)).toBe(true);
    expect(await zellij.orders()).toEqual(['delete-session work -f']);
  });

  test('an order that fails leaves it survived, with zellij’s own words', async () => {
    const work = await zellij.start('work');
    await zellij.set('refuse');
    const outcome = await acting.act(await acting.plan([ref('zellij', 'work')]));
    expect(outcome.ok).toBe(false);
    expect(outcome.targets).toContainEqual(
      expect.objectContaining({ref: ref('zellij', 'work'), result: 'survived', because: 'zellij: something went wrong'}),
    );
    expect(isAlive(work.server)).toBe(true);
  });

  test('a name that came back with another session is not touched', async () => {
    const first = await zellij.start('work');
    const plan = await acting.plan([ref('zellij', 'work')]);
    await acting.host.run('kill', [String(first.server.pid)], {timeoutMs: 5000});
    await expect.poll(() => isAlive(first.server), {timeout: 10_000}).toBe(false);
    const second = await zellij.start('work');
    const outcome = await acting.act(plan);
    expect(results(outcome)).toContain(`${ref('zellij', 'work')} already-gone`);
    expect([second.server, ...second.panes].every(isAlive)).toBe(true);
    expect(await zellij.orders()).toEqual([]);
  });

  test.each([
    ['its name is another now', ['alias.work', 'play']],
    ['its age is not the listing’s', ['older', '3600']],
  ] as const)('a session whose process cannot be told is refused: %s', async (_, [file, text]) => {
    const work = await zellij.start('work');
    await zellij.set(file, text);
    const name = file === 'older' ? 'work' : text;
    const refusal = await acting.refusal([ref('zellij', name)]);
    expect(refusal).toMatchObject({rule: 'unknown'});
    expect([work.server, ...work.panes].every(isAlive)).toBe(true);
  });

  test('one that had ended by itself before: nothing is ordered, its layout is left for whoever wants it back', async () => {
    const work = await zellij.start('work');
    const plan = await acting.plan([ref('zellij', 'work')]);
    await acting.host.run('kill', [String(work.server.pid)], {timeoutMs: 5000});
    await expect.poll(() => isAlive(work.server), {timeout: 10_000}).toBe(false);
    await zellij.exit('work');
    const outcome = await acting.act(plan);
    expect(results(outcome)).toContain(`${ref('zellij', 'work')} already-gone`);
    expect(await zellij.orders()).toEqual([]);
  });

  test('the server itself is refused as a target', async () => {
    const work = await zellij.start('work');
    expect(await acting.refusal([`process:${work.server.pid}`])).toMatchObject({rule: 'multiplexer'});
  });
});

describe('herdr', () => {
  let herdr: FakeMultiplexer;
  let acting: Acting;
  beforeEach(async () => {
    herdr = await createFakeMultiplexer(scope, programs, 'herdr');
    acting = await open();
  });

  test('a session is stopped, then deleted', async () => {
    const fleet = await herdr.start('fleet');
    const outcome = await acting.act(await acting.plan([ref('herdr', 'fleet')]));
    expect(outcome).toMatchObject({ok: true});
    expect([fleet.server, ...fleet.panes].filter(isAlive)).toEqual([]);
    expect(await herdr.orders()).toEqual(['session stop fleet', 'session delete fleet']);
  });

  test('a pane ends alone: its session is neither stopped nor deleted', async () => {
    const other = await herdr.start('another');
    const fleet = await herdr.start('fleet');
    const outcome = await acting.act(await acting.plan(['pane:herdr/fleet/w1:p2']));
    expect(outcome).toMatchObject({ok: true});
    expect(isAlive(fleet.server)).toBe(true);
    expect(fleet.panes.filter(isAlive)).toHaveLength(1);
    expect([other.server, ...other.panes].every(isAlive)).toBe(true);
    expect((await herdr.orders()).filter(order => order.startsWith('session '))).toEqual([]);
  });

  test('a pane whose program still runs is closed by exactly one order', async () => {
    await herdr.start('another');
    const fleet = await herdr.start('fleet');
    const plan = await acting.plan(['pane:herdr/fleet/w1:p2']);
    const [pane] = plan.panes;
    expect(pane !== undefined && (await herdrControl.endPane(acting.host, pane))).toEqual({result: 'gone', because: null});
    expect(fleet.panes.filter(isAlive).map(({pid}) => pid)).toEqual(fleet.panes.map(({pid}) => pid).filter(pid => pid !== pane?.pid));
    expect(isAlive(fleet.server)).toBe(true);
    expect(await herdr.orders()).toEqual(['--session fleet pane close w1:p2']);
  });
});

describe.each(['zellij', 'herdr'] as const)('%s', kind => {
  test('a pane that was opened in the session after the plan is not ended with it', async () => {
    const multiplexer = await createFakeMultiplexer(scope, programs, kind);
    const acting = await open();
    const work = await multiplexer.start('work');
    const plan = await acting.plan([ref(kind, 'work')]);
    const added = await multiplexer.open(work.server);
    const outcome = await acting.act(plan);
    expect(outcome.ok).toBe(false);
    expect(results(outcome)).toContain(`${ref(kind, 'work')} changed`);
    expect([work.server, added].every(isAlive)).toBe(true);
    expect(await multiplexer.orders()).toEqual([]);
  });
});
