// Text of `.ecluse.toml` → SlotConfig. Lenient as its own tool is: unknown keys are ignored, broken rules are noted and read on. Pure.
import {parse} from 'smol-toml';
import {oneLine} from '../../core/domain/command-line.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {ExtraPort, SlotConfig, SlotService} from '../../core/domain/repo.ts';

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOr = <T>(value: unknown, fallback: T): string | T => (typeof value === 'string' ? value : fallback);
const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

const NAME = /^[a-z0-9][a-z0-9_-]*$/;
const MAX_PORT = 65_535;
const MAX_U8 = 255;
/** Times 255 slots that is more ports than anybody watches; a file with more is not about services. */
const MOST_SERVICES = 64;

const parseExtraPorts = (value: unknown): readonly ExtraPort[] =>
  (Array.isArray(value) ? value : [])
    .slice(0, MOST_SERVICES)
    .filter(isTable)
    .flatMap(entry => (isWhole(entry.base_port, 1, MAX_PORT) ? [{basePort: entry.base_port}] : []));

const parseService = (entry: Table, faults: string[]): SlotService | null => {
  const name = textOr(entry.name, null);
  const basePort = entry.base_port;
  if (name === null || !isWhole(basePort, 0, MAX_PORT)) {
    faults.push(`a service without a name or a base_port between 1 and ${MAX_PORT} is left out`);
    return null;
  }
  if (!NAME.test(name)) {
    faults.push(`service name "${oneLine(name)}" does not match ${NAME.source}`);
  }
  if (basePort === 0) {
    faults.push(`service ${oneLine(name)} has base_port 0`);
  }
  const hostPort = entry.host_port;
  return {
    name,
    basePort,
    hostPort: isWhole(hostPort, 1, MAX_PORT) ? hostPort : null,
    run: entry.run === 'docker' ? 'docker' : 'native',
    command: textOr(entry.command, null),
    extraPorts: parseExtraPorts(entry.extra_ports),
  };
};

const duplicates = <T>(values: readonly T[]): readonly T[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

/** The ranges of two services must not meet, collision search included: `lower + stride·slots·(1 + range) < upper + stride`. */
const overlapFaults = (services: readonly SlotService[], stride: number, slots: number, range: number): readonly string[] => {
  const sorted = services.toSorted((a, b) => a.basePort - b.basePort);
  return sorted.flatMap((upper, index) => {
    const lower = sorted[index - 1];
    return lower !== undefined && lower.basePort + stride * slots * (1 + range) >= upper.basePort + stride
      ? [`the port range of ${lower.name} reaches into that of ${upper.name}`]
      : [];
  });
};

/** Parse the file. Unknown when it is no TOML or has no valid `mode`: then nothing can be said about its slots. */
export const parseEcluseConfig = (text: string): Known<SlotConfig> => {
  let top: Table;
  try {
    top = parse(text);
  } catch (error) {
    return unknown(`not valid TOML: ${oneLine(String(error instanceof Error ? error.message.split('\n')[0] : error))}`);
  }
  const mode = top.mode;
  if (mode !== 'container' && mode !== 'host' && mode !== 'hybrid') {
    return unknown('mode is not one of container, host, hybrid');
  }
  const faults: string[] = [];
  const maxSlots = top.max_slots ?? 8;
  const stride = top.slot_stride ?? 1;
  const range = top.port_search_range ?? 10;
  if (!isWhole(maxSlots, 1, MAX_U8) || !isWhole(stride, 0, MAX_U8) || !isWhole(range, 0, MAX_U8)) {
    return unknown(`max_slots, slot_stride and port_search_range must be whole numbers up to ${MAX_U8}`);
  }
  const prefix = textOr(top.prefix, 'ecluse');
  if (!NAME.test(prefix)) {
    faults.push(`prefix "${oneLine(prefix)}" does not match ${NAME.source}`);
  }
  const entries = top.services;
  if (Array.isArray(entries) && entries.length > MOST_SERVICES) {
    return unknown(`it names ${entries.length} services; no more than ${MOST_SERVICES} are read`);
  }
  const services = (Array.isArray(entries) ? entries : []).filter(isTable).flatMap(entry => {
    const service = parseService(entry, faults);
    return service === null ? [] : [service];
  });
  faults.push(
    ...duplicates(services.map(service => service.name)).map(name => `service name ${name} is used twice`),
    ...duplicates(services.map(service => service.basePort)).map(port => `base_port ${port} is used twice`),
    ...overlapFaults(services, Math.max(1, stride), maxSlots, range),
  );
  if (mode === 'host' && services.some(service => service.run === 'docker')) {
    faults.push('mode host may not have docker services');
  }
  return known({
    mode,
    prefix,
    maxSlots,
    slotStride: Math.max(1, stride),
    worktreeDir: textOr(top.worktree_dir, '.ecluse/worktrees'),
    services,
    faults,
  });
};
