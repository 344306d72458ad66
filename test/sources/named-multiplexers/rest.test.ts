// A multiplexer that hangs is not waited for in every look.
import {expect, it} from 'vitest';
import {createNamedReader} from '../../../src/core/look/named-multiplexers/collect-named.ts';
import type {CommandResult, Host} from '../../../src/core/os/host.ts';
import {zellijSessions} from '../../../src/sources/zellij/read/zellij-sessions.ts';

const TIMEOUT_MS = 2000;

const machine = () => {
  let now = 0;
  let hangs = true;
  const asked: number[] = [];
  const run = async (file: string): Promise<CommandResult> => {
    if (file !== 'zellij') {
      return {stdout: '', stderr: '', exitCode: null, trouble: 'missing', tookMs: 1};
    }
    asked.push(now);
    now += hangs ? TIMEOUT_MS : 10;
    return hangs
      ? {stdout: '', stderr: '', exitCode: null, trouble: 'timeout', tookMs: TIMEOUT_MS}
      : {stdout: 'work [Created 1h ago] \n', stderr: '', exitCode: 0, trouble: null, tookMs: 10};
  };
  const host = {uid: 1000, env: {}, monotonicMs: () => now, run} as unknown as Host;
  const collector = createNamedReader(host, zellijSessions);
  return {
    asked,
    mend: () => {
      hangs = false;
    },
    look: async (restMs: number) => {
      now += restMs;
      return (await collector.collect(TIMEOUT_MS, Promise.resolve(null))).sources[0];
    },
  };
};

it('is unknown meanwhile, asked less and less often, and at once a whole answer again', async () => {
  const {asked, look, mend} = machine();
  for (let count = 0; count < 10; count += 1) {
    expect(await look(100)).toMatchObject({source: 'zellij', state: 'unknown', detail: 'did not answer in time'});
  }
  expect(asked).toHaveLength(1);
  await look(5000);
  expect(asked).toHaveLength(2);
  await look(5000);
  expect(asked).toHaveLength(2);
  mend();
  expect(await look(10_000)).toMatchObject({state: 'ok'});
  expect(await look(100)).toMatchObject({state: 'ok'});
  expect(asked).toHaveLength(4);
});
