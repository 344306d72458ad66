// An explanation as text for a terminal or a pipe. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import {describeExplanation, describeStopping, describeUnseen, type ExplainLine} from '../../words/describe-explanation.ts';
import type {Paint} from '../paint.ts';
import type {ToldExplanation} from './explanation-document.ts';

interface Style {
  readonly paint: Paint;
  readonly unicode: boolean;
}

const inAscii = (branches: string): string => branches.replaceAll('├─', '|-').replaceAll('└─', '`-').replaceAll('│', '|');

const lineText = ({kind, text, source, tone}: ExplainLine, {paint, unicode}: Style): string => {
  switch (kind) {
    case 'head':
      return `\n${paint(tone === 'plain' ? 'strong' : tone, text)}${source === null ? '' : `  ${paint('quiet', source)}`}`;
    case 'fact':
      return `  ${text}${source === null ? '' : ` (${source})`}`;
    case 'item':
      return `    ${paint(tone, text)}`;
    case 'tree':
      return `  ${unicode ? text : inAscii(text)}`;
    case 'text':
      return `  ${paint(tone, text)}`;
  }
};

/** Ends in a newline. */
export const formatExplanation = ({explanation, snapshot, unseen, stop}: ToldExplanation, style: Style): string => {
  const lines = [
    ...describeExplanation(explanation, snapshot),
    ...describeUnseen(unseen),
    ...(stop === null ? [] : describeStopping(stop.plan, stop.command)),
  ];
  return [style.paint('strong', oneLine(explanation.ref)), ...lines.map(line => lineText(line, style)), ''].join('\n');
};
