import {describe, expect, test} from 'vitest';
import {tellingNeeds} from '../../src/cli/tell-needs.ts';
import type {NotifyConfig} from '../../src/config/load.ts';
import type {JournalLine, RefusalLine} from '../../src/core/act/journal-file.ts';
import type {Agent} from '../../src/core/domain/agent.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {HintState} from '../../src/core/domain/hint.ts';
import type {Engine} from '../../src/core/engine.ts';
import type {Host} from '../../src/core/os/host.ts';
import {agent, buildFleet} from '../store/fleet.ts';

const doing = (state: HintState, text: string | null = null): Agent => ({
  ...agent('shop', 'max', null),
  hint: {state, since: null, text, source: 'screen'},
});

const refusal = (command: string, decision: RefusalLine['decision'] = 'deny'): RefusalLine => ({
  schema: 'rigtop/journal@1',
  run: 'guard-1',
  at: '2026-11-20T10:00:00.000Z',
  type: 'refusal',
  decision,
  program: 'claude',
  cwd: '/w/a',
  command,
  targets: [{ref: 'process:4711', pid: 4711, startTime: 1, command: 'node vite'}],
  undecided: [],
});

/** `journal`: what is new in it at each look; an error where it cannot be read then. */
const open = (
  notify: NotifyConfig,
  looks: readonly (readonly Agent[])[],
  journal: readonly (readonly JournalLine[] | Error)[] = [],
  isToldElsewhere = false,
) => {
  const told: unknown[] = [];
  const programs: string[] = [];
  const waiting: (() => void)[] = [];
  let rings = 0;
  let at = 0;
  const engine = {
    refresh: async (): Promise<Assessment> => {
      const fleet = buildFleet();
      const agents = looks[at] ?? [];
      at += 1;
      return {...fleet, fleet: {...fleet.fleet, agents}};
    },
  } as unknown as Engine;
  const host = {
    run: async (file: string, args: readonly string[], {input}: {input?: string}) => {
      programs.push([file, ...args].join(' '));
      told.push(JSON.parse(input ?? ''));
      await new Promise<void>(resolve => waiting.push(resolve));
      return {stdout: '', stderr: '', exitCode: 0, trouble: null};
    },
  } as unknown as Host;
  const written = [...journal];
  const telling = tellingNeeds(engine, {
    host,
    notify,
    journal: {
      next: async () => {
        const lines = written.shift() ?? [];
        if (lines instanceof Error) {
          throw lines;
        }
        return lines;
      },
    },
    ring: () => {
      rings += 1;
    },
    isToldElsewhere: async () => isToldElsewhere,
  });
  return {
    engine,
    telling,
    told,
    programs,
    rings: () => rings,
    look: async (times = looks.length) => {
      for (let each = 0; each < times; each += 1) {
        await telling.refresh();
      }
    },
    finish: async () => {
      waiting.shift()?.();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
};

const COMMAND: NotifyConfig = {bell: false, command: ['tell', '-x']};

describe('who is told of agents that need a person', () => {
  test('nobody, unless asked for', () => {
    const {engine, telling} = open({bell: false, command: null}, []);
    expect(telling).toBe(engine);
  });

  test('the bell of a screen rings, and the program is left to a supervisor that runs it', async () => {
    const {programs, rings, look} = open({bell: true, command: ['tell']}, [[], [doing('asks', 'Go on?')]], [], true);
    await look();
    expect([programs, rings()]).toEqual([[], 1]);
  });

  test('each change is told once; what was so before is none', async () => {
    const asks = doing('asks', 'Go on?');
    const {told, programs, look, finish} = open(COMMAND, [[asks], [asks], [doing('busy')], [asks], [asks]]);
    await look();
    await finish();
    expect(programs).toEqual(['tell -x']);
    expect(told).toEqual([
      {
        schema: 'rigtop/notice@1',
        host: 'devbox-3',
        at: '2026-11-20T10:00:00.000Z',
        event: 'asks',
        agent: 'agent:shop/max',
        rig: 'shop',
        runtime: 'claude',
        session: null,
        text: 'Go on?',
      },
    ]);
  });

  test('of asking, having finished and having crashed, and of nothing else', async () => {
    const crashed: Agent = {...agent('shop', 'max', null), state: 'crashed', because: 'its session is gone'};
    const {told, look, finish} = open(COMMAND, [
      [doing('busy')],
      [doing('done', 'All pass')],
      [doing('idle')],
      [doing('stuck')],
      [crashed],
      [],
    ]);
    await look();
    await finish();
    await finish();
    expect(told).toEqual([
      expect.objectContaining({event: 'done', text: 'All pass'}),
      expect.objectContaining({event: 'crashed', text: 'its session is gone'}),
    ]);
  });

  test('one program at a time, and no endless list for one that hangs', async () => {
    const looks = Array.from({length: 60}, (_, at) => [doing('asks', `question ${at}`)]);
    const {told, look, finish} = open(COMMAND, looks);
    await look();
    expect(told).toHaveLength(1);
    for (let each = 0; each < 60; each += 1) {
      await finish();
    }
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toMatchObject({text: 'question 59'});
  });

  test('of a command that was denied since, and not of one that a person was asked about', async () => {
    const {told, look, finish, rings} = open(
      {...COMMAND, bell: true},
      [[], [], [], []],
      [[refusal('pkill -f old')], new Error('EACCES'), [refusal('kill 1', 'ask'), refusal('pkill -f vite\necho')], []],
    );
    await look();
    await finish();
    expect(told).toEqual([
      {
        schema: 'rigtop/notice@1',
        host: 'devbox-3',
        at: '2026-11-20T10:00:00.000Z',
        event: 'denied',
        agent: null,
        rig: null,
        runtime: 'claude',
        session: null,
        text: expect.stringMatching(/^pkill -f vite.*echo: process:4711 node vite$/),
      },
    ]);
    expect(rings()).toBe(1);
  });

  test('the bell rings once for a look', async () => {
    const {rings, look, told} = open({bell: true, command: null}, [[doing('busy')], [doing('asks', 'Go on?')], [doing('asks', 'Go on?')]]);
    await look();
    expect([rings(), told]).toEqual([1, []]);
  });
});
