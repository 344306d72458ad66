// What outside programs write of themselves, as lines of the journal: only what is new since the look before. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {Feed, FeedEvent} from '../core/domain/feed.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import type {JournalLine} from './state.ts';

/** Of a place that is seen for the first time, this many of its latest events. */
const FIRST_SHOWN = 20;

const keyOf = ({at, text}: FeedEvent): string => `${at} ${text}`;

const newEvents = (before: Feed | undefined, {events}: Feed): readonly FeedEvent[] => {
  if (before === undefined) {
    return events.slice(-FIRST_SHOWN);
  }
  if (before.events === events) {
    return [];
  }
  const seen = new Set(before.events.map(keyOf));
  return events.filter(event => !seen.has(keyOf(event)));
};

/** Lines for what the feeds of `next` tell since `previous`, oldest first. */
export const feedLines = (previous: Assessment | null, next: Assessment): readonly JournalLine[] =>
  next.feeds
    .flatMap(feed => {
      const before = previous?.feeds.find(({home}) => home === feed.home);
      return newEvents(before, feed).map(
        ({at, text, grave}): JournalLine => ({at, text: oneLine(`${feed.name}: ${text}`), tone: grave ? 'warning' : 'plain'}),
      );
    })
    .toSorted((a, b) => a.at - b.at);
