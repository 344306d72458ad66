// The ways to all machines that are meant: found once for a report, and again and again for a screen that stays open.
import type {MachineConfig} from '../../config/load.ts';
import type {Host} from '../../core/os/host.ts';
import {chooseMachines, type NamedMachine, runNames} from './machine-names.ts';
import {sshWay} from './ssh.ts';
import {viaWay} from './via.ts';
import type {Way} from './way.ts';

export interface WaysParts {
  readonly host: Pick<Host, 'run' | 'env'>;
  readonly configured: readonly MachineConfig[];
  /** Names that a person gave; empty means all of the configuration. */
  readonly asked: readonly string[];
  /** Time between two looks over there. */
  readonly intervalMs: number;
}

export interface Ways {
  readonly ways: readonly Way[];
  /** Lists of names that could not be had, in words. */
  readonly troubles: readonly string[];
}

type Listed = Extract<MachineConfig, {readonly from: readonly string[]}>;

const LOOK_UP_MS = 5_000;
const LOOK_UPS_AT_ONCE = 8;

/** The jump host that ssh would take, or its proxy command (ssh_config(5)); `ssh -G` asks nobody. */
const jumpOf = async (host: Pick<Host, 'run'>, name: string): Promise<string | null> => {
  const {stdout} = await host.run('ssh', ['-G', '--', name], {timeoutMs: LOOK_UP_MS, environment: 'whole'});
  return /^proxy(?:jump|command) (?!none$)(.+)$/m.exec(stdout)?.[1] ?? null;
};

/** Makes ways of names, and keeps them: the same machine has the same way as long as it is named. */
const createWayMaker = ({host, intervalMs}: WaysParts) => {
  const made = new Map<string, Way>();
  const make = async ({name, via}: NamedMachine): Promise<readonly [string, Way]> => {
    const {env} = host;
    return [
      name,
      via === null ? sshWay({host: name, jump: await jumpOf(host, name), intervalMs, env}) : viaWay({name, via, intervalMs, env}),
    ];
  };
  return async (machines: readonly NamedMachine[]): Promise<readonly Way[]> => {
    const missing = machines.filter(({name}) => !made.has(name));
    for (let at = 0; at < missing.length; at += LOOK_UPS_AT_ONCE) {
      for (const [name, way] of await Promise.all(missing.slice(at, at + LOOK_UPS_AT_ONCE).map(make))) {
        made.set(name, way);
      }
    }
    return machines.flatMap(({name}) => made.get(name) ?? []);
  };
};

const isListed = (machine: MachineConfig): machine is Listed => 'from' in machine;

/** Keeps what each list said last: one that cannot be had now has not lost its machines. */
const createLists = ({host, configured}: WaysParts) => {
  const names = new Map<MachineConfig, readonly string[]>();
  const troubles = new Map<MachineConfig, string>();
  return {
    names,
    /** In the order of the configuration. */
    troubles: (): readonly string[] => configured.flatMap(each => troubles.get(each) ?? []),
    run: async (list: Listed): Promise<void> => {
      const {names: found, trouble} = await runNames(host, list.from);
      if (trouble === null) {
        troubles.delete(list);
      } else {
        troubles.set(list, trouble);
      }
      if (found.length > 0 || trouble === null) {
        names.set(list, found);
      }
    },
  };
};

/** Lists matter only where somebody's name may be on one. */
const listsOf = ({configured, asked}: WaysParts): readonly Listed[] => {
  const named = new Set(configured.flatMap(machine => ('name' in machine ? [machine.name] : [])));
  return asked.length > 0 && asked.every(name => named.has(name)) ? [] : configured.filter(isListed);
};

/** As things are now. */
export const findWays = async (parts: WaysParts): Promise<Ways> => {
  const lists = createLists(parts);
  await Promise.all(listsOf(parts).map(lists.run));
  const ways = await createWayMaker(parts)(chooseMachines(parts.configured, lists.names, parts.asked));
  return {ways, troubles: lists.troubles()};
};

/** Tells at once whom names alone name, then whenever a list has been asked. The answer ends it. */
export const followWays = (parts: WaysParts, told: (ways: Ways) => void): (() => void) => {
  const lists = createLists(parts);
  const make = createWayMaker(parts);
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;
  const tell = async (): Promise<void> => {
    const ways = await make(chooseMachines(parts.configured, lists.names, parts.asked));
    if (!ended) {
      told({ways, troubles: lists.troubles()});
    }
  };
  const ask = async (list: Listed): Promise<void> => {
    await lists.run(list);
    await tell();
    if (!ended) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void ask(list);
      }, list.everyMs);
      timers.add(timer);
    }
  };
  const asking = listsOf(parts);
  void tell();
  for (const list of asking) {
    void ask(list);
  }
  return () => {
    ended = true;
    for (const timer of timers) {
      clearTimeout(timer);
    }
  };
};
