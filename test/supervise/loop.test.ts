import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Outcome} from '../../src/core/domain/outcome.ts';
import type {Plan, PlanRequest, Refusal} from '../../src/core/domain/plan.ts';
import {runLoop} from '../../src/supervise/loop.ts';
import type {ControlRequest, LoopParts} from '../../src/supervise/loop-parts.ts';
import {EMPTY_STATE} from '../../src/supervise/loop-state.ts';
import type {CleanupPolicy} from '../../src/supervise/memory.ts';
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
  /** What is requested after each round; `stop` after the last. */
  readonly controlRequests?: readonly (readonly ControlRequest[])[];
  /** How long the machine sleeps while each round looks. */
  readonly sleepsMs?: readonly number[];
  /** How long each rest takes. */
  readonly restsMs?: readonly number[];
  readonly more?: Partial<LoopParts>;
  readonly blocked?: string | null;
  readonly outcome?: Outcome;
  readonly cleanup?: CleanupPolicy | null;
  /** References whose plan is refused. */
  readonly refuse?: readonly string[];
}

const play = async ({
  looks,
  controlRequests = [],
  restsMs = [],
  sleepsMs = [],
  more = {},
  blocked = null,
  outcome = DONE,
  cleanup = null,
  refuse = [],
}: Script) => {
  const performed: PlanRequest[] = [];
  const notes: RoundNote[] = [];
  const records: SuperviseRecord[] = [];
  let round = 0;
  let now = NOW;
  let slept = 0;
  let rings = 0;
  const assessment = (): Assessment => looks[Math.min(round, looks.length - 1)] ?? quiet;
  const engine = {
    readOnly: false,
    refresh: async () => assessment(),
    refreshUntilSettled: async () => {
      now += sleepsMs[round] ?? 0;
      slept += sleepsMs[round] ?? 0;
      return assessment();
    },
    plan: (request: PlanRequest): Plan | Refusal =>
      request.asked.some(ref => refuse.includes(ref))
        ? {refused: true, rule: 'parked', because: 'it is parked', protection: null, leftOut: []}
        : planFor(request),
    prepare: planFor,
    perform: async (plan: Plan) => {
      performed.push({action: plan.action, asked: plan.asked});
      return outcome;
    },
    meanings: {},
    remedies: {},
    close: async () => undefined,
  };
  const end = await runLoop({
    mode: 'act',
    loopConfig: {engine, policy: {keep: ['agent:x/*'], cleanup, intervalMs: 1000, graceMs: 0, rigs: []}, blocked},
    sources: [],
    reload: async old => old,
    identity: {pid: 1, startTime: 1, bootId: null, host: 'box'},
    inherited: {state: EMPTY_STATE, paused: false, continuous: true},
    opening: [],
    epochMs: () => now,
    monotonicMs: () => now - slept,
    personsEnds: async () => [],
    ring: () => {
      rings += 1;
    },
    rest: async ms => {
      now += restsMs[round] ?? ms;
      round += 1;
      return [...(controlRequests[round - 1] ?? []), ...(round >= looks.length ? (['stop'] as const) : [])];
    },
    save: async record => {
      records.push(record);
      return null;
    },
    isRequested: () => false,
    holdsLock: async () => 'held',
    exclusively: act => act(),
    explainStuck: async pids => `process:${pids.join()} waits in nfs_wait`,
    alarm: async () => undefined,
    write: async () => null,
    tell: note => {
      notes.push(note);
    },
    ...more,
  });
  return {end, rings, performed, notes, records, texts: notes.map(({what, text}) => `${what}: ${text}`)};
};

