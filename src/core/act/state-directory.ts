// Where rigtop keeps what must outlive it (XDG Base Directory Specification, XDG_STATE_HOME). Pure.

/** A relative XDG_STATE_HOME is to be ignored, says the specification. */
export const stateDirectory = (env: Readonly<Record<string, string | undefined>>, home: string): string => {
  const state = env.XDG_STATE_HOME;
  return state?.startsWith('/') ? `${state}/rigtop` : `${home}/.local/state/rigtop`;
};
