import {rm} from 'node:fs/promises';
import {directDial} from '../../../src/io/dial.ts';
import {playAgainst} from '../drill.ts';
import {temporaryFolder} from '../kubedrill.ts';
import type {ChangeCase} from './cases.ts';
import {crd, scenarioOf} from './drill.ts';
import {atRest, doAct, type Kubectl, kubectlOn, setUp} from './hands.ts';
import {conflictsOf, type Judged, judge, madeIn} from './judge.ts';
import {seenIn} from './oracle.ts';
import {type Act, prepare} from './prepare.ts';

/** A drill and what the test makes of it. */
export interface Outcome extends Judged {
  cases: readonly ChangeCase[];
  /** Changes that the API server took. */
  made: number;
  verdict: string;
  cleanup: string;
}

/** A cluster in which changes are made, each drill's in a namespace of its own. */
export interface Ground extends AsyncDisposable {
  play(cases: readonly ChangeCase[], number: number): Promise<Outcome>;
}

/** Prepares a cluster: a kind of its own, and kubedrill's namespace, which would else be made and go with each drill. */
export async function ground(kubeconfig: string, text: string): Promise<Ground> {
  const kubectl = kubectlOn(kubeconfig);
  await kubectl(['apply', '-f', '-'], JSON.stringify(crd));
  await kubectl(['wait', '--for=condition=Established', `crd/${crd.metadata.name}`, '--timeout=60s']);
  await kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kubedrill'}}),
  );
  const listed = await kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);
  const kinds = listed.split('\n').filter((name) => !/^events|metrics\.k8s\.io$/.test(name));
  return {
    play: (cases, number) => play({kubectl, kinds: kinds.join(','), text}, cases, number),
    [Symbol.asyncDispose]: async () => {
      await kubectl(['delete', 'namespace/kubedrill', `crd/${crd.metadata.name}`]);
    },
  };
}

interface Place {
  kubectl: Kubectl;
  kinds: string;
  /** The kubeconfig. */
  text: string;
}

async function play(place: Place, cases: readonly ChangeCase[], number: number): Promise<Outcome> {
  const namespace = `changes-${process.pid}-${number}`;
  const kubectl: Kubectl = (args, input) => place.kubectl(['-n', namespace, ...args], input);
  const get = () => kubectl(['get', place.kinds, '-o', 'json', '--show-managed-fields']);
  await place.kubectl(['create', 'namespace', namespace]);
  const folder = await temporaryFolder();
  try {
    const prepared = cases.map((one, index) => prepare(one, index, namespace));
    await setUp(kubectl, prepared);
    const before = await atRest(get);
    const acts = prepared.flatMap((each) => each.acts);
    const done: Act[] = [];
    const troubles: string[] = [];
    const result = await playAgainst(
      {kubeconfig: place.text, dial: directDial},
      folder,
      scenarioOf(prepared, acts.length > 0),
      {
        isPractice: false,
        answer: async () => {
          for (const act of acts) {
            await doAct(kubectl, act).then(
              () => done.push(act),
              (error) => troubles.push(`a stranger failed: ${error}`),
            );
          }
          return {outcome: 'done', who: 'tests'};
        },
        request: {restWithin: 8000, undoWithin: prepared.some(({isHeld}) => isHeld) ? 6000 : 60_000},
      },
    );
    const judged = await judge({before, look: async () => seenIn(await get()), result, prepared, acts: done});
    return {
      ...{cases, verdict: result.verdict, cleanup: result.cleanup, made: madeIn(result)},
      left: judged.left,
      wrong: [...troubles, ...judged.wrong, ...(await conflictsOf(kubectl, prepared))],
    };
  } catch (error) {
    return {cases, made: 0, verdict: 'none', cleanup: 'none', left: [], wrong: [String(error)]};
  } finally {
    await rm(folder, {recursive: true, force: true});
    // What a finalizer holds would hold the namespace.
    const held = cases.flatMap((one, index) => (one.with === 'held' ? [prepare(one, index, namespace).ref] : []));
    for (const {kind, name} of held) {
      await kubectl(['patch', kind, name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']).catch(
        () => undefined,
      );
    }
    await place.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  }
}
