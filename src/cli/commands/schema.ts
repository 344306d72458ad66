// rigtop schema NAME: the JSON Schema of a document or of the configuration.
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {publishSchema} from '../documents/publish-schema.ts';
import {SCHEMA_NAMES} from '../documents/schema-names.ts';
import {EXIT} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';

export const runSchema = ({io, args}: Invocation): Promise<CommandAnswer> => {
  const name = SCHEMA_NAMES.find(known => known === args[0]);
  if (name === undefined) {
    return Promise.resolve(wrongUsage(`there is no schema "${args[0]}"`, `there are ${SCHEMA_NAMES.join(', ')}`));
  }
  io.out(jsonText(publishSchema(name)));
  return Promise.resolve(EXIT.done);
};
