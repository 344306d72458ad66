// shared-slot: two live agents of one rig work with the same slot number. Pure.
import type {Agent} from '../../domain/agent.ts';
import type {Suspicion} from '../../domain/finding.ts';
import {slotRef} from '../../domain/reference.ts';
import type {Detector, World} from './detector.ts';

const suspect = (world: World, rig: string, slot: number, agents: readonly Agent[]): Suspicion => {
  const processes = agents.flatMap(agent => (agent.process === null ? [] : [agent.process]));
  return {
    key: `shared-slot ${rig} ${slot} ${processes.map(process => `${process.pid}@${process.startTime}`).join(' ')}`,
    kind: 'shared-slot',
    severity: 'medium',
    subject: slotRef(rig, slot),
    title: `slot ${slot} of ${rig} is used by ${agents.map(agent => agent.name).join(' and ')}`,
    evidence: agents.map(agent => ({
      fact: `${agent.ref} runs as ${agent.process?.pid} with slot ${slot}`,
      source: `environment of ${agent.process?.pid}`,
    })),
    processes: processes.map(id => ({...id, command: world.snapshot.processes.get(id.pid)?.comm ?? ''})),
    protectedBy: null,
    proof: 'one-look',
    doubt: null,
    remedies: [],
    rig,
    session: null,
    holds: [],
  };
};

export const sharedSlot: Detector = {
  kind: 'shared-slot',
  means: 'Two live agents of one rig have the same slot number, so their servers fight for the same ports.',
  when: ['two agents of the rig are alive', 'the environment of both names the same slot'],
  not: ['agents that have ended', 'agents of different rigs'],
  mistaken: [
    'Whose environment it is: two panes of one tmux server bear the same inherited slot variables. Only what the sessions themselves were given counts.',
    'Two agents side by side in one work tree share its slot on purpose as often as not. Nothing is ended because of it.',
  ],
  remedy: 'Restart one of them, so that it is given a slot of its own.',
  detect: world => {
    const users = new Map<string, Agent[]>();
    for (const agent of world.fleet.agents) {
      if (agent.slot !== null && agent.state === 'running' && agent.process !== null) {
        const place = `${agent.town ?? ''}\0${agent.rig}\0${agent.slot}`;
        users.set(place, [...(users.get(place) ?? []), agent]);
      }
    }
    return [...users.values()].flatMap(agents => {
      const [first] = agents;
      return first === undefined || first.slot === null || new Set(agents.map(agent => agent.ref)).size < 2
        ? []
        : [suspect(world, first.rig, first.slot, agents)];
    });
  },
};
