// rigtop doctor: what rigtop can see and cannot, and how to cure it.

import {delimiter, dirname, join} from 'node:path';
import stringWidth from 'string-width';
import {journalPath} from '../../core/act/journal-file.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Check} from '../../core/domain/check.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {largest} from '../../core/domain/extremes.ts';
import {createCollector} from '../../core/look/collector.ts';
import type {Host} from '../../core/os/host.ts';
import {SOURCES} from '../../sources/sources.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {askSources} from '../doctor/ask-sources.ts';
import {checkUp, type Surroundings} from '../doctor/checkup.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {openHost, readConfig} from '../open-fleet.ts';
import {allowsColor, allowsUnicode, createPaint, type Paint} from '../paint.ts';
import {VERSION} from '../version.ts';

/** Programs without which something is done in another way, or not at all. */
const USES: readonly (readonly [string, string])[] = [
  ['git', 'work trees are not listed'],
  ...SOURCES.flatMap(({programs}) => [...(programs ?? [])]),
  ['docker', 'containers of a slot are named, and never stopped'],
];

const findProgram = async (host: Host, name: string): Promise<string | null> => {
  for (const directory of (host.env.PATH ?? '').split(delimiter).filter(one => one.startsWith('/'))) {
    const path = join(directory, name);
    const found = await host.files.realPath(path);
    const info = found.state === 'ok' ? await host.files.inspect(found.value) : found;
    if (info.state === 'ok' && info.value.kind === 'file' && (info.value.mode & 0o111) !== 0) {
      return path;
    }
  }
  return null;
};

/** The nearest directory above that exists tells whether the state directory can be made. */
const stateTrouble = async (host: Host, directory: string): Promise<string | null> => {
  const seen = await host.files.inspect(directory);
  switch (seen.state) {
    case 'missing':
      return directory === dirname(directory) ? null : stateTrouble(host, dirname(directory));
    case 'unknown':
      return `${directory}: ${seen.because}`;
    case 'ok': {
      const {kind, uid, mode} = seen.value;
      const writable = host.uid === 0 || (uid === host.uid && (mode & 0o200) !== 0) || (mode & 0o022) !== 0;
      if (kind !== 'directory' && kind !== 'link') {
        return `${directory} is no directory`;
      }
      return writable ? null : `${directory} is not yours to write`;
    }
  }
};

const lookAround = async (host: Host, {io, flags}: Invocation): Promise<Omit<Surroundings, 'checks' | 'cures'>> => {
  const directory = stateDirectory(host.env, host.home);
  const paths = {directory, journal: journalPath(directory), plans: join(directory, 'plans')};
  const [trouble, programs] = await Promise.all([
    stateTrouble(host, paths.directory),
    Promise.all(USES.map(async ([name, use]) => ({name, path: await findProgram(host, name), for: use}))),
  ]);
  return {
    version: VERSION,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    uid: host.uid,
    programs,
    terminal: {
      term: io.env.TERM ?? 'no TERM',
      isTerminal: io.stdoutIsTerminal,
      unicode: allowsUnicode(io.env),
      color: allowsColor(flags.color, io),
    },
    paths,
    stateTrouble: trouble,
  };
};

const TONES = {ok: 'good', note: 'quiet', trouble: 'danger'} as const;

const formatChecks = (checks: readonly Check[], paint: Paint): string => {
  const shown = checks.map(check => ({...check, about: oneLine(check.about), detail: oneLine(check.detail)}));
  const width = largest(shown.map(({about}) => stringWidth(about)));
  return shown
    .map(({about, state, detail, cure}) => {
      const line = `${paint(TONES[state], state.toUpperCase().padEnd(7))}  ${about}${' '.repeat(width - stringWidth(about))}  ${detail}`;
      return cure === null ? `${line}\n` : `${line}\n${' '.repeat(width + 11)}${oneLine(cure)}\n`;
    })
    .join('');
};

export const runDoctor = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const config = await readConfig(invocation);
  const host = openHost(invocation);
  const collector = createCollector(host, config.settings, SOURCES);
  try {
    const [snapshot, around] = await Promise.all([collector.look(), lookAround(host, invocation)]);
    const checks = checkUp({...around, ...(await askSources(SOURCES, host, snapshot))}, snapshot, config);
    const {runtimes, ...settings} = config.settings;
    const document = {schema: 'rigtop/doctor@1', checks, paths: {config: config.files, ...around.paths}, settings};
    io.out(flags.json ? jsonText(document) : formatChecks(checks, createPaint(allowsColor(flags.color, io))));
    const blind = snapshot.sources.some(source => source.state === 'unknown');
    return configTrouble(config, io) ?? (blind ? EXIT.incomplete : EXIT.done);
  } finally {
    await collector.close();
    await host.close();
  }
};
