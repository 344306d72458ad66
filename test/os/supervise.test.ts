// The built supervisor over a real fleet in real trouble: crashes, killed servers, signals in the middle of an action.
import {existsSync, readFileSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {isAlive, signalTo} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';
import {waitFor} from '../support/wait-for.ts';
import {buildKeepFleet, type KeepFleet} from './supervise-fleet.ts';

let scope: Scope;
let fleet: KeepFleet;

beforeAll(builtBinary);
beforeEach(async () => {
  scope = createScope();
  fleet = await buildKeepFleet(scope);
});
afterEach(() => scope.close());

/** Slot 1 is up and the supervisor has seen it so. */
const keepOne = async (args?: readonly string[]) => {
  await fleet.openSlot(1);
  const engine = await fleet.start(args);
  await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
  const service = fleet.service(1);
  if (service === null) {
    throw new Error('the service does not run');
  }
  return {engine, service};
};

/** The service has crashed, and its restart waits behind the shut gate for its port. */
const inTheMiddle = async () => {
  const kept = await keepOne();
  fleet.gate(false);
  signalTo(kept.service, 'SIGKILL');
  const next = await fleet.newService(1, kept.service);
  return {...kept, next};
};

describe('keep', () => {
  test('a crashed service comes up again in its own session, and nothing else is touched', async () => {
    const bystander = await startOne(scope, {name: 'bystander', cwd: fleet.path});
    const {service} = await keepOne();
    const idle = (await fleet.tmux.panes('=search-1'))[0];
    signalTo(service, 'SIGKILL');
    const next = await fleet.newService(1, service);
    const {notes, state} = await fleet.recorded('the restart', record => record.notes.some(({what}) => what === 'did'));
    expect(notes.find(({what}) => what === 'did')).toMatchObject({
      ref: 'slot:search/1/web',
      text: expect.stringContaining('done: 1 up again'),
    });
    expect(state.keeps['slot:search/1/web']).toMatchObject({restarts: 1});
    expect(isAlive(next) && isAlive(bystander)).toBe(true);
    expect((await fleet.tmux.panes('=search-1'))[0]).toEqual(idle);
    expect(fleet.journal().filter(({type}) => type === 'outcome')).toHaveLength(1);
  });

  test('one whose port somebody else has taken is said to be held, and neither of them is touched', async () => {
    const {service} = await keepOne();
    const squatter = {name: 'squatter', cwd: '/', listen: {host: '127.0.0.1', port: fleet.port(1)}};
    // What is started again waits behind the gate, so that the port is the squatter's.
    fleet.gate(false);
    signalTo(service, 'SIGKILL');
    const held = await waitFor('the port', () => startOne(scope, squatter));
    const {notes} = await fleet.recorded('what holds it back', record =>
      record.notes.some(({what, ref, text}) => what === 'held-back' && ref === 'slot:search/1/web' && text.includes(`(${held.pid})`)),
    );
    const said = notes.flatMap(({what, text}) => (what === 'held-back' && text.includes(`(${held.pid})`) ? [text] : []));
    expect(new Set(said).size).toBe(said.length);
    expect(isAlive(held)).toBe(true);
  });

  test('one whose whole session was killed comes back in a session made anew, and is listed meanwhile', async () => {
    await fleet.tmux.newSession('beside', {command: ['sleep', '600']});
    const {service} = await keepOne();
    await fleet.tmux.run('kill-session', '-t', '=search-1');
    const next = await fleet.newService(1, service);
    await fleet.recorded('the restart', record =>
      record.notes.some(({what, text}) => what === 'did' && text.includes('its session search-1 is gone')),
    );
    expect((await fleet.tmux.panes('=search-1')).length).toBe(1);
    expect(isAlive(next)).toBe(true);
    await fleet.recorded('it up again', ({kept}) => kept.some(({ref, state}) => ref === 'slot:search/1/web' && state === 'up'));
    expect((await fleet.rigtop.run(['supervise', 'status'])).stdout).toMatch(
      /keeps slot:search\/1\/web: up\n.*next look at .*nothing to do/s,
    );
  });

  test('one that a person stopped through rigtop, or said to forget, stays away', async () => {
    await fleet.tmux.newSession('beside', {command: ['sleep', '600']});
    await fleet.openSlot(2);
    await keepOne();
    await fleet.recorded('slot 2 seen up', ({state}) => state.seats['slot:search/2/web'] !== undefined);
    expect((await fleet.rigtop.run(['kill', 'session:default/search-1', '--yes', '--unlock', 'shell'])).code).toBe(0);
    await fleet.recorded('what the person did', ({kept}) =>
      kept.some(({ref, state}) => ref === 'slot:search/1/web' && state === 'given-up'),
    );
    fleet.gate(false);
    await fleet.tmux.run('kill-session', '-t', '=search-2');
    expect((await fleet.rigtop.run(['supervise', 'forget', 'slot:search/2/wev'])).stderr).toContain('did you mean slot:search/2/web?');
    expect((await fleet.rigtop.run(['supervise', 'forget', 'slot:search/2/web'])).code).toBe(0);
    const {heartbeat} = await fleet.recorded('both given up', ({kept}) => kept.filter(({state}) => state === 'given-up').length === 2);
    await fleet.recorded('two more looks', record => record.heartbeat.count >= heartbeat.count + 2);
    const status = (await fleet.rigtop.run(['supervise', 'status'])).stdout;
    expect(status).toContain('keeps slot:search/1/web: given-up (a person stopped it through rigtop)');
    expect(status).toContain('keeps slot:search/2/web: given-up (a person said `rigtop supervise forget`)');
    expect(
      await fleet.tmux.run('has-session', '-t', '=search-1').then(
        () => 'there',
        () => 'gone',
      ),
    ).toBe('gone');
  });

  test('observing, it says what it would do, does nothing, and acts once it may', async () => {
    const {service, engine} = await keepOne([]);
    signalTo(service, 'SIGKILL');
    await fleet.recorded('what it would do', ({notes}) => notes.some(({what}) => what === 'would'));
    expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
    expect((await fleet.rigtop.run(['supervise', 'stop'])).code).toBe(0);
    expect((await engine.ended).code).toBe(0);
    await fleet.start();
    await fleet.newService(1, service);
  });

  test('paused, it looks and leaves alone; the pause outlives it; resumed, it goes on', async () => {
    const {service, engine} = await keepOne();
    expect((await fleet.rigtop.run(['supervise', 'pause'])).code).toBe(0);
    await fleet.recorded('the pause', ({paused}) => paused);
    signalTo(engine.id, 'SIGKILL');
    await engine.ended;
    await fleet.start();
    signalTo(service, 'SIGKILL');
    await fleet.recorded('the crash, held back', ({notes}) => notes.some(({text}) => text.endsWith('paused')));
    expect(fleet.journal().some(({type}) => type === 'intent')).toBe(false);
    expect((await fleet.rigtop.run(['supervise', 'resume'])).code).toBe(0);
    await fleet.newService(1, service);
  });
});

describe('trouble in the middle of a restart', () => {
  test('SIGTERM: the action is finished and written down, then it ends', async () => {
    const {engine, next} = await inTheMiddle();
    signalTo(engine.id, 'SIGTERM');
    signalTo(engine.id, 'SIGTERM');
    await waitFor('a look at it', () => isAlive(engine.id));
    expect(fleet.journal().some(({type}) => type === 'outcome')).toBe(false);
    fleet.gate(true);
    expect((await engine.ended).code).toBe(0);
    expect(fleet.journal().filter(({type}) => type === 'outcome')).toHaveLength(1);
    expect(fleet.record()?.notes.at(-1)?.text).toBe('stopped');
    expect(isAlive(next)).toBe(true);
    expect((await fleet.rigtop.run(['supervise', 'status'])).code).toBe(1);
  });

  test('SIGKILL: the next one reports it before anything else, and does not start the same thing again at once', async () => {
    const {engine, next} = await inTheMiddle();
    await waitFor('the intent', () => fleet.journal().some(({type}) => type === 'intent'));
    signalTo(engine.id, 'SIGKILL');
    await engine.ended;
    const second = await fleet.start();
    const {notes} = await fleet.recorded('its first look', ({pid, heartbeat}) => pid === second.id.pid && heartbeat.count >= 2);
    expect(notes[0]).toMatchObject({what: 'said', text: expect.stringContaining('an action was interrupted: restart slot:search/1/web')});
    fleet.gate(true);
    await fleet.recorded('it up again', ({heartbeat}) => heartbeat.count >= 4);
    expect(fleet.service(1)).toEqual(next);
    // Said once, not at every start.
    signalTo(second.id, 'SIGTERM');
    expect((await second.ended).code).toBe(0);
    const third = await fleet.start();
    const after = await fleet.recorded('a third start', ({pid, heartbeat}) => pid === third.id.pid && heartbeat.count >= 1);
    expect(after.notes.some(({text}) => text.includes('interrupted'))).toBe(false);
  });
});

test('an agent that asks is told of to [notify] as well, once, by a supervisor that only looks', async () => {
  const {rigtop, tmux, path} = fleet;
  const at = (name: string): string => join(rigtop.directory, name);
  const asks = [
    '─'.repeat(60),
    ' Do you want to make this edit to totals.ts?',
    ' ❯ 1. Yes',
    '   2. No',
    '',
    ' Esc to cancel · Tab to amend',
  ];
  rigtop.write('question.txt', `\u001b[2J\u001b[H${asks.join('\n')}`);
  rigtop.write('agent', `echo ready\nuntil [ -e ${at('go')} ]; do sleep 0.1; done\ncat ${at('question.txt')}\nread -r\n`);
  symlinkSync('/bin/bash', at('claude'));
  fleet.writeConfig('', `[notify]\ncommand = ["sh", "-c", "cat >> ${at('told')}"]`);
  await tmux.newSession('asker', {cwd: path, command: [at('claude'), at('agent')]});
  await fleet.start([]);
  await fleet.recorded('two looks', ({heartbeat}) => heartbeat.count >= 2);
  rigtop.write('go', '');
  const told = (): string => (existsSync(at('told')) ? readFileSync(at('told'), 'utf8') : '');
  await waitFor('the notice', () => told().includes('totals.ts'));
  const {heartbeat} = await fleet.recorded('a look', () => true);
  await fleet.recorded('two more looks', record => record.heartbeat.count >= heartbeat.count + 2);
  const notices = told()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(notices).toEqual([expect.objectContaining({schema: 'rigtop/notice@1', event: 'asks', runtime: 'claude'})]);
});

describe('mass death', () => {
  test('a killed tmux server halts everything, is announced, and a person goes on', async () => {
    const told = join(fleet.rigtop.directory, 'told');
    fleet.writeConfig(`notify = ["sh", "-c", "cat >> ${told}"]`);
    await fleet.openSlot(2);
    await fleet.openSlot(3);
    await keepOne();
    await fleet.tmux.killServer();
    await fleet.recorded('the halt', ({state}) => state.halted !== null);
    expect((await fleet.rigtop.run(['supervise', 'status'])).stdout).toContain('HALTED');
    await waitFor('the notifier', () => existsSync(told) && readFileSync(told, 'utf8').includes('mass death'));
    const lines = readFileSync(told, 'utf8').trim().split('\n');
    expect(lines.map(line => JSON.parse(line))).toContainEqual(expect.objectContaining({schema: 'rigtop/note@1', what: 'said'}));
    await fleet.openSlot(1);
    expect((await fleet.rigtop.run(['supervise', 'resume'])).code).toBe(0);
    await fleet.recorded('it go on', ({state, notes}) => state.halted === null && notes.some(({text}) => text.startsWith('resumed')));
    // The finding is shown for minutes, and must not halt it a second time.
    const {heartbeat} = await fleet.recorded('a look', () => true);
    await fleet.recorded('two more looks', record => record.heartbeat.count >= heartbeat.count + 2);
    expect(fleet.record()?.state.halted).toBeNull();
    const service = fleet.service(1);
    await fleet.recorded('slot 1 seen up', ({state}) => state.seenUp.includes('slot:search/1/web'));
    if (service !== null) {
      signalTo(service, 'SIGKILL');
    }
    await fleet.newService(1, service);
  });
});
