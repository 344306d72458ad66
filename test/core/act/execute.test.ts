// One rule at a time, on a simulated machine: what happens between plan and act, and during the act.
import {describe, expect, it} from 'vitest';
import {executePlan} from '../../../src/core/act/execute.ts';
import type {Journal} from '../../../src/core/act/journal-file.ts';
import type {Protection} from '../../../src/core/domain/finding.ts';
import type {Outcome, Progress, TargetResult} from '../../../src/core/domain/outcome.ts';
import {isRefusal, type Plan, type PlanRequest} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {closingHeads} from '../../../src/core/plan/closing-heads.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {tmuxControl} from '../../../src/sources/tmux/tmux-control.act.ts';
import {settings} from '../../support/world.ts';
import {createMachine, type Faults, type Machine, noFaults} from './sim/machine.ts';
import {assess, type Built, build, type ProcessSpec, type Scenario, type SessionSpec} from './sim/scenario.ts';
import {type SimProcess, SLOW_MS} from './sim/world.ts';

const plainSession: SessionSpec = {panes: 1, remains: false, hook: false, attached: false, agent: false, linked: false};
const plainProcess: ProcessSpec = {
  below: 0,
  comm: 'node',
  temper: 'meek',
  setsid: false,
  ownGroup: false,
  stopped: false,
  hupDeaf: false,
  careless: false,
  orphaned: false,
  cleanEnv: false,
  otherUser: false,
  port: false,
};

/** Sessions s0, s1 … whose panes run node (101, 102 …); further processes hang below the first pane's unless told. */
const machineOf = (
  sessions: readonly Partial<SessionSpec>[],
  processes: readonly Partial<ProcessSpec>[] = [],
  faults: Partial<Faults> = {},
) => {
  const spec: Scenario = {
    sessions: sessions.map(each => ({...plainSession, ...each})),
    processes: processes.map(each => ({...plainProcess, ...each})),
    askSessions: [],
    askProcesses: [],
    happenings: [],
    force: false,
  };
  const built = build(spec);
  return {built, spec, machine: createMachine(built.world, {...noFaults, ...faults})};
};

type Made = ReturnType<typeof machineOf>;

const planOf = ({built, spec}: Made, asked: readonly string[], more: Partial<PlanRequest> = {}): Plan => {
  const plan = makePlan({action: 'kill', asked, graceMs: 500, ...more}, assess(built, spec), settings, {
    id: 'p1',
    now: built.world.now,
    sources: SOURCES,
  });
  if (isRefusal(plan)) {
    throw new Error(`${plan.rule}: ${plan.because}`);
  }
  return plan;
};

const quietJournal: Journal = {
  path: '/journal',
  begin: () => {
    const written = async () => ({ok: true}) as const;
    return {intent: written, step: written, outcome: written};
  },
};

interface Acted {
  readonly outcome: Outcome;
  readonly steps: readonly Progress[];
}

const act = async (
  {built, spec, machine}: Made,
  plan: Plan,
  protect: (process: Process) => Protection | null = () => null,
): Promise<Acted> => {
  const steps: Progress[] = [];
  const outcome = await executePlan(
    plan,
    {
      host: machine.host,
      controls: [tmuxControl],
      hands: machine.hands,
      journal: quietJournal,
      findConcurrent: async () => null,
      isRuntime: () => false,
      protect,
      heads: closingHeads(plan, assess(built, spec).snapshot),
    },
    step => steps.push(step),
  );
  return {outcome, steps};
};

const W = 'session:default/s0';
const head = ({all}: Built, index = 0): SimProcess => all[index] as SimProcess;
const signals = ({delivered}: Machine, pid?: number): readonly string[] =>
  delivered.filter(({process}) => pid === undefined || process.pid === pid).map(({signal}) => signal);
const resultsOf = ({targets}: Outcome): readonly TargetResult[] => targets.map(({result}) => result);

