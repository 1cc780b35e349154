/** Handler string of the layer that runs a Node.js user's handler as a job. */
export const NODE_WORKER_HANDLER = '/opt/nodejs/node_modules/cdk-jobworks-worker/worker.handler';
