import {cleanup, render} from 'ink-testing-library';
import {afterEach, describe, expect, test} from 'vitest';
import {closeOverlay} from '../../src/store/overlays.ts';
import {App} from '../../src/ui/app.tsx';
import {createKeyGate} from '../../src/ui/dispatch.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {buildFleet, buildOutcome, buildPlan, lookAgain} from '../store/fleet.ts';
import {waitFor} from '../support/wait-for.ts';
import {openScreen, type TestScreen, type TestScreenOptions} from './context.ts';

afterEach(cleanup);

const theme = resolveTheme('dark', {LANG: 'C.UTF-8', TERM: 'xterm-256color'});
const bare = (text: string): string => text.replace(/\u001b\[[\d;]*m/g, '');

/** ink-testing-library's terminal is 100 columns wide; 24 rows is what Ink takes for one without a height. */
const show = (options?: TestScreenOptions) => {
  const screen: TestScreen = openScreen(options);
  screen.size.columns = 100;
  screen.size.rows = 24;
  const gate = createKeyGate(screen.context);
  const app = render(<App context={screen.context} theme={theme} onKeys={gate} onReady={() => {}} />);
  const frame = (): string => bare(app.lastFrame() ?? '');
  return {
    screen,
    app,
    frame,
    frames: () => app.frames.length,
    shows: (text: string | RegExp) =>
      waitFor(`the screen to show ${text}`, () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())), {
        describe: frame,
      }),
    type: (text: string) => {
      screen.pass(400);
      app.stdin.write(text);
    },
  };
};

describe('the screen', () => {
  test('shows the fleet: host, verdicts by count, mode in words, rows, explanation, keys', async () => {
    const {shows, frame} = show();
    await shows('search/ida');
    expect(frame()).toMatch(/^rigtop devbox-3 {2}live {2}WRONG-OWNER 1 {2}ORPHAN 2 {2}ZOMBIE 1 {2}UNKNOWN 1 {2}1 unseen .*\[READ-WRITE\]/);
    expect(frame()).toContain('[3 Agents]');
    expect(frame()).toContain('RUNNING ! search   ida');
    expect(frame()).toContain('5 Explain');
    expect(frame()).toContain('3102 = base 3100 + slot 2 × stride 1');
    expect(frame()).toContain('could not see tmux work: did not answer within 2 s');
    expect(frame()).toMatch(/\[READ-WRITE\] {2}\?\n/);
    expect(frame()).toMatch(/\? help {2}q quit/);
  });

  test('is never higher or wider than its terminal', async () => {
    const {shows, frame} = show();
    await shows('search/ida');
    expect(frame().split('\n').length).toBeLessThanOrEqual(24);
    expect(
      frame()
        .split('\n')
        .every(line => line.length <= 100),
    ).toBe(true);
  });

  test('answers keys, several in one chunk too', async () => {
    const {shows, type} = show();
    await shows('search/ida');
    type('4jjj');
    await shows(/> {2}ORPHAN +vite/);
  });

  test('draws nothing for a look that changed nothing, and once for one that did', async () => {
    const {shows, screen, frames} = show();
    await shows('search/ida');
    const before = frames();
    screen.store.receive(lookAgain(buildFleet()));
    await screen.settle();
    expect(frames()).toBe(before);
    screen.store.receive({...buildFleet(), findings: []});
    await shows('nothing wrong');
  });

  test('tells empty from blind', async () => {
    const {shows, type, screen} = show({fleet: {...buildFleet(), findings: []}});
    type('4');
    await shows('No orphans. Looked at 12 processes, 1 server.');
    await shows('Could not see everything: tmux work: did not answer within 2 s');
    screen.store.receive(buildFleet());
    type('/zzz\r');
    await shows('Nothing matches the filter "zzz": 5 hidden. Esc shows all.');
  });

  test('says in words that it is read-only, and hides the keys that cannot be', async () => {
    const {shows, frame} = show({readOnly: true});
    await shows('[READ-ONLY]');
    expect(frame()).not.toContain('x stop');
  });

  test('shows how old the data is as soon as it is late', async () => {
    const {shows, screen} = show();
    await shows('live');
    screen.store.change(() => ({lateSeconds: 12}));
    await shows('STALE 12s');
    screen.store.change(() => ({lateSeconds: null, paused: true}));
    await shows(/PAUSED[\s\S]*Updates are paused\. Z goes on/);
  });

  test('says before the first look how long it has been looking', async () => {
    const {shows, screen} = show({fleet: null});
    await shows(/looking[\s\S]*Looking for the first time/);
    screen.store.change(() => ({lateSeconds: 3}));
    await shows('looking 3s');
    screen.store.change(() => ({refreshFailure: 'no /proc'}));
    await shows('LOOK FAILED');
    screen.store.receive(buildFleet());
    await shows('STALE 3s');
  });

  test('keeps pasted text from the keys', async () => {
    const {shows, app, screen} = show();
    await shows('search/ida');
    app.stdin.write('\u001b[200~xyq\r\u001b[201~');
    app.stdin.write('4');
    await shows('[4 Orphans]');
    expect([screen.requests.length, screen.exits.count]).toEqual([0, 0]);
  });
});