describe('between plan and act', () => {
  it('a session that has become another is changed, and so is everything in it', async () => {
    const made = machineOf([{}, {}]);
    const plan = planOf(made, [W]);
    (made.built.server.sessions[0] as {created: number}).created += 5;
    const {outcome} = await act(made, plan);
    expect(resultsOf(outcome)).toEqual(['changed', 'changed']);
    expect(signals(made.machine)).toEqual([]);
  });

  it('a server that was started again is another one', async () => {
    const made = machineOf([{}, {}]);
    const plan = planOf(made, [W]);
    const {outcome} = await act(made, {...plan, sessions: plan.sessions.map(session => ({...session, serverPid: 701}))});
    expect(resultsOf(outcome)).toEqual(['changed', 'changed']);
    expect(signals(made.machine)).toEqual([]);
  });

  it('a client that attached protects the session, unless that was unlocked', async () => {
    const made = machineOf([{}, {}]);
    const plan = planOf(made, [W]);
    (made.built.server.sessions[0] as {attached: number}).attached = 1;
    const {outcome} = await act(made, plan);
    expect(resultsOf(outcome)).toEqual(['refused', 'refused']);
    expect(signals(made.machine)).toEqual([]);
    expect((await act(made, {...plan, unlocks: ['attached']})).outcome.ok).toBe(true);
  });

  it('a server that does not answer is unknown: nothing is touched', async () => {
    const made = machineOf([{}], [], {tmux: () => 'hangs'});
    const {outcome} = await act(made, planOf(made, [W]));
    expect(resultsOf(outcome)).toEqual(['refused', 'refused']);
    expect(outcome.targets[0]?.because).toContain('unknown');
    expect(signals(made.machine)).toEqual([]);
  });

  it('a process whose pid is another’s is changed', async () => {
    const made = machineOf([{}], [{ownGroup: true}]);
    const child = head(made.built, 1);
    const plan = planOf(made, [`process:${child.pid}`]);
    made.built.world.end(child.pid);
    made.built.world.add({ppid: 500, setsid: true, env: {}}, child.pid);
    const {outcome} = await act(made, plan);
    expect(resultsOf(outcome)).toEqual(['changed']);
    expect(signals(made.machine)).toEqual([]);
  });

  it('a pid handed on after the table was read is changed too, at the signal', async () => {
    const made = machineOf([{}], [{ownGroup: true}]);
    const child = head(made.built, 1);
    const plan = planOf(made, [`process:${child.pid}`]);
    made.built.world.at(3, () => {
      made.built.world.end(child.pid);
      made.built.world.add({ppid: 500, setsid: true, env: {}}, child.pid);
    });
    const {outcome} = await act(made, plan);
    expect(outcome.targets).toMatchObject([{result: 'changed', signal: null}]);
    expect(signals(made.machine)).toEqual([]);
  });

  it.each([
    ['expired', {createdAt: 0, expiresAt: 30_000}, 'expired'],
    ['from the future', {createdAt: 9e15, expiresAt: 9.1e15}, 'expired'],
    ['of another start of the machine', {bootId: 'boot-2'}, 'changed'],
  ])('a plan %s is refused as a whole', async (_, change, rule) => {
    const made = machineOf([{}]);
    const {outcome} = await act(made, {...planOf(made, [W]), ...change});
    expect(outcome).toMatchObject({ok: false, refused: {rule}});
    expect(resultsOf(outcome)).toEqual(['refused', 'refused']);
    expect(signals(made.machine)).toEqual([]);
  });

  it('a table that cannot be read is no ground to act on', async () => {
    const made = machineOf([{}], [], {tables: () => true});
    const {outcome} = await act(made, planOf(made, [W]));
    expect(outcome.refused?.rule).toBe('unknown');
  });
});

