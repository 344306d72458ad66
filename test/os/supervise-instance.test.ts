// One supervisor at a time, whatever is left lying about: locks, records, requests, configurations and full disks.
import {existsSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {supervisePlaces} from '../../src/supervise/supervisor-files.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, signalTo} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {buildKeepFleet, type KeepFleet, type Started} from './supervise-fleet.ts';

let scope: Scope;
let fleet: KeepFleet;

beforeAll(builtBinary);
beforeEach(async () => {
  scope = createScope();
  fleet = await buildKeepFleet(scope);
});
afterEach(() => scope.close());

const places = () => supervisePlaces(fleet.state, [fleet.config]);

/** For whatever reason: agents of other tests on this machine that come and go may halt it besides. */
const HELD_BACK = /held-back.*slot:search\/1\/web/;

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

const leave = (path: string, content: unknown): void => {
  mkdirSync(fleet.state, {recursive: true, mode: 0o700});
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
};

const running = (one: Started) => fleet.recorded('it looking', ({pid, heartbeat}) => pid === one.id.pid && heartbeat.count >= 1);

describe('the lock', () => {
  test('of several started at once one runs, the others say who', async () => {
    leave(places().lock, {pid: 4_000_000, startTime: 1, bootId});
    const all = await Promise.all([1, 2, 3].map(() => fleet.start()));
    const first = await fleet.recorded('one of them', ({heartbeat}) => heartbeat.count >= 1);
    const losers = await Promise.all(all.filter(({id}) => id.pid !== first.pid).map(({ended}) => ended));
    for (const {code, stderr} of losers) {
      expect(code).toBe(4);
      expect(stderr).toContain('a supervisor with this configuration is there already');
    }
    expect(losers).toHaveLength(2);
    const late = await fleet.rigtop.run(['supervise']);
    expect(late.code).toBe(4);
    expect(late.stderr).toContain(`process ${first.pid}`);
  });

  test.each([
    ['of another boot, its pid alive', () => ({...identify(process.pid), bootId: 'another'})],
    ['of a pid that is another process now', () => ({pid: process.pid, startTime: 1, bootId})],
  ])('%s is taken over', async (_, holder) => {
    leave(places().lock, holder());
    await running(await fleet.start());
  });

  test('is left to a living holder, and to one that cannot be read', async () => {
    leave(places().lock, {...identify(process.pid), bootId});
    expect((await fleet.rigtop.run(['supervise'])).stderr).toContain(`process ${process.pid}`);
    leave(places().lock, '{');
    expect((await fleet.rigtop.run(['supervise'])).stderr).toContain('cannot be read');
  });

  test('another’s now: the one that lost it ends, and leaves the other’s record alone', async () => {
    const first = await fleet.start();
    await running(first);
    leave(places().lock, {...identify(process.pid), bootId});
    const {heartbeat} = fleet.record() ?? {};
    expect((await first.ended).code).toBe(4);
    expect(first.output()).toContain('another supervisor holds its lock');
    expect((fleet.record()?.heartbeat.count ?? 0) - (heartbeat?.count ?? 0)).toBeLessThanOrEqual(1);
  });

  test('only taken away: it is taken again, and still held against others', async () => {
    const one = await fleet.start();
    await running(one);
    unlinkSync(places().lock);
    await waitFor('the lock', () => existsSync(places().lock));
    expect((await fleet.rigtop.run(['supervise'])).stderr).toContain(`process ${one.id.pid}`);
    expect(isAlive(one.id)).toBe(true);
  });

  test('is free after SIGTERM and after SIGKILL', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const one = await fleet.start();
      await running(one);
      signalTo(one.id, signal);
      await one.ended;
    }
    await running(await fleet.start());
  });
});

describe('what is said of it', () => {
  const status = async () => {
    const ran = await fleet.rigtop.run(['supervise', 'status', '--json']);
    const {running, stalled, died} = JSON.parse(ran.stdout);
    return {code: ran.code, running, stalled, died};
  };

  test('died after SIGKILL, until it is started again or the rest of it is taken away; absent after a stop', async () => {
    const stop = () => fleet.rigtop.run(['supervise', 'stop']);
    const one = await fleet.start();
    await running(one);
    expect(await status()).toEqual({code: 0, running: true, stalled: false, died: false});
    signalTo(one.id, 'SIGKILL');
    await one.ended;
    expect(await status()).toEqual({code: 1, running: false, stalled: false, died: true});
    expect((await fleet.rigtop.run(['supervise', 'status'])).stdout).toContain(`process ${one.id.pid} died without stopping`);
    expect((await stop()).code).toBe(0);
    expect(await status()).toEqual({code: 1, running: false, stalled: false, died: false});
    expect((await stop()).code).toBe(4);

    const next = await fleet.start();
    await running(next);
    expect((await stop()).code).toBe(0);
    await next.ended;
    expect(await status()).toEqual({code: 1, running: false, stalled: false, died: false});
  });

  test('a lock of another boot is one that died, and one that cannot be read is nobody’s', async () => {
    leave(places().lock, {...identify(process.pid), bootId: 'another'});
    expect((await fleet.rigtop.run(['supervise', 'status'])).stdout).toContain('the machine has started anew since');
    leave(places().lock, '{');
    expect(await status()).toMatchObject({running: false, died: false});
  });

  test('stalled while it is stopped by a signal, running again after', async () => {
    const one = await fleet.start();
    await running(one);
    signalTo(one.id, 'SIGSTOP');
    const record = fleet.record();
    leave(places().record, {...record, heartbeat: {count: 1, at: new Date(Date.now() - 3_600_000).toISOString()}});
    expect(await status()).toEqual({code: 1, running: true, stalled: true, died: false});
    signalTo(one.id, 'SIGCONT');
    await fleet.recorded('it looking again', ({heartbeat}) => heartbeat.count > 1 && Date.parse(heartbeat.at ?? '') > Date.now() - 60_000);
    expect(await status()).toEqual({code: 0, running: true, stalled: false, died: false});
  });
});

