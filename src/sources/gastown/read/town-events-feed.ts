// The ends of a town's event feed and of its log, as events in order. Parsers pure; the reader reads two files.
import {oneLine} from '../../../core/domain/command-line.ts';
import {parseRecord, recordField, textField, timeField} from '../../../core/domain/json-fields.ts';
import {type Known, known, unknown} from '../../../core/domain/known.ts';
import type {TownEvent} from '../../../core/domain/town.ts';
import type {FileRead} from '../../../core/os/host.ts';
import type {FileCache} from './file-cache.ts';

const TAIL_BYTES = 64 * 1024;
const MOST_EVENTS = 200;

const textOf = (payload: Readonly<Record<string, unknown>>): string =>
  Object.entries(payload)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

/** `.events.jsonl`: one object per line. A line that is no event is left out: a writer may be in the middle of the last one. */
export const parseEvents = (text: string): readonly TownEvent[] =>
  text.split('\n').flatMap(line => {
    const record = line.trim() === '' ? null : parseRecord(line);
    const at = record === null ? null : timeField(record, 'ts');
    const type = record === null ? null : textField(record, 'type');
    if (record === null || at === null || type === null) {
      return [];
    }
    const payload = recordField(record, 'payload') ?? {};
    return [
      {
        at,
        origin: 'events',
        type: oneLine(type),
        actor: oneLine(textField(record, 'actor') ?? ''),
        text: oneLine(textOf(payload)),
        session: textField(payload, 'session'),
      },
    ];
  });

const LOG_LINE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \[([^\]]+)\] (\S+) ?(.*)$/;

/** `logs/town.log`: `2025-12-26 15:30:45 [type] agent detail`, in local time. */
export const parseTownLog = (text: string): readonly TownEvent[] =>
  text.split('\n').flatMap(line => {
    const [, date, time, type = '', actor = '', detail = ''] = LOG_LINE.exec(line) ?? [];
    const at = Date.parse(`${date}T${time}`);
    return Number.isNaN(at) ? [] : [{at, origin: 'log', type: oneLine(type), actor: oneLine(actor), text: oneLine(detail), session: null}];
  });

const orNothing = (read: FileRead<readonly TownEvent[]>): readonly TownEvent[] => (read.state === 'ok' ? read.value : []);

/** The latest events of both files, oldest first. The order of one file is kept where times are equal. */
export const readFeed = async (cache: FileCache, town: string): Promise<Known<readonly TownEvent[]>> => {
  const [events, log] = await Promise.all([
    cache.readTail(`${town}/.events.jsonl`, TAIL_BYTES, parseEvents),
    cache.readTail(`${town}/logs/town.log`, TAIL_BYTES, parseTownLog),
  ]);
  if (events.state === 'unknown') {
    return unknown(`${town}/.events.jsonl: ${events.because}`);
  }
  return known([...orNothing(events), ...orNothing(log)].sort((a, b) => a.at - b.at).slice(-MOST_EVENTS));
};
