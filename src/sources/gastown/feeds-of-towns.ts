// The event feeds of towns, as people read them. Pure.
import type {Feed, FeedEvent} from '../../core/domain/feed.ts';
import {remembered} from '../../core/domain/remember.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {TownEvent} from '../../core/domain/town.ts';

const GRAVE: ReadonlySet<string> = new Set(['session_death', 'mass_death', 'crash', 'kill']);

const NONE: readonly TownEvent[] = [];

const asEvents = remembered((events: readonly TownEvent[]): readonly FeedEvent[] =>
  events.map(({at, type, actor, text}) => ({at, text: `${type} ${actor} ${text}`, grave: GRAVE.has(type)})),
);

export const feedsOfTowns = ({towns}: Snapshot): readonly Feed[] =>
  towns.map(({realPath, name, records: {events}}) => ({
    home: realPath,
    name: `town ${name}`,
    events: asEvents(events.known ? events.value : NONE),
  }));
