import { databaseOf, DATABASES } from './databases';
import { GIVEN, KINDS, pipelineOf } from './kinds';
import { NETWORKS, networkOf } from './networks';
import { OPERATIONS, operationsOf } from './operations';
import { findingsOf } from '../support/findings';

/** A user pool, and a function that is called, are the app's own affair. All else that it brings is without findings, or made by the library. */
const OF_THE_APP = new RegExp(`/${GIVEN}/(Users|Called)`);

/** Where the events of a function go that nothing here calls is the app's affair. */
const FUNCTIONS = new RegExp(`/${GIVEN}/(Worker|Reports)/Resource$`);

test.each(KINDS)('%s: there is no finding that nobody gave a reason for', (kind) => {
  const { app } = pipelineOf(kind);
  expect(findingsOf(app).filter(({ construct }) => !OF_THE_APP.test(construct))).toEqual([]);
});

test.each(NETWORKS)('%s: there is no finding that nobody gave a reason for', (kind) => {
  expect(findingsOf(networkOf(kind).app)).toEqual([]);
});

test.each(DATABASES)('%s: there is no finding that nobody gave a reason for', (kind) => {
  expect(findingsOf(databaseOf(kind).app).filter(({ construct }) => !FUNCTIONS.test(construct))).toEqual([]);
});

test.each(OPERATIONS)('%s: there is no finding that nobody gave a reason for', (kind) => {
  expect(findingsOf(operationsOf(kind).app).filter(({ construct }) => !FUNCTIONS.test(construct))).toEqual([]);
});
