// Names of tmux sessions as tmux itself writes them. Pure.

/** tmux before 3.7 writes `.` and `:` as `_`, because both are signs of its targets; newer ones keep them (session_check_name). */
export const tmuxName = (name: string): string => name.replaceAll(/[.:]/g, '_');

/** Whether a session bears a name that was asked for, by either way of writing it. */
export const bearsName = (session: string, wanted: string): boolean => session === wanted || session === tmuxName(wanted);
