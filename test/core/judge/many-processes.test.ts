// A container in which two hundred thousand processes of the machine can be seen: a look at them is judged, in slices.
import {expect, test} from 'vitest';
import {assessing, emptyMemory} from '../../../src/core/judge/assess.ts';
import {attendedTo} from '../../../src/core/judge/attended.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {createScreenStore} from '../../../src/store/store.ts';
import {listener, look, pane, process, server, session, settings} from '../../support/world.ts';

const OTHERS = 200_000;

test('of 200 000 processes that are nobody’s none is judged or attended to, and the work pauses on the way', () => {
  const others = Array.from({length: OTHERS}, (_, index) =>
    process(10_000 + index, index < 100 ? 1 : 10_000 + (index % 100), 'worker', {uid: 4000}),
  );
  const snapshot = look({
    processes: [process(700, 1, 'tmux'), process(701, 700, 'claude', {tty: 'pts/1'}), ...others],
    servers: [server('default', [session('work', [pane('%1', 701)])])],
    listeners: [listener(4000, 701)],
  });
  const work = assessing(snapshot, settings, emptyMemory, SOURCES);
  let pauses = 0;
  let step = work.next();
  for (; step.done !== true; step = work.next()) {
    pauses += 1;
  }
  const {assessment} = step.value;
  expect(assessment.fleet.agents.map(({state}) => state)).toEqual(['running']);
  expect(assessment.findings).toEqual([]);
  expect(attendedTo(assessment).size).toBeLessThan(20);
  expect(pauses).toBeGreaterThan(OTHERS / 64);
  const store = createScreenStore({readOnly: true});
  store.receive(assessment);
  expect(store.getState().view.agents).toHaveLength(1);
});
