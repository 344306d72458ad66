// Whose word a place is: what a person named against what was merely found. Pure.

/**
 * `named`: the person said so, in their own configuration, on the command line, in a project's file that they approved
 * (`rigtop trust`), in rigtop's own environment (GT_TOWN_ROOT) or by the usual place in their own home (~/gt).
 *
 * `found`: rigtop came across it by a working directory or by the environment of another process. What its files say is
 * somebody's claim: it may be shown, and it may never choose what is run, what is ended, what is written, or what is certain.
 *
 * Everything in `Settings` (rigs, repos, towns, registers) is named: what waits for approval never gets there.
 */
export type Provenance = 'named' | 'found';
