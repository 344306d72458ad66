// A repository's own configuration, as far as it tells whether asking git about it could run a program. Pure.

interface Entry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

const HEADER = /^\[\s*([A-Za-z0-9.-]+)(?:\s+"(?:[^"\\]|\\.)*")?\s*\]\s*/;
const VARIABLE = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/;

/**
 * Every variable of a file; null when a line is none that this understands. Each line is read by itself: a line that git takes for the
 * rest of a value is then read as a variable of its own, or makes the whole unknown, but none that git sees is missed.
 */
export const parseGitConfig = (text: string): readonly Entry[] | null => {
  const entries: Entry[] = [];
  let section = '';
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    let rest = line.trim();
    for (let header = HEADER.exec(rest); header !== null; header = HEADER.exec(rest)) {
      section = (header[1] ?? '').toLowerCase().split('.', 1)[0] ?? '';
      rest = rest.slice(header[0].length);
    }
    if (rest === '' || rest.startsWith('#') || rest.startsWith(';')) {
      continue;
    }
    const [, key, value = 'true'] = VARIABLE.exec(rest) ?? [];
    if (key === undefined || section === '') {
      return null;
    }
    entries.push({section, key: key.toLowerCase(), value: value.trim().toLowerCase()});
  }
  return entries;
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/**
 * What only says how things are stored, called or shown. A list of what is harmless, not of what is dangerous: a variable that git learns
 * tomorrow to run as a program is not on it. `core.hookspath` and `core.worktree` are overridden by how git is called, drivers of merges
 * are not used by what it is asked.
 */
const HARMLESS: ReadonlyMap<string, ReadonlySet<string> | 'all'> = new Map<string, ReadonlySet<string> | 'all'>([
  [
    'core',
    words(
      'repositoryformatversion filemode bare logallrefupdates ignorecase precomposeunicode symlinks autocrlf eol safecrlf quotepath ' +
        'untrackedcache splitindex preloadindex compression loosecompression bigfilethreshold commentchar abbrev trustctime checkstat ' +
        'longpaths sparsecheckout sparsecheckoutcone whitespace protectntfs protecthfs sharedrepository multipackindex commitgraph ' +
        'hookspath worktree deltabasecachelimit packedgitlimit packedgitwindowsize warnambiguousrefs',
    ),
  ],
  ['extensions', words('worktreeconfig objectformat compatobjectformat refstorage relativeworktrees preciousobjects noop')],
  ['remote', words('url fetch pushurl push tagopt prune prunetags mirror skipdefaultupdate skipfetchall followremotehead gh-resolved')],
  ['branch', 'all'],
  ['user', 'all'],
  ['author', 'all'],
  ['committer', 'all'],
  ['init', 'all'],
  ['pull', 'all'],
  ['push', 'all'],
  ['fetch', 'all'],
  ['merge', 'all'],
  ['rebase', 'all'],
  ['rerere', 'all'],
  ['advice', 'all'],
  ['color', 'all'],
  ['gc', 'all'],
  ['maintenance', 'all'],
  ['pack', 'all'],
  ['index', 'all'],
  ['feature', 'all'],
  ['beads', 'all'],
  ['commit', words('gpgsign template cleanup verbose status')],
  ['tag', words('gpgsign sort forcesignannotated')],
  ['status', words('showuntrackedfiles relativepaths short branch showstash aheadbehind renames renamelimit')],
  ['submodule', words('url active branch path ignore recurse fetchjobs')],
  ['lfs', words('repositoryformatversion url access')],
]);

const BOOLEAN = words('true false yes no on off 1 0');

const isHarmless = ({section, key, value}: Entry): boolean => {
  if (section === 'core' && key === 'fsmonitor') {
    // A truth value means git's own monitor, which is switched off by how it is called; anything else is a program.
    return BOOLEAN.has(value);
  }
  const keys = HARMLESS.get(section);
  return keys === 'all' || keys?.has(key) === true;
};

/** The first variable, as `section.key`, that might run a program, read another file or fetch; null when there is none. */
export const findDanger = (entries: readonly Entry[]): string | null => {
  const found = entries.find(entry => !isHarmless(entry));
  return found === undefined ? null : `${found.section}.${found.key}`;
};

export const usesWorktreeConfig = (entries: readonly Entry[]): boolean =>
  entries.some(({section, key}) => section === 'extensions' && key === 'worktreeconfig');
