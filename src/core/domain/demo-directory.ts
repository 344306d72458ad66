// The environment variable by which everything in a demo knows where that is: its programs, and rigtop in its shell. Data.
export const DEMO_DIRECTORY = 'RIGTOP_DEMO_DIR';
