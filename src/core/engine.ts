// The façade that the screen, the commands and the unattended loop share: refresh(), plan(), perform().
// It holds the memory between looks and the order of things; every decision is made in the pure rooms behind it.
import type {FindingKind} from './domain/finding.ts';
import type {Assessment, Fleet} from './domain/fleet.ts';
import {type SourceStatus, unknown} from './domain/known.ts';
import type {Outcome, Progress} from './domain/outcome.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from './domain/plan.ts';
import type {Settings} from './domain/settings.ts';
import type {Snapshot} from './domain/snapshot.ts';
import {agentPanes, withHints} from './judge/agent-hints.ts';
import {assessing, emptyMemory, needsSecondLook} from './judge/assess.ts';
import {attendedTo} from './judge/attended.ts';
import {textsOf} from './judge/detect/detectors.ts';
import {leftOver} from './judge/in-use.ts';
import {isUnchanged} from './judge/unchanged.ts';
import {createCollector} from './look/collector.ts';
import {isNamedPlace} from './look/configured-places.ts';
import {createUseWatch, withConnections} from './look/connections.ts';
import {withServerMarks} from './look/mark-servers.ts';
import {multiplexerAt} from './look/multiplexer-source.ts';
import {createScreenWatch, readerOf} from './look/screen-watch.ts';
import {readWorkState} from './look/work-state.ts';
import type {Host} from './os/host.ts';
import {randomHex} from './os/random-hex.ts';
import {breathe, inSlices} from './os/slices.ts';
import {type ClosingHead, closingHeads, remainingKey} from './plan/closing-heads.ts';
import {makePlan} from './plan/make-plan.ts';
import type {Workplace} from './plan/planning-source.ts';
import {withWork, workplacesOf} from './plan/work-at-risk.ts';
import type {Source} from './source.ts';

/** Carries a plan out. `origin` says whether the plan comes from this process or from a file that anybody may have written. */
export type Perform = (plan: Plan, onProgress?: (progress: Progress) => void, origin?: 'memory' | 'file') => Promise<Outcome>;

/** Builds what acts. Made by act/ and handed in, so that a read-only engine is built without hands (docs/safety.md, rule 10). */
export type MakePerform = (parts: {
  readonly host: Host;
  readonly settings: Settings;
  /** A fresh look, in which everything is asked anew, judged with what earlier looks showed. */
  readonly look: () => Promise<Assessment>;
  readonly sources: readonly Source[];
}) => Perform;

export interface Engine {
  /** False when built with hands; true means `perform` is null. */
  readonly readOnly: boolean;
  /** One look at the machine, judged with what earlier looks showed. Never two at once: a call during a look gets that look. */
  refresh(): Promise<Assessment>;
  /** As many looks as certainty needs: a second one after `confirm_gap`, only when a verdict hangs on it. */
  refreshUntilSettled(): Promise<Assessment>;
  /** Pure over the last assessment. Throws when there was no look yet: that is a bug of the caller. */
  plan(request: PlanRequest): Plan | Refusal;
  /** The same for a person's eyes: with what git says of the work that ended agents leave behind. At once where there is none. */
  prepare(request: PlanRequest): Plan | Refusal | Promise<Plan>;
  /** Carry a plan out: every check done again, journal first. Null in read-only mode. */
  readonly perform: Perform | null;
  /** What each kind of finding means, as its detectors say it. */
  readonly meanings: Readonly<Partial<Record<FindingKind, string>>>;
  /** What to do about each kind of finding, as its detectors say it. */
  readonly remedies: Readonly<Partial<Record<FindingKind, string>>>;
  close(): Promise<void>;
}

export interface EngineParts {
  readonly host: Host;
  readonly settings: Settings;
  /** Null builds it read-only. */
  readonly makePerform: MakePerform | null;
  /** The outside programs that are looked at. */
  readonly sources: readonly Source[];
  /** Whether to read the screens of agents, for what they are doing; verdicts do without. */
  readonly readsScreens?: boolean;
  /** What was observed before the first look and belongs into each: how the configuration was read. */
  readonly observed?: readonly SourceStatus[];
}

