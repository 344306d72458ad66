// The real hands: looks at and signals processes of this machine. Built only where rigtop may act.
import pidtree from 'pidtree';
import {known, unknown} from '../domain/known.ts';
import type {Self} from '../domain/snapshot.ts';
import type {Hands} from './hands.ts';
import {createProcessReader} from './process-now.ts';
import {type SignalParts, signalGroup, signalProcess} from './signal.ts';

/** `self` says for whom they act: its uid is the only one whose processes they touch. `serves`: what a multiplexer's server is, which they never touch. */
export const createHands = (self: Self, serves: SignalParts['serves']): Hands => {
  const reader = createProcessReader();
  const parts = {
    reader,
    own: {pid: self.pid, uid: self.uid, ancestors: self.ancestors},
    serves,
    kill: (pid: number, signal: NodeJS.Signals) => {
      process.kill(pid, signal);
    },
  };
  return {
    look: pid => {
      const seen = reader.look(pid);
      return seen.state === 'here' ? {state: 'here', process: seen.process} : seen;
    },
    signal: (target, signal) => signalProcess(parts, target, signal),
    signalGroup: (pgid, members, signal) => signalGroup(parts, pgid, members, signal),
    childrenOf: target =>
      reader.childrenOf(target.pid).flatMap(pid => {
        const child = reader.look(pid);
        const parent = reader.look(target.pid);
        // The parent was the same one after its child had been read: then the child was its child.
        return parent.state === 'here' &&
          parent.process.startTime === target.startTime &&
          child.state === 'here' &&
          child.process.ppid === target.pid
          ? [{pid, startTime: child.process.startTime}]
          : [];
      }),
    treeOf: async pid => {
      try {
        return known(await pidtree(pid, {root: true}));
      } catch (error) {
        return unknown(error instanceof Error ? error.message : String(error));
      }
    },
  };
};
