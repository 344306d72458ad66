// The unattended loop: look, decide, act as the policy allows, write down. One round at a time; it never acts on what it cannot write down.
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import type {Outcome} from '../core/domain/outcome.ts';
import {isRefusal, type PlanRequest} from '../core/domain/plan.ts';
import type {Supervisor} from '../core/supervisor.ts';
import {afterCleanup, afterRestart, type Decision, decide, type LoopState, type Policy, resumed} from './policy.ts';
import {NOTES_KEPT, type RoundNote, type SuperviseRecord} from './record.ts';
import {townInCharge} from './town-charge.ts';

/** What a round works with; a reload puts another one in place. */
export interface Charge {
  readonly supervisor: Supervisor;
  readonly policy: Policy;
  readonly intervalMs: number;
  /** Why nothing may be acted on under this configuration; null when it may. */
  readonly hampered: string | null;
}

/** What a person asked for between two rounds. */
export type Wish = 'resume' | 'pause' | 'reload' | 'look' | 'stop';

export interface LoopParts {
  readonly mode: 'observe' | 'act';
  readonly charge: Charge;
  /** Another charge after a reload; the old one stays in force, hampered, when the new configuration is no good. */
  readonly reload: (old: Charge) => Promise<Charge>;
  readonly identity: Pick<SuperviseRecord, 'pid' | 'startTime' | 'bootId' | 'host'>;
  readonly inherited: LoopState;
  /** Said before the first round: what the one before left unfinished. */
  readonly opening: readonly string[];
  readonly epochMs: () => number;
  /** Sleeps, or wakes early with what was wished. */
  readonly rest: (ms: number) => Promise<readonly Wish[]>;
  /** Writes the record; the reason when it could not. */
  readonly save: (record: SuperviseRecord) => Promise<string | null>;
  /** Raises the alarm of a mass death where others look: the event feeds of towns. */
  readonly alarm: (assessment: Assessment, deaths: number) => Promise<void>;
  /** Tells people: standard output, a notifier. */
  readonly tell: (note: RoundNote) => Promise<void>;
}

/** A gap of this many intervals between two rounds means that the machine slept: the world has to be seen anew before anything is done. */
const SLEPT_INTERVALS = 4;

const requestOf = (decision: Exclude<Decision, {kind: 'held-back'}>): PlanRequest =>
  decision.kind === 'restart'
    ? {action: 'restart', asked: [decision.ref]}
    : {action: 'kill', asked: decision.findings.map(id => `finding:${id}`)};

const subjectOf = (decision: Decision): string => (decision.kind === 'cleanup' ? decision.findings.join(', ') : decision.ref);

const describe = (decision: Decision): string =>
  decision.kind === 'cleanup'
    ? `clean up ${decision.findings.length} (${decision.because})`
    : `restart ${decision.ref}: ${decision.because}`;

const outcomeText = ({ok, targets, late, escaped, started, refused}: Outcome): string => {
  if (refused !== null) {
    return `refused: ${refused.because}`;
  }
  const bad = [...targets, ...late, ...escaped].filter(({result}) => result !== 'gone' && result !== 'already-gone');
  const down = started.filter(({result}) => result !== 'up');
  return ok
    ? `done: ${targets.length + late.length + escaped.length} ended, ${started.length} started`
    : `not done: ${[...bad.map(({ref, result, because}) => `${ref} ${result}${because === null ? '' : ` (${because})`}`), ...down.map(({ref, because}) => `${ref} is not up (${because})`)].join('; ')}`;
};

/** Town of an agent that a decision is about. */
const townOf = (assessment: Assessment, decision: Decision): string | null =>
  decision.kind === 'cleanup' ? null : (assessment.fleet.agents.find(agent => agent.ref === decision.ref)?.town ?? null);

