// The user's own ssh: how it is called, and what its end means in words. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {LinesEnd} from '../../core/os/line-program.ts';

/** Why a machine cannot be seen, what would help, and whether trying again by itself makes sense. */
export interface Trouble {
  readonly because: string;
  readonly hint: string;
  /** False where only a person can change it: trying on would be knocking at a door that was shut. */
  readonly again: boolean;
}

const CONNECT_SECONDS = 10;
const ALIVE_SECONDS = 10;
const MOST_WORDS = 200;

/** Why a HOST is not handed to ssh; null when it is. ssh(1) takes a word with a dash in front for an option. */
export const hostTrouble = (host: string): string | null => {
  if (host.startsWith('-')) {
    return 'a host cannot begin with a dash: ssh would take it for an option';
  }
  return host === '' || /[\s\p{Cc}\p{Cf}]/u.test(host) ? 'a host has no spaces or control characters in it' : null;
};

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
  'rigtop',
  'snapshot',
  '--follow',
  '--interval',
  `${Math.round(intervalMs)}ms`,
];

const said = (stderr: string): string => {
  const lines = stderr.split('\n').map(oneLine);
  // ssh tells the reason last; banners and warnings stand above it.
  return (lines.findLast(line => line !== '') ?? '').slice(0, MOST_WORDS);
};

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
export const describeEnd = (host: string, {exitCode, signal, trouble, stderr}: LinesEnd, begun: boolean): Trouble => {
  const words = said(stderr);
  if (trouble === 'missing') {
    return {because: 'ssh is not installed here', hint: 'install the OpenSSH client (Debian: openssh-client)', again: false};
  }
  if (trouble === 'too-long') {
    return {
      because: 'it sent a line that is too long to be a look',
      hint: `look at what "ssh ${host} rigtop snapshot" prints`,
      again: false,
    };
  }
  if (trouble === 'failed' || exitCode === null) {
    return {
      because: signal === null ? words || 'ssh could not be started' : `ssh was ended by ${signal}`,
      hint: 'R tries again',
      again: true,
    };
  }
  if (exitCode === 255) {
    return ofSsh(host, words, begun);
  }
  if (exitCode === 126 || exitCode === 127) {
    return {
      because: `rigtop is not to be found there${words === '' ? '' : `: ${words}`}`,
      hint: `install it where "ssh ${host} rigtop --version" finds it; a shell that ssh starts has a shorter PATH than yours`,
      again: false,
    };
  }
  if (/unknown flag --?(follow|interval)|no command "snapshot"/.test(stderr)) {
    return {because: 'the rigtop there is too old to be watched', hint: 'update it there', again: false};
  }
  return {
    because: exitCode === 0 ? 'rigtop there ended' : `rigtop there ended with status ${exitCode}${words === '' ? '' : `: ${words}`}`,
    hint: `look at what "ssh ${host} rigtop snapshot" says`,
    again: begun,
  };
};
