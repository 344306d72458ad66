// Grapheme clusters of a text. Node's segmenter takes 20 ms to make and a regular expression of all emoji 50, and most text needs neither. Pure.

/** Each of these is a cluster by itself next to any other of them, and one cell wide: ASCII, Latin-1, quotes, arrows, lines, blocks, shapes. */
const CHARACTERS = String.raw`\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2264\u2265\u2500-\u25fc\u2713-\u2727\u2729-\u274b\u276f\u2801-\u28ff`;
const PLAIN = new RegExp(`^[${CHARACTERS}]*$`);
/** The same with ends of lines and what begins a colour: clusters by themselves too, of no width. */
const PLAIN_OR_ESCAPE = new RegExp(String.raw`^[\u0007\n\u001b${CHARACTERS}]*$`);

/** Whether a text takes as many cells as it has characters. */
export const isPlain = (text: string): boolean => PLAIN.test(text);

export interface Cluster {
  readonly segment: string;
  readonly index: number;
}

export interface Clusters extends Iterable<Cluster> {
  /** The cluster that `index` is in; undefined behind the end. */
  containing(index?: number): Cluster | undefined;
}

const ofCharacters = (text: string): Clusters => ({
  containing: (index = 0) => (index >= 0 && index < text.length ? {segment: text.charAt(index), index} : undefined),
  [Symbol.iterator]: () => {
    const clusters: Cluster[] = [];
    for (let index = 0; index < text.length; index += 1) {
      clusters.push({segment: text.charAt(index), index});
    }
    return clusters.values();
  },
});

let segmenter: Intl.Segmenter | null = null;

/** As an `Intl.Segmenter` answers. Also what the bundled libraries are given in the place of theirs (`scripts/build.mjs`). */
export const graphemes = {
  segment: (text: string): Clusters => {
    if (PLAIN_OR_ESCAPE.test(text)) {
      return ofCharacters(text);
    }
    segmenter ??= new Intl.Segmenter('en', {granularity: 'grapheme'});
    return segmenter.segment(text);
  },
};
