// What a test made, undone in reverse order whatever happened in between: const scope = createScope(); afterEach(scope.close).
import {mkdtemp, realpath, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {endMarked, newMarker} from './marked.ts';

export interface Scope {
  /** Run `undo` when the scope closes. */
  add(undo: () => unknown): void;
  /** A fresh directory, removed with the scope. Its path is short: unix socket paths end at 107 bytes (unix(7)). */
  tempDir(): Promise<string>;
  /** A marker whose processes are ended with the scope. */
  marker(): string;
  close(): Promise<void>;
}

export const createScope = (): Scope => {
  const undos: (() => unknown)[] = [];
  const add = (undo: () => unknown): void => {
    undos.push(undo);
  };
  return {
    add,
    tempDir: async () => {
      const dir = await realpath(await mkdtemp(join(tmpdir(), 'rt-')));
      add(() => rm(dir, {recursive: true, force: true, maxRetries: 5}));
      return dir;
    },
    marker: () => {
      const marker = newMarker();
      add(() => endMarked(marker));
      return marker;
    },
    close: async () => {
      const errors: unknown[] = [];
      for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
        try {
          await undo();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) {
        throw new AggregateError(errors, `clean-up failed: ${errors.map(String).join('; ')}`);
      }
    },
  };
};
