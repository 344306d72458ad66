// One look at another machine for a report: as many as its verdicts need, and no line kept open after that.
import type {MachineLook, MachineTrouble} from '../documents/fleet-document.ts';
import {createRemoteMachine, type News, type RemoteParts} from './remote-machine.ts';

/** A verdict that waits for a second look gets it within this, or stays unknown. */
const SECOND_LOOK_MS = 5_000;

/** Time between two looks over there, where the second is waited for: more than the least gap that confirms anything. */
export const REPORT_INTERVAL_MS = 700;

/** Resolves with a look that nothing waits for, or with why there is none. A machine that says nothing is told of as that. */
export const lookOnce = (parts: RemoteParts): Promise<MachineLook> =>
  new Promise(resolve => {
    const machine = createRemoteMachine(parts);
    const {name} = machine;
    const {monotonicMs} = parts;
    let seen: {readonly news: Extract<News, {readonly look: unknown}>; readonly at: number} | null = null;
    let trouble: MachineTrouble | null = null;
    let timer: NodeJS.Timeout | undefined;
    const answer = (given: MachineLook['answer']): void => {
      clearTimeout(timer);
      machine.close();
      resolve({name, isHere: false, answer: given});
    };
    const answerSeen = (): void => {
      if (seen !== null) {
        const {look, version} = seen.news;
        answer({look, version, seenAt: seen.at, trouble});
      }
    };
    machine.listen(news => {
      if ('trouble' in news) {
        const {because, hint} = news.trouble;
        trouble = {because, hint};
        if (seen === null) {
          answer(trouble);
        } else {
          answerSeen();
        }
        return;
      }
      if ('quiet' in news) {
        return;
      }
      const isSecond = seen !== null;
      seen = {news, at: monotonicMs() - (news.ageMs ?? 0)};
      if (isSecond || !news.isPending) {
        // What came with it may tell that there is more which cannot be read.
        queueMicrotask(answerSeen);
      } else {
        timer = setTimeout(answerSeen, SECOND_LOOK_MS);
      }
    });
  });
