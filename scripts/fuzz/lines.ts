// Lines of a watched machine, in this process: read, judged, reported, planned. Runs as a process of its own, which the driver watches.

import {readFileSync} from 'node:fs';
import {createSnapshotReader, isUnreadable} from '../../src/cli/documents/read-snapshot.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {formatReport} from '../../src/cli/report/report.ts';
import {isRefusal} from '../../src/core/domain/plan.ts';
import {assess, emptyMemory} from '../../src/core/judge/assess.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {describePlan} from '../../src/words/describe-plan.ts';
import {createDice, type Dice} from './dice.ts';
import {ACTS_ON_TERMINAL} from './judge-run.ts';
import {changeValue, mutate} from './mutate.ts';

const [, , file = '', seed = '', secondsText = '10', onlyText = ''] = process.argv;
const until = performance.now() + Number(secondsText) * 1000;
const only = onlyText === '' ? null : Number(onlyText);
const STYLE = {readOnly: true, paint: createPaint(false), columns: null};
/** Of one line: it costs a third of a second at the very most for ten thousand processes. */
const MOST_CPU_MS = 5_000;

const counts = {lines: 0, judged: 0, faults: [] as string[]};
const tell = (): void => void process.stdout.write(`${JSON.stringify(counts)}\n`);

/** Changes of the document’s parts more often than of its bytes: those get past the reader. */
const lineOf = (whole: Record<string, unknown>, text: string, dice: Dice): string | null => {
  if (dice.chance(0.1)) {
    return mutate(text.slice(0, 20_000), [text], dice, []).toString();
  }
  const part = dice.pick(Object.keys(whole));
  try {
    const value = changeValue(whole[part], dice, []);
    return dice.chance(0.3)
      ? JSON.stringify({schema: 'rigtop/snapshot-change@1', [part]: value})
      : JSON.stringify({...whole, [part]: value, ...(dice.chance(0.3) ? {settings: changeValue(whole.settings, dice, [])} : {})});
  } catch {
    // Deeper than JSON can be written from here.
    return null;
  }
};

const tryLines = (documents: readonly string[], dice: Dice, name: string): void => {
  const reader = createSnapshotReader();
  let memory = emptyMemory;
  for (let count = 1 + dice.below(3); count > 0; count -= 1) {
    const text = dice.pick(documents);
    const line = count > 1 && dice.chance(0.5) ? text : lineOf(JSON.parse(text) as Record<string, unknown>, text, dice);
    if (line === null) {
      continue;
    }
    counts.lines += 1;
    const started = process.cpuUsage();
    try {
      const answer = reader.read(line);
      if (dice.chance(0.5)) {
        reader.rest();
      }
      const report = isUnreadable(answer) ? null : reader.last();
      if (report === null) {
        return;
      }
      const judged = assess(report.snapshot, report.settings, memory, SOURCES);
      memory = judged.memory;
      counts.judged += 1;
      const shown = formatReport(judged.assessment, STYLE);
      const bad = ACTS_ON_TERMINAL.exec(shown) ?? /a fault of rigtop itself/.exec(shown);
      if (bad !== null) {
        counts.faults.push(`${name}: shown: ${JSON.stringify(shown.slice(Math.max(0, bad.index - 40), bad.index + 200))}`);
      }
      const refs = judged.assessment.findings.slice(0, 5).map(({id}) => `finding:${id}`);
      for (const request of [{action: 'cleanup', asked: []}, ...refs.map(ref => ({action: 'kill', asked: [ref]}))] as const) {
        const plan = makePlan(request as Parameters<typeof makePlan>[0], judged.assessment, report.settings, {
          id: 'f',
          now: 0,
          sources: SOURCES,
        });
        if (!isRefusal(plan)) {
          describePlan(plan);
        }
      }
    } catch (error) {
      counts.faults.push(
        `${name}: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error)}`,
      );
      return;
    }
    const {user, system} = process.cpuUsage(started);
    if ((user + system) / 1000 > MOST_CPU_MS) {
      counts.faults.push(`${name}: ${Math.round((user + system) / 1000)} ms for one line`);
    }
  }
};

const documents = readFileSync(file, 'utf8')
  .split('\n')
  .filter(line => line !== '');
for (let round = only ?? 0; performance.now() < until && counts.faults.length < 5; round += 1) {
  const name = `line ${round}`;
  process.stdout.write(`${name}\n`);
  tryLines(documents, createDice(`${seed}/line/${round}`), name);
  if (only !== null) {
    break;
  }
}
tell();
