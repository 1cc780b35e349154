// The CDK's own template validator takes more than a second a synth. Tests that are about its findings switch it on (see findings.ts).
process.env.CDK_VALIDATION ??= 'false';
