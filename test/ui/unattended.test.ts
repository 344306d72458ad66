import {describe, expect, it} from 'vitest';
import type {Unattended} from '../../src/ui/outside.ts';
import type {ScreenContext} from '../../src/ui/screen-context.ts';
import {openScreen} from './context.ts';

const bound = (readOnly: boolean, unattended?: Unattended) => {
  const {context, settle} = openScreen({readOnly});
  const said: string[] = [];
  const own: ScreenContext = {...context, unattended, say: text => said.push(text)};
  const binding = (id: string) => {
    const found = context.keymap.bindings.find(each => each.id === id);
    if (found === undefined) {
      throw new Error(`no binding ${id}`);
    }
    return found;
  };
  return {
    said,
    reason: (id: string) => binding(id).disabledReason?.(own) ?? null,
    run: async (id: string) => {
      binding(id).run(own, 'Enter');
      await settle();
    },
  };
};

describe('the supervisor from the screen', () => {
  it('is told to pause and to go on, and says of itself what it is at', async () => {
    const wishes: string[] = [];
    const wish: Unattended['wish'] = async what => {
      wishes.push(what);
      return null;
    };
    const screen = bound(false, {describe: async () => 'Supervisor 7: acts', wish});
    await screen.run('supervisor');
    await screen.run('supervisor-pause');
    await screen.run('supervisor-resume');
    expect(wishes).toEqual(['pause', 'resume']);
    expect(screen.said).toEqual(['Supervisor 7: acts', 'The supervisor is paused.', 'The supervisor goes on.']);
  });

  it('says when there is none, and when it could not be told', async () => {
    const screen = bound(false, {describe: async () => null, wish: async () => 'No supervisor with this configuration runs.'});
    await screen.run('supervisor');
    await screen.run('supervisor-pause');
    expect(screen.said).toEqual(['No supervisor with this configuration runs.', 'No supervisor with this configuration runs.']);
  });

  it('is looked at, but not told anything by a screen that is read-only', () => {
    const screen = bound(true, {describe: async () => null, wish: async () => null});
    expect(screen.reason('supervisor')).toBeNull();
    expect(screen.reason('supervisor-resume')).toBe('read-only');
    expect(bound(false).reason('supervisor')).toBe('not available in this screen');
  });
});
