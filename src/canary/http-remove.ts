import * as z from 'zod';
import {contentOf, payload} from '../actions/common/sealed.ts';
import {defineUndo, type UndoContext} from '../actions/define.ts';
import {shellWord} from '../cluster/names.ts';
import {StepError} from '../io/errors.ts';

/** Where a run's numbers are, and what is needed to ask for them. */
const endpoint = () =>
  z.strictObject({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
  });
type Endpoint = z.infer<ReturnType<typeof endpoint>>;

/** The headers may hold credentials, so the endpoint lies in the vault. */
const schema = () => z.strictObject({endpoint: endpoint().optional(), saved: payload().optional()});
type Data = z.infer<ReturnType<typeof schema>>;

/** Asks an endpoint to forget what a run's canary wrote: `DELETE <url>?run=<label>`. Safe to ask twice. */
export const canaryHttpRemove = defineUndo<Data>({
  kind: 'canary/http-remove',
  summary: "Asks the canary's endpoint to delete what this run wrote, and that nothing of it is left.",
  schema,
  permissions: () => [],
  run: async (ctx, data) => {
    const {status} = await ask(ctx, data, 'DELETE');
    if (status === 404) return {state: 'already', detail: 'the endpoint has nothing of this run'};
    return status >= 200 && status < 300
      ? {state: 'undone'}
      : {state: 'failed', detail: `the endpoint answered ${status} to DELETE`};
  },
  verify: async (ctx, data) => {
    const {status, body} = await ask(ctx, data, 'GET');
    if (status === 404) return {ok: true, detail: 'the endpoint has nothing of this run'};
    const empty = status === 200 && /^\s*\[\s*\]\s*$/.test(body);
    return {
      ok: empty,
      detail: empty ? 'the endpoint has no number of this run' : `it answered ${status}: ${body.slice(0, 80)}`,
    };
  },
  command: (_data, {name}) => `curl -X DELETE ${shellWord(name)}`,
});

async function ask({vault, signal}: UndoContext, {endpoint: inline, saved}: Data, method: string) {
  const found = await contentOf<Endpoint>(vault, inline, saved);
  if (found === undefined) throw new StepError('the undo record names no endpoint', {code: 'E_UNDO_RECORD'});
  const response = await fetch(found.url, {method, headers: found.headers, signal, redirect: 'manual'});
  return {status: response.status, body: await response.text()};
}
