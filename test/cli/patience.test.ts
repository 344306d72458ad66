import {expect, test} from 'vitest';
import {patiently} from '../../src/cli/progress-line.ts';
import {waitFor} from '../support/wait-for.ts';

const listen = (stderrIsTerminal: boolean) => {
  const said: string[] = [];
  return {said, io: {stderrIsTerminal, meanwhile: (text: string) => void said.push(text)}};
};

test('long work says what it is at and takes it back at its end, failed or not', async () => {
  for (const fails of [false, true]) {
    const {said, io} = listen(true);
    let count = 0;
    const work = waitFor('something to be said', () => said.length > 0).then(() => {
      if (fails) {
        throw new Error('broken');
      }
      return 7;
    });
    const done = patiently(io, () => `seen ${++count}`, work);
    await (fails ? expect(done).rejects.toThrow('broken') : expect(done).resolves.toBe(7));
    expect(said[0]).toMatch(/^seen 1, \d+ s$/);
    expect(said.at(-1)).toBe('');
  }
});

test('what is quick says nothing, and nothing is said where nobody reads', async () => {
  const quick = listen(true);
  await patiently(quick.io, () => 'x', Promise.resolve());
  const piped = listen(false);
  await patiently(piped.io, () => 'x', new Promise(resolve => setTimeout(resolve, 1200)));
  expect([...quick.said, ...piped.said]).toEqual([]);
});
