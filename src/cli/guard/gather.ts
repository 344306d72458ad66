// Reads what a played command needs to be understood: processes, sockets, files, tmux servers, containers. Read-only, each with a deadline.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import {isInside} from '../../core/domain/paths.ts';
import {monotonicNow} from '../../core/os/clock.ts';
import {readControlGroups} from '../../core/os/control-groups.ts';
import {realFiles} from '../../core/os/files.ts';
import {readLightTable, readLines, readListed, readSome} from '../../core/os/light-table.ts';
import {readOpenFiles} from '../../core/os/open-files.ts';
import {createProcReader} from '../../core/os/proc-read.ts';
import {readSocketUses} from '../../core/os/socket-uses.ts';
import {type Caller, type Facts, type Need, needKey} from '../../guard/facts.ts';

/** Longest script, build file or pid file that is read. */
const MOST_BYTES = 64 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/** Files of the project are not followed out of it; null: there is none. */
const readFile = async (path: string, root: string): Promise<Known<string | null>> => {
  const file = await realFiles.readText(path, MOST_BYTES, isInside(path, root) ? root : undefined);
  if (file.state === 'missing') {
    return known(null);
  }
  return file.state === 'ok' ? known(file.value) : unknown(`${path}: ${file.because}`);
};

const readDirectory = async (path: string): Promise<Known<readonly string[]>> => {
  const names = await realFiles.list(path);
  if (names.state === 'missing') {
    return known([]);
  }
  return names.state === 'ok' ? known(names.value) : unknown(`${path}: ${names.because}`);
};

const readLink = (path: string): Known<string | null> => {
  const link = createProcReader().link(path);
  if (link.ok) {
    return known(link.value);
  }
  return link.gone ? known(null) : unknown(`${path}: ${link.because}`);
};

/** To run another program is loaded when one is asked. */
const programs = () => import('./ask-programs.ts');

const put = <T>(facts: ReadonlyMap<string, T>, key: string, fact: T): ReadonlyMap<string, T> => new Map([...facts, [key, fact]]);

const answerOne = async (need: Need, facts: Facts, caller: Caller, env: Env, leftMs: number): Promise<Facts> => {
  switch (need.kind) {
    case 'processes':
      return {...facts, processes: readLightTable(leftMs)};
    case 'listed':
      return {...facts, listed: readListed(leftMs)};
    case 'lines':
      return {...facts, lines: readLines(leftMs)};
    case 'process':
      return {...facts, single: new Map([...facts.single, ...readSome([need.pid], leftMs)])};
    case 'sockets':
      return {...facts, sockets: put(facts.sockets, needKey(need), readSocketUses(need.port, leftMs))};
    case 'control-groups':
      return {...facts, controlGroups: readControlGroups(leftMs)};
    case 'open-files':
      return {...facts, openFiles: put(facts.openFiles, need.path, readOpenFiles(need.path, leftMs))};
    case 'file':
      return {...facts, files: put(facts.files, need.path, await readFile(need.path, caller.root))};
    case 'directory':
      return {...facts, directories: put(facts.directories, need.path, await readDirectory(need.path))};
    case 'link':
      return {...facts, links: put(facts.links, need.path, readLink(need.path))};
    case 'tmux':
      return {...facts, tmux: put(facts.tmux, need.socket, await (await programs()).readTmux(need.socket, env, leftMs))};
    case 'units':
      return {...facts, units: put(facts.units, needKey(need), await (await programs()).readUnits(need, env, leftMs))};
    case 'containers':
      return {...facts, containers: put(facts.containers, need.engine, await (await programs()).readContainers(need.engine, env, leftMs))};
  }
};

/** The facts with an answer to each need; what is not read by `until`, of the clock that does not jump, is not known. */
export const gather = async (needs: readonly Need[], facts: Facts, caller: Caller, env: Env, until: number): Promise<Facts> => {
  let known = facts;
  for (const need of needs) {
    known = await answerOne(need, known, caller, env, Math.max(0, until - monotonicNow()));
  }
  return known;
};
