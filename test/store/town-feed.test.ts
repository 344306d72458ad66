import {describe, expect, it} from 'vitest';
import {known, unknown} from '../../src/core/domain/known.ts';
import type {TownEvent} from '../../src/core/domain/town.ts';
import {townLines} from '../../src/store/town-feed.ts';
import {townRecord} from '../sources/gastown/town-record.ts';
import {buildFleet} from './fleet.ts';

const event = (at: number, text = 'x'): TownEvent => ({at, origin: 'events', type: 'spawn', actor: 'gt-max', text, session: null});

const seen = (...events: readonly TownEvent[]) => {
  const fleet = buildFleet();
  return {...fleet, snapshot: {...fleet.snapshot, towns: [townRecord({records: {events: known(events)}})]}};
};

describe('town events in the journal', () => {
  it('start with the latest of a town that is seen for the first time', () => {
    const lines = townLines(null, seen(...Array.from({length: 30}, (_, index) => event(index))));
    expect(lines.map(({at}) => at)).toEqual(Array.from({length: 20}, (_, index) => index + 10));
    expect(lines[0]?.text).toBe('town home: spawn gt-max x');
  });

  it('are told once', () => {
    expect(townLines(seen(event(1)), seen(event(1), event(2, 'y'))).map(({text}) => text)).toEqual(['town home: spawn gt-max y']);
    expect(townLines(seen(event(1)), seen(event(1)))).toEqual([]);
  });

  it('are not told anew after a look that could not read them', () => {
    const blind = seen(event(1));
    const unread = {...blind, snapshot: {...blind.snapshot, towns: [townRecord({records: {events: unknown('EACCES')}})]}};
    expect(townLines(seen(event(1)), unread)).toEqual([]);
  });

  it('never move a cursor', () => {
    expect(townLines(null, seen(event(1, '\u001b[2Jgone\nnext')))[0]?.text).not.toContain('\u001b');
  });
});
