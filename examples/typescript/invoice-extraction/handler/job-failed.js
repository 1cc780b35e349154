// @ts-check
/** By this name the state machine knows an error that the next attempt would meet again, and the pipeline, too. */
class JobFailed extends Error {
  name = 'JobFailed';
}
exports.JobFailed = JobFailed;
