// The user's own ssh: how it is called, and what its end means in words. Pure.
import type {Spot} from '../../core/domain/machine.ts';
import {shellCommand} from '../../core/domain/shell-word.ts';
import {type LinesEnd, startLines} from '../../core/os/line-program.ts';
import {describeRigtopEnd, lastWords} from './rigtop-end.ts';
import {followWords, type Trouble, type Way} from './way.ts';

const CONNECT_SECONDS = 10;
const ALIVE_SECONDS = 10;

/**
 * Never asks anything (BatchMode), notices a dead line by itself, forwards nothing, compresses. What follows the host is for the shell
 * over there, so it holds nothing but words of our own.
 */
export const sshArguments = (host: string, intervalMs: number): readonly string[] => [
  '-T',
  '-C',
  '-a',
  '-x',
  ...['BatchMode=yes', `ConnectTimeout=${CONNECT_SECONDS}`, `ServerAliveInterval=${ALIVE_SECONDS}`, 'ServerAliveCountMax=2'].flatMap(
    option => ['-o', option],
  ),
  ...['-o', 'ClearAllForwardings=yes'],
  '--',
  host,
  ...followWords(intervalMs),
];

const ofSsh = (host: string, words: string, begun: boolean): Trouble => {
  if (/Permission denied|Too many authentication failures/.test(words)) {
    return {because: words, hint: `make "ssh ${host} true" work without a question: a key, or ssh-agent`, again: false};
  }
  if (/Host key verification failed|host key .* changed/i.test(words)) {
    return {because: words, hint: `run "ssh ${host}" once yourself and check its key`, again: false};
  }
  if (/Could not resolve hostname/.test(words)) {
    return {because: words, hint: 'is it spelt as in ~/.ssh/config, and is there a network?', again: true};
  }
  return {
    because: begun ? 'the connection was lost' : words || 'ssh could not connect',
    hint: `tried again by itself; "ssh ${host} true" shows what is wrong`,
    again: true,
  };
};

/** What the end of a connection means. `begun`: it had sent a look before. */
export const describeSshEnd = (host: string, end: LinesEnd, begun: boolean): Trouble => {
  if (end.trouble === 'missing') {
    return {because: 'ssh is not installed here', hint: 'install the OpenSSH client (Debian: openssh-client)', again: false};
  }
  if (end.exitCode === 255) {
    return ofSsh(host, lastWords(end.stderr), begun);
  }
  return describeRigtopEnd(end, begun, {
    by: 'ssh',
    there: words => `ssh ${host} rigtop ${words}`,
    path: '; a shell that ssh starts has a shorter PATH than yours',
  });
};

/** For a person's eyes and hands: a terminal there, questions of ssh allowed. The words are one for the shell over there. */
const sshSpot = (host: string, words: readonly string[]): Spot | {readonly because: string} => {
  const command = shellCommand(['rigtop', ...words]);
  return command === null ? {because: 'its name holds what no terminal should be given'} : {file: 'ssh', args: ['-t', '--', host, command]};
};

export interface SshParts {
  readonly host: string;
  /** Its jump host, where that is known. */
  readonly jump: string | null;
  readonly intervalMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Over the user's own ssh, with its configuration. */
export const sshWay = ({host, jump, intervalMs, env}: SshParts): Way => ({
  name: host,
  through: jump === null ? `ssh ${host}` : `ssh by ${jump}`,
  connect: options => startLines('ssh', sshArguments(host, intervalMs), {env, ...options}),
  describeEnd: (end, begun) => describeSshEnd(host, end, begun),
  spot: words => sshSpot(host, words),
});