describe('a round', () => {
  it('restarts what is kept and provably crashed, and remembers it before it does it', async () => {
    const {performed, records} = await play({looks: [seeing('a')]});
    expect(performed).toEqual([{action: 'restart', asked: ['agent:x/a']}]);
    expect(records[1]?.state.keeps['agent:x/a']).toMatchObject({restarts: 1});
  });

  it('only says what it would do when it observes', async () => {
    const {performed, texts} = await play({looks: [seeing('a')], more: {mode: 'observe'}});
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('would: restart agent:x/a'));
  });

  it('leaves what it would do for a person to approve, as long as it would do it', async () => {
    const {records} = await play({looks: [seeing('a'), quiet], more: {mode: 'observe'}});
    const rounds = records.filter(({heartbeat}) => heartbeat.count > 0);
    expect(rounds[0]?.proposals).toMatchObject([{kind: 'restart', ref: 'agent:x/a'}]);
    expect(rounds[1]?.proposals).toEqual([]);
  });

  it('proposes while it is paused, but nothing that has no plan, and nothing while it may not act', async () => {
    const paused = {inherited: {state: EMPTY_STATE, paused: true, continuous: true}};
    const proposals = async (script: Partial<Script>) => (await play({looks: [seeing('a')], ...script})).records.at(-1)?.proposals;
    expect(await proposals({more: paused})).toMatchObject([{ref: 'agent:x/a'}]);
    expect(await proposals({more: paused, refuse: ['agent:x/a']})).toEqual([]);
    expect(await proposals({more: paused, blocked: 'broken'})).toEqual([]);
    expect(await proposals({})).toEqual([]);
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
    const {texts} = await play({looks: [quiet], more: {opening: [{text: 'an action was interrupted', ref: 'run:1'}]}});
    expect(texts[0]).toBe('said: an action was interrupted');
  });

  it('takes a start that somebody began and never finished for one that was tried', async () => {
    const opening = (at: number) => [{text: 'an action was interrupted', ref: 'run:1', began: {starts: ['agent:x/a'], at}}];
    const {performed, texts} = await play({looks: [seeing('a')], more: {opening: opening(NOW - 5000)}});
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('backing off until'));
    expect((await play({looks: [seeing('a')], more: {opening: opening(NOW - 60_000)}})).performed).toHaveLength(1);
  });
});

describe('the order of a round', () => {
  it('restarts one a round, and one that is refused does not take the turn of the next', async () => {
    const {performed} = await play({looks: [seeing('a', 'b')]});
    expect(performed).toEqual([{action: 'restart', asked: ['agent:x/a']}]);
    const charged = await play({looks: [seeing('a', 'b')], refuse: ['agent:x/a']});
    expect(charged.performed).toEqual([{action: 'restart', asked: ['agent:x/b']}]);
    expect(charged.texts).toContainEqual(expect.stringContaining('parked'));
  });

  it('begins nothing more once a control request has come', async () => {
    const {performed} = await play({looks: [seeing('a')], more: {isRequested: () => true}});
    expect(performed).toEqual([]);
  });

  it('counts nothing that was refused in the end, and tries it again', async () => {
    const refused = {...DONE, ok: false, refused: {rule: 'journal', because: 'no space left'}};
    const {performed, records} = await play({looks: [seeing('a'), seeing('a')], outcome: refused});
    expect(performed).toHaveLength(2);
    expect(records.at(-1)?.state.keeps).toEqual({});
  });

  it('reports what survives KILL with what it waits for, and does not try it at every round', async () => {
    const survivor = {ref: 'process:7', pid: 7, result: 'survived', signal: 'SIGKILL', because: null, tookMs: 1} as const;
    const orphan: Finding = {...crashed('o'), kind: 'orphan-process', subject: 'process:7', remedies: ['kill']};
    const looks = Array.from({length: 4}, () => ({...quiet, findings: [orphan]}));
    const {performed, texts} = await play({
      looks,
      outcome: {...DONE, ok: false, targets: [survivor]},
      cleanup: {kinds: ['orphan-process'], minAgeMs: 1, perHour: 50},
    });
    expect(performed).toHaveLength(1);
    expect(texts).toContain('held-back: unkillable: process:7 waits in nfs_wait');
  });

  it('ends when another one holds its lock, and leaves that one’s record alone', async () => {
    const {performed, records, end} = await play({looks: [seeing('a'), seeing('a')], more: {holdsLock: async () => 'lost'}});
    expect(end).toBe('lost');
    expect(performed).toEqual([]);
    expect(records.map(({heartbeat}) => heartbeat.count)).toEqual([0]);
  });

  it('leaves what somebody else is at just now', async () => {
    const {performed, records, texts} = await play({
      looks: [seeing('a')],
      more: {exclusively: async () => 'process 9 carries out restart'},
    });
    expect(performed).toEqual([]);
    expect(records.at(-1)?.state.keeps).toEqual({});
    expect(texts).toContainEqual(expect.stringContaining('process 9 carries out'));
  });
});

