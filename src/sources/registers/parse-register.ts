// A configured store, any JSON with a list of records in it → rows. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {RegisterRow} from '../../core/domain/register.ts';
import type {ConfiguredRegister} from '../../core/domain/settings.ts';
import {isRow, momentOf, textOf, valueAt} from './store-fields.ts';

const toRow = (value: unknown, register: ConfiguredRegister): RegisterRow | null => {
  const id = textOf(valueAt(value, register.id));
  if (!isRow(value) || id === null) {
    return null;
  }
  const session = textOf(valueAt(value, register.session));
  const status = textOf(valueAt(value, register.status)) ?? '';
  return {
    id,
    title: null,
    status: oneLine(status),
    active: register.active.includes(status),
    seat: session === null ? null : {kind: register.multiplexer, session, agent: null},
    usedAt: register.updated === null ? null : momentOf(valueAt(value, register.updated)),
    worker: null,
    exempt: session === null ? 'it names no session' : null,
    resumes: null,
  };
};

/** Every row must have an id: where one has none, the paths of the configuration do not fit, and nothing in the file is known. */
export const parseRegister = (text: string, register: ConfiguredRegister): Known<readonly RegisterRow[]> => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return unknown('it holds no JSON');
  }
  const list = valueAt(document, register.list);
  const named = isRow(list) ? Object.values(list) : null;
  const values = Array.isArray(list) ? list : named;
  if (values === null) {
    return unknown(`it has no list ${register.list === '' ? 'at its top' : `at ${register.list}`}`);
  }
  const rows = values.map(value => toRow(value, register));
  return rows.some(row => row === null) ? unknown(`it has rows without ${register.id}`) : known(rows.filter(row => row !== null));
};
