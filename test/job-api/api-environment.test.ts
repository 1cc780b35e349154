import { Size } from 'aws-cdk-lib';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { apiEnvironment } from '../../src/job-api/api-environment';
import { SubmitLimit } from '../../src/job-api/submit-limit';

test('without a word the functions know paths and authentication, and count nothing', () => {
  expect(apiEnvironment({})).toEqual({
    common: { JOBWORKS_AUTHENTICATION: 'iam' },
    submit: { JOBWORKS_STATUS_PATH: '/jobs/{job_id}', JOBWORKS_BATCH_PATH: '/jobs/batch' },
    status: { JOBWORKS_STATUS_PATH: '/jobs/{job_id}' },
    change: { JOBWORKS_STATUS_PATH: '/jobs/{job_id}', JOBWORKS_CANCEL_PATH: '/jobs/{job_id}/cancel', JOBWORKS_RETRY_PATH: '/jobs/{job_id}/retry' },
    uploads: { JOBWORKS_UPLOAD_MAX_BYTES: String(100 * 1024 * 1024) },
  });
});

test('each function knows what the app said', () => {
  const { common, submit, status, change, uploads } = apiEnvironment({
    authentication: ApiAuthentication.none(),
    batchPath: '/many',
    statusPath: '/status/{job_id}',
    cancelPath: '/stop/{job_id}',
    retryPath: '/again/{job_id}',
    submitLimit: SubmitLimit.exact({ perMinute: 5, burst: 2 }),
    maxUploadSize: Size.mebibytes(1),
  });
  expect(common.JOBWORKS_AUTHENTICATION).toBe('none');
  expect(submit).toEqual({
    JOBWORKS_STATUS_PATH: '/status/{job_id}', JOBWORKS_BATCH_PATH: '/many', JOBWORKS_SUBMITS_PER_MINUTE: '5', JOBWORKS_SUBMIT_BURST: '2',
  });
  expect(status).toEqual({ JOBWORKS_STATUS_PATH: '/status/{job_id}' });
  expect(change).toMatchObject({
    JOBWORKS_CANCEL_PATH: '/stop/{job_id}', JOBWORKS_RETRY_PATH: '/again/{job_id}', JOBWORKS_SUBMITS_PER_MINUTE: '5', JOBWORKS_SUBMIT_BURST: '2',
  });
  expect(uploads.JOBWORKS_UPLOAD_MAX_BYTES).toBe('1048576');
});

test('an exact count is 60 a minute, unless another is given', () => {
  const { submit } = apiEnvironment({ submitLimit: SubmitLimit.exact() });
  expect(submit).toMatchObject({ JOBWORKS_SUBMITS_PER_MINUTE: '60', JOBWORKS_SUBMIT_BURST: '0' });
  expect(apiEnvironment({ submitLimit: SubmitLimit.usagePlan() }).submit).not.toHaveProperty('JOBWORKS_SUBMITS_PER_MINUTE');
});
