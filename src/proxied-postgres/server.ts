import type { IVpc, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DatabaseCluster, DatabaseInstance, ProxyTarget } from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { PostgresSettings } from './postgres-settings';

/** What PostgreSQL listens on. */
export const PORT = 5432;

/** An address, and the permission to come there as a role. */
export interface Target {
  readonly host: string;
  /** Lets somebody come as a role, by IAM. */
  readonly grant: (grantee: IGrantable, role: string) => void;
  /** What guards it. */
  readonly securityGroup: SecurityGroup;
}

/** What a server is made with. */
export interface ServerOptions {
  readonly settings: PostgresSettings;
  /** What it is called in AWS. */
  readonly identifier: string;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: SecurityGroup;
  readonly encryptionKey?: IKey;
  readonly monitoringRole: Role;
  readonly parameters: Readonly<Record<string, string>>;
  readonly masterSecret: ISecret;
  readonly masterUser: string;
}

/** A server, whatever it is made of. */
export interface Server {
  readonly instance?: DatabaseInstance;
  readonly cluster?: DatabaseCluster;
  readonly writer: Target;
  readonly readers: readonly Target[];
  /** The instances that are read replicas. */
  readonly replicas: readonly string[];
  /** The master's secret, which knows its server. */
  readonly secret: ISecret;
  readonly proxyTarget: ProxyTarget;
  /** How many connections each server takes, about. */
  readonly connectionLimit?: number;
}
