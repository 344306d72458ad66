// What a source may contribute to judging: its detectors, each with the code that decides its verdict. Types.
import type {Detector} from './detect/detector.ts';

export interface JudgingSource {
  readonly detectors?: readonly Detector[];
}
