// Who may be signalled by a record: a rigtop of one's own that supervises, with the recorded identity, and nobody else.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {signalOwn} from '../../../src/core/os/signal-own.ts';
import {identify, sight} from '../../support/marked.ts';
import {canBeOthers, otherUser} from '../../support/other-user.ts';
import {createScope} from '../../support/scope.ts';
import {startProgram} from '../../support/start-program.ts';
import {waitFor} from '../../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const IDLE = 'setInterval(() => undefined, 60_000)';

const program = async (name: string): Promise<string> => {
  const directory = await scope.tempDir();
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist', name), IDLE);
  return join(directory, 'dist', name);
};

const holderOf = (pid: number) => ({...identify(pid), bootId: null});

describe('a record that names', () => {
  test('a program that is no rigtop reaches nobody', async () => {
    const {pid, child} = startProgram(scope, 'sleep', ['600']);
    expect(signalOwn(holderOf(pid), 'SIGUSR1')).toEqual({ok: false, because: 'it is no rigtop supervise'});
    expect([child.exitCode, child.signalCode, sight(pid)?.pid]).toEqual([null, null, pid]);
  });

  test('a rigtop that does something else reaches nobody', async () => {
    const {pid} = startProgram(scope, process.execPath, [await program('rigtop.js'), 'watch']);
    expect(signalOwn(holderOf(pid), 'SIGTERM').ok).toBe(false);
  });

  test('a supervisor of ours reaches it, and another with its number does not', async () => {
    const {pid, child} = startProgram(scope, process.execPath, [await program('rigtop.js'), '--read-only', 'supervise']);
    const holder = holderOf(pid);
    expect(signalOwn({...holder, startTime: holder.startTime + 1}, 'SIGTERM').ok).toBe(false);
    await waitFor('the command line', () => signalOwn(holder, 'SIGTERM').ok);
    await waitFor('its end', () => child.signalCode === 'SIGTERM');
  });

  test.runIf(canBeOthers)('a supervisor of another user reaches nobody, root’s knock included', async () => {
    const other = await otherUser(scope);
    const script = join(other.home, 'rigtop.js');
    writeFileSync(script, IDLE);
    const pid = other.start(process.execPath, [script, 'supervise']);
    expect(signalOwn(holderOf(pid), 'SIGUSR1')).toEqual({ok: false, because: `it belongs to user ${other.uid}, not to you`});
    expect(sight(pid)?.pid).toBe(pid);
  });
});
