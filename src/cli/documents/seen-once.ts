// A report on several machines with every process once, as the screen has it: a container's are its own, not its host's. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import type {Finding} from '../../core/domain/finding.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import {type Showing, shownBetter, sightingOf} from '../../core/domain/sighting.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {MachineLook, SeenMachine} from './fleet-document.ts';

/** An agent, or a session that no agent is known in. */
interface Placed extends Showing {
  readonly agent: Agent | null;
  readonly session: string | null;
}

interface Found extends Showing {
  readonly finding: Finding;
}

const firstOf = (session: Session | undefined, {processes}: Snapshot): number | undefined =>
  session?.panes.find(({dead, pid}) => !dead && processes.has(pid))?.pid;

const placedIn = ({look: {snapshot, fleet}, trouble}: SeenMachine): readonly Placed[] => {
  const sessions = new Map(snapshot.servers.flatMap(server => server.sessions).map(session => [sessionKey(session), session]));
  const claimed = new Set(fleet.agents.flatMap(({session}) => session ?? []));
  const seen = (agent: Agent | null, session: string | null): Placed => {
    const own = agent?.process == null ? undefined : snapshot.processes.get(agent.process.pid);
    const first = firstOf(session === null ? undefined : sessions.get(session), snapshot);
    const process = own ?? (first === undefined ? undefined : snapshot.processes.get(first));
    return {agent, session, sighting: sightingOf(process, snapshot), hasSession: session !== null, isOld: trouble !== null};
  };
  return [
    ...fleet.agents.map(agent => seen(agent, agent.session)),
    ...[...sessions.keys()].filter(key => !claimed.has(key)).map(key => seen(null, key)),
  ];
};

const foundIn = ({look: {snapshot, findings}, trouble}: SeenMachine): readonly Found[] =>
  findings.map(finding => {
    const [first] = finding.processes;
    const process = first === undefined ? undefined : snapshot.processes.get(first.pid);
    const same = process?.startTime === first?.startTime ? process : undefined;
    const showing = {sighting: sightingOf(same, snapshot), hasSession: finding.session !== null, isOld: trouble !== null};
    return {finding, verdict: finding.kind, ...showing};
  });

/** Without those; a rig that has lost all of its agents is gone too. */
const without = (look: Assessment, hidden: readonly Placed[], findings: readonly Finding[]): Assessment => {
  const {snapshot, fleet} = look;
  const agents = fleet.agents.filter(agent => !hidden.some(each => each.agent === agent));
  const concerned = new Set(hidden.flatMap(({agent}) => agent?.rig ?? []));
  const sessions = new Set(hidden.flatMap(({session}) => session ?? []));
  const servers = snapshot.servers.map(server => ({
    ...server,
    sessions: server.sessions.filter(session => !sessions.has(sessionKey(session))),
  }));
  return {
    ...look,
    snapshot: {...snapshot, servers},
    fleet: {...fleet, agents, rigs: fleet.rigs.filter(({name}) => !concerned.has(name) || agents.some(({rig}) => rig === name))},
    findings,
  };
};

/** Each machine without what another one shows better. */
export const seenOnce = (machines: readonly MachineLook[]): readonly MachineLook[] => {
  const placed = machines.map(({answer}) => ('look' in answer ? placedIn(answer) : []));
  const found = machines.map(({answer}) => ('look' in answer ? foundIn(answer) : []));
  const elsewhere = shownBetter<Placed>(placed, each => each);
  const foundElsewhere = shownBetter<Found>(found, each => each);
  return machines.map((machine, at) => {
    const {answer} = machine;
    const hidden = (placed[at] ?? []).filter(each => elsewhere.has(each));
    const left = (found[at] ?? []).filter(each => !foundElsewhere.has(each)).map(({finding}) => finding);
    return 'look' in answer && (hidden.length > 0 || left.length < answer.look.findings.length)
      ? {...machine, answer: {...answer, look: without(answer.look, hidden, left)}}
      : machine;
  });
};
