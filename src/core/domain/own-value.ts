// Looks a word up in a record whose keys come from elsewhere. Pure.

/** The record's own value under `name`: never what every object inherits, such as `constructor` or `toString`. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  // biome-ignore lint/plugin: this is the one place that looks first.
  Object.hasOwn(record, name) ? record[name] : undefined;
