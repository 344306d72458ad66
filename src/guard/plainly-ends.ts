// Whether a text names a program that ends others, for the case that it could not be understood at all. Pure.

const NAMED =
  /(?:^|[\s;&|(!`'"/\\])(?:pkill|killall|kill|fuser|skill|slay|kill-port|fkill|tmux\s+kill|systemctl\s+stop|pm2\s+(?:delete|kill|stop)|docker\s+(?:stop|kill|rm|compose))\b/;

export const plainlyEnds = (text: string): boolean => NAMED.test(text);
