// Names of other machines: what may be handed to ssh, kubectl and the like as one argument. Pure.

/** A name of a host, container or pod is shorter (RFC 1035: 255). */
const LONGEST_NAME = 255;

/** Why a name is not handed to a program; null when it is. A word with a dash in front would be taken for an option (ssh(1)). */
export const machineNameTrouble = (name: string): string | null => {
  if (name.startsWith('-')) {
    return 'a machine cannot begin with a dash: it would be taken for an option';
  }
  if (name === '' || /[\s\p{Cc}\p{Cf}]/u.test(name)) {
    return 'a machine has no spaces or control characters in its name';
  }
  return name.length > LONGEST_NAME ? `a machine has at most ${LONGEST_NAME} characters in its name` : null;
};
