import {expect, test} from 'vitest';
import {createLocator, formatKeyPath} from '../../src/config/locate-key.ts';

const SOURCE = `# comment [not.a.table]
interval = "2s" # [[rigs]]
text = """
[[rigs]]
name = "no"
"""
list = [
  "a", # ]
  "b = [",
]
[[rigs]]
name = 'x'
  [[rigs.services]]
  name = "one"
  [[rigs.services]]
  "base_port" = 1
[[rigs]]
a.b.c = {d = 1}
[runtimes."my bot"]
args = []
`;

const locate = createLocator(SOURCE);

test.each([
  [['interval'], 2],
  [['list'], 7],
  [['rigs', 0, 'name'], 12],
  [['rigs', 0, 'services', 0, 'name'], 14],
  [['rigs', 0, 'services', 1, 'base_port'], 16],
  [['rigs', 0, 'services', 1, 'missing'], 15],
  [['rigs', 1], 17],
  [['rigs', 1, 'a', 'b', 'c', 'd'], 18],
  [['runtimes', 'my bot', 'args'], 20],
  [['absent'], null],
])('%j stands on line %j', (path, line) => {
  expect(locate(path)).toBe(line);
});

test('a path is written as a person would', () => {
  expect(formatKeyPath(['rigs', 0, 'services', 1, 'base_port'])).toBe('rigs[0].services[1].base_port');
});
