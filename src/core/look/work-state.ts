// What of a checkout would be lost or forgotten with its agent: uncommitted, unpushed and stashed work, asked of git. Reads only.
import {complaintOf} from '../../words/complaints.ts';
import {type Known, known, unknown} from '../domain/known.ts';
import type {CommandResult, Host} from '../os/host.ts';
import {openGit, STATUS} from './ask-git.ts';

export interface WorkState {
  readonly branch: string | null;
  /** Files changed, staged or untracked. */
  readonly uncommitted: number;
  /** Commits that no remote has. */
  readonly unpushed: number;
  /** Stashes made on this branch. The stash is shared by all work trees of a repository. */
  readonly stashed: number;
}

const TIMEOUT_MS = 4_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** `git status --porcelain=v2 --branch -z`: headers start with `#`, a rename brings its old name as a record of its own. */
export const parseStatus = (text: string): {readonly branch: string | null; readonly uncommitted: number} => {
  const records = text.split('\0').filter(record => record !== '');
  const head = records.find(record => record.startsWith('# branch.head '))?.slice('# branch.head '.length);
  return {
    branch: head === undefined || head === '(detached)' ? null : head,
    uncommitted: records.filter(record => /^[12u?] /.test(record)).length,
  };
};

/** A branch without a commit has nothing that could be pushed, and `rev-list` fails on its HEAD. */
const isUnborn = (text: string): boolean => text.split('\0').includes('# branch.oid (initial)');

/** `git stash list --format=%gs`: `WIP on main: …`, `On main: …`; `(no branch)` where none was checked out. */
export const countStashes = (text: string, branch: string | null): number => {
  const place = branch ?? '(no branch)';
  return text.split('\n').filter(line => line.startsWith(`WIP on ${place}:`) || line.startsWith(`On ${place}:`)).length;
};

/** The state of the checkout in `directory`; unknown where git cannot tell, or may not be asked (see ask-git.ts). */
export const readWorkState = async (host: Host, directory: string): Promise<Known<WorkState>> => {
  const opened = await openGit(host, directory);
  if (!opened.known) {
    return opened;
  }
  const ask = (args: readonly string[]): Promise<CommandResult> => opened.value.ask(args, {timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES});
  const [status, unpushed, stash] = await Promise.all([
    ask([...STATUS, '--porcelain=v2', '--branch']),
    ask(['rev-list', '--count', 'HEAD', '--not', '--remotes']),
    ask(['stash', 'list', '--format=%gs']),
  ]);
  const unborn = isUnborn(status.stdout);
  const failed = [status, ...(unborn ? [] : [unpushed]), stash].map(ran => complaintOf('git', ran)).find(each => each !== null);
  if (failed !== undefined && failed !== null) {
    return unknown(failed);
  }
  const {branch, uncommitted} = parseStatus(status.stdout);
  return known({branch, uncommitted, unpushed: unborn ? 0 : Number(unpushed.stdout.trim()), stashed: countStashes(stash.stdout, branch)});
};
