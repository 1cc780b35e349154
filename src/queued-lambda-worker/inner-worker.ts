import { QueuedLambdaWorker } from './queued-lambda-worker';

/** The worker inside another construct. That one warns of props that there are not, in the words of its user: here they are not said again. */
export class InnerWorker extends QueuedLambdaWorker {}
