// The background of the terminal: what it answers, when it does not, and what was typed meanwhile.
import {once} from 'node:events';
import {connect, createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {describe, expect, test} from 'vitest';
import {createLateAnswer, findGround, readAnswer, readColorFgBg} from '../../src/ui/background.ts';
import {createScope} from '../support/scope.ts';

const connected = async (path: string): Promise<Socket> => {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
};

const terminal = (answer: string) => {
  const stream = new PassThrough();
  const modes: boolean[] = [];
  const asked: string[] = [];
  const input = Object.assign(stream, {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      modes.push(raw);
      return input;
    },
  }) as unknown as NodeJS.ReadStream;
  const output = {
    isTTY: true,
    write: (text: string) => {
      asked.push(text);
      if (answer !== '') {
        stream.write(answer);
      }
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  return {input, output, modes, asked, rest: () => String(stream.read() ?? '')};
};

const ENV = {TERM: 'xterm-256color'};

describe('the background', () => {
  test.each([
    ['\u001b]11;rgb:0000/2b2b/3636\u001b\\', 'dark'],
    ['\u001b]11;rgb:fdfd/f6f6/e3e3\u0007', 'light'],
    ['\u001b]11;rgb:ff/ff/ff\u0007', 'light'],
    ['\u001b]11;rgba:ffff/ffff/ffff/ffff\u0007', 'light'],
    ['\u001b]11;rgb:0000/2b2b', null],
    ['j', null],
  ])('%j is %s', (text, ground) => {
    expect(readAnswer(text)).toBe(ground);
  });

  test.each([
    ['15;0', 'dark'],
    ['0;15', 'light'],
    ['0;default;15', 'light'],
    ['12;8', 'dark'],
    ['0;7', 'light'],
    ['default', null],
    ['1;99', null],
    [undefined, null],
  ])('COLORFGBG %j is %s', (value, ground) => {
    expect(readColorFgBg(value)).toBe(ground);
  });

  test('is what the terminal says, in raw mode, and keys typed meanwhile are kept', async () => {
    const {input, output, modes, rest} = terminal('j\u001b]11;rgb:ffff/ffff/ffff\u001b\\k');
    expect(await findGround(input, output, {...ENV, COLORFGBG: '15;0'})).toBe('light');
    expect(modes).toEqual([true, false]);
    expect(rest()).toBe('jk');
  });

  test('is what the terminal has said while the program was loaded, however long that took', async () => {
    const scope = createScope();
    try {
      const path = join(await scope.tempDir(), 'terminal');
      const server = createServer().listen(path);
      scope.add(() => server.close());
      await once(server, 'listening');
      const [[far], socket] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, connected(path)]);
      scope.add(() => far.destroy());
      scope.add(() => socket.destroy());
      const input = Object.assign(socket, {isTTY: true, setRawMode: () => input}) as unknown as NodeJS.ReadStream;
      const output = {isTTY: true, write: () => far.write('\u001b]11;rgb:ffff/ffff/ffff\u001b\\')} as unknown as NodeJS.WriteStream;
      const found = findGround(input, output, ENV);
      // Stands still for longer than a terminal is waited for.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      expect(await found).toBe('light');
    } finally {
      await scope.close();
    }
  });

  test('is COLORFGBG where the terminal says nothing, and dark where nobody does', async () => {
    expect(await findGround(terminal('').input, terminal('').output, {...ENV, COLORFGBG: '0;15'})).toBe('light');
    expect(await findGround(terminal('').input, terminal('').output, ENV)).toBe('dark');
  });

  test('is not asked of what would print the question', async () => {
    for (const term of ['dumb', 'linux', 'vt100', undefined]) {
      const {input, output, asked} = terminal('');
      expect(await findGround(input, output, {TERM: term})).toBe('dark');
      expect(asked).toEqual([]);
    }
  });
});

test('an answer that comes late is told from keys, in pieces too', () => {
  const isLate = createLateAnswer();
  expect([isLate('j'), isLate('\u001b]11;rgb:ffff/ff'), isLate('ff/ffff\u001b\\'), isLate('r')]).toEqual([false, true, true, false]);
});
