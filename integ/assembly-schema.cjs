// integ-runner 2.197 reads cloud assemblies up to schema 53; aws-cdk-lib from 2.260 on writes 54 and higher, which the runner refuses.
// Nothing in our manifests needs the newer schema, so the apps under integ/ say 53. The integ tasks load this file first.
// Delete it, and its mention in projenrc/integ.ts, when a runner that knows schema 54 is out.
const { Manifest } = require('@aws-cdk/cloud-assembly-schema');
Manifest.version = () => '53.0.0';
