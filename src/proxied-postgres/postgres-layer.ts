import { Stack } from 'aws-cdk-lib';
import type { LayerVersion, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { stackLayer } from '../internal/layer-limit';

const LAYER_ID = 'JobWorksPostgresLayer';

/** Where the layer has the certificates that are trusted: those of RDS in every region, and Amazon's public roots, to which a proxy's lead. */
export const CA_FILE = '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem';

/** `cdk-jobworks/postgres` for functions, and the certificates. One layer a stack serves every function in it. */
export function postgresLayer(scope: Construct): LayerVersion {
  return stackLayer(scope, LAYER_ID, 'layer-postgres', 'Connections to PostgreSQL by IAM, and the certificates to verify it by (cdk-jobworks)');
}

/** Whether a function has it already. */
export function hasPostgresLayer(fn: LambdaFunction): boolean {
  const stack = Stack.of(fn);
  const layer = stack.node.tryFindChild(LAYER_ID) as LayerVersion | undefined;
  const layers = stack.resolve((fn.node.defaultChild as CfnFunction).layers) as unknown[] | undefined;
  return layer !== undefined && JSON.stringify(layers ?? []).includes(JSON.stringify(stack.resolve(layer.layerVersionArn)));
}
