// zombie-record in other tools' stores: a row says active, its session is missing, and others of the same store are there. Pure.

import type {Evidence} from '../../../core/domain/agent.ts';
import {oneLine} from '../../../core/domain/command-line.ts';
import type {Suspicion} from '../../../core/domain/finding.ts';
import {recordRef} from '../../../core/domain/reference.ts';
import type {Register, RegisterRow} from '../../../core/domain/register.ts';
import {shellCommand} from '../../../core/domain/shell-word.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {countOf, firstOf} from '../../../words/counts.ts';
import {judgeRow, type RowVerdict} from '../judge-row.ts';

interface Judged {
  readonly row: RegisterRow;
  readonly verdict: RowVerdict;
}

const base = {
  kind: 'zombie-record',
  severity: 'low',
  processes: [],
  protectedBy: null,
  proof: 'two-looks',
  remedies: [],
  rig: null,
  session: null,
  holds: [],
} as const satisfies Partial<Suspicion>;

/** What an owner's command would take for an option, or for more than one row. */
const OVERREACHES = /^(?:-|(?:all|stopped)$)/i;

/** The owner's command for this one row, to be pasted into a shell; null where none can be given that means this row alone. */
const closeCommand = ({close}: Register, id: string): string | null =>
  close === null || OVERREACHES.test(id) ? null : shellCommand(close.map(word => word.split('{id}').join(id)));

const howToClose = (register: Register, id: string): Evidence => {
  const command = closeCommand(register, id);
  return {
    fact: command === null ? `closing it is for ${register.store} to do` : `its owner closes it: ${command}`,
    source: 'what may help',
  };
};

const suspectRow = (register: Register, {row, verdict}: Judged, control: Judged): Suspicion => ({
  ...base,
  key: `zombie-record ${register.file} ${row.id}`,
  subject: recordRef(register.store, row.id),
  title: `${register.store} records ${oneLine(row.title ?? row.id)} as ${row.status}, and its session is gone`,
  evidence: [
    {fact: `${row.id} is ${row.status}`, source: register.file},
    {fact: verdict.because, source: `${row.seat?.kind} sessions`},
    {
      fact: `the same store’s ${control.row.id} is where it says: the right place was looked at`,
      source: `${control.row.seat?.kind} sessions`,
    },
    ...(row.resumes === null ? [] : [{fact: row.resumes, source: register.file}]),
    howToClose(register, row.id),
  ],
  doubt: verdict.state === 'missing' ? null : verdict.because,
});

/** Every row of a multiplexer missing at once: a restart, or another TMUX_TMPDIR, is likelier than that many separate ends. */
const suspectStore = (register: Register, missing: readonly Judged[]): Suspicion => ({
  ...base,
  key: `zombie-record ${register.file}`,
  subject: recordRef(register.store, '*'),
  title: `${register.store} records ${countOf(missing.length, 'active row')}, of which not one session was found`,
  evidence: [
    {
      fact: `active: ${firstOf(
        missing.map(({row}) => row.id),
        8,
      )}`,
      source: register.file,
    },
    {fact: missing[0]?.verdict.because ?? '', source: `${missing[0]?.row.seat?.kind} sessions`},
  ],
  doubt: 'no row of this store was found, so the observer may look in the wrong place: not one of them may be closed because of it',
});

const suspectRegister = (world: World, register: Register): readonly Suspicion[] => {
  const rows = register.rows.known ? register.rows.value : [];
  const judged = rows.map(row => ({row, verdict: judgeRow(row, world.snapshot, world.settings)}));
  const missing = judged.filter(({verdict}) => verdict.absent);
  const controlOf = ({row}: Judged): Judged | undefined =>
    judged.find(each => each.verdict.state === 'exists' && each.row.seat?.kind === row.seat?.kind);
  const alone = missing.filter(each => controlOf(each) === undefined);
  return [
    ...missing.flatMap(each => {
      const control = controlOf(each);
      return control === undefined ? [] : [suspectRow(register, each, control)];
    }),
    ...(alone.length === 0 ? [] : [suspectStore(register, alone)]),
  ];
};

/** Rows of every store that could be read. What could not is a blind spot, and nothing else. */
export const zombieRow: Detector = {
  kind: 'zombie-record',
  means: 'A row of a store (botmux’s, those in `[[registers]]`) says that a session is active, and that is gone.',
  when: [
    'of a row in a store: its session is missing, and every server of its multiplexer answered, all older than the record’s last use',
    'another row of the same store is where it says, so that the right place was looked at',
  ],
  not: [
    'rows that were adopted, are queued or suspended, or whose worker lives',
    'anything after a restart of the machine or of a server',
    'a store that vanished, or of which no row at all was found (shown once, as unknown): that says more about the observer',
  ],
  mistaken: [
    'A session that was renamed, or that lives on a server that nobody asked: what was started for the row bears its id, and one silent server makes all unknown.',
    'A server that was started anew took every session at once, which says nothing about one row.',
  ],
  remedy: 'Of a store: `botmux delete ID`, or the `close` of its configuration.',
  detect: world => world.snapshot.registers.flatMap(register => suspectRegister(world, register)),
};
