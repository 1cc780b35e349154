import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';
import type { Report } from './hook';
import { clientSettings, WORKER_LIMITS } from '../../store/aws-clients';

/** Told twice, CodeDeploy says that it knows: the function was called again after the first answer. */
const KNOWN = 'LifecycleEventAlreadyCompletedException';

export function reportTo(client: Pick<CodeDeployClient, 'send'> = new CodeDeployClient(clientSettings(WORKER_LIMITS))): Report {
  return async ({ DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId }, status) => {
    try {
      await client.send(new PutLifecycleEventHookExecutionStatusCommand({ deploymentId, lifecycleEventHookExecutionId, status }));
    } catch (error) {
      if ((error as Error).name !== KNOWN) {
        throw error;
      }
    }
  };
}
