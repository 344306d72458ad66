// Which port a dev server would have taken: by its arguments, else by its environment, else by the habit of its program. Pure.
import {ancestorsOf} from '../../domain/forest.ts';
import type {Process} from '../../domain/process.ts';
import type {Look} from '../../look/index/look.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import {namesOf, scriptOf} from '../../look/index/program-of.ts';
import {sideKindOf} from '../programs/side-programs.ts';

/** Programs that take the next free port when theirs is taken, with the port that they begin at. */
const BEGINS_AT: ReadonlyMap<string, number> = new Map([
  ['vite', 5173],
  ['next', 3000],
  ['next-server', 3000],
]);
/** `vite preview` begins elsewhere. */
const PREVIEW_BEGINS_AT: ReadonlyMap<string, number> = new Map([['vite', 4173]]);

/** A server that has moved further is not told from one that was put there. */
const MOST_STEPS = 10;

/** Runners and shells between an agent and its server: `npm run dev`, `sh -c`, `node vite`. */
const CHAIN = 4;

export interface PortWish {
  readonly port: number;
  /** Whose word that is: `its arguments say --port 3000`. */
  readonly because: string;
  /** A person or a script has said so to this very server. */
  readonly isTold: boolean;
}

const asPort = (text: string | undefined): number | null => {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port > 0 && port <= 65_535 ? port : null;
};

const RUNS_TOOLS = /^(?:node|bun|deno|tsx|npm|npx|pnpm|yarn)$/;

/** The name of a program; where that is one which runs tools written for it, the tool’s: `vite`, `python3`. */
export const programOf = (process: Pick<Process, 'comm' | 'argv'>): string => {
  // `next-server (v16.4.6)`: a title that a program gave itself.
  const own = (namesOf(process).at(-1) ?? process.comm).replace(/ \(.*\)$/, '');
  return RUNS_TOOLS.test(own) ? (scriptOf(process.argv)?.name ?? own) : own;
};

/** `--port 3000`, `--port=3000`, `-p 3000` of a dev server; of others these mean other things. */
const told = ({argv}: Process): PortWish | null => {
  const at = argv.findIndex(word => word === '--port' || word === '-p' || word.startsWith('--port='));
  const flag = argv[at];
  const port = flag === undefined ? null : asPort(flag.startsWith('--port=') ? flag.slice('--port='.length) : argv[at + 1]);
  return port === null ? null : {port, because: `its arguments say ${flag === '-p' ? '-p' : '--port'} ${port}`, isTold: true};
};

const isDevServer = (process: Process): boolean => sideKindOf(process) === 'dev server';

const byHabit = (process: Process): PortWish | null => {
  const program = programOf(process);
  const table = process.argv.includes('preview') ? PREVIEW_BEGINS_AT : BEGINS_AT;
  const port = table.get(program);
  return port === undefined ? null : {port, because: `${program} begins at ${port}`, isTold: false};
};

/** By the environment of the process alone; what its multiplexer’s server was started with is nobody’s wish. */
export const portInEnvironment = (look: Look, process: Process): PortWish | null => {
  const port = asPort(ownWords(look, process).PORT);
  return port === null ? null : {port, because: `its environment says PORT=${port}`, isTold: false};
};

/**
 * The port that a dev server was to have, where it listens on another one. Arguments are believed whatever it took instead; environment
 * and habit only of who stands a few ports above.
 */
export const missedPort = (look: Look, process: Process, listensOn: number): PortWish | null => {
  const servers = [process.pid, ...ancestorsOf(look.processes, process.pid)]
    .slice(0, CHAIN)
    .flatMap(pid => look.processes.get(pid) ?? [])
    .filter(isDevServer);
  const [nearest] = servers;
  if (nearest === undefined) {
    return null;
  }
  const wish = servers.map(told).find(each => each !== null) ?? portInEnvironment(look, process) ?? byHabit(nearest);
  if (wish === null || servers.some(({pid}) => look.portsBelow(pid).has(wish.port))) {
    return null;
  }
  const steps = listensOn - wish.port;
  return wish.isTold || (steps > 0 && steps <= MOST_STEPS) ? wish : null;
};
