import {expect} from 'vitest';

/** What a promise rejects with. The test fails when it resolves, or rejects with another kind of error. */
export async function rejection<Kind extends Error>(
  promise: Promise<unknown>,
  kind: abstract new (...args: never[]) => Kind,
): Promise<Kind> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(kind);
  return error as Kind;
}
