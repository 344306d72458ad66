// The one dialect of globs: `*` for any run of characters, `?` for one; a path also by its directories, a reference part by part. Pure.
import {isInside} from './paths.ts';

/** Match the whole text; case counts, and `*` reaches over everything, slashes too. Linear in the text for each star. */
export const matchesGlob = (glob: string, text: string): boolean => {
  let at = 0;
  let char = 0;
  let star = -1;
  let resume = 0;
  while (char < text.length) {
    if (glob[at] === '*') {
      star = at;
      resume = char;
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[char])) {
      at += 1;
      char += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      char = resume;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') {
    at += 1;
  }
  return at === glob.length;
};

/** A plain path protects itself and everything below it; a glob protects every directory it matches, with everything below. */
export const matchesPath = (pattern: string, path: string): boolean => {
  if (!/[*?]/.test(pattern)) {
    return isInside(path, pattern);
  }
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (matchesGlob(pattern, path.slice(0, end))) {
      return true;
    }
  }
  return false;
};

/** A reference part by part: as many slashes as the glob has, and none that `*` reaches over. `agent:search/*` is no agent further down. */
export const matchesReference = (glob: string, ref: string): boolean => {
  const parts = ref.split('/');
  const globs = glob.split('/');
  return globs.length === parts.length && globs.every((each, index) => matchesGlob(each, parts[index] ?? ''));
};
