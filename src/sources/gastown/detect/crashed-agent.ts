// crashed-agent: it was at work, and its session is provably gone. Pure.
import type {Agent} from '../../../core/domain/agent.ts';
import type {Finding, Protection, Suspicion} from '../../../core/domain/finding.ts';
import type {Fleet} from '../../../core/domain/fleet.ts';
import type {Detector} from '../../../core/judge/detect/detector.ts';

const personal = (agent: Agent): Protection | null =>
  agent.role === 'crew' ? {rule: 'crew', because: `${agent.ref} works for a person (crew)`, unlock: 'crew'} : null;

const suspect = (agent: Agent): Suspicion => ({
  key: `crashed-agent ${agent.town ?? ''} ${agent.ref}`,
  kind: 'crashed-agent',
  severity: 'high',
  subject: agent.ref,
  title: `${agent.ref} was at work and its session is gone`,
  evidence: [...agent.evidence, {fact: agent.because, source: 'tmux'}],
  processes: [],
  protectedBy: personal(agent),
  proof: 'two-looks',
  doubt: null,
  remedies: ['restart'],
  rig: agent.rig,
  session: null,
  holds: [],
});

export const crashedAgent: Detector = {
  kind: 'crashed-agent',
  means: 'An agent that was at work has no session any more.',
  when: [
    'its worker directory exists in a registered rig',
    'every tmux server answered, and none has its session; no agent program of it lives',
    'something says that it was at work: work on its hook, a fresh heartbeat, or a lock never given back',
    'two looks',
  ],
  not: [
    'an absence that is meant: parked or docked rig, emergency stop, paused deacon, shutdown, an orderly end in the event feed',
    'agents that reported idle or exiting last',
    'one that spoke a moment ago: it may live where nobody looked',
  ],
  mistaken: [
    'An agent that lives where nobody looked: outside of tmux, in a container, on a server that did not answer. A program of it by environment, arguments or directory keeps it unknown.',
    'An absence that was meant: parked, docked, paused, stopped in order.',
  ],
  remedy: 'Restart it: `rigtop restart agent:RIG/NAME`.',
  detect: world => world.fleet.agents.filter(agent => agent.state === 'crashed').map(suspect),
};

/** An agent is called crashed only once the finding is sure: one look is no proof. */
export const settleCrashes = (fleet: Fleet, findings: readonly Finding[]): Fleet => {
  const sure = new Set(
    findings.filter(finding => finding.kind === 'crashed-agent' && finding.certainty === 'sure').map(finding => finding.subject),
  );
  return fleet.agents.every(agent => agent.state !== 'crashed' || sure.has(agent.ref))
    ? fleet
    : {
        ...fleet,
        agents: fleet.agents.map(agent =>
          agent.state === 'crashed' && !sure.has(agent.ref)
            ? {...agent, state: 'unknown' as const, because: `${agent.because}; so far in one look only`}
            : agent,
        ),
      };
};
