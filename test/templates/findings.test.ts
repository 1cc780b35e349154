import { GIVEN, KINDS, pipelineOf } from './kinds';
import { NETWORKS, networkOf } from './networks';
import { findingsOf } from '../support/findings';

/** A user pool, and a function that is called, are the app's own affair. All else that it brings is without findings, or made by the library. */
const OF_THE_APP = new RegExp(`/${GIVEN}/(Users|Called)`);

test.each(KINDS)('%s: there is no finding that nobody gave a reason for', (kind) => {
  const { app } = pipelineOf(kind);
  expect(findingsOf(app).filter(({ construct }) => !OF_THE_APP.test(construct))).toEqual([]);
});

test.each(NETWORKS)('%s: there is no finding that nobody gave a reason for', (kind) => {
  expect(findingsOf(networkOf(kind).app)).toEqual([]);
});
