// docs/detectors.md from what the detectors say of themselves. Pure.

import {FINDING_KINDS} from '../../src/core/domain/finding.ts';
import type {Described} from '../../src/core/judge/detect/detector.ts';
import {MASS_DEATH} from '../../src/core/judge/mass-death.ts';
import {findingBadge} from '../../src/words/badges.ts';

const list = (heading: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', `${heading}:`, '', ...items.map(item => `- ${item}`)];

const section = ({kind, means, when, not, mistaken = [], remedy}: Described): string =>
  [
    `## ${kind}`,
    '',
    `Shown as ${findingBadge({kind, certainty: 'sure'}).word}. ${means}`,
    ...list('All of this holds', when),
    ...list('Not called this', not),
    ...list('What people have mistaken for it', mistaken),
    '',
    `What to do: ${remedy}`,
  ].join('\n');

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** What several detectors say of one kind, each of what it knows, as one description. */
const joined = (descriptions: readonly Described[]): readonly Described[] =>
  FINDING_KINDS.flatMap(kind => {
    const all = descriptions.filter(each => each.kind === kind);
    return all.length === 0
      ? []
      : [
          {
            kind,
            means: distinct(all.map(({means}) => means)).join(' '),
            when: distinct(all.flatMap(({when}) => when)),
            not: distinct(all.flatMap(({not}) => not)),
            mistaken: distinct(all.flatMap(({mistaken = []}) => mistaken)),
            remedy: distinct(all.map(({remedy}) => remedy)).join(' '),
          },
        ];
  });

export const detectorsPage = (detectors: readonly Described[]): string => `# What rigtop finds

Every finding carries its evidence: \`rigtop explain REF\`, or \`d\` on the screen. One that rests on something being gone is
certain only after two looks; until then, and whenever something could not be observed, it says *unknown* and offers nothing to
do.

Of everything that can be certain four questions were asked: whose environment is it, who else is in that directory, who else has that
name, who uses it now? The answers stand below each kind, as what people have mistaken for it.

${joined([...detectors, MASS_DEATH])
  .map(section)
  .join('\n\n')}
`;
