import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Which route was asked: the path of the gateway's resource, with its parameters by their names. */
export function resourcePathOf({ requestContext, resource }: APIGatewayProxyEvent): string {
  return requestContext.resourcePath ?? resource;
}

/** Where a job's status is, as an absolute path. @param statusPath with `{job_id}` */
export function locationOf(job_id: string, event: APIGatewayProxyEvent, statusPath: string): string {
  return `${prefixOf(event.requestContext)}${statusPath.replace('{job_id}', job_id)}`;
}

/**
 * What stands before our paths in the address that was asked: the stage, or what a domain of one's own is mapped from. The path that was
 * asked has as many parts at its end as the resource's; they are counted and not compared, for a parameter may be spelt in many ways.
 */
function prefixOf({ path, resourcePath, stage }: APIGatewayProxyEvent['requestContext']): string {
  if (!path || !resourcePath) {
    return `/${stage}`;
  }
  const asked = partsOf(path);
  return asked.slice(0, Math.max(0, asked.length - partsOf(resourcePath).length)).map((part) => `/${part}`).join('');
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
