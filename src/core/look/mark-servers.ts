// Marks the servers of multiplexers in every process table that is read: what their sources tell of a process, known to whatever judges it.
import type {ProcessMap} from '../domain/forest.ts';
import type {Process} from '../domain/process.ts';
import {remembered} from '../domain/remember.ts';
import type {Host} from '../os/host.ts';
import {breathe} from '../os/slices.ts';
import type {LookingSource} from './looking-source.ts';

/** The same table with its servers marked; the same objects for the same ones. Asks once of each record. */
export const createServerMarks = (sources: readonly LookingSource[]): ((processes: ProcessMap) => ProcessMap) => {
  const mark = remembered((process: Process): Process => {
    const serves = sources.find(({multiplexer}) => multiplexer?.serves(process))?.name;
    return serves === undefined || serves === process.serves ? process : {...process, serves};
  });
  return remembered(processes => {
    const servers = [...processes.values()].filter(process => mark(process) !== process);
    if (servers.length === 0) {
      return processes;
    }
    const marked = new Map(processes);
    for (const server of servers) {
      marked.set(server.pid, mark(server));
    }
    return marked;
  });
};

/** The machine, with the servers marked in each of its tables. */
export const withServerMarks = (host: Host, sources: readonly LookingSource[]): Host => {
  const mark = createServerMarks(sources);
  return {
    ...host,
    readTables: async (...asked) => {
      const tables = await host.readTables(...asked);
      const {processes} = tables;
      if (!processes.known) {
        return tables;
      }
      const marked = {...tables, processes: {...processes, value: {...processes.value, processes: mark(processes.value.processes)}}};
      // Of ten thousand that are new to it a slice by itself.
      await breathe();
      return marked;
    },
  };
};
