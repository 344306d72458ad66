// What towns write of themselves, as lines of the journal: only what is new since the look before. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import type {Town, TownEvent} from '../core/domain/town.ts';
import type {JournalLine} from './state.ts';

/** Of a town that is seen for the first time, this many of its latest events. */
const FIRST_SHOWN = 20;

const WARNINGS: ReadonlySet<string> = new Set(['session_death', 'mass_death', 'crash', 'kill']);

const eventsOf = (town: Town | undefined): readonly TownEvent[] => (town?.records.events.known ? town.records.events.value : []);

const keyOf = ({at, type, actor, text}: TownEvent): string => `${at} ${type} ${actor} ${text}`;

const newEvents = (before: Town | undefined, town: Town): readonly TownEvent[] => {
  const events = eventsOf(town);
  if (before === undefined) {
    return events.slice(-FIRST_SHOWN);
  }
  const old = eventsOf(before);
  if (old === events) {
    return [];
  }
  const seen = new Set(old.map(keyOf));
  return events.filter(event => !seen.has(keyOf(event)));
};

/** Lines for what the towns of `next` have written since `previous`, oldest first. */
export const townLines = (previous: Assessment | null, next: Assessment): readonly JournalLine[] =>
  next.snapshot.towns
    .flatMap(town => {
      const before = previous?.snapshot.towns.find(({realPath}) => realPath === town.realPath);
      return newEvents(before, town).map(
        (event): JournalLine => ({
          at: event.at,
          text: oneLine(`town ${town.name}: ${event.type} ${event.actor} ${event.text}`),
          tone: WARNINGS.has(event.type) ? 'warning' : 'plain',
        }),
      );
    })
    .toSorted((a, b) => a.at - b.at);