describe('what it leaves for the next one, and for who looks', () => {
  it('is there before the first look, and a halt before anybody is told of it', async () => {
    const saved: SuperviseRecord[] = [];
    const halts: boolean[] = [];
    const tell = ({text}: RoundNote) => {
      if (text.startsWith('mass death')) {
        halts.push(saved.at(-1)?.state.halted != null);
      }
    };
    const save = async (record: SuperviseRecord) => {
      saved.push(record);
      return null;
    };
    await play({looks: [seeing('a', 'b', 'c', 'd')], more: {save, tell}});
    expect(saved[0]?.heartbeat).toEqual({count: 0, at: null});
    expect(halts).toEqual([true]);
  });

  it('is a pause that came together with a stop, and one that just came', async () => {
    const stopped = await play({looks: [quiet], controlRequests: [['pause']]});
    expect(stopped.end).toBe('stopped');
    expect(stopped.records.at(-1)?.paused).toBe(true);
    const {records} = await play({looks: [quiet, quiet], controlRequests: [['pause']]});
    expect(records.find(({paused}) => paused)?.heartbeat.count).toBe(1);
  });

  it('stays a halt when somebody only lets it go on after a pause', async () => {
    const many = seeing('a', 'b', 'c', 'd');
    const {records, performed, texts} = await play({looks: [many, many, many], controlRequests: [['go-on']]});
    expect(records.at(-1)?.state.halted).not.toBeNull();
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('its halt is not'));
  });
});

describe('an end that touched nothing', () => {
  const orphan: Finding = {...crashed('o'), kind: 'orphan-process', subject: 'process:7', remedies: ['kill']};
  const target = {ref: 'process:7', pid: 7, because: 'unknown: no answer', tookMs: 1} as const;
  const cleanup: CleanupPolicy = {kinds: ['orphan-process'], minAgeMs: 1, perHour: 50};
  const looks = Array.from({length: 5}, () => ({...quiet, findings: [orphan]}));
  const after = async (result: 'refused' | 'survived', signal: 'SIGTERM' | null) => {
    const {records, performed} = await play({looks, cleanup, outcome: {...DONE, ok: false, targets: [{...target, result, signal}]}});
    return {tries: records.at(-1)?.state.tries, cleanups: records.at(-1)?.state.cleanups.length, performed: performed.length};
  };

  it('counts as no try and against no limit; a survivor counts', async () => {
    expect(await after('refused', null)).toMatchObject({tries: {}, cleanups: 0});
    expect(await after('survived', 'SIGTERM')).toMatchObject({tries: {'f-o': {count: 3}}, cleanups: 3, performed: 3});
  });
});

describe('a target that dies at once, every time', () => {
  it('is restarted five times with longer and longer waits, then never again until a person resumes', async () => {
    const looks = Array.from({length: 400}, () => seeing('a'));
    const restsMs = looks.map(() => 15_000);
    const {performed, texts} = await play({looks, restsMs});
    expect(performed).toHaveLength(5);
    expect(texts.filter(text => text.includes('crash loop'))).toHaveLength(1);
    // One line for each restart and each wait, not one for each of four hundred rounds.
    expect(texts.length).toBeLessThan(25);
    const controlRequests = looks.map((_, index): readonly ControlRequest[] => (index === 300 ? ['resume'] : []));
    expect((await play({looks, restsMs, controlRequests})).performed.length).toBeGreaterThan(5);
  });
});

