// What runs in the demo: the sessions that stay, those that are killed to leave something behind, and who should then be alive. Pure.
import {join} from 'node:path';
import type {Behaviour, ChildBehaviour} from './behaviour.ts';
import {SLOT_STRIDE} from './demo-config.ts';
import {type Places, TOWN_PREFIX} from './demo-places.ts';

export interface DemoWindow {
  readonly name: string;
  readonly cwd: string;
  /** The shell line that the pane is started with, around the program's own; null runs the program as the pane's process. */
  readonly shell: ((command: string) => string) | null;
  readonly program: string;
  readonly args: readonly string[];
  readonly behaviour: Behaviour;
  /** remain-on-exit: the pane stays when its program has ended. */
  readonly lasting?: boolean;
}

export interface DemoSession {
  readonly server: 'demo' | 'town';
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly windows: readonly [DemoWindow, ...DemoWindow[]];
  /** Killed once everything in it is ready. */
  readonly doomed?: boolean;
}

const CLAUDE = ['--dangerously-skip-permissions'];
const CODEX = ['--dangerously-bypass-approvals-and-sandbox'];

const prompt = (name: string, task: string, end = ' ● Working… (esc to interrupt)'): readonly string[] => [
  ` ✻ ${name} (a stand-in: it does nothing)`,
  '',
  ` > ${task}`,
  '',
  end,
];

const agent = (
  cwd: string,
  program: string,
  args: readonly string[],
  behaviour: Behaviour,
  shell: DemoWindow['shell'] = null,
): DemoWindow => ({
  name: 'agent',
  cwd,
  shell,
  program,
  args,
  behaviour,
});

const vite = (part: string, port: number): ChildBehaviour => ({part, program: 'vite', args: ['--port', String(port)], listen: port});

const shop = (places: Places, basePort: number): readonly DemoSession[] => {
  const port = (slot: number): number => basePort + slot * SLOT_STRIDE;
  const web = (slot: number, listen: number): DemoWindow => ({
    name: 'web',
    cwd: places.slot(slot),
    shell: command => `${command}; :`,
    program: 'vite',
    args: ['--port', String(port(slot))],
    behaviour: {part: `shop-${slot}-web`, listen},
  });
  return [
    {
      server: 'demo',
      name: 'shop-1',
      windows: [
        agent(places.slot(1), 'claude', CLAUDE, {
          part: 'live-claude',
          title: 'claude',
          screen: prompt('claude', 'add a basket to the shop'),
        }),
        web(1, port(1)),
      ],
    },
    {
      server: 'demo',
      name: 'shop-2',
      windows: [
        agent(places.slot(2), 'codex', CODEX, {
          part: 'live-codex',
          screen: prompt('codex', 'make the search page faster'),
        }),
        // Its port is taken, so it listens on the next one, as dev servers do.
        web(2, port(2) + 1),
        {
          name: 'tests',
          cwd: places.slot(2),
          shell: command => `${command}; echo "3 of 41 tests failed"; exit 1`,
          program: 'vitest',
          args: ['run'],
          behaviour: {part: 'dead-pane', leave: true},
          lasting: true,
        },
        {
          name: 'watch',
          cwd: places.slot(2),
          // The shell is replaced by a program that never waits for its child (wait(2)): the child stays defunct.
          shell: command => `${command} & exec tail -f /dev/null`,
          program: 'vitest',
          args: ['related'],
          behaviour: {part: 'defunct', leave: true},
        },
      ],
    },
    {
      server: 'demo',
      name: 'shop-3',
      doomed: true,
      windows: [
        agent(places.slot(3), 'claude', CLAUDE, {
          part: 'lost-claude',
          // A mistyped port: that of the slot next door.
          children: [{...vite('escapee', port(2)), setsid: true}],
        }),
      ],
    },
  ];
};

const orphans = (places: Places): readonly DemoSession[] => [
  {
    server: 'demo',
    name: 'notes-claude',
    doomed: true,
    windows: [
      agent(places.notes, 'claude', CLAUDE, {part: 'orphan-of-init', title: 'claude', ignore: ['SIGHUP']}, command => `${command} & wait`),
    ],
  },
  {
    server: 'demo',
    name: 'notes-gemini',
    doomed: true,
    // The pane's own process stays a child of the tmux server. It ignores SIGTERM too: ending it takes SIGKILL.
    windows: [agent(places.notes, 'gemini', ['--approval-mode', 'yolo'], {part: 'orphan-of-tmux', ignore: ['SIGHUP', 'SIGTERM']})],
  },
  {
    server: 'demo',
    name: 'search-codex',
    doomed: true,
    windows: [
      agent(places.search, 'codex', CODEX, {
        part: 'lost-codex',
        children: [
          {part: 'orphan-helper', program: 'mcp-server-browser', args: ['--headless'], listen: 0, ignore: ['SIGHUP']},
          {part: 'orphan-runner', program: 'vitest', args: ['--watch'], ignore: ['SIGHUP']},
        ],
      }),
    ],
  },
];

const town = (places: Places): readonly DemoSession[] => {
  const session = (name: string, role: string, cwd: string, who: Readonly<Record<string, string>>, window: DemoWindow): DemoSession => ({
    server: 'town',
    name,
    env: {
      GT_ROLE: role,
      GT_RIG: 'checkout',
      GT_ROOT: places.town,
      GT_SESSION: name,
      GT_AGENT: 'claude',
      GT_PROCESS_NAMES: 'node,claude',
      ...who,
    },
    windows: [{...window, cwd}],
  });
  const settings = (group: string): readonly string[] => [
    ...CLAUDE,
    '--settings',
    join(places.town, 'checkout', group, '.claude', 'settings.json'),
  ];
  return [
    session(
      `${TOWN_PREFIX}-crew-max`,
      'checkout/crew/max',
      places.crew,
      {GT_CREW: 'max'},
      agent(places.crew, 'claude', settings('crew'), {
        part: 'live-crew',
        title: 'claude',
        screen: prompt('claude', 'review the checkout flow', ' Do you want to make this edit to totals.ts? (y/n)'),
        answered: prompt('claude', 'review the checkout flow'),
      }),
    ),
    session(
      `${TOWN_PREFIX}-amber`,
      'checkout/polecats/amber',
      places.polecat,
      {GT_POLECAT: 'amber', GT_TOWN_ROOT: places.town, POLECAT_SLOT: '1'},
      agent(
        places.polecat,
        'claude',
        settings('polecats'),
        {part: 'gone-polecat', leave: true, screen: prompt('claude', 'fix the rounding of totals')},
        command => `${command}; exec /bin/sh`,
      ),
    ),
  ];
};

export const demoSessions = (places: Places, basePort: number): readonly DemoSession[] => [
  ...shop(places, basePort),
  ...orphans(places),
  ...town(places),
];

const partsOf = ({part, children = []}: Behaviour): readonly string[] => [part, ...children.flatMap(partsOf)];

/** Names of everything that reports itself in these sessions. */
export const partsOfSessions = (sessions: readonly DemoSession[]): readonly string[] =>
  sessions.flatMap(session => session.windows.flatMap(window => partsOf(window.behaviour)));

/** Parts that end by themselves or with their session; all others stay alive. */
export const GONE_PARTS: ReadonlySet<string> = new Set(['dead-pane', 'defunct', 'lost-claude', 'lost-codex', 'gone-polecat']);
