// rigtop explain REF: why a thing is marked as it is, whose it is, and what stopping it would end.
import type {PlanAction} from '../../core/domain/plan.ts';
import {shellCommand} from '../../core/domain/shell-word.ts';
import type {Thing} from '../../core/domain/thing.ts';
import {explain} from '../../words/explanation.ts';
import {indexFleet} from '../../words/fleet-index.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {explanationDocument} from '../explain/explanation-document.ts';
import {formatExplanation} from '../explain/format-explanation.ts';
import {isFailure} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {allowsColor, allowsUnicode, createPaint} from '../paint.ts';
import {resolveArgument} from '../resolve-argument.ts';

/** How a thing is stopped; null for what only its owner or nobody can stop. */
const actionFor = (thing: Thing): PlanAction | null => {
  switch (thing.sort) {
    case 'rig':
      return 'flush';
    case 'slot':
      return thing.ref.split('/').length < 3 ? 'flush' : 'kill';
    case 'lock':
      return 'clean-locks';
    case 'record':
    case 'source':
      return null;
    default:
      return 'kill';
  }
};

const commandFor = (action: PlanAction, ref: string): string =>
  (action === 'clean-locks' ? null : shellCommand(['rigtop', action, ref])) ?? 'rigtop locks --clean';

export const runExplain = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, flags, args} = invocation;
  const config = await readConfig(invocation);
  const {engine} = openFleet(invocation, config, null, {readsScreens: true});
  try {
    const assessment = await engine.refreshUntilSettled();
    const thing = resolveArgument(args[0] ?? '', assessment);
    if (isFailure(thing)) {
      return thing;
    }
    const action = actionFor(thing);
    const told = {
      explanation: explain(thing, indexFleet(assessment)),
      snapshot: assessment.snapshot,
      unseen: assessment.snapshot.sources.filter(({state}) => state === 'unknown'),
      stop: action === null ? null : {plan: engine.plan({action, asked: [thing.ref]}), command: commandFor(action, thing.ref)},
    };
    const style = {paint: createPaint(allowsColor(flags.color, io)), unicode: allowsUnicode(io.env)};
    io.out(flags.json ? jsonText(explanationDocument(told)) : formatExplanation(told, style));
    return configTrouble(config, io) ?? (told.unseen.length > 0 ? EXIT.incomplete : EXIT.done);
  } finally {
    await engine.close();
  }
};
