/*
 * Entry of the layer: takes the place of the user's handler, which JOBWORKS_HANDLER names. An ES module, so that it can import
 * ES modules and CommonJS alike; bundled by esbuild, outside the compilation of the library.
 */
import { startWorker } from './worker.js';

// not what esbuild makes of a literal import(), but Node's own
export const handler = await startWorker(process.env, async (url) => import(url));
