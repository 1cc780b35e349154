import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const LAYER_ID = 'JobWorksPostgresLayer';

/** Where the layer has the certificates that are trusted: those of RDS in every region, and Amazon's public roots, to which a proxy's lead. */
export const CA_FILE = '/opt/nodejs/node_modules/cdk-jobworks/rds-ca.pem';

/** `cdk-jobworks/postgres` for functions, and the certificates. One layer a stack serves every function in it. */
export function postgresLayer(scope: Construct): LayerVersion {
  const stack = Stack.of(scope);
  return (stack.node.tryFindChild(LAYER_ID) as LayerVersion | undefined)
    ?? new LayerVersion(stack, LAYER_ID, {
      description: 'Connections to PostgreSQL by IAM, and the certificates to verify it by (cdk-jobworks)',
      code: Code.fromAsset(join(__dirname, '../../assets/layer-postgres')),
      license: 'Apache-2.0',
    });
}