/** Timers may fire a little early; the gap between two looks must not be short of the threshold by that. */
const TIMER_SLACK_MS = 20;

const NOT_NAMED = unknown('git is asked only in places that you have named');

const lookAtWork = async (host: Host, settings: Settings, plan: Plan, places: readonly Workplace[]): Promise<Plan> =>
  withWork(
    plan,
    await Promise.all(
      places.map(async place => {
        const isNamed = await isNamedPlace(host, settings, place.directory);
        return [place, isNamed ? await readWorkState(host, place.directory) : NOT_NAMED] as const;
      }),
    ),
  );

/** The panes of these that stay when their program ends. */
const remainingOf = async (host: Host, sources: readonly Source[], heads: readonly ClosingHead[]): Promise<ReadonlySet<string>> => {
  const sockets = [...new Set(heads.map(({socket}) => socket))];
  const found = await Promise.all(
    sockets.map(async socket => {
      const owner = multiplexerAt(sources, socket);
      return ((await owner?.remainingPanes?.(host, socket)) ?? []).map(paneId => remainingKey({socket, paneId}));
    }),
  );
  return new Set(found.flat());
};

/** Never two looks at once: whoever asks during one gets that one. */
const createLooking = (look: (whole: boolean) => Promise<Assessment>) => {
  let inFlight: {readonly answer: Promise<Assessment>; readonly whole: boolean} | null = null;
  const begin = (whole: boolean): Promise<Assessment> => {
    inFlight ??= {
      whole,
      answer: look(whole).finally(() => {
        inFlight = null;
      }),
    };
    return inFlight.answer;
  };
  return {
    begin,
    /** For what acts: a look under way that takes something over from earlier ones is waited for, and not taken. */
    afresh: async (): Promise<Assessment> => {
      while (inFlight !== null && !inFlight.whole) {
        await inFlight.answer.catch(() => undefined);
      }
      return begin(true);
    },
    done: async (): Promise<void> => {
      await inFlight?.answer.catch(() => undefined);
    },
  };
};

const areSame = (before: Snapshot['screens'] = [], now: Snapshot['screens'] = []): boolean =>
  before.length === now.length && now.every((screen, at) => screen === before[at]);

/** What agents are doing: by their records, and by their screens where those are to be read. No verdict knows of it. */
const createDoing = (host: Host, sources: readonly Source[], readsScreens: boolean): ((assessment: Assessment) => Promise<Assessment>) => {
  const screens = createScreenWatch(host, {sources, read: readerOf(sources)});
  let told: {readonly of: Fleet; readonly screens: Snapshot['screens']; readonly fleet: Fleet} | null = null;
  return async assessment => {
    const {fleet} = assessment;
    // Which panes are agents’ is known only now.
    const panes = () => agentPanes(assessment.snapshot, fleet.agents);
    const snapshot = readsScreens ? await screens.read(assessment.snapshot, panes) : assessment.snapshot;
    // The fleet as the object that it was, where agents do the same as before: what reads it has nothing to do.
    if (told?.of !== fleet || !areSame(told.screens, snapshot.screens)) {
      told = {of: fleet, screens: snapshot.screens, fleet: {...fleet, agents: withHints(fleet.agents, snapshot)}};
    }
    return {...assessment, snapshot, fleet: told.fleet};
  };
};

/** A look, what was made of it, and whom the next one has to read anew. */
interface Judged {
  readonly seen: Snapshot;
  readonly assessment: Assessment;
  readonly attended: ReadonlySet<number>;
}

/** The same verdicts over a later look that shows the same. */
const laterOf = (assessment: Assessment, {takenAt, monotonicMs, tookMs, uptimeMs, processes, sources}: Snapshot): Assessment => {
  const judgedAgeMs = monotonicMs - assessment.snapshot.monotonicMs;
  // What judging added to the sources stands behind them.
  const told = assessment.snapshot.sources.map((source, at) => sources[at] ?? source);
  return {...assessment, snapshot: {...assessment.snapshot, takenAt, monotonicMs, tookMs, uptimeMs, processes, sources: told}, judgedAgeMs};
};

