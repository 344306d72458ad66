// Planted faults against every rule about rooms: each must be caught, and honest imports must pass.
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ROOMS} from '../../scripts/layers.ts';

interface Planted {
  readonly fault: string;
  readonly path: string;
  readonly text: string;
  readonly says: RegExp;
}

const PLANTED: readonly Planted[] = [
  {
    fault: 'a record that knows the machine',
    path: 'src/core/domain/a.ts',
    text: "export type {Host} from '../os/host.ts';",
    says: /domain may not import os/,
  },
  {
    fault: 'the machine room that knows a source',
    path: 'src/core/os/a.ts',
    text: "export * from '../look/collector.ts';",
    says: /os may not import look/,
  },
  {
    fault: 'a collector that acts',
    path: 'src/core/look/named-multiplexers/a.ts',
    text: "export {executePlan} from '../../act/execute.ts';",
    says: /look may not import act/,
  },
  {
    fault: 'a judge that knows a source',
    path: 'src/core/judge/know.ts',
    text: "export * from '../../sources/gastown/town-names.ts';",
    says: /judge may not import source/,
  },
  {
    fault: 'a planner that knows the list of sources',
    path: 'src/core/plan/know.ts',
    text: "export * from '../../sources/sources.ts';",
    says: /plan may not import entry/,
  },
  {
    fault: 'an actor that takes the hands it is not given',
    path: 'src/core/act/know.ts',
    text: "export * from '../../sources/hands.act.ts';",
    says: /act may not import hands/,
  },
  {
    fault: 'a supervisor that knows a source',
    path: 'src/supervise/know.ts',
    text: "export * from '../sources/gastown/daemon-duties.ts';",
    says: /supervise may not import source/,
  },
  {
    fault: 'the façade that knows what a source reads',
    path: 'src/core/know.ts',
    text: "export * from '../sources/tmux/read/tmux-sockets.ts';",
    says: /engine may not import read/,
  },
  {
    fault: 'a source that reads outside its readers',
    path: 'src/sources/zellij/a.ts',
    text: "export {readFileSync} from 'node:fs';",
    says: /source may not import this module/,
  },
  {
    fault: 'a reader of a source that has hands',
    path: 'src/sources/zellij/read/a.ts',
    text: "export * from '../zellij.act.ts';",
    says: /read may not import hands/,
  },
  {
    fault: 'a collector that writes',
    path: 'src/core/look/a.ts',
    text: "export {writeFile} from 'node:fs/promises';",
    says: /look may not import this module/,
  },
  {
    fault: 'a collector that signals',
    path: 'src/core/look/b.ts',
    text: 'export const end = (pid: number) => process.kill(pid);',
    says: /Signals are sent in core\/os only/,
  },
  {
    fault: 'a detector that reads',
    path: 'src/core/judge/detect/a.ts',
    text: "export {readFileSync} from 'node:fs';",
    says: /judge may not import this module/,
  },
  {
    fault: 'a detector that looks at the clock',
    path: 'src/core/judge/detect/b.ts',
    text: 'export const now = () => Date.now();',
    says: /no clock and no dice/,
  },
  {
    fault: 'a detector that takes the date',
    path: 'src/core/judge/detect/c.ts',
    text: 'export const now = () => new Date();',
    says: /no clock and no dice/,
  },
  {
    fault: 'a detector that asks the process it runs in',
    path: 'src/core/judge/detect/d.ts',
    text: 'export const home = process.env;',
    says: /global variable process/,
  },
  {
    fault: 'a plan with dice',
    path: 'src/core/plan/a.ts',
    text: 'export const id = () => Math.random();',
    says: /no clock and no dice/,
  },
  {
    fault: 'a plan with lots from elsewhere',
    path: 'src/core/plan/b.ts',
    text: "export {randomUUID} from 'node:crypto';",
    says: /may hash, not draw lots/,
  },
  {
    fault: 'a table that is asked for foreign words',
    path: 'src/ui/c.tsx',
    text: "const COLOURS: Readonly<Record<string, string>> = {red: '31'};\nexport const codeOf = (name: string) => COLOURS[name];",
    says: /make this table a Map/,
  },
  {
    fault: 'a spread of whatever was found',
    path: 'src/cli/c.ts',
    text: 'export const widest = (widths: readonly number[]) => Math.max(...widths);',
    says: /use largest or smallest/,
  },
  {
    fault: 'a record that is asked for a foreign word',
    path: 'src/core/judge/owners/b.ts',
    text: 'export const portOf = (ports: Readonly<Record<string, number>>, service: {name: string}) => ports[service.name];',
    says: /use ownValue, or a Map/,
  },
  {
    fault: 'an argument that may be missing, asked for a foreign word',
    path: 'src/core/plan/c.ts',
    text: 'export const portOf = (ports: Readonly<Record<string, number>> | null, name: string) => ports?.[name];',
    says: /use ownValue, or a Map/,
  },
  {
    fault: 'an index that knows verdicts',
    path: 'src/core/look/index/a.ts',
    text: "export {assess} from '../../judge/assess.ts';",
    says: /index may not import judge/,
  },
  {
    fault: 'a verdict that loads lazily what it may not load',
    path: 'src/core/judge/detect/e.ts',
    text: "export const host = () => import('../../os/real-host.ts');",
    says: /judge may not import os/,
  },
  {
    fault: 'a façade with hands of its own',
    path: 'src/core/engine.ts',
    text: "export {executePlan} from './act/execute.ts';",
    says: /engine may not import act/,
  },
  {
    fault: 'a store that makes an engine',
    path: 'src/store/a.ts',
    text: "export {createEngine} from '../core/engine.ts';",
    says: /store may import only Engine/,
  },
  {fault: 'a store that draws', path: 'src/store/b.ts', text: "export {useState} from 'react';", says: /store may not import this module/},
  {
    fault: 'a screen that looks by itself',
    path: 'src/ui/panels/a.tsx',
    text: "export {createCollector} from '../../core/look/collector.ts';",
    says: /ui may not import look/,
  },
  {fault: 'a screen that runs programs', path: 'src/ui/a.tsx', text: "export {execa} from 'execa';", says: /ui may not import this module/},
  {
    fault: 'a screen that plans by itself',
    path: 'src/ui/b.tsx',
    text: "export {makePlan} from '../core/plan/make-plan.ts';",
    says: /ui may not import plan/,
  },
  {
    fault: 'a command that always loads the screen',
    path: 'src/cli/screen/a.ts',
    text: "import {runTui} from '../../ui/run-tui.tsx';\n\nexport const run = () => runTui();",
    says: /Load this by import\(\) only/,
  },
  {
    fault: 'a command that always loads what puts the screen together',
    path: 'src/cli/a.ts',
    text: "import {runScreen} from './screen/run-screen.ts';\n\nexport const run = () => runScreen();",
    says: /Load this by import\(\) only/,
  },
  {
    fault: 'a command that takes its words from the screen',
    path: 'src/cli/d.ts',
    text: "export {visibleRows} from '../store/visible.ts';",
    says: /cli may not import store/,
  },
  {
    fault: 'words that know who says them',
    path: 'src/words/a.ts',
    text: "export type {Row} from '../store/rows.ts';",
    says: /words may not import store/,
  },
  {
    fault: 'words that look at the clock',
    path: 'src/words/b.ts',
    text: 'export const now = () => Date.now();',
    says: /no clock and no dice/,
  },
  {
    fault: 'a command that touches files itself',
    path: 'src/cli/b.ts',
    text: "export {readFileSync} from 'node:fs';",
    says: /cli may not import this module/,
  },
  {
    fault: 'a document that knows the screen',
    path: 'src/cli/documents/a.ts',
    text: "export const ui = () => import('../../ui/app.tsx');",
    says: /documents may not import ui/,
  },
  {
    fault: 'settings that look at the fleet',
    path: 'src/config/a.ts',
    text: "export {createHost} from '../core/os/real-host.ts';",
    says: /config may not import os/,
  },
  {
    fault: 'two files that import each other',
    path: 'src/core/os/ring-a.ts',
    text: "import {b} from './ring-b.ts';\n\nexport const a = () => b();",
    says: /cycle/,
  },
  {
    fault: 'a module mock',
    path: 'test/a.test.ts',
    text: "import {vi} from 'vitest';\n\nvi.mock('../src/core/os/real-host.ts');",
    says: /No module mocks/,
  },
  {
    fault: 'a skipped test',
    path: 'test/b.test.ts',
    text: "import {it} from 'vitest';\n\nit.skip('later', () => undefined);",
    says: /disable tests/,
  },
  {fault: 'a default export', path: 'src/core/domain/b.ts', text: 'export default 1;', says: /default export/i},
];

