// The stores of sessions that other tools keep: botmux's, and those of the configuration. Reads only, and takes no lock: files are
// replaced as a whole (rename(2)), so a reader sees an old or a new one, never half of one.
import {isAbsolute, join} from 'node:path';
import {type Known, type SourceStatus, unknown} from '../../../core/domain/known.ts';
import type {Register, RegisterRow} from '../../../core/domain/register.ts';
import type {ConfiguredRegister, Settings} from '../../../core/domain/settings.ts';
import {cachedReader} from '../../../core/look/read-cached.ts';
import type {FileRead, Host} from '../../../core/os/host.ts';
import {parseBotmuxStore} from '../parse-botmux.ts';
import {parseRegister} from '../parse-register.ts';

export interface RegisterLook {
  readonly registers: readonly Register[];
  readonly sources: readonly SourceStatus[];
}

/** One per bot, and the one file of early versions. */
const STORE_FILE = /^sessions(?:-[^/]+)?\.json$/;
/** A path is no longer than this (PATH_MAX). */
const MOST_PATH = 4096;
const BOTMUX_CLOSE = ['botmux', 'delete', '{id}'];

const describe = ({rows, file}: Register, source: 'botmux' | 'register', target: string, tookMs: number): SourceStatus => {
  if (!rows.known) {
    return {source, target, state: 'unknown', detail: `${file}: ${rows.because}`, tookMs};
  }
  const active = rows.value.filter(row => row.active).length;
  return {source, target, state: 'ok', detail: `${rows.value.length} rows, ${active} active`, tookMs};
};

interface SeenFiles {
  /** Null: there is no such file, and never was one in sight. A file that was there and is gone is not an empty store. */
  rowsOf(file: string, read: FileRead<Known<readonly RegisterRow[]>>): Known<readonly RegisterRow[]> | null;
  /** Those that have been read in this directory. */
  below(place: string): readonly string[];
}

const createSeenFiles = (): SeenFiles => {
  /** Files that have been read, with how many rows they held. */
  const seen = new Map<string, number>();
  return {
    below: place => [...seen.keys()].filter(file => file.startsWith(`${place}/`)),
    rowsOf: (file, read) => {
      if (read.state === 'unknown') {
        return unknown(read.because);
      }
      if (read.state === 'missing') {
        const before = seen.get(file);
        return before === undefined ? null : unknown(`it is gone, and held ${before} rows when it was last read`);
      }
      if (read.value.known) {
        seen.set(file, read.value.value.length);
      }
      return read.value;
    },
  };
};

const botmuxFiles = async (host: Host, place: string, seen: SeenFiles): Promise<FileRead<readonly string[]>> => {
  const listed = await host.files.list(place);
  const names = listed.state === 'ok' ? listed.value.filter(name => STORE_FILE.test(name)).map(name => join(place, name)) : [];
  const gone = seen.below(place).filter(file => STORE_FILE.test(file.slice(place.length + 1)));
  return listed.state === 'unknown' ? listed : {state: 'ok', value: [...new Set([...names, ...gone])]};
};

/** botmux's own rule: SESSION_DATA_DIR, then the path in `~/.botmux/.data-dir`, then `~/.botmux/data`. Null: it is not in use here. */
const botmuxPlace = async (host: Host, seen: SeenFiles): Promise<string | null> => {
  const told = host.env.SESSION_DATA_DIR;
  if (told) {
    return told;
  }
  const home = join(host.home, '.botmux');
  const named = await host.files.readText(join(home, '.data-dir'), MOST_PATH);
  const path = named.state === 'ok' ? named.value.trim() : '';
  const place = isAbsolute(path) ? path : join(home, 'data');
  return seen.below(place).length > 0 || (await host.files.list(place)).state !== 'missing' ? place : null;
};

export const createRegisterCollector = (host: Host, settings: Settings): {collect(): Promise<RegisterLook>} => {
  const now = (): number => host.epochMs();
  const readStore = cachedReader(host.files, now, parseBotmuxStore);
  const readers = settings.registers.map(register => cachedReader(host.files, now, text => parseRegister(text, register)));
  const seen = createSeenFiles();
  let previous: readonly Register[] = [];

  const share = (register: Register): Register => {
    const old = previous.find(each => each.file === register.file && each.store === register.store);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(register) ? old : register;
  };

  const lookAtBotmux = async (): Promise<RegisterLook> => {
    const place = await botmuxPlace(host, seen);
    return place === null ? {registers: [], sources: []} : lookAtStore(place);
  };

  const lookAtStore = async (place: string): Promise<RegisterLook> => {
    const started = host.monotonicMs();
    const status = (state: SourceStatus['state'], detail: string): SourceStatus => ({
      source: 'botmux',
      target: place,
      state,
      detail,
      tookMs: host.monotonicMs() - started,
    });
    const files = await botmuxFiles(host, place, seen);
    if (files.state !== 'ok') {
      return {registers: [], sources: [status('unknown', files.state === 'unknown' ? files.because : 'it is gone')]};
    }
    const registers: Register[] = [];
    for (const file of files.value) {
      const rows = seen.rowsOf(file, await readStore(file));
      if (rows !== null) {
        registers.push(share({store: 'botmux', file, rows, close: BOTMUX_CLOSE}));
      }
    }
    const sources = registers.map(register => describe(register, 'botmux', register.file, host.monotonicMs() - started));
    return {registers, sources: sources.length === 0 ? [status('absent', 'no session store there')] : sources};
  };

  const lookAtConfigured = async ({name, file, close}: ConfiguredRegister, index: number): Promise<RegisterLook> => {
    const started = host.monotonicMs();
    const rows = seen.rowsOf(file, (await readers[index]?.(file)) ?? {state: 'missing'});
    const tookMs = host.monotonicMs() - started;
    if (rows === null) {
      return {registers: [], sources: [{source: 'register', target: name, state: 'absent', detail: `no file ${file}`, tookMs}]};
    }
    const register = share({store: name, file, rows, close});
    return {registers: [register], sources: [describe(register, 'register', name, tookMs)]};
  };

  return {
    collect: async () => {
      const looks = await Promise.all([lookAtBotmux(), ...settings.registers.map(lookAtConfigured)]);
      previous = looks.flatMap(({registers}) => registers);
      return {registers: previous, sources: looks.flatMap(({sources}) => sources)};
    },
  };
};
