// service-down: something shows that a service was started, and nobody listens on its port. Pure.
import type {ServiceVerdict} from '../../domain/slot.ts';
import type {DeclaredService} from '../../domain/slot-place.ts';
import type {Detector} from './detector.ts';
import {describeService, suspectService} from './service-suspicion.ts';

/** The verdict over a service that listens nowhere: down where something shows that it was started, else free. */
export const decideSilence = ({started, docker}: DeclaredService): ServiceVerdict => {
  if (started) {
    return {state: 'down', because: 'nobody listens'};
  }
  return {state: 'free', because: docker ? 'nobody listens' : 'nobody listens and nothing was started'};
};

export const serviceDown: Detector = {
  kind: 'service-down',
  means: 'A service that was started for a slot does not listen any more, on its own port or on any other.',
  when: ['a pid file, a process manager or a window of its name shows that it was started', 'nobody listens on its port, in two looks'],
  not: ['services that were never started', 'pending and stopped slots', 'anything while the socket table cannot be read'],
  remedy: 'Restart the service.',
  detect: ({services}) =>
    services
      .filter(service => service.state === 'down')
      .map(service =>
        suspectService(service, {
          kind: 'service-down',
          severity: 'medium',
          title: `${service.service} of ${describeService(service)} is down: nobody listens on ${service.port}`,
          evidence: [
            {fact: service.because, source: 'socket table'},
            ...(service.expected?.pid == null
              ? []
              : [{fact: `its process ${service.expected.pid} lives, but has no port`, source: 'process table'}]),
          ],
          proof: 'two-looks',
          remedies: ['restart'],
        }),
      ),
};
