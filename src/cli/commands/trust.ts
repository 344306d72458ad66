// rigtop trust: shows what a project's file would change and approves that very content; lists and takes back what was approved.
import {readConfigText} from '../../config/config-files.ts';
import {formatProblem} from '../../config/problem.ts';
import {nearestProjectFile, projectFileIn, type Review, reviewProject} from '../../config/review.ts';
import {type Approval, approvedName, readTrust, TRUST_SCHEMA} from '../../config/trust-file.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {replaceDocument} from '../../core/os/state-files.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {brokenConfig, type Failure, incomplete, isFailure, refused, wrongUsage} from '../failure.ts';
import {formatReview} from '../format-review.ts';
import {configRequest} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';
import {formatTable} from '../table.ts';

/** A list larger than this was not approved by hand. */
const MOST_APPROVALS = 1000;

const readApprovals = async (path: string): Promise<readonly Approval[] | Failure> => {
  const trust = await readTrust(path);
  return trust.state === 'ok'
    ? trust.approved
    : refused('trust-file', `${path} ${trust.because}`, 'nothing is approved until it is your own again; look at it, then remove it');
};

const writeApprovals = async (path: string, approved: readonly Approval[]): Promise<Failure | null> => {
  const written = await replaceDocument(path, JSON.stringify({schema: TRUST_SCHEMA, approved: approved.slice(-MOST_APPROVALS)}, null, 2));
  return written.ok ? null : incomplete(`${path} cannot be written (${written.because})`, 'make the state directory your own to write');
};

const readOnly = (): Failure => refused('read-only', 'this is read-only: nothing is approved', 'leave out --read-only');

/** `gone` and `changed` ones count for nothing until they are as they were. */
const stateOf = async ({path, digest}: Approval): Promise<'approved' | 'changed' | 'gone' | 'ignored'> => {
  const read = await readConfigText({path, origin: 'found'});
  switch (read.state) {
    case 'missing':
      return 'gone';
    case 'ok':
      return read.digest() === digest ? 'approved' : 'changed';
    default:
      return 'ignored';
  }
};

const listApprovals = async ({io, flags}: Invocation, approved: readonly Approval[]): Promise<CommandAnswer> => {
  const rows = await Promise.all(approved.map(async each => ({...each, state: await stateOf(each)})));
  if (flags.json) {
    io.out(jsonText({schema: TRUST_SCHEMA, approved: rows}));
  } else if (rows.length === 0) {
    io.out('Nothing has been approved.\n');
  } else {
    const paint = createPaint(allowsColor(flags.color, io));
    const table = formatTable(
      ['STATE', 'APPROVED', 'FILE'],
      rows.map(({state, at, path}) => [state, at, path]),
      paint,
      null,
    );
    io.out(table.map(line => `${line}\n`).join(''));
  }
  return EXIT.done;
};

const revoke = async ({io, flags}: Invocation, file: string, trustFile: string, approved: readonly Approval[]): Promise<CommandAnswer> => {
  const name = await approvedName(file);
  const rest = approved.filter(({path}) => path !== name);
  if (rest.length === approved.length) {
    return wrongUsage(`${name} has not been approved`, 'rigtop trust --list shows what has', 'not-found');
  }
  const failed = flags.readOnly ? readOnly() : await writeApprovals(trustFile, rest);
  if (failed === null) {
    io.out(flags.json ? jsonText({schema: TRUST_SCHEMA, revoked: name}) : `${oneLine(name)} is no longer approved.\n`);
  }
  return failed ?? EXIT.done;
};

/** Whether it is to be approved: said beforehand, or asked where somebody can answer. Null: it is only shown. */
const isApproved = async ({io, flags, options}: Invocation): Promise<boolean | null> => {
  if (options.isSet('yes')) {
    return true;
  }
  const canAsk = io.stdinIsTerminal && io.stdoutIsTerminal && !flags.json;
  return canAsk ? (await io.ask('Approve exactly this? y does, anything else leaves it: '))?.trim() === 'y' : null;
};

const approve = async (
  invocation: Invocation,
  review: Review,
  trustFile: string,
  approved: readonly Approval[],
): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const tell = (state: string): void => {
    if (flags.json) {
      io.out(jsonText({schema: TRUST_SCHEMA, ...review, standing: state}));
    }
  };
  const [problem] = review.problems;
  if (problem !== undefined) {
    tell(review.standing);
    return brokenConfig(formatProblem(problem), 'a file with faults is not approved');
  }
  if (review.standing === 'free' || review.standing === 'approved') {
    tell(review.standing);
    return EXIT.done;
  }
  const answer = await isApproved(invocation);
  if (answer !== true) {
    tell(review.standing);
    if (answer === null && !flags.json) {
      io.out('Nothing was approved. With --yes it is.\n');
    }
    return answer === null ? EXIT.done : refused('cancelled', 'nothing was approved', 'the answer was not a yes');
  }
  if (flags.readOnly) {
    return readOnly();
  }
  const now: Approval = {path: review.name, digest: review.digest, at: new Date().toISOString()};
  const failed = await writeApprovals(trustFile, [...approved.filter(({path}) => path !== review.name), now]);
  if (failed === null) {
    tell('approved');
    if (!flags.json) {
      io.out('Approved. A change of the file makes it wait again; rigtop trust --revoke takes the approval back.\n');
    }
  }
  return failed ?? EXIT.done;
};

export const runTrust = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, flags, options, args} = invocation;
  const request = configRequest(invocation);
  const approved = await readApprovals(request.trust);
  if (isFailure(approved)) {
    return approved;
  }
  if (options.isSet('list')) {
    return listApprovals(invocation, approved);
  }
  const [given] = args;
  const file = given === undefined ? await nearestProjectFile(request) : projectFileIn(given, io.cwd);
  if (file === null) {
    return wrongUsage('there is no .rigtop.toml here or above', 'rigtop trust DIR names its directory', 'not-found');
  }
  if (options.isSet('revoke')) {
    return revoke(invocation, file, request.trust, approved);
  }
  const answer = await reviewProject(request, file);
  switch (answer.state) {
    case 'missing':
      return wrongUsage(`there is no ${file}`, 'rigtop trust DIR names the directory of a .rigtop.toml', 'not-found');
    case 'ignored':
      return refused('not-yours', `${file} ${answer.because}`, 'only a file of your own can be approved');
    case 'ok': {
      if (!flags.json) {
        io.out(formatReview(answer.review, createPaint(allowsColor(flags.color, io))));
      }
      return approve(invocation, answer.review, request.trust, approved);
    }
  }
};