describe('the plan dialog', () => {
  test('lists what ends and why, what is left out and why, what it frees, the command and its life', async () => {
    const {shows, frame, type} = show();
    await shows('search/ida');
    type('x');
    await shows('Plan c41f expires in');
    expect(frame()).toContain('Stop 2 processes');
    expect(frame()).toMatch(/7000 {2}node vite .*no agent above; its pane is gone/);
    expect(frame()).toContain('process:8377  unknown: server "work" did not answer');
    expect(frame()).toContain('port 3131');
    expect(frame()).toContain('Unsent input of what ends is lost.');
    expect(frame()).toContain('rigtop apply c41f');
    expect(frame()).toContain('Enter = Cancel');
  });

  test('shows each target on its way, and the results until they are closed', async () => {
    const {shows, type, screen} = show();
    await shows('search/ida');
    type('x');
    await shows('y do it');
    type('y');
    await shows('Working.');
    screen.report({ref: 'process:7000', step: 'term', result: null});
    await shows(/TERM sent {1,2}7000/);
    screen.report({ref: 'process:7000', step: 'done', result: 'gone'});
    await shows(/gone {6}7000/);
    await screen.finish(buildOutcome(buildPlan(2), [7001]));
    await shows(/1 of 2 targets survived\.[\s\S]*port 3131 is STILL HELD[\s\S]*SURVIVED {2}7001/);
    type('\r');
    await shows('search/ida');
    expect(screen.store.getState().overlays).toEqual([]);
  });

  test('draws the keys that are in force', async () => {
    const {shows, frame, type} = show({keys: {confirm: ['Y'], 'copy-plan': ['F2'], cancel: ['F11']}});
    await shows('search/ida');
    type('x');
    await shows('Y do it      F2 copy command      Esc cancel');
    expect(frame()).not.toContain('y do it');
    type('n');
    await shows('search/ida');
  });

  test('says so where no key carries it out', async () => {
    const {shows, type} = show({keys: {confirm: []}});
    await shows('search/ida');
    type('x');
    await shows('no key carries it out');
  });

  test('says what is missing before y works', async () => {
    const {shows, type} = show({answer: () => ({...buildPlan(40), expiresAt: buildPlan(1).createdAt + 300_000})});
    await shows('search/ida');
    type('x');
    await shows('y scroll to the end first');
    await shows('Type 40 to arm y: _');
    type('G');
    await shows(/Type 40 to arm y: _ .*expires in \d+ s/);
    await shows('y type 40 first');
    type('40');
    await shows('y do it');
  });
});

describe('overlays', () => {
  test('the explanation in full has its evidence as a table, and what a stop would come to', async () => {
    const {shows, frame, type} = show();
    await shows('search/ida');
    type('4');
    await shows('[4 Orphans]');
    type('d');
    await shows(/│ evidence +│ read from +│/);
    expect(frame()).toMatch(/│ 3102 = base 3100 \+ slot 2 × stride 1 +│ \.ecluse\.toml +│/);
    expect(frame()).toContain('What stopping it would do');
    type('jjjj');
    await shows('Unsent input of what ends is lost.');
  });

  test('help tells every key, and why one does nothing now', async () => {
    const {shows, type} = show();
    await shows('search/ida');
    type('?');
    await shows(/Keys[\s\S]*j Down {2,}Next row/);
    type('  ');
    await shows(/not now: not available in this screen|KILL is for what survived/);
    type('G');
    await shows(/IDLE +Nothing new/);
    type('\u001b');
    await shows('[3 Agents]');
  });

  test('the palette, the sort menu and the journal open and close', async () => {
    const {shows, type, screen} = show();
    await shows('search/ida');
    type(':bob');
    await shows(/: bob_[\s\S]*> billing\/bob/);
    type('\u001b');
    await waitFor('the palette to close', () => screen.store.getState().overlays.length === 0);
    type('s');
    await shows(/Order \w+ by[\s\S]*> need[\s\S]*processor[\s\S]*Enter orders {2}Esc closes/);
    screen.store.change(closeOverlay);
    type('J');
    await shows('Nothing has been done yet.');
  });
});
