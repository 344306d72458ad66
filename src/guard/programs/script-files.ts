// A program that is named by its path: a small script is read, and played by whoever its first line names. Everything else is not looked into. Pure.
import {known} from '../../core/domain/known.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {Call, Result, Text} from '../call.ts';
import {fileOf, hiddenText, missingScript, pathOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {runThrough} from './run-through.ts';

const SHELL = /^(?:ba|da|z|k|a)?sh$/;

/** The interpreter with its options; without a first line that names one, a shell runs it. Null: it is no text. */
const interpreterOf = (text: string): readonly string[] | null => {
  const [, line] = /^#!\s*([^\n]*)/.exec(text) ?? [];
  const [program = '', ...options] = (line ?? 'sh').split(/\s+/).filter(word => word !== '');
  const words = baseName(program) === 'env' ? options.filter(word => !/^-|=/.test(word)) : [baseName(program), ...options];
  return text.includes('\0') || text.startsWith('\u007fELF') || words.length === 0 ? null : words;
};

export const runScriptFile = (call: Call, name: string, args: readonly Text[]): Result => {
  const path = pathOf(call.scope, name);
  const text = path.known ? fileOf(call, path.value) : path;
  if (path.known && text.known && text.value === null) {
    return missingScript(call, path.value);
  }
  if (path.known && !text.known && (call.scope.written.has(path.value) || call.scope.made.size > 0)) {
    return hiddenText(call, text.because);
  }
  const interpreter = path.known && text.known && text.value !== null ? interpreterOf(text.value) : null;
  if (interpreter === null || !path.known || !text.known) {
    return runThrough(call);
  }
  if (!SHELL.test(interpreter[0] ?? '')) {
    return call.run([...interpreter.map(known), path, ...args], call.stdin);
  }
  const inner = fork(call.scope);
  inner.args = args;
  return call.runText(text.value ?? '', inner, call.stdin);
};
