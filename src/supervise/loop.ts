// The unattended loop: look, decide, act as the policy allows, write down. One round at a time; it never acts on what it cannot write down.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Outcome} from '../core/domain/outcome.ts';
import {isRefusal} from '../core/domain/plan.ts';
import {type Deed, describeDeed, describeOutcome, hasSurvivors, isUntouched, killSurvivors, requestOf} from './describe-round.ts';
import {DEATHS, isBlind, seenAlive, sureOnes} from './kept.ts';
import {type KeptThing, keptThings} from './kept-things.ts';
import {forgottenBy, type LoopEnd, type LoopParts, type Wish} from './loop-parts.ts';
import type {LoopState} from './loop-state.ts';
import {afterCleanup, afterRestart, afterSurvival, forgotten, goneOn, resumed} from './memory.ts';
import {type Decision, decide, describeQueue} from './policy.ts';
import {createRoundNotes} from './round-notes.ts';
import {townInCharge} from './town-charge.ts';

/** A gap of so many intervals between two rounds means that the machine slept: the world has to be seen anew before anything is done. */
const SLEPT_INTERVALS = 4;
/** A busy machine may be late by seconds with short intervals. */
const LEAST_SLEPT_MS = 20_000;
/** Of a hundred findings at once a person reads the first ones. */
const ANNOUNCED = 10;