const HONEST: Readonly<Record<string, string>> = {
  'src/core/os/ring-b.ts': "import {a} from './ring-a.ts';\n\nexport const b = () => a();\n",
  'src/core/os/fine.ts': "import {kill} from 'node:process';\n\nexport const end = (pid: number) => [kill, process.kill(pid, 0)];\n",
  'src/core/plan/fine.ts':
    "import {createHash} from 'node:crypto';\nimport {assess} from '../judge/assess.ts';\n\nexport const at = () => [assess, createHash, new Date(0)];\n",
  'src/store/fine.ts':
    "import {createStore} from 'zustand/vanilla';\nimport type {Engine} from '../core/engine.ts';\n\nexport const make = (engine: Engine) => createStore(() => ({engine}));\n",
  'src/ui/fine.tsx':
    "import {Text} from 'ink';\nimport {describePlan} from '../words/describe-plan.ts';\n\nexport const Fine = () => <Text>{String(describePlan)}</Text>;\n",
  'src/cli/fine.ts': "export const run = async () => (await import('./screen/run-screen.ts')).runScreen();\n",
  'src/cli/screen/fine.ts':
    "import type {Options} from '../../ui/run-tui.tsx';\n\nexport const run = async (options: Options) => (await import('../../ui/run-tui.tsx')).runTui(options);\n",
};

