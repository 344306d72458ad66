// How long another machine may keep silent while nothing changes there. Data, pure.

/** A line at least this often, changed or not: silence beyond it means that nobody is looking any more. */
export const HEARTBEAT_MS = 10_000;

/** As much as a look under load and a slow line may add. */
export const SILENT_MS = 25_000;