/** Runs until it is told to stop. Throws only for bugs. */
export const runLoop = async (parts: LoopParts): Promise<LoopEnd> => {
  const {mode, identity, epochMs, monotonicMs} = parts;
  const {note, latest, trouble, retry, endRound} = createRoundNotes(parts);
  let {charge} = parts;
  let {state, paused, continuous} = parts.inherited;
  let announced: ReadonlySet<string> = new Set(Object.keys(state.sureSince));
  let count = 0;
  let lastAt: number | null = null;
  let clocks = {epoch: epochMs(), monotonic: monotonicMs()};
  let lockHidden = false;
  let unsaved: string | null = null;
  let proposals: readonly Deed[] = [];
  let kept: readonly KeptThing[] = [];
  const startedAt = new Date(epochMs()).toISOString();

  const hampered = (): string | null => {
    const unjournalled = trouble();
    const unread = lockHidden ? 'its lock cannot be read' : null;
    return charge.hampered ?? unsaved ?? unread ?? (unjournalled === null ? null : `its journal cannot be written (${unjournalled})`);
  };

  /** False when another one has it. While it cannot be read nothing is done. */
  const isMine = async (): Promise<boolean> => {
    const lock = await parts.holdsLock();
    lockHidden = lock === 'unknown';
    return lock !== 'lost';
  };

  const save = async (): Promise<void> => {
    const failed = await parts.save({
      schema: 'rigtop/supervise@1',
      ...identity,
      startedAt,
      mode,
      intervalMs: charge.policy.intervalMs,
      heartbeat: {count, at: lastAt === null ? null : new Date(lastAt).toISOString()},
      paused,
      hampered: hampered(),
      state,
      proposals,
      kept,
      notes: latest(),
    });
    const before = unsaved;
    unsaved = failed === null ? null : `its record cannot be written (${failed})`;
    if (unsaved !== before) {
      await note('said', unsaved === null ? 'its record can be written again' : `acts no more: ${unsaved}`);
    }
  };

  /** What was done and what it came to: into the memory, and into words. False when nothing was done. */
  const settleOutcome = async (deed: Deed, outcome: Outcome, before: LoopState): Promise<boolean> => {
    if (isUntouched(outcome)) {
      // It counts against no brake.
      state = before;
      await note('held-back', `${describeDeed(deed)}: ${describeOutcome(outcome)}`, deed.ref);
      return false;
    }
    if (deed.kind === 'cleanup' && hasSurvivors(outcome)) {
      const survivors = killSurvivors(outcome);
      state = afterSurvival(state, deed.finding, survivors.length === 0 ? null : `unkillable: ${await parts.explainStuck(survivors)}`);
    }
    await note('did', `${describeDeed(deed)}: ${describeOutcome(outcome)}`, deed.ref);
    return true;
  };

  /** Whether something was done, or would have been. */
  const carryOut = async (deed: Deed): Promise<boolean> => {
    const {supervisor} = charge;
    const {perform} = supervisor;
    const plan = supervisor.plan(requestOf(deed));
    if (isRefusal(plan)) {
      await note('held-back', `${describeDeed(deed)}: ${plan.because} [${plan.rule}]`, deed.ref);
      return false;
    }
    if (mode === 'observe' || perform === null) {
      proposals = [...proposals, deed];
      await note('would', describeDeed(deed), deed.ref);
      return false;
    }
    const before = state;
    const outcome = await parts.exclusively(async () => {
      // Remembered before it is done: a supervisor that is killed in the middle must not start the same thing afresh.
      const now = epochMs();
      state = deed.kind === 'restart' ? afterRestart(state, deed.ref, now) : afterCleanup(state, plan.roots.length, now);
      await save();
      const refused = unsaved === null ? null : {rule: 'record', because: unsaved};
      return refused === null
        ? perform(plan)
        : {ok: false, tookMs: 0, targets: [], ports: [], late: [], escaped: [], started: [], problems: [], refused};
    });
    if (typeof outcome === 'string') {
      await note('held-back', `${describeDeed(deed)}: ${outcome}`, deed.ref);
      return false;
    }
    return settleOutcome(deed, outcome, before);
  };

  /** Held back for nothing but a pause: still something that a person may want. */
  const isProposal = (deed: Deed): boolean => paused && hampered() === null && !isRefusal(charge.supervisor.plan(requestOf(deed)));

  /** The decisions of a round, one after the other; of the restarts one. False when the lock was lost. */
  const settle = async (assessment: Assessment, decisions: readonly Decision[]): Promise<boolean> => {
    let restarted = false;
    const waiting: string[] = [];
    for (const decision of decisions) {
      if (parts.isWished()) {
        return true;
      }
      if (decision.kind === 'held-back') {
        await note('held-back', decision.because, decision.ref);
        continue;
      }
      if (!(await isMine())) {
        return false;
      }
      const charged = townInCharge(assessment, decision.ref, decision.kind === 'cleanup' ? decision.finding : null);
      const reason = (paused ? 'paused' : hampered()) ?? charged;
      if (reason !== null) {
        proposals = charged === null && isProposal(decision) ? [...proposals, decision] : proposals;
        await note('held-back', `${describeDeed(decision)}: ${reason}`, decision.ref);
      } else if (decision.kind === 'restart' && restarted) {
        waiting.push(decision.ref);
      } else {
        const done = await carryOut(decision);
        restarted ||= done && decision.kind === 'restart';
      }
    }
    if (waiting.length > 0) {
      await note('held-back', describeQueue(waiting));
    }
    return true;
  };

  const announce = async (before: LoopState, assessment: Assessment): Promise<void> => {
    if (state.halted !== null && before.halted === null) {
      await note('said', `mass death: ${state.halted.because}. Nothing is done until \`rigtop supervise resume\``);
      parts.ring();
      if (mode === 'act') {
        await parts.alarm(assessment, Math.max(state.deaths.length, sureOnes(assessment).filter(({kind}) => DEATHS.has(kind)).length));
      }
    }
    const weighty = sureOnes(assessment).filter(({severity}) => severity !== 'low');
    const fresh = weighty.filter(({id}) => !announced.has(id));
    for (const finding of fresh.slice(0, ANNOUNCED)) {
      await note('said', `${finding.kind}: ${finding.title}`, finding.subject);
    }
    if (fresh.length > ANNOUNCED) {
      await note('said', `and ${fresh.length - ANNOUNCED} more findings: rigtop status`);
    }
    // What was only in doubt or out of sight for a look is no news when it is seen again.
    const present = new Set(assessment.findings.map(({id}) => id));
    const still = isBlind(assessment) ? [...announced] : [...announced].filter(id => present.has(id));
    announced = new Set([...still, ...weighty.map(({id}) => id)]);
  };

  const round = async (): Promise<boolean> => {
    const now = epochMs();
    const monotonic = monotonicMs();
    // Of two rounds, or within one: what a clock that stands still during sleep does not know of.
    const drift = Math.abs(now - clocks.epoch - (monotonic - clocks.monotonic));
    const gap = Math.max(drift, lastAt === null ? 0 : Math.abs(now - lastAt));
    const slept = drift > LEAST_SLEPT_MS || gap > Math.max(SLEPT_INTERVALS * charge.policy.intervalMs, LEAST_SLEPT_MS);
    clocks = {epoch: now, monotonic};
    if (trouble() !== null) {
      await retry();
    }
    const assessment = await charge.supervisor.refreshUntilSettled();
    const before = state;
    const alive = seenAlive(assessment);
    // The journal is read only when something that was up is not.
    const ends = Object.keys(state.seats).every(ref => alive.has(ref)) ? [] : await parts.personsEnds();
    const judged = decide(assessment, charge.policy, before, now, continuous && !slept, ends);
    state = judged.state;
    kept = keptThings(assessment, charge.policy.keep, state, judged.decisions);
    continuous = true;
    count += 1;
    proposals = [];
    let holds = await isMine();
    if (holds && state.halted !== null && before.halted === null) {
      // Before it is announced: a halt that somebody has read of must outlive us.
      await save();
    }
    await announce(before, assessment);
    if (slept) {
      await note('said', `nobody looked for ${Math.round(gap / 1000)} s, or the clock was set: this round only looks`);
    } else if (holds) {
      holds = await settle(assessment, judged.decisions);
    }
    endRound();
    // The end of the round: what it did itself may take longer than the interval.
    lastAt = epochMs();
    if (holds) {
      await save();
    }
    parts.standing?.(kept, state, lastAt);
    return holds;
  };

  const grant = async (wish: Exclude<Wish, 'stop' | 'look'>): Promise<void> => {
    const ref = forgottenBy(wish);
    if (ref !== null) {
      state = forgotten(state, ref);
      await note('said', `forgotten: ${ref} is not brought back until it is seen up again`, ref);
      return;
    }
    switch (wish) {
      case 'resume':
        state = resumed(state);
        paused = false;
        await note('said', 'resumed: halts, pauses and crash loops are lifted');
        break;
      case 'go-on':
        state = goneOn(state);
        paused = false;
        await note('said', `goes on: pauses and crash loops are lifted${state.halted === null ? '' : ', its halt is not'}`);
        break;
      case 'pause':
        paused = true;
        await note('said', 'paused: looks go on, nothing is done');
        break;
      case 'reload': {
        const {supervisor} = charge;
        charge = await parts.reload(charge);
        const read = charge.supervisor === supervisor ? 'keeps the last good configuration' : 'configuration read again';
        await note('said', charge.hampered === null ? read : `${read}, and acts no more: ${charge.hampered}`);
        break;
      }
    }
  };

  for (const {text, ref} of parts.opening) {
    await note('said', text, ref);
  }
  if (paused) {
    await note('said', 'still paused by a person: `rigtop supervise resume` goes on');
  }
  // Whoever asks before the first look is over is told that it is there.
  await save();
  for (;;) {
    if (!(await round())) {
      await note('said', 'ends: another supervisor holds its lock');
      return 'lost';
    }
    const wishes = await parts.rest(charge.policy.intervalMs);
    const stops = wishes.includes('stop');
    for (const wish of wishes) {
      // What was asked for together with a stop holds for the next one.
      if (wish !== 'look' && wish !== 'stop' && !(stops && wish === 'reload')) {
        await grant(wish);
      }
    }
    if (stops) {
      await note('said', 'stopped');
    }
    if (wishes.some(wish => wish !== 'look') && (await isMine())) {
      await save();
    }
    if (stops) {
      return 'stopped';
    }
  }
};
