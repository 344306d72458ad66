// One look at another machine for a report, with a connection that is a value: what is answered, and what is said of what could not be seen.
import {expect, test} from 'vitest';
import {fleetDocument, type MachineLook} from '../../../src/cli/documents/fleet-document.ts';
import {fleetSchema} from '../../../src/cli/documents/fleet-schema.ts';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import {createPaint} from '../../../src/cli/paint.ts';
import {createGates} from '../../../src/cli/remote/gates.ts';
import {lookOnce} from '../../../src/cli/remote/look-once.ts';
import {formatMachines} from '../../../src/cli/report/machines-report.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {look, pane, process, server, session} from '../../support/world.ts';

const LOOKED = jsonLine(
  snapshotDocument(look({processes: [process(4100, 700, 'claude')], servers: [server('default', [session('work', [pane('%1', 4100)])])]}), {
    version: '1.0.0',
    settings: DEFAULT_SETTINGS,
  }),
).trimEnd();
const BAD = '{"schema":"rigtop/snapshot-change@1","servers":7}';

const lookAt = (...helpings: readonly (readonly string[])[]): Promise<MachineLook> => lookAged(undefined, ...helpings);

const lookAged = (ageMs: (() => number) | undefined, ...helpings: readonly (readonly string[])[]): Promise<MachineLook> =>
  lookOnce({
    gates: createGates(),
    version: '1.0.0',
    epochMs: () => 0,
    monotonicMs: () => 1_000,
    share: () => 1,
    way: {
      name: 'box',
      through: 'box',
      ...(ageMs === undefined ? {} : {ageMs}),
      describeEnd: () => ({because: 'the line is gone', hint: 'mend it', again: false}),
      spot: () => ({because: 'not here'}),
      connect: ({onLines, onEnd}) => {
        let isEnded = false;
        const say = (at: number): void => {
          const lines = helpings[at];
          if (isEnded) {
            return;
          }
          if (lines === undefined) {
            onEnd({exitCode: 1, signal: null, trouble: null, stderr: ''});
          } else {
            onLines(lines);
            setImmediate(say, at + 1);
          }
        };
        setImmediate(say, 0);
        return {
          end: () => {
            isEnded = true;
          },
        };
      },
    },
  });

const fleetOf = (machine: MachineLook) => ({
  host: 'here',
  takenAt: 0,
  now: 4_000,
  machines: [machine],
  troubles: [],
  readOnly: false,
});

test('a look in front of a line that cannot be read is kept, with its age and why there is none behind it', async () => {
  const fleet = fleetOf(await lookAt([LOOKED, BAD]));
  const {counts, machines} = fleetSchema.parse(fleetDocument(fleet));
  expect(counts).toMatchObject({machines: 1, unknown: 1, agents: 1});
  expect(machines).toMatchObject([{state: 'unknown', because: expect.stringContaining('cannot read'), ageMs: 3_000, rigtop: '1.0.0'}]);
  expect(machines[0]?.status?.sessions.map(({name}) => name)).toEqual(['work']);
  const text = formatMachines(fleet, {readOnly: false, paint: createPaint(false), columns: 120});
  expect(text).toMatch(/1 machine UNKNOWN/);
  expect(text).toMatch(/^MACHINE box\nUNKNOWN {2}it sent what this rigtop .*\nas it was 3s ago:\n/m);
  expect(text).toContain('work');
});

test('a look that was not followed by anything unreadable is whole', async () => {
  const {machines} = fleetDocument(fleetOf(await lookAt([LOOKED])));
  expect(machines).toMatchObject([{state: 'ok', because: null, hint: null, ageMs: 3_000}]);
});

test('a look that was on its way for long is as old as it is', async () => {
  const {machines} = fleetDocument(fleetOf(await lookAged(() => 20_000, [LOOKED])));
  expect(machines).toMatchObject([{state: 'ok', ageMs: 23_000}]);
});

test('without any look there is the reason alone', async () => {
  expect((await lookAt([BAD])).answer).toMatchObject({because: expect.stringContaining('cannot read')});
  expect((await lookAt([])).answer).toEqual({because: 'the line is gone', hint: 'mend it'});
});
