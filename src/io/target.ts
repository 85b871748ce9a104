/**
 * What one mutation changes: an object of the Kubernetes API, or something {@link outside} of it. Plain data: it stands
 * in the journal as it is.
 */
export interface Target {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid?: string;
  /** The node that something outside of the API belongs to. */
  node?: string;
}

/** In the place of an API version: what carries it is no object of the Kubernetes API. */
const outsideApi = 'kubedrill.dev/v1';

/**
 * Names something outside of the Kubernetes API: a program that was started, a file or a container of a node.
 * `node`: the node it belongs to; what protects that node protects it, too.
 */
export const outside = (kind: string, name: string, node?: string): Target => ({
  apiVersion: outsideApi,
  kind,
  name,
  ...(node === undefined ? {} : {node}),
});

/** Whether a target is no object of the Kubernetes API: then the API server can be asked nothing about it. */
export const isOutside = ({apiVersion}: Pick<Target, 'apiVersion'>): boolean => apiVersion === outsideApi;

/** A target for people: `Deployment shop/web`, `Node worker`, `File /etc/kubernetes/manifests/etcd.yaml on worker`. */
export const targetText = ({kind, namespace, name, node}: Omit<Target, 'apiVersion'>): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}${node === undefined ? '' : ` on ${node}`}`;
