import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {runCommand} from '../../../src/core/os/run-command.ts';
import {clientEnvironment, leastEnvironment, locateProgram} from '../../../src/core/os/surroundings.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const ENV = {
  PATH: ':/usr/bin:.:bin:/bin:',
  HOME: '/home/u',
  LC_MESSAGES: 'de_DE.UTF-8',
  TERM: 'xterm',
  TMUX_TMPDIR: '/run/u',
  SSH_AUTH_SOCK: '/run/agent',
  ANTHROPIC_API_KEY: 'sk-1',
  GIT_DIR: '/elsewhere',
  NODE_OPTIONS: '--require /x',
  LD_PRELOAD: '/x.so',
  GONE: undefined,
};

describe('what our own calls are given', () => {
  test('where and who one is, no key, no program to run', () => {
    expect(leastEnvironment(ENV)).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/home/u',
      LC_MESSAGES: 'de_DE.UTF-8',
      TERM: 'xterm',
      TMUX_TMPDIR: '/run/u',
    });
    expect(clientEnvironment(ENV)).toEqual({...leastEnvironment(ENV), SSH_AUTH_SOCK: '/run/agent'});
  });

  test('the whole of it only when that is asked for', async () => {
    const context = {env: {...ENV, PATH: process.env.PATH}, signal: new AbortController().signal, onChild: () => undefined};
    const options = {timeoutMs: 15_000};
    expect((await runCommand('env', [], options, context)).stdout).not.toContain('sk-1');
    expect((await runCommand('env', [], {...options, environment: 'whole'}, context)).stdout).toContain('ANTHROPIC_API_KEY=sk-1');
  });
});

describe('a program is found', () => {
  test('in directories named from the root, never in the one that one happens to be in', async () => {
    const hostile = await scope.tempDir();
    writeFileSync(join(hostile, 'git'), '#!/bin/sh\ntouch "$0-ran"\n', {mode: 0o755});
    const context = {env: {PATH: ':.:'}, signal: new AbortController().signal, onChild: () => undefined};
    expect(await runCommand('git', ['status'], {timeoutMs: 15_000, cwd: hostile}, context)).toMatchObject({trouble: 'missing'});
    expect(locateProgram('git', ':.:bin')).toBe('missing');
    expect(locateProgram('git', `:.:${hostile}`)).toEqual({program: join(hostile, 'git')});
  });

  test('past directories and files that cannot be run', async () => {
    const [one, two] = [await scope.tempDir(), await scope.tempDir()];
    mkdirSync(join(one, 'tool'));
    writeFileSync(join(two, 'tool'), '');
    chmodSync(join(two, 'tool'), 0o644);
    expect(locateProgram('tool', `${one}:${two}:/nowhere`)).toBe('denied');
    expect(locateProgram('tool', undefined)).toBe('missing');
  });
});
