/** A drill of the campaigns: quick, with many things to undo. */
interface Parts {
  name: string;
  prepare?: string;
  probe: string;
  inject: string;
  recover: string;
  outage?: string;
  protected?: string;
  /** The drill does not make the check fail. */
  checkHolds?: boolean;
}

const objectProbe =
  '{name: seen, uses: kubernetes/object, from: runner, every: 100ms, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 2}';
const httpProbe =
  '{name: seen, uses: http, from: cluster, every: 100ms, with: {url: "http://web.shop.svc.cluster.local./"}}';

const drill = ({
  name,
  prepare = '[]',
  probe,
  inject,
  recover,
  outage = 'required',
  protected: allowed = '[]',
  checkHolds = false,
}: Parts) => `
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: ${name}, title: A drill of the campaigns, owner: tests}
spec:
  type: disaster
  target:
    environments: [practice]
    maxTargets: 20
    maxCascade: 20
    allowProtected: ${allowed}
  accept: [{loss: addresses, of: [Service, Pod], reason: tests}]
  prepare: ${prepare}
  probes: [${probe}]
  services: {web: {up: [seen], outage: ${outage}}}
  objectives: [{rto: 30s, of: web, from: fault, source: tests}]
  steady: {for: 200ms}
  inject: ${inject}
  effect: {within: 10s}
  recover: ${recover}
  verify:
    within: 40s
    stableFor: 200ms
    checks:
      - {name: two replicas, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 2${checkHolds ? ', states: {before: pass, broken: skip, after: pass}, control: absent' : ''}}
  stopWhen: {none: tests}
`;

const fixtures = `
    - uses: object/apply
      with:
        inline:
          - {apiVersion: v1, kind: Namespace, metadata: {name: fixture}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: fixture}, data: {a: b}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {added: here}}`;

const scale = (id: string, name: string) =>
  `{id: ${id}, uses: deployment/scale, with: {namespace: shop, name: ${name}, replicas: 0}}`;
const patch = (id: string, name: string, data: string) =>
  `{id: ${id}, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: ${name}, patch: {data: ${data}}}}`;
const remove = (id: string, apiVersion: string, kind: string, name: string) =>
  `{id: ${id}, uses: object/delete, with: {apiVersion: ${apiVersion}, kind: ${kind}, namespace: shop, name: ${name}}}`;

/** By name. Each leaves more than its step `undo` takes back for the end of the run. */
export const campaignDrills: Readonly<Record<string, string>> = {
  fixtures: drill({
    name: 'fixtures',
    prepare: fixtures,
    probe: objectProbe,
    inject: `[${patch('wrong', 'settings', '{motto: broken, mode: null}')}, ${scale('scale', 'web')}, ${scale('other', 'worker')}]`,
    recover: '[{undo: scale}]',
  }),
  prober: drill({
    name: 'prober',
    probe: httpProbe,
    inject: `[${scale('scale', 'web')}, ${patch('wrong', 'prices', '{apple: "100", pear: "2"}')}]`,
    recover: '[{undo: scale}]',
  }),
  deleted: drill({
    name: 'deleted',
    probe: objectProbe,
    inject: `[${remove('prices', 'v1', 'ConfigMap', 'prices')}, ${remove('service', 'v1', 'Service', 'web')}, ${remove('app', 'apps/v1', 'Deployment', 'web')}]`,
    recover: '[{undo: app}]',
  }),
  parallel: drill({
    name: 'parallel',
    prepare: fixtures,
    probe: objectProbe,
    inject: `[{id: all, parallel: [${scale('scale', 'web')}, ${patch('wrong', 'settings', '{motto: broken}')}, ${remove('prices', 'v1', 'ConfigMap', 'prices')}, ${scale('other', 'worker')}]}]`,
    recover: '[{undo: scale}]',
  }),
  isolated: drill({
    name: 'isolated',
    checkHolds: true,
    probe: httpProbe,
    inject: `[{id: isolate, uses: network/isolate, with: {namespace: shop, selector: app=web}}, ${scale('other', 'worker')}]`,
    recover: '[{undo: isolate}]',
  }),
  drained: drill({
    name: 'drained',
    checkHolds: true,
    probe: objectProbe,
    // Its pods are back somewhere else before some looks.
    outage: 'possible',
    protected: `[
      {kind: Node, selector: "!node-role.kubernetes.io/control-plane", reason: tests},
      {namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: tests}]`,
    inject: `[{id: drain, uses: node/drain, with: {selector: "!node-role.kubernetes.io/control-plane", running: {namespace: shop, selector: app=web}, ignoreDaemonSets: true}}, ${patch('wrong', 'settings', '{motto: broken}')}]`,
    recover: '[{undo: drain}]',
  }),
};
