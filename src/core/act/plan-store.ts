// Keeps plans that were printed, so that another rigtop can carry them out by id while they are valid.
import type {Plan} from '../domain/plan.ts';
import {PLAN_LIFE_MS} from '../domain/plan.ts';
import type {Host} from '../os/host.ts';
import {createDocument, listAges, readOwn, removeFile, takeAway, type Written} from '../os/state-files.ts';

export type Loaded = {readonly plan: Plan} | {readonly refused: {readonly rule: string; readonly because: string}};

export type ReadPlan = (value: unknown) => Plan | null;

export interface PlanStore {
  /** Ids of those that are young enough to be valid, newest first; whether one may be carried out is seen when it is loaded. */
  ids(): Promise<readonly string[]>;
  /** Fails when another plan has that id: then make it again under another. */
  save(plan: Plan): Promise<Written>;
  /**
   * The plan as it was printed, if it may still be carried out. What it targets has to be justified anew (see confirm.ts). `read`
   * holds what the file says against the schema of a plan, and is null for what is none.
   */
  load(id: string, read: ReadPlan): Promise<Loaded>;
  /** A plan is carried out once: of all that claim it at the same time exactly one succeeds (unlink(2)). */
  claim(id: string): Promise<Written>;
}

const SCHEMA = 'rigtop/plan@1';
const ID = /^[0-9a-z]{1,32}$/;
const OTHERS_MAY = 0o077;

const refused = (rule: string, because: string): Loaded => ({refused: {rule, because}});

export const createPlanStore = (host: Host, directory: string): PlanStore => {
  const pathOf = (id: string): string => `${directory}/plans/${id}.json`;

  const prune = async (): Promise<void> => {
    // Ten lives: a clock that was set back a little must not take away a plan that is still on somebody's screen.
    for (const {path, ageMs} of await listAges(`${directory}/plans`, host.epochMs())) {
      if (ageMs > 10 * PLAN_LIFE_MS) {
        await removeFile(path);
      }
    }
  };

  return {
    ids: async () =>
      (await listAges(`${directory}/plans`, host.epochMs()))
        .filter(({ageMs}) => ageMs <= PLAN_LIFE_MS)
        .toSorted((one, other) => one.ageMs - other.ageMs)
        .flatMap(({path}) => /([0-9a-z]+)\.json$/.exec(path)?.[1] ?? []),
    save: async plan => {
      try {
        await prune();
      } catch {
        // Old plans that cannot be removed are expired all the same.
      }
      return ID.test(plan.id)
        ? createDocument(pathOf(plan.id), JSON.stringify({schema: SCHEMA, plan}))
        : {ok: false, because: 'no plan id'};
    },
    load: async (id, read) => {
      if (!ID.test(id)) {
        return refused('not-found', 'that is no plan id');
      }
      const info = await host.files.inspect(pathOf(id));
      if (info.state !== 'ok') {
        return refused('not-found', info.state === 'missing' ? 'there is no such plan, or it has expired' : info.because);
      }
      const {kind, uid, mode} = info.value;
      if (kind !== 'file' || uid !== host.uid || (mode & OTHERS_MAY) !== 0) {
        return refused('tampered', 'the plan’s file is not private to you');
      }
      const text = await readOwn(pathOf(id));
      if (text.state !== 'ok') {
        return refused('not-found', text.state === 'missing' ? 'the plan was carried out just now' : text.because);
      }
      const plan = parse(text.value, read);
      if (plan === null || plan.id !== id) {
        return refused('tampered', 'the plan’s file is not what was written');
      }
      const now = host.epochMs();
      return now > plan.expiresAt || now < plan.createdAt || plan.expiresAt - plan.createdAt > PLAN_LIFE_MS
        ? refused('expired', 'the plan is no longer valid')
        : {plan};
    },
    claim: id => (ID.test(id) ? takeAway(pathOf(id)) : Promise.resolve({ok: false, because: 'no plan id'})),
  };
};

const parse = (text: string, read: ReadPlan): Plan | null => {
  try {
    const document = JSON.parse(text) as {schema?: unknown; plan?: unknown};
    return document.schema === SCHEMA ? read(document.plan) : null;
  } catch {
    return null;
  }
};