describe('during the act', () => {
  it('the stopped are asked, then continued: the signal is there before they run on', async () => {
    const made = machineOf([{}], [{stopped: true}]);
    const child = head(made.built, 1);
    const {outcome, steps} = await act(made, planOf(made, [W]));
    expect(outcome.ok).toBe(true);
    expect(signals(made.machine, child.pid)).toEqual(['SIGTERM', 'SIGCONT']);
    expect(steps.filter(({ref}) => ref === `process:${child.pid}`).map(({step}) => step)).toEqual(['term', 'continued', 'waiting', 'done']);
  });

  it('who ignores SIGTERM is killed after the grace, not before', async () => {
    const made = machineOf([{}], [{temper: 'deaf', hupDeaf: true}]);
    const child = head(made.built, 1);
    const {outcome} = await act(made, planOf(made, [W]));
    expect(outcome.ok).toBe(true);
    const [term, killed] = made.machine.delivered.filter(({process}) => process.pid === child.pid);
    expect([term?.signal, killed?.signal]).toEqual(['SIGTERM', 'SIGKILL']);
    expect((killed?.at ?? 0) - (term?.at ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it('who answers is asked once only', async () => {
    const made = machineOf([{}], [{temper: 'slow'}, {temper: 'forks'}]);
    await act(made, planOf(made, [W]));
    const asked = made.machine.delivered.filter(({signal}) => signal === 'SIGTERM').map(({key}) => key);
    expect(new Set(asked).size).toBe(asked.length);
  });

  /** The first pane's program becomes a shell at its prompt, which ignores SIGTERM. */
  const prompt = (made: Made): SimProcess => Object.assign(head(made.built), {comm: 'bash', argv: ['-bash'], temper: 'deaf'});

  it('a shell at its prompt is hung up with its session, not waited for', async () => {
    const made = machineOf([{agent: true}, {}]);
    const shell = prompt(made);
    const {outcome} = await act(made, planOf(made, [W]));
    expect(outcome.ok).toBe(true);
    expect(outcome.tookMs).toBeLessThan(400);
    expect(signals(made.machine, shell.pid)).toEqual(['SIGTERM']);
  });

  it('and is not asked again because of a child that is found then', async () => {
    const made = machineOf([{agent: true}, {}]);
    const shell = prompt(made);
    const plan = planOf(made, [W]);
    made.built.world.at(40, () => made.built.world.fork(shell.pid, {temper: 'slow', hupDeaf: true}));
    const {outcome} = await act(made, plan);
    expect(outcome).toMatchObject({ok: true, late: [{result: 'gone'}]});
    expect(signals(made.machine, shell.pid).filter(signal => signal === 'SIGTERM')).toHaveLength(1);
  });

  it('a shell that holds the terminal is asked when the others have gone', async () => {
    const made = machineOf([{agent: true}, {}], [{temper: 'slow'}]);
    const shell = Object.assign(head(made.built), {comm: 'sh', argv: ['sh', '-c', 'claude; :']});
    const child = head(made.built, 2);
    await act(made, planOf(made, [W]));
    const [first, second] = made.machine.delivered;
    expect([first?.process.pid, second?.process.pid]).toEqual([child.pid, shell.pid]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(Math.min(SLOW_MS, 250));
  });

  it('--force kills at once', async () => {
    const made = machineOf([{}], [{temper: 'slow'}]);
    await act(made, planOf(made, [W], {force: true}));
    expect(new Set(signals(made.machine))).toEqual(new Set(['SIGKILL']));
  });

  it('a child forked during the grace is found and ended', async () => {
    const made = machineOf([{}], [{temper: 'slow'}]);
    const child = head(made.built, 1);
    const plan = planOf(made, [`process:${child.pid}`]);
    // An orphan in a session of its own and without its environment, by the time the process table is read again.
    made.built.world.at(60, () => made.built.world.fork(child.pid, {env: {}, setsid: true}));
    const {outcome} = await act(made, plan);
    expect(outcome).toMatchObject({ok: true, late: [{result: 'gone', signal: 'SIGTERM'}]});
  });

  it('what escaped during the grace is found by its environment', async () => {
    const made = machineOf([{}, {}], [{temper: 'slow', hupDeaf: true}]);
    const child = head(made.built, 2);
    const plan = planOf(made, [W]);
    // It leaves between two looks, and its parent is gone at the second.
    made.built.world.at(200, () => {
      made.built.world.fork(child.pid, {setsid: true, comm: 'escapee'});
      made.built.world.end(child.pid);
    });
    const {outcome} = await act(made, plan);
    expect(outcome).toMatchObject({ok: true, late: [], escaped: [{result: 'gone'}]});
  });

  const noEditors = (process: Process): Protection | null =>
    process.comm === 'vim' ? {rule: 'editor', because: 'it is vim', unlock: 'editor'} : null;

  it('what is found and protected stays, and is named', async () => {
    const made = machineOf([{}, {}], [{temper: 'slow'}]);
    const child = head(made.built, 2);
    const plan = planOf(made, [`process:${child.pid}`]);
    made.built.world.at(60, () => made.built.world.fork(child.pid, {comm: 'vim'}));
    const {outcome} = await act(made, plan, noEditors);
    expect([...made.built.world.processes.values()].map(({comm}) => comm)).toContain('vim');
    expect(signals(made.machine)).toEqual(['SIGTERM']);
    expect(outcome.problems.join()).toContain('it is vim');
  });

  it('a pane that was opened in the session meanwhile keeps it', async () => {
    const made = machineOf([{}, {}]);
    const plan = planOf(made, [W]);
    const {world, server} = made.built;
    const pane = {id: '%99', windowId: '@9', tty: 'pts/99', pid: 0, dead: false, remains: false, hook: false};
    pane.pid = world.startPane(server, pane, {comm: 'vim', argv: ['vim']}).pid;
    server.sessions[0]?.panes.push(pane);
    const {outcome} = await act(made, plan, noEditors);
    expect(world.processes.has(pane.pid)).toBe(true);
    expect(server.sessions.map(({name}) => name)).toContain('s0');
    expect(outcome.targets.at(-1)).toMatchObject({ref: W, result: 'refused', because: expect.stringContaining('%99')});
    expect(resultsOf(outcome)[0]).toBe('gone');
  });

  it('a stuck process has survived, and the outcome is not ok', async () => {
    const made = machineOf([{}, {}], [{temper: 'stuck'}]);
    const {outcome} = await act(made, planOf(made, [W]));
    expect(outcome.ok).toBe(false);
    expect(outcome.targets.find(({pid}) => pid === head(made.built, 2).pid)).toMatchObject({result: 'survived', signal: 'SIGKILL'});
  });

  it('a defunct process is gone, and it is said who must clear it', async () => {
    const made = machineOf([{}, {}], [{careless: true}, {below: 2}]);
    const child = head(made.built, 3);
    const {outcome} = await act(made, planOf(made, [`process:${child.pid}`]));
    expect(outcome.targets).toMatchObject([
      {result: 'gone', because: `ended; its entry stays until its parent ${head(made.built, 2).pid} clears it`},
    ]);
  });

  it('a look that fails proves nothing: the target is not called gone', async () => {
    const made = machineOf([{}, {}], [{temper: 'stuck'}], {look: () => true});
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built, 2).pid}`]));
    expect(resultsOf(outcome)).toEqual(['survived']);
  });

  it('late children that cannot be looked for leave the outcome unproven', async () => {
    const made = machineOf([{}, {}], [{}], {tables: call => call > 1});
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built, 2).pid}`]));
    expect(resultsOf(outcome)).toEqual(['gone']);
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.join()).toContain('could not be looked for');
  });
});

