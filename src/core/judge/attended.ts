// Processes that verdicts are made of: those that every look has to read anew. All others may be a little older. Pure.

import type {Assessment} from '../domain/fleet.ts';
import {childrenByParent} from '../domain/forest.ts';
import {pids as pidsIn} from './recorded-pids.ts';

/** What is written down somewhere names processes by their pids: in records of towns, of stores, of slots, and in locks. */
const recorded = ({snapshot, services, locks}: Assessment): readonly number[] =>
  [snapshot.towns, snapshot.repos, snapshot.registers, snapshot.runtimeStores, services, locks].flatMap(each => [...pidsIn(each)]);

/**
 * Those that somebody or something is known by: agents, owners, findings, panes, servers, listeners, records; all below them; rigtop
 * itself with what is above it; and whoever waits to be reaped.
 */
export const attendedTo = (assessment: Assessment): ReadonlySet<number> => {
  const {snapshot, fleet, findings} = assessment;
  const {processes, self, servers, listeners} = snapshot;
  const attended = new Set<number>([...fleet.processOwners.keys(), ...fleet.runtimes.keys(), ...recorded(assessment)]);
  for (const {pid} of findings.flatMap(finding => finding.processes)) {
    attended.add(pid);
  }
  for (const {pid, sessions} of servers) {
    attended.add(pid ?? 0);
    for (const pane of sessions.flatMap(session => session.panes)) {
      attended.add(pane.pid);
    }
  }
  for (const {owners} of listeners) {
    for (const pid of owners.known ? owners.value : []) {
      attended.add(pid);
    }
  }
  const children = childrenByParent(processes);
  // A set is walked in the order of insertion, with what is added on the way.
  for (const pid of attended) {
    // Below pid 1 is everybody.
    for (const child of pid > 1 ? (children.get(pid) ?? []) : []) {
      attended.add(child);
    }
  }
  for (const {pid, state} of processes.values()) {
    if (state === 'Z') {
      attended.add(pid);
    }
  }
  for (const pid of [self.pid, ...self.ancestors]) {
    attended.add(pid);
  }
  return attended;
};
