// Who still uses what would surely be left over: somebody outside of it is connected to one of its sockets. Pure.
import {commandLine} from '../domain/command-line.ts';
import type {Finding, FindingKind, Suspicion} from '../domain/finding.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import {indexLook, type Look} from '../look/index/look.ts';
import {sideKindOf} from './programs/side-programs.ts';

/** Verdicts that say of a tree, or of all that runs in a session, that nobody has it any more. */
const LEFT_OVER: ReadonlySet<FindingKind> = new Set(['orphan-process', 'orphan-helper', 'orphan-session', 'zombie-session']);

/** Whether a verdict would be refuted by somebody who works through the thing now. */
const saysLeftOver = ({kind}: {readonly kind: FindingKind}): boolean => LEFT_OVER.has(kind);

/** Why somebody uses one of these processes, in words that name the user; null when nobody is seen to. `left` are no users. */
const userOf = (look: Look, pids: ReadonlySet<number>, left: ReadonlySet<number>): string | null => {
  const used = [...pids].flatMap(look.connectionsTo).find(({client}) => client === null || !left.has(client));
  if (used === undefined) {
    return null;
  }
  const process = used.client === null ? undefined : look.processes.get(used.client);
  return process === undefined
    ? `somebody is connected to its ${used.how}; who, cannot be told`
    : `${commandLine(process, 40)} ${process.pid} is connected to its ${used.how}: somebody uses it`;
};

/**
 * A program that leads a session of its own and listens on a unix socket made itself a daemon (daemon(7)): it waits for whoever comes.
 * A driven browser does so as well, and waits for nobody but its driver.
 */
const daemonOf = ({unixServers = [], processes}: Snapshot, pids: ReadonlySet<number>): string | null => {
  for (const {pid, path} of unixServers) {
    const process = pids.has(pid) ? processes.get(pid) : undefined;
    if (process?.sid === pid && process.tty === null && sideKindOf(process) !== 'browser') {
      return `${commandLine(process, 40)} ${pid} leads a session of its own and listens on ${path}: it made itself a daemon, and others may use it`;
    }
  }
  return null;
};

/**
 * Where nobody can be asked who is connected: what listens may have a client, and what leads a session of its own may listen on a unix
 * socket. Neither is surely left over there.
 */
const untoldOf = ({snapshot: {clientsUntold}, processes, portsOf}: Look): ((pids: ReadonlySet<number>) => string | null) => {
  if (clientsUntold !== true) {
    return () => null;
  }
  return pids => {
    for (const pid of pids) {
      const process = processes.get(pid);
      const [port] = portsOf(pid);
      if (process !== undefined && port !== undefined) {
        return `${commandLine(process, 40)} ${pid} listens on port ${port}, and who is connected to it cannot be asked from here`;
      }
      if (process?.sid === pid && process.tty === null && sideKindOf(process) !== 'browser') {
        return `${commandLine(process, 40)} ${pid} leads a session of its own, and whether others use it cannot be asked from here`;
      }
    }
    return null;
  };
};

/**
 * What has a living client is in use, whoever left it there (docs/safety.md, rule 11): such a verdict is unknown. Clients that are left over
 * themselves, in this tree or another, are nobody.
 */
export const withUsers = (suspicions: readonly Suspicion[], snapshot: Snapshot): readonly Suspicion[] => {
  const {connections = [], unixServers = [], clientsUntold} = snapshot;
  if (connections.length === 0 && unixServers.length === 0 && clientsUntold === undefined) {
    return suspicions;
  }
  const look = indexLook(snapshot);
  const untold = untoldOf(look);
  const doubtless = suspicions.filter(each => saysLeftOver(each) && each.doubt === null);
  const left = new Set(doubtless.flatMap(({processes}) => processes.map(({pid}) => pid)));
  return suspicions.map(suspicion => {
    const pids = new Set(doubtless.includes(suspicion) ? suspicion.processes.map(({pid}) => pid) : []);
    // What stands in a pane was not made a daemon by its socket.
    const used = userOf(look, pids, left) ?? (suspicion.session === null ? daemonOf(snapshot, pids) : null) ?? untold(pids);
    return used === null ? suspicion : {...suspicion, doubt: used};
  });
};

/** Pids of everything in what looks left over, surely and perhaps. */
export const leftOver = (findings: readonly Finding[]): {readonly surely: readonly number[]; readonly perhaps: readonly number[]} => {
  const pidsOf = (certainty: Finding['certainty']): readonly number[] =>
    findings.flatMap(finding => (saysLeftOver(finding) && finding.certainty === certainty ? finding.processes.map(({pid}) => pid) : []));
  return {surely: pidsOf('sure'), perhaps: pidsOf('unknown')};
};
