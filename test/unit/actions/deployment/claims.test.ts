import {expect, test} from 'vitest';
import {losesClaims} from '../../../../src/actions/deployment/claims.ts';

const set = (policy?: object) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: {name: 'db'},
  spec: policy === undefined ? {} : {persistentVolumeClaimRetentionPolicy: policy as Record<string, string>},
});

test('only a policy that says Delete for the occasion loses the claims', () => {
  expect(losesClaims(set({whenDeleted: 'Delete', whenScaled: 'Retain'}), 'whenDeleted')).toBe(true);
  expect(losesClaims(set({whenDeleted: 'Delete', whenScaled: 'Retain'}), 'whenScaled')).toBe(false);
  expect(losesClaims(set(), 'whenDeleted')).toBe(false);
});
