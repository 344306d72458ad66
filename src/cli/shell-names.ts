// Words that arguments may be, shared by commands, help and completion. Data, pure.

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
