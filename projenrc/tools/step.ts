/** `tsx projenrc/tools/step.ts <name> -- <command…>` runs a command and records whether it passed, for `summary.ts`. */
import { spawnSync } from 'node:child_process';
import { recordResult } from './results';

const [name, separator, command, ...args] = process.argv.slice(2);
if (!name || separator !== '--' || !command) throw new Error('usage: tsx projenrc/tools/step.ts <name> -- <command…>');

const started = Date.now();
const { status } = spawnSync(command, args, { stdio: 'inherit' });
const passed = status === 0;
recordResult({ check: name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, seconds: (Date.now() - started) / 1000 });
process.exitCode = passed ? 0 : 1;
