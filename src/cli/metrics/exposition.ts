// Measurements → the text exposition format 0.0.4 of Prometheus: HELP and TYPE of each, labels escaped and bounded. Pure.
import {oneLine} from '../../core/domain/command-line.ts';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric. All of rigtop's are gauges: each look says how things are, not how often they were. */
export interface Metric {
  /** In base units, which stand at its end: seconds, bytes. */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A label's value is kept by every Prometheus for as long as it keeps anything. */
const LONGEST_VALUE = 64;

/** Backslash, quote and line end are what the format escapes in a label's value; in a help text there is no quote to end. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelText = (text: string): string => escaped([...oneLine(text)].slice(0, LONGEST_VALUE).join(''));

const sampleLine = (name: string, {labels, value}: Sample): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
};

/** Ends in a newline. A metric without samples is left out: TYPE without any would be a promise. */
export const expositionText = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({samples}) => samples.length > 0)
    .flatMap(({name, help, samples}) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...samples.map(sample => sampleLine(name, sample)),
    ])
    .map(line => `${line}\n`)
    .join('');
