// Who would start an ended program again, and what is said of it.
import {describe, expect, it} from 'vitest';
import {startersOf, watchStarters} from '../../../src/core/act/started-again.ts';
import {track} from '../../../src/core/act/tracked-target.ts';
import {known} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {process} from '../../support/world.ts';

const tableOf = (processes: readonly Process[]) => new Map(processes.map(each => [each.pid, each]));
const target = ({pid, startTime}: Process) => track({pid, startTime}, {command: '', sort: 'planned', root: `process:${pid}`, depth: 0});

const daemon = process(400, 1, 'node pm.js');
const worker = process(401, 400, 'node worker.js 1');
const other = process(402, 400, 'node worker.js 1');
const again = {...worker, pid: 409, startTime: 900_000};

/** A machine that shows these tables, the last one for ever; its clock goes on as it is waited for. */
const showing = (...tables: readonly (readonly Process[])[]) => {
  let now = 0;
  let at = 0;
  return {
    readTables: async () => {
      const processes = tableOf(tables[Math.min(at++, tables.length - 1)] ?? []);
      return {processes: known({processes, uptimeMs: 0, complete: true}), listeners: known([])} as never;
    },
    monotonicMs: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    waited: () => now,
  };
};

describe('who may start a target again', () => {
  it('a program that stays', () => {
    expect(startersOf([target(worker)], tableOf([daemon, worker, other])).map(({parent}) => parent.pid)).toEqual([400]);
  });

  it('systemd, of its units alone: of what it has only adopted it starts nothing', () => {
    const manager = process(300, 1, '/lib/systemd/systemd --user');
    const unit = process(301, 300, 'sh -c serve', {env: {SYSTEMD_EXEC_PID: '301'}});
    const below = process(302, 301, 'python3 -m http.server', {env: {SYSTEMD_EXEC_PID: '301'}});
    const adopted = process(303, 300, 'node left.js', {env: {SYSTEMD_EXEC_PID: '301'}});
    const prompt = process(304, 301, 'bash', {tty: 'pts/1', env: {SYSTEMD_EXEC_PID: '301'}});
    const typed = process(305, 304, 'node typed.js', {env: {SYSTEMD_EXEC_PID: '301'}});
    const table = tableOf([manager, unit, below, adopted, prompt, typed]);
    const of = (...targets: readonly Process[]) =>
      startersOf(targets.map(target), table).map(starter => [starter.target.pid, starter.started.pid, starter.parent.pid]);
    expect(of(unit, below)).toEqual([[301, 301, 300]]);
    expect(of(below)).toEqual([
      [302, 302, 301],
      [302, 301, 300],
    ]);
    expect(of(adopted)).toEqual([]);
    expect(of(typed)).toEqual([]);
  });

  it('none that ends with it, and neither init, a prompt nor a multiplexer', () => {
    expect(startersOf([target(daemon), target(worker)], tableOf([daemon, worker]))).toEqual([]);
    const shell = process(500, 600, 'bash', {tty: 'pts/1', sid: 500});
    const tmux = process(700, 1, 'tmux new', {comm: 'tmux: server'});
    for (const parent of [shell, tmux]) {
      expect(startersOf([target(worker)], tableOf([parent, {...worker, ppid: parent.pid}]))).toEqual([]);
    }
  });
});

describe('what came of it', () => {
  const starters = startersOf([target(worker)], tableOf([daemon, worker, other]));

  it('another child with the same command line is it again; a sibling of before is not', async () => {
    expect([...(await watchStarters(showing([daemon, other], [daemon, other, again]), starters, 1000, 10))]).toEqual([
      [401, 'node pm.js 400 started it again as 409'],
    ]);
    expect((await watchStarters(showing([daemon, other]), starters, 1000, 10)).size).toBe(0);
  });

  it('a unit is there again when systemd has started another with its command line, not when it has adopted one', async () => {
    const manager = process(300, 1, '/lib/systemd/systemd --user');
    const unit = process(301, 300, 'python3 -m http.server', {env: {SYSTEMD_EXEC_PID: '301'}});
    const units = startersOf([target(unit)], tableOf([manager, unit]));
    const [adopted, anew] = ['301', '310'].map(told => process(310, 300, 'python3 -m http.server', {env: {SYSTEMD_EXEC_PID: told}}));
    expect((await watchStarters(showing([manager, adopted as Process]), units, 1000, 10)).size).toBe(0);
    expect([...(await watchStarters(showing([manager], [manager, anew as Process]), units, 1000, 10))]).toEqual([
      [301, 'systemd --user 300 started it again as 310'],
    ]);
  });

  it('a parent that has ended too, or is another process by now, is not waited for', async () => {
    for (const rest of [[other], [{...daemon, startTime: 1}, again]]) {
      const machine = showing(rest);
      expect((await watchStarters(machine, starters, 1000, 10)).size).toBe(0);
      expect(machine.waited()).toBe(0);
    }
  });
});
