// Shells: text behind `-c`, a script, or what is fed to them. Pure.
import {known} from '../../core/domain/known.ts';
import type {Call, Program, Result, Scope, Text} from '../call.ts';
import {fileOf, hiddenText, NOTHING, pathOf} from '../results.ts';
import {fork} from '../shell/scope.ts';

export const shell: Program = call => {
  const at = call.args.findIndex(arg => !arg.known || /^-[a-z]*c[a-z]*$/.test(arg.value));
  const flag = call.args[at];
  const inner = fork(call.scope);
  const isText = flag?.known === true;
  const first = call.args.findIndex(arg => !arg.known || !/^[-+]/.test(arg.value));
  if (isText && (first < 0 || at < first)) {
    const [text = known(''), , ...args] = call.args.slice(at + 1);
    inner.args = args;
    return shellText(call, text, inner);
  }
  const script = first < 0 ? undefined : call.args.at(first);
  if (script === undefined) {
    return call.stdin === null ? NOTHING : shellText({...call, stdin: null}, call.stdin, inner);
  }
  inner.args = call.args.slice(first + 1);
  const path = script.known ? pathOf(call.scope, script.value) : script;
  const text = path.known ? fileOf(call, path.value) : path;
  if (!text.known) {
    return hiddenText(call, text.because);
  }
  return text.value === null ? NOTHING : call.runText(text.value, inner, call.stdin);
};

const shellText = (call: Call, text: Text, scope: Scope): Result =>
  text.known ? call.runText(text.value, scope, call.stdin) : hiddenText(call, text.because);
