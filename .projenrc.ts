import { awscdk } from 'projen';
import { addBundle } from './projenrc/bundle';
import { addDependencies } from './projenrc/dependencies';
import { configureJest } from './projenrc/jest';
import { configureLint } from './projenrc/lint';
import { projectOptions } from './projenrc/options';

const project = new awscdk.AwsCdkConstructLibrary(projectOptions);

addDependencies(project);
project.tsconfigDev.removeInclude('**/*.ts');
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
addBundle(project);
configureJest(project);
configureLint(project);

project.synth();