describe('entries that ended targets leave', () => {
  const careless = ({built}: Made, pid: number): void => {
    built.world.processes.set(pid, {...(built.world.processes.get(pid) as SimProcess), careless: true});
  };

  it('a server that missed the end of its child is made to wait for it', async () => {
    const made = machineOf([{}, {}]);
    careless(made, made.built.server.pid);
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built).pid}`]));
    expect(outcome).toMatchObject({ok: true, targets: [{result: 'gone', because: null}]});
    expect([...made.built.world.processes.values()].filter(({state}) => state === 'Z')).toEqual([]);
  });

  it('what its hook then starts again is told', async () => {
    const made = machineOf([{remains: true, hook: true}, {}]);
    careless(made, made.built.server.pid);
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built).pid}`]));
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.join()).toContain('started it again as');
  });

  it('one below any other parent stays, and is told', async () => {
    const made = machineOf([{}, {}], [{}]);
    careless(made, head(made.built).pid);
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built, 2).pid}`]));
    expect(outcome.targets).toMatchObject([{result: 'gone', because: expect.stringContaining('its entry stays')}]);
  });

  it('a server that does not answer leaves it told as it is', async () => {
    const made = machineOf([{}, {}], [], {tmux: call => (call > 1 ? 'hangs' : 'fine')});
    careless(made, made.built.server.pid);
    const {outcome} = await act(made, planOf(made, [`process:${head(made.built).pid}`]));
    expect(outcome.targets).toMatchObject([{result: 'gone', because: expect.stringContaining('its entry stays')}]);
  });
});

describe('sessions and ports', () => {
  it('a pane that would be started again is disarmed first', async () => {
    const made = machineOf([{remains: true, hook: true}, {}]);
    const {outcome} = await act(made, planOf(made, [W]));
    expect(outcome).toMatchObject({ok: true, late: []});
    expect(made.built.server.sessions.map(({name}) => name)).toEqual(['s1']);
  });

  it('one that comes back under its name within the time of a respawn has survived', async () => {
    const made = machineOf([{remains: true, hook: true}, {}]);
    const plan = planOf(made, [W]);
    made.built.world.at(1000, () => {
      (made.built.server.sessions[0] as {name: string}).name = 's0';
    });
    const {outcome} = await act(made, plan);
    expect(outcome.ok).toBe(false);
    expect(outcome.targets.at(-1)).toMatchObject({result: 'survived', because: expect.stringContaining('started it again')});
  });

  it('a tmux that hangs in the middle leaves the session unproven and the processes ended', async () => {
    const made = machineOf([{}, {}], [], {tmux: call => (call > 1 ? 'hangs' : 'fine')});
    const {outcome} = await act(made, planOf(made, [W]));
    expect(resultsOf(outcome)).toEqual(['gone', 'survived']);
    expect(outcome.targets[1]?.because).toContain('tmux did not answer');
  });

  it('a port that somebody takes at once is told as held', async () => {
    const made = machineOf([{}, {}], [{port: true}]);
    const plan = planOf(made, [W]);
    expect(plan.frees).toEqual([3000]);
    made.built.world.at(8, () => made.built.world.fork(500, {comm: 'thief', setsid: true, ports: [3000], env: {}}));
    const {outcome} = await act(made, plan);
    expect(outcome).toMatchObject({ok: false, ports: [{port: 3000, free: false}]});
  });

  it('a bystander in the process group of a target is left alone when the rest of the group is killed', async () => {
    const made = machineOf(
      [{}, {}],
      [
        {temper: 'deaf', ownGroup: true},
        {below: 2, temper: 'deaf'},
        {below: 2, temper: 'deaf', otherUser: true},
      ],
    );
    const [first, second, stranger] = [2, 3, 4].map(index => head(made.built, index));
    const plan = planOf(made, [`process:${first?.pid}`]);
    // What the stranger needs is left out with it: take the two by name.
    expect(plan.targets.map(({pid}) => pid)).toEqual([second?.pid]);
    const target = plan.targets[0] as Plan['targets'][number];
    const {pid, startTime} = first as SimProcess;
    const {outcome} = await act(made, {...plan, targets: [...plan.targets, {...target, pid, startTime, ref: `process:${pid}`}]});
    expect(resultsOf(outcome)).toEqual(['gone', 'gone']);
    expect([first, second].some(each => made.built.world.isAlive(each as SimProcess))).toBe(false);
    expect(made.built.world.isAlive(stranger as SimProcess)).toBe(true);
  });
});
