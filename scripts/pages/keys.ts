// docs/keys.md from the registry of bindings. Pure.
import type {KeyDescription} from '../../src/ui/keymap.ts';

export const PLACES: Readonly<Record<KeyDescription['scope'], string>> = {
  panels: 'On the panels',
  plan: 'In a plan',
  reading: 'In a text',
  filter: 'In the filter',
  palette: 'In the palette',
  search: 'In a search',
  menu: 'In a menu',
  always: 'Everywhere',
};

const row = ({id, keys, title}: KeyDescription): string => {
  const shown = keys.map(key => `\`${key === '|' ? '\\|' : key}\``).join(' ');
  return `| ${shown === '' ? 'none' : shown} | ${title.replaceAll('|', '\\|')} | \`${id}\` |`;
};

export const keysPage = (bindings: readonly KeyDescription[]): string => {
  const sections = Object.entries(PLACES)
    .map(([scope, heading]) => ({heading, rows: bindings.filter(binding => binding.scope === scope).map(row)}))
    .filter(({rows}) => rows.length > 0)
    .map(({heading, rows}) => [`## ${heading}`, '', '| keys | what it does | name |', '|---|---|---|', ...rows].join('\n'));
  return `# Keys

Every key can be bound otherwise or unbound, by the name in the last column: see \`[keys]\` in [configuration](configuration.md).
What opens a plan never carries it out: a plan is read first, and the key that opened it does nothing in it. In a plan \`Esc\`, \`n\` and
\`Enter\` always cancel, at once, and nothing but carrying it out can be bound to \`y\`, which is not heard in the first 300 ms.

${sections.join('\n\n')}
`;
};
