// Tab in real shells, in the shell of a demo: what is there is offered, and what a name holds is never run.
import {afterEach, expect, test} from 'vitest';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {openDemo} from './demo-terminal.ts';

const scope = createScope();
afterEach(scope.close);

const SHELLS: readonly (readonly [string, readonly string[], string])[] = [
  ['bash', ['bash', '--norc', '--noprofile', '-i'], 'source <(rigtop completion bash)'],
  ['zsh', ['zsh', '-f', '-i'], 'autoload -U compinit; compinit -u; source <(rigtop completion zsh)'],
  ['fish', ['fish', '--no-config', '-i'], 'rigtop completion fish | source'],
];

test.each(SHELLS)(
  '%s completes references, scopes, plans, values and commands',
  async (_, argv, load) => {
    const terminal = await openDemo(scope, {args: ['--shell', '--', ...argv], columns: 160});
    await terminal.demoDirectory();
    // Echoed as it is typed, and then once more.
    await terminal.type(`${load}; echo loa''ded`);
    await terminal.sendKeys('Enter');
    await terminal.waitForText(/^loaded/m);
    /** On a busy machine the look may be too late, and offers nothing: then it is typed again, because a second Tab may only list. */
    const completes = async (typed: string, completed: string): Promise<void> => {
      await waitFor(`${typed} to be completed`, async () => {
        await terminal.sendKeys('C-u');
        await terminal.type(typed);
        await terminal.sendKeys('Tab');
        return terminal.waitForText(completed, {deadlineMs: 2000});
      });
      await terminal.sendKeys('C-u');
      await terminal.waitForNoText(completed);
    };
    await completes('rigtop restart agent:checkout/am', 'restart agent:checkout/amber');
    await completes('rigtop kill session:demo/sh', 'kill session:demo/shop-');
    await completes('rigtop flush rig:ch', 'flush rig:checkout');
    await completes('rigtop status --fail-on=stale-l', '--fail-on=stale-lock');
    await completes('rigtop kill x --unlock=cr', '--unlock=crew');
    await completes('rigtop help supe', 'help supervise');
    await terminal.type('rigtop kill session:demo/shop-1 --dry-run | sed -n "s/.*apply /made /p"');
    await terminal.sendKeys('Enter');
    const id = /^made (\w+)/m.exec(await terminal.waitForText(/^made \w/m))?.[1] ?? '';
    await completes(`rigtop apply ${id.slice(0, 2)}`, `rigtop apply ${id}`);
    expect(id).toMatch(/^\w{4}/);
  },
  120_000,
);
