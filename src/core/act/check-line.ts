// Tells whether a value read from the journal is one of its lines, field by field; what older versions did not write is filled in. Pure.
import type {Outcome, PortOutcome, StartOutcome, TargetOutcome} from '../domain/outcome.ts';
import type {IntentLine, JournalLine, JournalTarget, NoteLine, OutcomeLine, RefusalLine, StepLine} from './journal-file.ts';

type Check = (value: unknown) => boolean;

const isText: Check = value => typeof value === 'string';
const isWhole: Check = value => Number.isSafeInteger(value);
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value);
const isFlag: Check = value => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    words.includes(value as string);

/** Every field of the record must be there and pass; further fields do no harm. */
const record =
  <T>(fields: Readonly<Record<keyof T, Check>>): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries<Check>(fields).every(([name, check]) => Object.hasOwn(value, name) && check((value as Record<string, unknown>)[name]));

const isTime: Check = value => isText(value) && !Number.isNaN(Date.parse(value as string));

const base = {schema: oneOf('rigtop/journal@1'), run: isText, at: isTime};

const target = record<JournalTarget>({ref: isText, pid: orNull(isWhole), startTime: orNull(isWhole), command: isText});

const intent = record<Omit<IntentLine, 'starts'>>({
  ...base,
  type: oneOf('intent'),
  more: isFlag,
  plan: isText,
  action: oneOf('kill', 'flush', 'restart', 'cleanup', 'clean-locks'),
  asked: listOf(isText),
  force: isFlag,
  host: isText,
  by: record<IntentLine['by']>({pid: isWhole, startTime: isWhole, bootId: orNull(isText)}),
  targets: listOf(target),
});

const step = record<StepLine>({...base, type: oneOf('step'), step: oneOf('term', 'kill', 'gone'), refs: listOf(isText)});

const ended = listOf(
  record<TargetOutcome>({
    ref: isText,
    pid: orNull(isWhole),
    result: oneOf('gone', 'survived', 'changed', 'refused', 'already-gone'),
    signal: orNull(oneOf('SIGTERM', 'SIGKILL')),
    because: orNull(isText),
    tookMs: isNumber,
  }),
);

const started = listOf(
  record<StartOutcome>({
    ref: isText,
    result: oneOf('up', 'not-up', 'failed', 'skipped'),
    because: orNull(isText),
    output: listOf(isText),
    tookMs: isNumber,
  }),
);

const outcome = record<OutcomeLine>({
  ...base,
  type: oneOf('outcome'),
  outcome: record<Outcome>({
    ok: isFlag,
    tookMs: isNumber,
    targets: ended,
    ports: listOf(record<PortOutcome>({port: isWhole, free: orNull(isFlag)})),
    late: ended,
    escaped: ended,
    started,
    problems: listOf(isText),
    refused: orNull(record<NonNullable<Outcome['refused']>>({rule: isText, because: isText})),
  }),
});

const note = record<NoteLine>({...base, type: oneOf('note'), what: isText, ref: orNull(isText), text: isText});

const refusal = record<RefusalLine>({
  ...base,
  type: oneOf('refusal'),
  decision: oneOf('deny', 'ask'),
  program: orNull(isText),
  cwd: orNull(isText),
  command: isText,
  targets: listOf(target),
  undecided: listOf(isText),
});

const isLine = (value: unknown): value is JournalLine => [intent, step, outcome, note, refusal].some(check => check(value));

/** What was not written before there were restarts. */
const FIRST_OUTCOME = {started: [], problems: [], refused: null, late: [], escaped: []};

/** The line, or null: of another version, of another program, or torn. A reader goes on with the next one. */
export const asJournalLine = (value: unknown): JournalLine | null => {
  const line = value as Partial<JournalLine> | null;
  if (line !== null && typeof line === 'object' && line.type === 'outcome' && typeof line.outcome === 'object' && line.outcome !== null) {
    const filled = {...line, outcome: {...FIRST_OUTCOME, ...line.outcome}};
    return isLine(filled) ? filled : null;
  }
  if (isLine(value)) {
    return value.type === 'intent' ? {...value, starts: listOf(isText)(value.starts) ? (value.starts ?? []) : []} : value;
  }
  return null;
};
