// Whether the agent of a managed session lives. Only what was seen to be empty is called a zombie. Pure.

import type {AgentState} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import {smallest} from '../../domain/extremes.ts';
import {ageMs} from '../../domain/process.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {isInteractiveShell} from '../../look/index/program-kinds.ts';
import type {ManagedSession} from '../owners/managed-sessions.ts';

export interface Liveness {
  readonly state: AgentState;
  readonly because: string;
  /** True where the agent is missing, though something stands against being sure of it: then `state` is unknown. */
  readonly missing: boolean;
}

const alive = (managed: ManagedSession): Liveness | null => {
  const {runtimes, declared} = managed.programs;
  const first = runtimes[0];
  if (first === undefined) {
    return null;
  }
  const who = `${first.runtime.runtime} ${first.process.pid}`;
  if (declared !== null && !declared.present) {
    return {
      state: 'unknown',
      because: `the pane it declared as its own (${declared.id}) is gone, while ${who} runs in ${first.pane.id}`,
      missing: true,
    };
  }
  return first.process.state === 'T'
    ? {state: 'stopped', because: `${who} is stopped by a signal: frozen, not dead`, missing: false}
    : {state: 'running', because: `${who} runs in ${first.pane.id}`, missing: false};
};

const unsure = (because: string, missing = false): Liveness => ({state: 'unknown', because, missing});

const paneCount = (count: number): string => (count === 1 ? 'its only pane' : `any of its ${count} panes`);

/**
 * Rules, in order: an agent in any pane is alive; a person's session needs none; what could not be looked at is unknown; a pane that
 * has just been started may still be starting; a program rigtop does not know may be an agent; otherwise it is a zombie.
 */
export const livenessOf = (managed: ManagedSession, snapshot: Snapshot, settings: Settings): Liveness => {
  const living = alive(managed);
  if (living !== null) {
    return living;
  }
  const {livePanes, deadPanes, unseen, starting, strangers, companions, prompts, heads} = managed.programs;
  if (managed.role === 'overseer') {
    return {state: 'running', because: 'a person’s seat: no agent program is expected in it', missing: false};
  }
  if (managed.why === 'services') {
    return {state: 'running', because: 'services of a slot: no agent program is expected in it', missing: false};
  }
  const blind = unseen[0];
  if (blind !== undefined) {
    return unsure(`the process ${blind.pid} of pane ${blind.id} is not in the process table`);
  }
  if (!snapshot.processesComplete) {
    return unsure('the process table is incomplete');
  }
  if (livePanes.length === 0) {
    return {
      state: 'zombie',
      because: deadPanes.length === 1 ? 'its only pane is dead' : `all of its ${deadPanes.length} panes are dead`,
      missing: true,
    };
  }
  const youngest = smallest(heads.map(head => ageMs(head, snapshot)));
  if (youngest < settings.orphanMinAgeMs) {
    return unsure(`a pane was started less than ${Math.round(settings.orphanMinAgeMs / 1000)} s ago: its agent may be starting`);
  }
  const runner = starting[0];
  if (runner !== undefined) {
    return unsure(`${commandLine(runner, 60)} ${runner.pid} is about to start its agent, which does not run yet`);
  }
  const stranger = strangers[0];
  if (stranger !== undefined) {
    return unsure(
      `${commandLine(stranger, 60)} ${stranger.pid} runs in it: no agent program that rigtop knows`,
      managed.why !== 'configured',
    );
  }
  const left = [...new Set([...heads, ...companions])].map(process => `${commandLine(process, 30)} ${process.pid}`).slice(0, 3);
  const nothing = `no agent program in ${paneCount(livePanes.length)}, only ${left.join(', ')}`;
  const prompt = prompts[0];
  // Only its start command or its name says that it is an agent's: the agent was quit, or never meant, and a person goes on at its prompt.
  if (prompt !== undefined && (managed.why === 'started' || managed.why === 'configured')) {
    const what = isInteractiveShell(prompt) ? 'a shell that a person may be in' : 'a program that a person may be at';
    return unsure(`${nothing}; ${prompt.pid} is ${what}`, managed.why === 'started');
  }
  return {state: 'zombie', because: nothing, missing: true};
};
