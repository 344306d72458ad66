import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Outcome} from '../../src/core/domain/outcome.ts';
import type {Plan, PlanRequest} from '../../src/core/domain/plan.ts';
import {type LoopParts, runLoop, type Wish} from '../../src/supervise/loop.ts';
import {EMPTY_STATE} from '../../src/supervise/policy.ts';
import type {RoundNote, SuperviseRecord} from '../../src/supervise/record.ts';
import {assessAll, look} from '../support/world.ts';

const NOW = 1_800_000_000_000;
const quiet: Assessment = assessAll([look()]).assessment;

const crashed = (name: string): Finding => ({
  id: `f-${name}`,
  kind: 'crashed-agent',
  severity: 'high',
  certainty: 'sure',
  subject: `agent:x/${name}`,
  title: `${name} is gone`,
  evidence: [],
  processes: [],
  protectedBy: null,
  remedies: ['restart'],
  rig: 'x',
  session: null,
  holds: [],
});

const seeing = (...names: readonly string[]): Assessment => ({...quiet, findings: names.map(crashed)});

const DONE: Outcome = {ok: true, tookMs: 1, targets: [], ports: [], late: [], escaped: [], started: [], problems: [], refused: null};

const planFor = ({action, asked}: PlanRequest): Plan => ({
  id: 'c41f',
  action,
  asked,
  createdAt: NOW,
  expiresAt: NOW + 30_000,
  bootId: null,
  roots: [{ref: asked[0] ?? '', title: '', because: ''}],
  targets: [],
  sessions: [],
  panes: [],
  locks: [],
  vacates: [],
  compose: [],
  starts: [],
  frees: [],
  leftOut: [],
  warnings: [],
  irreversible: [],
  command: '',
  force: false,
  graceMs: 1,
  unlocks: [],
});

interface Script {
  /** What each round sees; the last one is seen from then on. */
  readonly looks: readonly Assessment[];
  /** What is wished after each round; `stop` after the last. */
  readonly wishes?: readonly (readonly Wish[])[];
  /** How long each rest takes. */
  readonly restsMs?: readonly number[];
  readonly more?: Partial<LoopParts>;
  readonly hampered?: string | null;
}

const play = async ({looks, wishes = [], restsMs = [], more = {}, hampered = null}: Script) => {
  const performed: PlanRequest[] = [];
  const notes: RoundNote[] = [];
  const records: SuperviseRecord[] = [];
  let round = 0;
  let now = NOW;
  const assessment = (): Assessment => looks[Math.min(round, looks.length - 1)] ?? quiet;
  const supervisor = {
    readOnly: false,
    refresh: async () => assessment(),
    refreshUntilSettled: async () => assessment(),
    plan: planFor,
    prepare: planFor,
    perform: async (plan: Plan) => {
      performed.push({action: plan.action, asked: plan.asked});
      return DONE;
    },
    close: async () => undefined,
  };
  await runLoop({
    mode: 'act',
    charge: {supervisor, policy: {keep: ['agent:x/*'], cleanup: null}, intervalMs: 1000, hampered},
    reload: async old => old,
    identity: {pid: 1, startTime: 1, bootId: null, host: 'box'},
    inherited: EMPTY_STATE,
    opening: [],
    epochMs: () => now,
    rest: async ms => {
      now += restsMs[round] ?? ms;
      round += 1;
      return round >= looks.length ? ['stop'] : (wishes[round - 1] ?? []);
    },
    save: async record => {
      records.push(record);
      return null;
    },
    alarm: async () => undefined,
    tell: async note => {
      notes.push(note);
    },
    ...more,
  });
  return {performed, notes, records, texts: notes.map(({what, text}) => `${what}: ${text}`)};
};

describe('a round', () => {
  it('restarts what is kept and provably crashed, and remembers it before it does it', async () => {
    const {performed, records} = await play({looks: [seeing('a')]});
    expect(performed).toEqual([{action: 'restart', asked: ['agent:x/a']}]);
    expect(records[0]?.state.keeps['agent:x/a']).toMatchObject({restarts: 1});
  });

  it('only says what it would do when it observes', async () => {
    const {performed, texts} = await play({looks: [seeing('a')], more: {mode: 'observe'}});
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('would: restart agent:x/a'));
  });

  it('does not restart again while it backs off', async () => {
    const {performed} = await play({looks: [seeing('a'), seeing('a'), seeing('a')]});
    expect(performed).toHaveLength(1);
  });

  it('says the same thing once', async () => {
    const {texts} = await play({looks: [seeing('a'), seeing('a'), seeing('a'), seeing('a')], more: {mode: 'observe'}});
    expect(texts.filter(text => text.startsWith('would'))).toHaveLength(1);
  });

  it('tells what the one before left unfinished, first of all', async () => {
    const {texts} = await play({looks: [quiet], more: {opening: ['an action was interrupted']}});
    expect(texts[0]).toBe('said: an action was interrupted');
  });
});

describe('it does nothing', () => {
  it('while the configuration is broken', async () => {
    const {performed, texts} = await play({looks: [seeing('a')], hampered: 'config.toml:3: nonsense'});
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('config.toml:3'));
  });

  it('when it cannot write down what it is about to do', async () => {
    const {performed, texts} = await play({looks: [seeing('a'), seeing('a')], more: {save: async () => 'no space left on device'}});
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('no space left'));
  });

  it('while a person has paused it, and goes on when resumed', async () => {
    const looks = [quiet, seeing('a'), seeing('a'), seeing('a')];
    const paused = await play({looks, wishes: [['pause']]});
    expect(paused.performed).toEqual([]);
    const resumed = await play({looks, wishes: [['pause'], [], ['resume']]});
    expect(resumed.performed).toHaveLength(1);
  });

  it('after a mass death, until resumed, and raises the alarm once', async () => {
    let alarms = 0;
    const alarm = async () => {
      alarms += 1;
    };
    const many = seeing('a', 'b', 'c', 'd');
    const {performed, records} = await play({looks: [many, many, many], more: {alarm}});
    expect(performed).toEqual([]);
    expect(records.at(-1)?.state.halted).not.toBeNull();
    expect(alarms).toBe(1);
    const resumed = await play({looks: [many, many, many], wishes: [['resume']]});
    expect(resumed.performed.length).toBeGreaterThan(0);
  });

  it('in the first round after the machine slept, nor counts what died meanwhile as a mass death', async () => {
    const hour = 3_600_000;
    const {performed, records, texts} = await play({looks: [quiet, seeing('a', 'b', 'c'), seeing('a', 'b', 'c')], restsMs: [hour, 1000]});
    expect(texts).toContainEqual(expect.stringContaining('nobody looked for 3600 s'));
    expect(performed).toHaveLength(1);
    expect(records.at(-1)?.state.halted).toBeNull();
  });

  it('when the clock is set back', async () => {
    const {performed} = await play({looks: [quiet, seeing('a')], restsMs: [-7_200_000]});
    expect(performed).toEqual([]);
  });
});
