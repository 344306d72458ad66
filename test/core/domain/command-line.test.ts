import {expect, it} from 'vitest';
import {commandLine, shortName} from '../../../src/core/domain/command-line.ts';

it('a title keeps its beginning, slashes or not; a path loses its directories', () => {
  const shown = (...argv: readonly string[]) => commandLine({argv, comm: 'x'});
  expect(shown('sshd: user@pts/1')).toBe('sshd: user@pts/1');
  expect(shown('postgres: alice shop/main 127.0.0.1(4711) idle')).toBe('postgres: alice shop/main 127.0.0.1(4711) idle');
  expect(shown('nginx: worker process /srv/x/nginx')).toBe('nginx: worker process /srv/x/nginx');
  expect(shown('/usr/bin/node', '/w/x/vite.js', '--port', '1')).toBe('node vite.js --port 1');
  expect(shown('/opt/My: Tools/bin/tool')).toBe('tool');
});

it('a line that is cut says so, and halves no character', () => {
  const shown = (argv: readonly string[], limit?: number) => commandLine({argv, comm: 'x'}, limit);
  expect(shown(['node', 'vite'], 9)).toBe('node vite');
  expect(shown(['node', 'vite', '--port'], 12)).toBe('node vite -…');
  expect(shown(['node', '😀😀'], 7)).toBe('node …');
  expect(shown(['x'.repeat(300)])).toBe(`${'x'.repeat(199)}…`);
});

it('a program of Node 24 is called by its own name, not by that of its first thread', () => {
  expect(shortName({argv: ['/usr/bin/node', 'srv.js'], comm: 'MainThread'})).toBe('node');
  expect(shortName({argv: ['claude'], comm: 'node-MainThread'})).toBe('claude');
  expect(shortName({argv: ['/bin/zsh'], comm: 'zsh'})).toBe('zsh');
  expect(shortName({argv: [], comm: 'MainThread'})).toBe('MainThread');
});
