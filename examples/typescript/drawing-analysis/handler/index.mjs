// @ts-check
/**
 * Analyses a drawing in four stages. What a stage found is saved when it is done, so that the next attempt, whatever ended this
 * one, goes on from there.
 *
 * @typedef {import('cdk-jobworks/runtime').Job<Payload, State>} Job
 * @typedef {{ name: string, simulate?: import('./simulate.mjs').Simulation } & ({ dxf: string } | { upload_id: string })} Payload
 * @typedef {{
 *   drawing?: import('./dxf.mjs').Drawing,
 *   measures?: import('./stages.mjs').Measures,
 *   features?: import('./stages.mjs').Features,
 *   report?: import('./stages.mjs').Report,
 * }} State what the stages found so far
 * @typedef {{ name: string, finds: keyof State, work: (job: Job, found: Required<State>) => State | Promise<State> }} Stage
 */
import { UnreadableDrawing } from './dxf.mjs';
import { understood } from './model.mjs';
import { simulated } from './simulate.mjs';
import { classify, measure, read, report } from './stages.mjs';

/** @type {Stage[]} */
const STAGES = [
  { name: 'read', finds: 'drawing', work: async (job) => ({ drawing: read(await dxfOf(job)) }) },
  { name: 'measure', finds: 'measures', work: measured },
  { name: 'classify', finds: 'features', work: classified },
  { name: 'report', finds: 'report', work: ({ payload }, found) => ({ report: report(payload.name, found) }) },
];

/**
 * @param {Job} job
 * @returns {Promise<import('./stages.mjs').Report | undefined>}
 */
export async function handler(job) {
  const simulation = simulated(job);
  let found = job.checkpoint ?? {};
  for (const [i, { name, finds, work }] of STAGES.entries()) {
    if (found[finds]) {
      continue;
    }
    await simulation.before(name);
    found = { ...found, ...await permanentErrors(job, () => work(job, /** @type {Required<State>} */ (found))) };
    await job.completeStage(name);
    await job.setProgress((i + 1) / STAGES.length);
    if (i + 1 < STAGES.length) {
      await job.saveCheckpoint(found, { stage: STAGES[i + 1].name });
      await simulation.saved(name);
    }
  }
  job.log.info('drawing analysed', { entities: found.drawing?.entities.length });
  return found.report;
}

/**
 * A small drawing travels in the payload, a large one was uploaded by the job's owner.
 *
 * @param {Job} job
 */
async function dxfOf({ payload, readUpload }) {
  return 'dxf' in payload ? payload.dxf : (await readUpload(payload.upload_id)).toString();
}

/**
 * @param {Job} job
 * @param {State} found
 * @returns {Promise<State>}
 */
async function measured(job, { drawing }) {
  const entities = drawing?.entities ?? [];
  const measures = await measure(entities, job.signal, async (share) => {
    await job.setProgress((1 + share) / STAGES.length, `measured ${Math.round(share * entities.length)} of ${entities.length} entities`);
  });
  job.metric('EntitiesMeasured', entities.length);
  return { measures };
}

/**
 * What it takes of a model is counted, and what that costs.
 *
 * @param {Job} job
 * @param {State} found
 * @returns {Promise<State>}
 */
async function classified(job, { drawing }) {
  const features = classify(drawing?.entities ?? []);
  const { subject, tokens, dollars } = await understood(features.annotations);
  job.metric('TokensUsed', tokens);
  job.metric('TokenCost', dollars, 'None'); // US dollars
  return { features: { ...features, subject } };
}

/**
 * A drawing that cannot be read now cannot be read in an hour: no further attempt.
 *
 * @template T
 * @param {Job} job
 * @param {() => T | Promise<T>} work
 */
async function permanentErrors(job, work) {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UnreadableDrawing ? job.failed(error.message, error.name) : error;
  }
}
