// The rules of safety over random forests of processes: whatever the world looks like, these verdicts never come out sure.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Finding} from '../../../src/core/domain/finding.ts';
import type {Server} from '../../../src/core/domain/multiplexer.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {assessAll, inPane, later, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';

const FIRST = 5_000;
const COMMANDS = [
  'claude',
  'codex --yolo',
  'node /usr/bin/gemini',
  'bash',
  'sh -c x',
  'vite',
  'node server.js',
  'mcp-server-git',
  'sleep 100',
  'nvim',
  'python3 orchestrate.py',
  'postgres',
  'tmux new -s x',
  'gopls',
  'sshd',
];

interface Draft {
  readonly parent: number;
  readonly command: string;
  readonly ageMs: number;
  readonly uid: number;
  readonly tty: string | null;
  readonly env: Readonly<Record<string, string>> | null;
  readonly state: Process['state'];
  readonly cwdDeleted: boolean;
}

const environment = fc.oneof(
  {weight: 1, arbitrary: fc.constant({})},
  {weight: 1, arbitrary: fc.constant(null)},
  {weight: 4, arbitrary: fc.constantFrom(inPane('%12'), inPane('%1', 666), inPane('%1', 666, 'lost'), inPane('%9', 701, 'work'))},
  {weight: 2, arbitrary: fc.constantFrom(inPane('%1'), inPane('%2'), inPane('%1', 700, 'lost'))},
  {weight: 1, arbitrary: fc.constant({GT_SESSION: 'gt-gone', GT_ROLE: 'shop/polecats/gone', CLAUDECODE: '1'})},
  {weight: 1, arbitrary: fc.constant({ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'})},
);

/** `usual` nine times out of ten: a world in which nothing is ever found would prove nothing. */
const mostly = <T>(usual: T, ...rest: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({weight: 9, arbitrary: fc.constant(usual)}, {weight: 1, arbitrary: fc.constantFrom(...rest)});

const draft = fc.record<Draft>({
  // Negative: one of the fixed processes; otherwise a draft before or after, loops included.
  parent: fc.oneof({weight: 2, arbitrary: fc.integer({min: -8, max: -1})}, {weight: 1, arbitrary: fc.integer({min: 0, max: 11})}),
  command: fc.oneof(fc.constantFrom(...COMMANDS), fc.constantFrom('claude', 'vite')),
  ageMs: mostly(3_600_000, 1_000, 58_000, 61_000),
  uid: mostly(1000, 0, 1001),
  tty: mostly<string | null>(null, 'pts/1', 'pts/44'),
  env: environment,
  state: mostly<Process['state']>('S', 'T', 'Z'),
  cwdDeleted: fc.boolean(),
});

const ANCHORS = [1, 500, 700, 701, 890, 900, 4_001, 4_002];

const forest = (drafts: readonly Draft[]): readonly Process[] =>
  drafts.map(({parent, command, ...facts}, index) =>
    process(FIRST + index, parent < 0 ? (ANCHORS[-parent - 1] ?? 1) : FIRST + parent, facts.state === 'Z' ? [] : command, {
      ...facts,
      comm: command.split(' ')[0] ?? '',
    }),
  );

const heads = [
  process(4_001, 700, 'bash', {tty: 'pts/1'}),
  process(4_002, 700, 'claude', {tty: 'pts/2'}),
  process(701, 1, 'tmux -L work', {comm: 'tmux: server'}),
];

const WORK = {
  ok: server('work', [], {pid: 701}),
  unknown: silentServer('work'),
  absent: server('work', [], {state: 'absent', pid: null}),
} as const;
const servers = (work: keyof typeof WORK): readonly Server[] => [
  server('default', [session('a', [pane('%1', 4_001)]), session('b', [pane('%2', 4_002)])]),
  WORK[work],
];

const world = fc
  .record({
    drafts: fc.array(draft, {minLength: 1, maxLength: 24}),
    work: fc.constantFrom('ok', 'unknown', 'absent'),
    complete: fc.boolean(),
  })
  .map(
    ({drafts, work, complete}): Snapshot =>
      look({processes: [...heads, ...forest(drafts)], servers: servers(work as 'ok'), processesComplete: complete}),
  );

const judged = (snapshot: Snapshot): readonly Finding[] => assessAll([snapshot, later(snapshot, 1_000)]).assessment.findings;
const ORPHANS = ['orphan-process', 'orphan-helper'];
const sureOrphans = (snapshot: Snapshot): readonly Process[] =>
  judged(snapshot)
    .filter(finding => finding.certainty === 'sure' && ORPHANS.includes(finding.kind))
    .flatMap(finding => snapshot.processes.get(Number(finding.subject.slice('process:'.length))) ?? []);

const above = (snapshot: Snapshot, start: Process): readonly Process[] => {
  const chain: Process[] = [];
  const seen = new Set([start.pid]);
  for (let each = snapshot.processes.get(start.ppid); each !== undefined && !seen.has(each.pid); each = snapshot.processes.get(each.ppid)) {
    seen.add(each.pid);
    chain.push(each);
  }
  return chain;
};

const RUNS = {numRuns: 400};

test('these worlds do have sure orphans, or the rest of this file would prove nothing', () => {
  const kinds = fc
    .sample(world, {numRuns: 300, seed: 7})
    .flatMap(judged)
    .filter(finding => finding.certainty === 'sure')
    .map(finding => finding.kind);
  for (const kind of ORPHANS) {
    expect(kinds.filter(each => each === kind).length, kind).toBeGreaterThan(25);
  }
});

describe('never a sure orphan', () => {
  test('in a live pane, at a terminal, of another user, younger than the least age, defunct, rigtop’s own', () => {
    fc.assert(
      fc.property(world, snapshot => {
        for (const orphan of sureOrphans(snapshot)) {
          const chain = [orphan, ...above(snapshot, orphan)];
          expect(chain.some(each => each.pid === 4_001 || each.pid === 4_002)).toBe(false);
          expect(chain.some(each => each.tty !== null && each.uid === 1000 && each.pid >= FIRST)).toBe(false);
          expect(chain.some(each => each.pid === 890 || each.pid === 900)).toBe(false);
          expect(orphan.uid).toBe(1000);
          expect(orphan.state).not.toBe('Z');
          expect(snapshot.uptimeMs - orphan.bornMs).toBeGreaterThanOrEqual(settings.orphanMinAgeMs - 1_000);
        }
      }),
      RUNS,
    );
  });

  test('with a silent server behind it, an unreadable environment, or an incomplete process table', () => {
    fc.assert(
      fc.property(world, snapshot => {
        const sure = sureOrphans(snapshot);
        const silent = snapshot.servers.some(each => each.state === 'unknown');
        expect(snapshot.processesComplete || sure.length === 0).toBe(true);
        for (const orphan of sure) {
          const tree = judged(snapshot).find(each => each.subject === `process:${orphan.pid}`)?.processes ?? [];
          const envs = tree.flatMap(each => snapshot.processes.get(each.pid)?.env ?? []);
          expect(envs.some(env => env.known)).toBe(true);
          if (silent && orphan.env.known) {
            expect(orphan.env.value.TMUX?.includes('/work,') ?? false).toBe(false);
          }
        }
      }),
      RUNS,
    );
  });

  test('without a mark of its origin', () => {
    fc.assert(
      fc.property(world, snapshot => {
        for (const orphan of sureOrphans(snapshot)) {
          const tree = judged(snapshot).find(each => each.subject === `process:${orphan.pid}`)?.processes ?? [];
          const marks = tree.flatMap(each => {
            const env = snapshot.processes.get(each.pid)?.env;
            return env?.known ? Object.keys(env.value) : [];
          });
          expect(marks.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });
});

describe('whatever the world looks like', () => {
  test('one look makes nothing sure that rests on absence; unknown and protected findings offer nothing', () => {
    fc.assert(
      fc.property(world, snapshot => {
        for (const finding of assessAll([snapshot]).assessment.findings) {
          expect(finding.certainty === 'sure' && (ORPHANS.includes(finding.kind) || finding.kind === 'zombie-session')).toBe(false);
        }
        for (const finding of judged(snapshot)) {
          expect((finding.certainty === 'unknown' || finding.protectedBy !== null) && finding.remedies.length > 0).toBe(false);
          expect(finding.evidence.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test('a whole server’s sessions gone at once: nothing of that look is sure', () => {
    fc.assert(
      fc.property(world, snapshot => {
        const empty = {...later(snapshot, 1_000), servers: [server('default', [])]};
        const {findings} = assessAll([snapshot, empty]).assessment;
        expect(findings.filter(each => each.certainty === 'sure')).toEqual([]);
        expect(findings.some(each => each.kind === 'mass-death')).toBe(true);
      }),
      RUNS,
    );
  });

  test('silent sources never make anything sure that a speaking one did not', () => {
    fc.assert(
      fc.property(world, snapshot => {
        const blind = {...snapshot, servers: snapshot.servers.map(each => silentServer(each.name))};
        const findings = judged(blind);
        // Only a server that is provably no more (pid 666, socket unknown to all) may leave an orphan; one process of a tree tells for it.
        const isOfLost = (pid: number): boolean => {
          const env = blind.processes.get(pid)?.env;
          return env?.known === true && env.value.TMUX?.includes('/lost,666') === true;
        };
        const sure = findings.filter(each => each.certainty === 'sure' && each.kind !== 'defunct-process');
        expect(sure.filter(each => !each.processes.some(({pid}) => isOfLost(pid))).map(each => each.subject)).toEqual([]);
      }),
      RUNS,
    );
  });

  test('ids are unique, and the order of the process table changes nothing', () => {
    fc.assert(
      fc.property(world, snapshot => {
        const findings = judged(snapshot);
        expect(new Set(findings.map(each => each.id)).size).toBe(findings.length);
        const shuffled = {...snapshot, processes: new Map([...snapshot.processes].toReversed())};
        expect(judged(shuffled).map(each => `${each.id} ${each.certainty}`)).toEqual(findings.map(each => `${each.id} ${each.certainty}`));
      }),
      {numRuns: 150},
    );
  });
});
