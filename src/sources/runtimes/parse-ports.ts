// Which ports mise and portless have given to the dev servers that they start. Parsers, pure; named fields only.

import {isPid, isRecord, type JsonRecord, numberField, recordField, textField} from '../../core/domain/json-fields.ts';
import type {PortRecord} from '../../core/domain/runtime-record.ts';

const isPort = (value: number | null): value is number => value !== null && Number.isInteger(value) && value > 0 && value < 65_536;

/** `daemons/KEY/state.json` of mise: ports by the name of a daemon. It names no process and outlives its daemons. */
export const parseMiseState = (state: JsonRecord, file: string): readonly PortRecord[] => {
  const directory = textField(state, 'root');
  const namespace = textField(state, 'namespace');
  return directory === null
    ? []
    : Object.entries(recordField(state, 'ports') ?? {}).flatMap(([name, claim]) => {
        const port = isRecord(claim) ? numberField(claim, 'port') : null;
        return isPort(port) ? [{port, service: namespace === null ? name : `${namespace}/${name}`, file, pid: null, directory}] : [];
      });
};

/** `routes.json` of portless: each name with its port, and the process of portless that the server runs below; 0 is a fixed name. */
export const parsePortlessRoutes = (routes: readonly unknown[], file: string): readonly PortRecord[] =>
  routes.filter(isRecord).flatMap(route => {
    const [port, service, pid] = [numberField(route, 'port'), textField(route, 'hostname'), numberField(route, 'pid')];
    return isPort(port) && service !== null && isPid(pid) ? [{port, service, file, pid, directory: null}] : [];
  });
