// Addresses of NATS servers as a person gives them: `nats://HOST[:PORT][,HOST…]`, `tls://` for TLS. Pure.
import {machineNameTrouble} from '../../core/domain/machine-name.ts';

export interface NatsAddress {
  /** As it was given: what is said of it. */
  readonly text: string;
  /** `host:port`. */
  readonly servers: readonly string[];
  readonly tls: boolean;
}

const SCHEME = /^(nats|tls):\/\//;
const PORT = 4222;
/** A name, an IPv4 address, or an IPv6 one in brackets, with or without a port. */
const SERVER = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/;
const HIGHEST_PORT = 65_535;
/** Longer names are no host’s, and make no subject. */
const LONGEST_NAME = 200;

/** Whether a word is meant as such an address, good or not. */
export const isNatsAddress = (word: string): boolean => SCHEME.test(word);

/** The address; or why it is none. */
export const parseNatsAddress = (word: string): NatsAddress | {readonly because: string} => {
  const scheme = SCHEME.exec(word);
  if (scheme === null) {
    return {because: 'it begins with nats:// or tls://'};
  }
  const hosts = word.slice(scheme[0].length).replace(/\/$/, '').split(',');
  if (hosts.some(host => host.includes('@'))) {
    return {because: 'who you are belongs into a file: --creds FILE'};
  }
  const parts = hosts.map(host => SERVER.exec(host));
  if (parts.some(part => part === null || Number(part[2] ?? PORT) > HIGHEST_PORT)) {
    return {because: 'behind it stand hosts, with or without a port, joined by commas'};
  }
  const servers = parts.map(part => `${part?.[1]}:${part?.[2] ?? PORT}`);
  return {text: word, servers, tls: scheme[1] === 'tls'};
};

/** Why a word names neither a machine nor NATS servers; null when it does. */
export const machineWordTrouble = (word: string): string | null => {
  if (!isNatsAddress(word)) {
    return machineNameTrouble(word);
  }
  const address = parseNatsAddress(word);
  return 'because' in address ? address.because : null;
};

/**
 * Why a machine cannot publish under this name; null when it can. It is a key of the bucket and a part of subjects, of which the server's
 * permissions speak: letters, digits, `-`, `_`, and dots inside.
 */
export const publishedNameTrouble = (name: string): string | null => {
  if (name.length > LONGEST_NAME) {
    return `a name has at most ${LONGEST_NAME} characters`;
  }
  return /^[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/.test(name)
    ? null
    : 'a name has letters, digits, - and _, and dots inside; it begins with a letter, a digit or _';
};
