// A program that is named by its path: a small shell script is read and played, everything else is not looked into. Pure.
import type {Call, Result, Text} from '../call.ts';
import {fileOf, hiddenText, missingScript, pathOf, unclear} from '../results.ts';
import {fork} from '../shell/scope.ts';

const SHELL = /^#!\s*\S*\/(?:env\s+(?:-S\s+)?)?(?:ba|da|z|k|a)?sh\b/;

const isShellScript = (path: string, text: string): boolean => (text.startsWith('#!') ? SHELL.test(text) : /\.(?:ba|z)?sh$/.test(path));

export const runScriptFile = (call: Call, name: string, args: readonly Text[]): Result => {
  const path = pathOf(call.scope, name);
  const text = path.known ? fileOf(call, path.value) : path;
  if (path.known && text.known && text.value === null) {
    return missingScript(call, path.value);
  }
  if (path.known && !text.known && call.scope.written.has(path.value)) {
    return hiddenText(call, text.because);
  }
  if (!path.known || !text.known || text.value === null || !isShellScript(path.value, text.value)) {
    return unclear(`what ${call.name} writes is not known`);
  }
  const inner = fork(call.scope);
  inner.args = args;
  return call.runText(text.value, inner, call.stdin);
};
