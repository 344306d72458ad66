// A plan that would run what a repository says that was only found: shown always, carried out only for a person who has seen it.
import {expect, test} from 'vitest';
import type {ActingFlags} from '../../src/cli/acting/acting-flags.ts';
import {type Settling, settlePlan} from '../../src/cli/acting/run-plan.ts';
import {known} from '../../src/core/domain/known.ts';
import type {Outcome} from '../../src/core/domain/outcome.ts';
import {isRefusal, type Plan} from '../../src/core/domain/plan.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {shop, slotSession, tree} from '../core/judge/slots/shop.ts';
import {assessAll, look, process, settings} from '../support/world.ts';

const DONE: Outcome = {ok: true, tookMs: 1, targets: [], ports: [], late: [], escaped: [], started: [], problems: [], refused: null};

const planOf = (provenance: 'named' | 'found'): Plan => {
  const pidFiles = known([{path: '/p/web.pid', service: 'web', pid: 100, startToken: null}]);
  const facts = {
    repos: [{...shop([slotSession('feat-a', 1, {pidFiles})]), provenance}],
    processes: [process(100, 1, 'sh', {cwd: tree('feat-a')})],
    programs: new Map([['ecluse', '/usr/bin/ecluse']]),
    checkouts: {[tree('feat-a')]: '/w/shop'},
  };
  const plan = makePlan({action: 'restart', asked: ['slot:shop/1/web']}, assessAll([look(facts)]).assessment, settings, {
    id: 'c41f',
    now: 1,
    sources: SOURCES,
  });
  if (isRefusal(plan)) {
    throw new Error(plan.because);
  }
  return plan;
};

const settle = async (provenance: 'named' | 'found', mode: ActingFlags['mode']) => {
  let done = 0;
  let shown = '';
  const io = {out: (text: string) => (shown += text), err: () => undefined, ask: async () => 'y', env: {NO_COLOR: '1'}};
  const settling = {
    invocation: {io, flags: {json: false, color: 'never'}},
    acting: {mode},
    fleet: {
      engine: {
        perform: async () => {
          done += 1;
          return DONE;
        },
      },
    },
    origin: 'memory',
  } as unknown as Settling;
  return {answer: await settlePlan(settling, planOf(provenance)), done, shown};
};

test('--yes does not run what nobody has named, and says how to', async () => {
  const {answer, done, shown} = await settle('found', 'act');
  expect({answer, done}).toMatchObject({done: 0, answer: {code: 'found-repository', hint: expect.stringContaining('--repo /w/shop')}});
  expect(shown).toContain('web: serve web');
});

test('a person who has seen the command may run it, and --yes what is named', async () => {
  expect(await settle('found', 'ask')).toMatchObject({answer: 0, done: 1});
  expect(await settle('named', 'act')).toMatchObject({answer: 0, done: 1});
});
