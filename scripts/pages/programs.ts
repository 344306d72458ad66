// docs/programs.md from the table of agent programs, the marks that they leave, and the list that the tests on real programs install. Pure.
import type {KnownRuntime} from '../../src/config/runtime-table.ts';

/** What `npm run test:reality` runs: by command, with its package and version. */
export type Pinned = Readonly<Record<string, {readonly package: string; readonly version: string; readonly as: string}>>;

const code = (words: readonly string[]): string => words.map(word => `\`${word}\``).join(', ');

const recognised = ({processNames, scripts, args, plain}: KnownRuntime): string => {
  const names = processNames.length === 0 ? [] : [`a process called ${code(processNames)}, with or without \`.exe\``];
  const files = scripts.length === 0 ? [] : [`an installed script ${code(scripts)}`];
  const only =
    args.length === 0
      ? ''
      : `; only with one of ${code(args)}${plain === true ? ', or started at a terminal without any argument' : ''}, because others share the name`;
  return `${[...names, ...files].join(', or ')}${only}`;
};

/** `CODEX_CI` is of codex, `CURSOR_AGENT` of cursor-agent. */
const marksOf = (name: string, marks: readonly string[]): readonly string[] => {
  const start = (name.split('-')[0] ?? name).toUpperCase();
  return marks.filter(mark => mark.startsWith(start));
};

const section = (name: string, rows: readonly KnownRuntime[], marks: readonly string[], tested: Pinned[string] | undefined): string => {
  const seen = rows[0]?.seen ?? null;
  const left = marksOf(name, marks);
  return [
    `## ${name}`,
    '',
    ...(seen === null
      ? ['Not seen running: its names are those of its documentation.']
      : [`Seen in ${seen.versions.join(', ')} (${seen.from}).`, '', `In the process table: ${seen.shape}.`]),
    '',
    'Recognised by:',
    '',
    ...rows.map(row => `- ${recognised(row)}`),
    ...(left.length === 0 ? [] : ['', `What it starts carries ${code(left)}.`]),
    ...(tested === undefined ? [] : ['', `\`npm run test:reality\` runs ${tested.version}.`]),
  ].join('\n');
};

/** `marks`: environment variables in which agent programs tell what they start that no person typed it. */
export const programsPage = (table: readonly KnownRuntime[], marks: readonly string[], pinned: Pinned): string => {
  const names = [...new Set(table.map(({name}) => name))];
  const others = Object.entries(pinned).filter(([name]) => !names.includes(name));
  return `# Agent programs

What rigtop knows without configuration, and how it was learnt: by running the program and looking at the process table. A program
that is missing here, or that calls itself otherwise: \`[runtimes.NAME]\` in the [configuration](configuration.md).

A name alone never makes anything killable: recognising a program only says what runs there. A script counts where it is
installed (a bin directory, \`node_modules\`, \`site-packages\`) or has no extension.

${names
  .map(each =>
    section(
      each,
      table.filter(({name}) => name === each),
      marks,
      pinned[each],
    ),
  )
  .join('\n\n')}

## What their screens say

What an agent is doing is read from its own record (Claude Code keeps one) and from its screen. The screens that are known are captures
of the programs themselves, 80 and 200 columns wide, in \`test/fixtures/screens\`:

| program | seen asking | seen at work, finished, at its prompt |
|---|---|---|
| claude 2.1.197, 2.1.332 | trust, login, permission, edit, plan, question | yes; also with a shell of its own beside the prompt |
| codex 0.171.0 | trust, login, permission, plan, question | yes |
| gemini 0.61.0 | trust, login, permission, edit, question | yes |
| opencode 1.18.33 | permission, question | yes |
| qwen 0.15.10, 0.24.4 | login, permission, edit, question | yes |
| copilot 1.0.102 | trust, login | no: not without an account |
| amp, auggie 0.36.0, cline 3.0.65, cn 1.5.47 | login | no |

A program that is not among them, or that has changed its screens, is told as far as its dialogs look like others do, else RUNNING.

## Beside them

\`npm run test:reality\` also installs these, as what agents start:

| command | as | package | version |
|---|---|---|---|
${others.map(([name, {as, package: from, version}]) => `| \`${name}\` | ${as} | ${from} | ${version} |`).join('\n')}
`;
};
