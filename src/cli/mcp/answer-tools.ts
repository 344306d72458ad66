// Answers the tools from looks at the machine: one engine for as long as the client stays, which looks only when it is asked.
import type {Assessment} from '../../core/domain/fleet.ts';
import {type JsonRecord, textField} from '../../core/domain/json-fields.ts';
import {type Known, knownValue} from '../../core/domain/known.ts';
import {ownWorld} from '../../core/judge/own/own-world.ts';
import {type Ownership, ownershipFor} from '../../core/judge/own/ownership.ts';
import {explain} from '../../words/explanation.ts';
import {indexFleet} from '../../words/fleet-index.ts';
import {formatExplanation} from '../explain/format-explanation.ts';
import {formatFailure, isFailure} from '../failure.ts';
import {resolveArgument} from '../resolve-argument.ts';
import {describeFleet} from './describe-fleet.ts';
import {describeOwn} from './describe-own.ts';
import {describeOwnPorts, describePort} from './describe-port.ts';
import {createOwnPlans, type ToolParts} from './own-plans.ts';
import type {ToolAnswer, ToolCall} from './protocol.ts';
import {failed, told} from './tool-answers.ts';
import {onlyKnown, portIn, textIn, WrongArgument} from './tool-arguments.ts';

/** The thread that Codex names with each call of a tool: its servers are started without a mark. */
const conversationIn = (meta: JsonRecord): string | undefined => textField(meta, 'threadId') ?? undefined;

export interface Tools {
  call(call: ToolCall): Promise<ToolAnswer>;
}

export const createTools = (parts: ToolParts): Tools => {
  const {engine, config} = parts;
  const plans = createOwnPlans(parts);

  const ownershipIn = (assessment: Assessment, {meta}: ToolCall): Known<Ownership> => {
    const {pid, startTime} = assessment.snapshot.self;
    return ownershipFor(ownWorld(assessment, config.settings), {process: {pid, startTime}, conversation: conversationIn(meta)});
  };

  const why = (assessment: Assessment, ref: string): ToolAnswer => {
    const thing = resolveArgument(ref, assessment);
    if (isFailure(thing)) {
      return failed(formatFailure(thing));
    }
    const unseen = assessment.snapshot.sources.filter(({state}) => state === 'unknown');
    const explanation = explain(thing, indexFleet(assessment));
    const style = {paint: (_: unknown, text: string): string => text, unicode: true};
    return told(formatExplanation({explanation, snapshot: assessment.snapshot, unseen, stop: null}, style));
  };

  const answer = async (call: ToolCall): Promise<ToolAnswer> => {
    const {name, args} = call;
    switch (name) {
      case 'fleet': {
        onlyKnown(args, 'rig');
        const rig = textIn(args, 'rig');
        const assessment = await engine.refreshUntilSettled();
        return told(describeFleet(assessment, knownValue(ownershipIn(assessment, call))?.caller.ref ?? null, rig));
      }
      case 'port': {
        onlyKnown(args, 'port');
        const port = portIn(args);
        const assessment = await engine.refreshUntilSettled();
        const ownership = ownershipIn(assessment, call);
        return told(port === null ? describeOwnPorts(assessment, ownership) : describePort(assessment, ownership, port));
      }
      case 'why': {
        onlyKnown(args, 'ref');
        const ref = textIn(args, 'ref');
        if (ref === null) {
          throw new WrongArgument('ref is missing');
        }
        return why(await engine.refreshUntilSettled(), ref);
      }
      case 'mine': {
        onlyKnown(args);
        const assessment = await engine.refreshUntilSettled();
        const ownership = ownershipIn(assessment, call);
        return ownership.known
          ? told(describeOwn(assessment, ownership.value))
          : failed(`what is yours cannot be told: ${ownership.because}`);
      }
      default:
        return plans.stop(call.args, conversationIn(call.meta));
    }
  };

  return {
    call: async call => {
      try {
        return await answer(call);
      } catch (error) {
        if (error instanceof WrongArgument) {
          return failed(`${call.name}: ${error.message}`);
        }
        throw error;
      }
    },
  };
};
