// The name of the tmux socket that a Gas Town computes from its own path. Pure.
import {createHash} from 'node:crypto';

const baseName = (path: string): string => path.replace(/\/+$/, '').replace(/^.*\//, '');

/**
 * `<sanitised base name of the path as given>-<first 6 hex digits of sha256 of the resolved path>`: a town reached through a
 * symbolic link gets another name, although it is the same town (gt, internal/session/registry.go townSocketName).
 */
export const townSocketName = (path: string, realPath: string): string => {
  const plain = baseName(path)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const digest = createHash('sha256').update(realPath).digest('hex').slice(0, 6);
  return `${plain === '' ? 'default' : plain}-${digest}`;
};
