// rigtop schema NAME: the JSON Schema of a document or of the configuration.
import type {CommandAnswer, Invocation} from '../command.ts';
import {publishSchema} from '../documents/publish-schema.ts';
import {SCHEMA_NAMES} from '../documents/schema-names.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';

export const runSchema = ({io, args}: Invocation): Promise<CommandAnswer> => {
  const name = SCHEMA_NAMES.find(known => known === args[0]);
  if (name === undefined) {
    return Promise.resolve(wrongUsage(`there is no schema "${args[0]}"`, `there are ${SCHEMA_NAMES.join(', ')}`));
  }
  io.out(`${JSON.stringify(publishSchema(name), null, 2)}\n`);
  return Promise.resolve(EXIT.done);
};
