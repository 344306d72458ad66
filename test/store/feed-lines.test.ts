import {describe, expect, it} from 'vitest';
import {type Known, known, unknown} from '../../src/core/domain/known.ts';
import type {TownEvent} from '../../src/core/domain/town.ts';
import {feedsOfTowns} from '../../src/sources/gastown/feeds-of-towns.ts';
import {feedLines} from '../../src/store/feed-lines.ts';
import {townRecord} from '../sources/gastown/town-record.ts';
import {buildFleet} from './fleet.ts';

const event = (at: number, text = 'x'): TownEvent => ({at, origin: 'events', type: 'spawn', actor: 'gt-max', text, session: null});

const telling = (events: Known<readonly TownEvent[]>) => {
  const fleet = buildFleet();
  return {...fleet, feeds: feedsOfTowns({...fleet.snapshot, towns: [townRecord({records: {events}})]})};
};

const seen = (...events: readonly TownEvent[]) => telling(known(events));

describe('town events in the journal', () => {
  it('start with the latest of a town that is seen for the first time', () => {
    const lines = feedLines(null, seen(...Array.from({length: 30}, (_, index) => event(index))));
    expect(lines.map(({at}) => at)).toEqual(Array.from({length: 20}, (_, index) => index + 10));
    expect(lines[0]?.text).toBe('town home: spawn gt-max x');
  });

  it('are told once', () => {
    expect(feedLines(seen(event(1)), seen(event(1), event(2, 'y'))).map(({text}) => text)).toEqual(['town home: spawn gt-max y']);
    expect(feedLines(seen(event(1)), seen(event(1)))).toEqual([]);
  });

  it('are not told anew after a look that could not read them', () => {
    expect(feedLines(seen(event(1)), telling(unknown('EACCES')))).toEqual([]);
  });

  it('never move a cursor', () => {
    expect(feedLines(null, seen(event(1, '\u001b[2Jgone\nnext')))[0]?.text).not.toContain('\u001b');
  });
});
