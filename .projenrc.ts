import { awscdk } from 'projen';
import { addBench } from './projenrc/bench';
import { addBundle } from './projenrc/bundle';
import { addCli } from './projenrc/cli';
import { addDemo } from './projenrc/demo';
import { addDependencies } from './projenrc/dependencies';
import { addDocs } from './projenrc/docs';
import { addInteg } from './projenrc/integ';
import { configureJest } from './projenrc/jest';
import { configureLint } from './projenrc/lint';
import { addMutation } from './projenrc/mutation';
import { projectOptions } from './projenrc/options';
import { configurePackage } from './projenrc/package';
import { addPolyglot } from './projenrc/polyglot';
import { addScheduler } from './projenrc/scheduler';
import { configureTestTask } from './projenrc/test-task';
import { configureTypescript } from './projenrc/typescript';
import { configureWorkflows } from './projenrc/workflows';

const project = new awscdk.AwsCdkConstructLibrary(projectOptions);

addDependencies(project);
configureTypescript(project);
configurePackage(project);
addBundle(project);
addCli(project);
configureLint(project);
configureJest(project);
addMutation(project);
addScheduler(project);
addInteg(project);
addDemo(project);
addBench(project);
addDocs(project);
addPolyglot(project);
configureTestTask(project);
configureWorkflows(project);

project.synth();