/** Judges looks with what earlier ones showed; one that shows the same as the last keeps its verdicts. */
const createJudging = (host: Host, settings: Settings, sources: readonly Source[]) => {
  const use = createUseWatch(host);
  let memory = emptyMemory;
  let judged: Judged | null = null;
  const isPending = (): boolean => needsSecondLook(memory);
  return {
    isPending,
    /** What was judged last; null while a verdict waits for a second look: nothing is confirmed by what was taken over from the first. */
    standing: (): Judged | null => (isPending() ? null : judged),
    judge: async (snapshot: Snapshot, before: Judged | null): Promise<{readonly told: Assessment; readonly isOld: boolean}> => {
      const seen = use.remind(snapshot);
      if (before !== null && isUnchanged(before.seen, seen, before.attended)) {
        return {told: laterOf(before.assessment, seen), isOld: true};
      }
      const first = await inSlices(assessing(seen, settings, memory, sources));
      const asked = await inSlices(use.ask(seen, leftOver(first.assessment.findings)));
      const {assessment, memory: after} = asked === null ? first : await inSlices(assessing(asked, settings, memory, sources));
      memory = after;
      judged = {seen, assessment, attended: attendedTo(assessment)};
      return {told: assessment, isOld: false};
    },
  };
};

export const createEngine = ({host, settings, sources, makePerform, observed = [], readsScreens = false}: EngineParts): Engine => {
  const collector = createCollector(host, settings, sources);
  const judging = createJudging(host, settings, sources);
  const withDoing = createDoing(host, sources, readsScreens);
  let last: Assessment | null = null;

  const look = async (whole: boolean): Promise<Assessment> => {
    const before = whole ? null : judging.standing();
    const snapshot = await collector.look(before === null ? {whole: true} : {attended: before.attended});
    const {told: verdicts, isOld} = await judging.judge({...snapshot, sources: [...snapshot.sources, ...observed]}, before);
    if (!isOld) {
      // Whoever shows it has as much to do again.
      await breathe();
    }
    last = await withDoing(verdicts);
    return last;
  };

  const looking = createLooking(look);
  const refresh = (): Promise<Assessment> => looking.begin(false);
  const perform =
    makePerform === null ? null : makePerform({host: withServerMarks(host, sources), settings, look: looking.afresh, sources});

  const planIn = (request: PlanRequest, seen: Assessment, id: string): Plan | Refusal =>
    makePlan(request, withConnections(host, seen), settings, {id, now: host.epochMs(), sources});

  const plan = (request: PlanRequest): Plan | Refusal => {
    if (last === null) {
      throw new Error('plan() before the first look');
    }
    return planIn(request, last, randomHex(2));
  };

  /** A plan that closes panes which stay when their program ends says that, instead of that their session ends. */
  const withRemaining = async (request: PlanRequest, made: Plan, seen: Assessment, heads: readonly ClosingHead[]): Promise<Plan> => {
    const remaining = await remainingOf(host, sources, heads);
    const again = remaining.size === 0 ? made : planIn(request, {...seen, snapshot: {...seen.snapshot, remaining}}, made.id);
    return isRefusal(again) ? made : again;
  };

  return {
    readOnly: perform === null,
    perform,
    refresh,
    refreshUntilSettled: async () => {
      const first = await refresh();
      if (!judging.isPending()) {
        return first;
      }
      await host.sleep(settings.confirmGapMs + TIMER_SLACK_MS);
      return refresh();
    },
    plan,
    prepare: request => {
      const made = plan(request);
      if (isRefusal(made) || last === null) {
        return made;
      }
      const seen = last;
      const places = workplacesOf(made, seen, sources);
      const heads = closingHeads(made, seen.snapshot);
      if (heads.length > 0) {
        return withRemaining(request, made, seen, heads).then(plan => lookAtWork(host, settings, plan, places));
      }
      return places.length === 0 ? made : lookAtWork(host, settings, made, places);
    },
    meanings: textsOf(sources, ({means}) => means),
    remedies: textsOf(sources, ({remedy}) => remedy),
    close: async () => {
      await looking.done();
      await collector.close();
      await host.close();
    },
  };
};
