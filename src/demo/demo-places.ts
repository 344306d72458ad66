// Lays out the demo's directory: programs, repositories with work trees, a Gas Town. Writes files there and nowhere else.
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {makeRepository, makeWorktree} from './checkout.ts';

const PROGRAMS = ['claude', 'codex', 'gemini', 'vite', 'vitest', 'mcp-server-browser'];

/** Town rig's prefix of session names. */
export const TOWN_PREFIX = 'co';

export interface Places {
  readonly directory: string;
  readonly home: string;
  readonly shop: string;
  /** Work tree of slot N. */
  readonly slot: (slot: number) => string;
  readonly notes: string;
  readonly search: string;
  readonly town: string;
  readonly crew: string;
  readonly polecat: string;
  /** A polecat whose session is gone. */
  readonly lostPolecat: string;
}

export const placesOf = (directory: string): Places => {
  const town = join(directory, 'town');
  const rig = join(town, 'checkout');
  return {
    directory,
    home: join(directory, 'home'),
    shop: join(directory, 'shop'),
    slot: slot => join(directory, 'shop-trees', `feat-${slot}`),
    notes: join(directory, 'notes'),
    search: join(directory, 'search'),
    town,
    crew: join(rig, 'crew', 'max'),
    polecat: join(rig, 'polecats', 'amber', 'checkout'),
    lostPolecat: join(rig, 'polecats', 'flint', 'checkout'),
  };
};

const writeJson = (path: string, value: unknown): void => {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
};

const layTown = (places: Places, lock: unknown): void => {
  const created = '2026-01-05T09:00:00Z';
  const repository = 'https://example.com/checkout.git';
  writeJson(join(places.town, 'mayor', 'town.json'), {type: 'town', version: 2, name: 'town', created_at: created});
  writeJson(join(places.town, 'mayor', 'rigs.json'), {
    version: 1,
    rigs: {checkout: {git_url: repository, added_at: created, beads: {repo: 'local', prefix: TOWN_PREFIX}}},
  });
  writeJson(join(places.town, 'checkout', 'config.json'), {
    type: 'rig',
    version: 1,
    name: 'checkout',
    git_url: repository,
    default_branch: 'main',
    created_at: created,
    beads: {prefix: TOWN_PREFIX},
  });
  for (const worker of [places.crew, places.polecat, places.lostPolecat]) {
    makeRepository(worker);
  }
  writeJson(join(places.lostPolecat, '.runtime', 'agent.lock'), lock);
};

/** Directory to be put in front of PATH: the programs, and the Node that runs them. */
export const binOf = (directory: string): string => join(directory, 'bin');

/** `standIn` is the program behind every name; `lock` is what the lost polecat left. */
export const layPlaces = (places: Places, standIn: string, lock: unknown): void => {
  const bin = binOf(places.directory);
  for (const directory of [bin, places.home]) {
    mkdirSync(directory, {recursive: true, mode: 0o700});
  }
  // Under its plain name, whatever the path: command lines look as they do elsewhere.
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const program of PROGRAMS) {
    symlinkSync(standIn, join(bin, program));
  }
  // In a checkout no rigtop is on PATH, and an installed one may be another.
  writeFileSync(join(bin, 'rigtop'), `#!/bin/sh\nexec '${process.execPath}' '${join(dirname(standIn), 'rigtop.js')}' "$@"\n`, {
    mode: 0o755,
  });
  for (const repository of [places.shop, places.notes, places.search]) {
    makeRepository(repository);
  }
  for (const slot of [1, 2, 3]) {
    makeWorktree(places.shop, places.slot(slot), `feat-${slot}`);
  }
  layTown(places, lock);
};
