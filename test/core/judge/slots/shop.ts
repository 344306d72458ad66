// A repository with slots, as a literal: `shop`, two native services on 3100 and 4000, stride 1, eight slots.
import {known} from '../../../../src/core/domain/known.ts';
import type {SlotConfig, SlotRecord, SlotRepo, SlotService} from '../../../../src/core/domain/repo.ts';

export const ROOT = '/w/shop';
export const tree = (slug: string): string => `${ROOT}/.ecluse/worktrees/${slug}`;

export const native = (name: string, basePort: number, facts: Partial<SlotService> = {}): SlotService => ({
  name,
  basePort,
  hostPort: null,
  run: 'native',
  command: `serve ${name}`,
  extraPorts: [],
  ...facts,
});

export const slotSession = (slug: string, slot: number, facts: Partial<SlotRecord> = {}): SlotRecord => ({
  slug,
  slot,
  mode: 'host',
  branch: slug,
  worktreePath: tree(slug),
  worktreeRealPath: tree(slug),
  worktreeExists: known(true),
  status: 'active',
  pending: null,
  composeProject: null,
  portOverrides: {},
  processManager: 'tmux',
  tmuxSession: `ecluse-${slug}`,
  servicesSubset: null,
  startedAt: null,
  pidFiles: known([]),
  ...facts,
});

export const config = (services: readonly SlotService[], facts: Partial<SlotConfig> = {}): SlotConfig => ({
  mode: 'host',
  prefix: 'ecluse',
  maxSlots: 8,
  slotStride: 1,
  worktreeDir: '.ecluse/worktrees',
  services,
  faults: [],
  ...facts,
});

export const shop = (sessions: readonly SlotRecord[], services = [native('web', 3100)], facts: Partial<SlotRepo> = {}): SlotRepo => ({
  tool: 'ecluse',
  name: 'shop',
  root: ROOT,
  realRoot: ROOT,
  provenance: 'named',
  config: known(config(services)),
  sessions: known(sessions),
  ...facts,
});