/** Runs until it is told to stop. Throws only for bugs. */
export const runLoop = async (parts: LoopParts): Promise<void> => {
  const {mode, identity, epochMs} = parts;
  let {charge} = parts;
  let state = parts.inherited;
  let notes: readonly RoundNote[] = [];
  let count = 0;
  let lastAt: number | null = null;
  let paused = false;
  let unwritable: string | null = null;
  const startedAt = new Date(epochMs()).toISOString();

  const note = async (what: RoundNote['what'], text: string, ref: string | null = null): Promise<void> => {
    const one: RoundNote = {at: new Date(epochMs()).toISOString(), what, text, ref};
    // The same thing held back at every round is said once: a note repeats only when it changes.
    if (notes.findLast(before => before.ref === ref && before.what === what)?.text === text && what !== 'did') {
      return;
    }
    notes = [...notes, one].slice(-NOTES_KEPT);
    await parts.tell(one);
  };

  const hampered = (): string | null => charge.hampered ?? unwritable;

  const save = async (): Promise<void> => {
    const record: SuperviseRecord = {
      schema: 'rigtop/supervise@1',
      ...identity,
      startedAt,
      mode,
      intervalMs: charge.intervalMs,
      heartbeat: {count, at: lastAt === null ? null : new Date(lastAt).toISOString()},
      paused,
      hampered: hampered(),
      state,
      notes,
    };
    const trouble = await parts.save(record);
    if (trouble !== unwritable) {
      unwritable = trouble;
      await note('said', trouble === null ? 'its record can be written again' : `acts no more: its record cannot be written (${trouble})`);
    }
  };

  const carryOut = async (decision: Exclude<Decision, {kind: 'held-back'}>): Promise<void> => {
    const {supervisor} = charge;
    const plan = supervisor.plan(requestOf(decision));
    if (isRefusal(plan)) {
      await note('held-back', `${describe(decision)}: ${plan.because} [${plan.rule}]`, subjectOf(decision));
      return;
    }
    if (mode === 'observe' || supervisor.perform === null) {
      await note('would', describe(decision), subjectOf(decision));
      return;
    }
    // Remembered before it is done: a supervisor that is killed in the middle must not start the same thing afresh.
    const now = epochMs();
    state = decision.kind === 'restart' ? afterRestart(state, decision.ref, now) : afterCleanup(state, plan.roots.length, now);
    await save();
    if (unwritable !== null) {
      return;
    }
    const outcome = await supervisor.perform(plan);
    await note('did', `${describe(decision)}: ${outcomeText(outcome)}`, subjectOf(decision));
  };

  const settle = async (assessment: Assessment, decisions: readonly Decision[]): Promise<void> => {
    for (const decision of decisions) {
      const charged = townInCharge(assessment.snapshot, townOf(assessment, decision));
      const reason = paused ? 'paused' : (hampered() ?? charged);
      if (decision.kind === 'held-back') {
        await note('held-back', decision.because, decision.ref);
      } else if (reason !== null) {
        await note('held-back', `${describe(decision)}: ${reason}`, subjectOf(decision));
      } else {
        await carryOut(decision);
      }
    }
  };

  const announce = async (before: LoopState, assessment: Assessment): Promise<void> => {
    const findings: readonly Finding[] = assessment.findings;
    if (state.halted !== null && before.halted === null) {
      await parts.alarm(assessment, state.deaths.length);
      await note('said', `mass death: ${state.halted.because}. Nothing is done until \`rigtop supervise resume\``);
    }
    for (const finding of findings.filter(({id, certainty}) => certainty === 'sure' && before.sureSince[id] === undefined)) {
      await note('said', `${finding.kind}: ${finding.title}`, finding.subject);
    }
  };

  const round = async (): Promise<void> => {
    const now = epochMs();
    const gap = lastAt === null ? 0 : Math.abs(now - lastAt);
    const slept = gap > SLEPT_INTERVALS * charge.intervalMs;
    const assessment = await charge.supervisor.refreshUntilSettled();
    const before = slept ? {...state, sureSince: {}, deaths: []} : state;
    // What the first look after a sleep shows has been so for nobody knows how long: it is taken note of, not counted as deaths.
    const judged = decide(assessment, charge.policy, before, now);
    state = slept ? {...judged.state, deaths: [], halted: before.halted} : judged.state;
    count += 1;
    await announce(before, assessment);
    if (slept) {
      await note('said', `nobody looked for ${Math.round(gap / 1000)} s, or the clock was set: this round only looks`);
    } else {
      await settle(assessment, judged.decisions);
    }
    // The end of the round: what it did itself may take longer than the interval.
    lastAt = epochMs();
    await save();
  };

  for (const text of parts.opening) {
    await note('said', text);
  }
  for (;;) {
    await round();
    for (const wish of await parts.rest(charge.intervalMs)) {
      switch (wish) {
        case 'stop':
          await note('said', 'stopped');
          await save();
          return;
        case 'resume':
          state = resumed(state);
          paused = false;
          await note('said', 'resumed: halts, pauses and crash loops are lifted');
          break;
        case 'pause':
          paused = true;
          await note('said', 'paused: looks go on, nothing is done');
          break;
        case 'reload': {
          const next = await parts.reload(charge);
          charge = next;
          await note(
            'said',
            next.hampered === null ? 'configuration read again' : `keeps the last good configuration and acts no more: ${next.hampered}`,
          );
          break;
        }
        case 'look':
          break;
      }
    }
  }
};