interface Diagnostic {
  readonly message: string;
  readonly category: string;
  readonly location: {readonly path: string};
}

const root = resolve(import.meta.dirname, '../..');
let diagnostics: readonly Diagnostic[] = [];
let place = '';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'rigtop-layers-'));
  cpSync(join(root, 'biome.json'), join(place, 'biome.json'));
  cpSync(join(root, 'scripts/lint'), join(place, 'scripts/lint'), {recursive: true});
  for (const [path, text] of [...Object.entries(HONEST), ...PLANTED.map(({path, text}) => [path, `${text}\n`] as const)]) {
    mkdirSync(dirname(join(place, path)), {recursive: true});
    writeFileSync(join(place, path), text);
  }
  const {stdout} = await execa(join(root, 'node_modules/.bin/biome'), ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: place,
    reject: false,
  });
  diagnostics = (JSON.parse(stdout) as {diagnostics: readonly Diagnostic[]}).diagnostics;
});

afterAll(() => rmSync(place, {recursive: true, force: true}));

const messagesFor = (path: string): readonly string[] =>
  diagnostics.filter(found => found.location.path === path).map(found => `${found.category}: ${found.message}`);

describe('the rules about rooms', () => {
  it.each(PLANTED)('catch $fault', ({path, says}) => {
    expect(messagesFor(path).join('\n')).toMatch(says);
  });

  it.each(Object.keys(HONEST).filter(path => !path.includes('ring')))('let %s pass', path => {
    expect(messagesFor(path)).toEqual([]);
  });

  it('give every room a rule of its own, and no file two', () => {
    const globs = ROOMS.flatMap(room => room.files.filter(glob => !glob.startsWith('!')));
    expect(new Set(globs).size).toBe(globs.length);
    expect(new Set(ROOMS.map(room => room.name)).size).toBe(ROOMS.length);
  });
});