describe('what it says', () => {
  it('says again what had been over in between', async () => {
    const {texts} = await play({looks: [seeing('a'), quiet, seeing('a')], more: {mode: 'observe'}});
    expect(texts.filter(text => text.startsWith('would'))).toHaveLength(2);
  });

  it('says every reload and every pause, however alike', async () => {
    const {texts} = await play({looks: [quiet, quiet, quiet], controlRequests: [['reload'], ['reload']]});
    expect(texts.filter(text => text.includes('configuration'))).toHaveLength(2);
  });

  it('names the first of a hundred findings, and counts the others', async () => {
    const many = seeing(...Array.from({length: 100}, (_, index) => `a${index}`));
    const {texts, performed} = await play({looks: [many]});
    expect(texts.length).toBeLessThan(20);
    expect(texts).toContainEqual('said: and 90 more findings: rigtop status');
    expect(performed).toEqual([]);
  });

  it('raises no alarm outside while it only observes', async () => {
    let alarms = 0;
    const alarm = async () => {
      alarms += 1;
    };
    const {rings} = await play({looks: [seeing('a', 'b', 'c', 'd')], more: {mode: 'observe', alarm}});
    expect([alarms, rings]).toEqual([0, 1]);
  });
});

describe('it does nothing', () => {
  it('while its lock cannot be read, and goes on once it can', async () => {
    const answers: ('unknown' | 'held')[] = ['unknown', 'unknown'];
    const {performed, texts} = await play({looks: [seeing('a'), seeing('a')], more: {holdsLock: async () => answers.shift() ?? 'held'}});
    expect(performed).toHaveLength(1);
    expect(texts).toContainEqual(expect.stringContaining('its lock cannot be read'));
  });

  it('after the machine slept while it looked', async () => {
    const orphan: Finding = {...crashed('o'), kind: 'orphan-process', subject: 'process:7', remedies: ['kill']};
    const {performed, texts} = await play({
      looks: Array.from({length: 4}, () => ({...quiet, findings: [orphan]})),
      sleepsMs: [0, 8 * 3_600_000],
      cleanup: {kinds: ['orphan-process'], minAgeMs: 3_600_000, perHour: 50},
    });
    expect(performed).toEqual([]);
    expect(texts).toContainEqual(expect.stringContaining('nobody looked for 28800 s'));
  });

  it('while its journal cannot be written, and goes on once it can', async () => {
    const answers = ['no space left', 'no space left'];
    const write = async () => answers.shift() ?? null;
    const {performed, texts, records} = await play({looks: [seeing('a'), seeing('a'), seeing('a')], more: {write}});
    expect(records.find(({heartbeat}) => heartbeat.count === 1)?.blocked).toContain('no space left');
    expect(texts).toContainEqual(expect.stringContaining('acts no more: its journal cannot be written (no space left)'));
    expect(texts).toContain('said: its journal can be written again');
    expect(performed).toHaveLength(1);
  });

  it('while the one before was paused by a person', async () => {
    const {performed, texts} = await play({looks: [seeing('a')], more: {inherited: {state: EMPTY_STATE, paused: true, continuous: false}}});
    expect(performed).toEqual([]);
    expect(texts[0]).toContain('still paused');
  });

  it('while the configuration is broken', async () => {
    const {performed, texts} = await play({looks: [seeing('a')], blocked: 'config.toml:3: nonsense'});
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
    const paused = await play({looks, controlRequests: [['pause']]});
    expect(paused.performed).toEqual([]);
    const resumed = await play({looks, controlRequests: [['pause'], [], ['resume']]});
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
    const resumed = await play({looks: [many, many, many], controlRequests: [['resume']]});
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