describe('what lies about', () => {
  test('a damaged record and a request for somebody else are nobody’s orders', async () => {
    leave(
      places().record,
      '{"schema":"rigtop/supervise@1","pid":1,"startTime":1,"intervalMs":1,"heartbeat":{},"notes":[1],"state":{"keeps":null}}',
    );
    leave(places().requests, 'pause 1 1');
    const one = await fleet.start();
    const {heartbeat} = await running(one);
    signalTo(one.id, 'SIGUSR1');
    const after = await fleet.recorded('another look', record => record.heartbeat.count > heartbeat.count + 1);
    expect(after.paused).toBe(false);
  });

  test('a record that cannot be written: it acts no more, and says so', async () => {
    await fleet.openSlot(1);
    const one = await fleet.start();
    await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
    // Between its own renames of the file into place.
    await waitFor('something in the way', () => {
      rmSync(places().record, {force: true});
      mkdirSync(join(places().record, 'in-the-way'), {recursive: true});
      return true;
    });
    await expect.poll(one.output, {timeout: 20_000}).toContain('acts no more: its record cannot be written');
    const service = fleet.service(1);
    if (service !== null) {
      signalTo(service, 'SIGKILL');
    }
    await expect.poll(one.output, {timeout: 20_000}).toMatch(HELD_BACK);
    expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
  });

  test('a journal that cannot be written: it acts no more, says so, and goes on once it can', async () => {
    await fleet.openSlot(1);
    const one = await fleet.start();
    await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
    const journal = join(fleet.state, 'journal.jsonl');
    rmSync(journal, {force: true});
    mkdirSync(journal);
    const service = fleet.service(1);
    if (service !== null) {
      signalTo(service, 'SIGKILL');
    }
    await fleet.recorded('it hampered', ({blocked}) => blocked?.includes('journal cannot be written') === true);
    expect(one.output()).toContain('acts no more: its journal cannot be written (is a directory)');
    await expect.poll(one.output, {timeout: 20_000}).toMatch(HELD_BACK);
    expect(fleet.service(1)?.pid ?? service?.pid).toBe(service?.pid);
    rmSync(journal, {recursive: true});
    await fleet.newService(1, service);
  });
});

describe('configuration', () => {
  test('edited to nonsense it keeps the last good one and acts no more; mended, it goes on', async () => {
    await fleet.openSlot(1);
    const one = await fleet.start();
    await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
    const good = readFileSync(fleet.config, 'utf8');
    writeFileSync(fleet.config, '[supervise]\nkeep = 7\n');
    expect((await fleet.rigtop.run(['supervise', 'reload'])).code).toBe(0);
    const {notes} = await fleet.recorded('it hampered', ({blocked}) => blocked?.includes('config.toml:2') === true);
    expect(notes.at(-1)?.text).toContain('keeps the last good configuration, and acts no more');
    const service = fleet.service(1);
    if (service !== null) {
      signalTo(service, 'SIGKILL');
    }
    await expect.poll(one.output, {timeout: 20_000}).toMatch(HELD_BACK);
    expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
    writeFileSync(fleet.config, good);
    expect((await fleet.rigtop.run(['supervise', 'reload'])).code).toBe(0);
    await fleet.newService(1, service);
  });

  test('invalid from the start: it says which line and that it does nothing, looks on, and acts once it is mended', async () => {
    await fleet.openSlot(1);
    const good = readFileSync(fleet.config, 'utf8');
    writeFileSync(fleet.config, good.replace('interval = "1s"', 'interval = "1s"\nbogus = 7'));
    const one = await fleet.start();
    await running(one);
    expect(one.output()).toMatch(/its configuration is invalid, so it looks on and does nothing: .*config\.toml:\d+.*bogus.*mend it/);
    const service = fleet.service(1);
    if (service !== null) {
      signalTo(service, 'SIGKILL');
    }
    const {heartbeat} = await fleet.recorded('it hampered', ({blocked}) => blocked !== null);
    await fleet.recorded('rounds go on', record => record.heartbeat.count >= heartbeat.count + 3);
    expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
    writeFileSync(fleet.config, good);
    expect((await fleet.rigtop.run(['supervise', 'reload'])).code).toBe(0);
    await fleet.recorded('it free to act', ({blocked}) => blocked === null);
  });

  test('a notifier that hangs holds up no round, and one that fails is complained of', async () => {
    fleet.writeConfig('notify = ["sleep", "600"]');
    const one = await fleet.start();
    await running(one);
    await fleet.rigtop.run(['supervise', 'pause']);
    const {heartbeat} = await fleet.recorded('the pause', ({paused}) => paused);
    await fleet.recorded('rounds go on', record => record.heartbeat.count >= heartbeat.count + 3);
    signalTo(one.id, 'SIGTERM');
    expect((await one.ended).code).toBe(0);
    fleet.writeConfig('notify = ["false"]');
    const two = await fleet.start();
    await expect.poll(two.output, {timeout: 20_000}).toContain('supervise.notify failed (exit code 1)');
  });
});
