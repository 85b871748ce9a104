import type {Connection} from '../../cluster/types.ts';
import {type Dial, directDial} from '../../io/dial.ts';
import {UsageError} from '../../io/errors.ts';
import type {Invocation} from '../define.ts';
import {defined} from './defined.ts';
import type {DrillFlags} from './drill-flags.ts';

/** The cluster of one command: connected when first asked for, and let go at the end. */
export interface ClusterAccess {
  practice: boolean;
  connect(): Promise<Connection>;
  dial: Dial;
  close(): Promise<void>;
}

/** Opens the practice cluster (`--practice`), or gets ready to connect as kubectl would. */
export async function openCluster(
  {io, flags, origins}: Pick<Invocation<DrillFlags>, 'io' | 'flags' | 'origins'>,
  {seed, proberImage}: {seed: number; proberImage: string},
): Promise<ClusterAccess> {
  if (flags.practice && (origins.context === 'flag' || origins.kubeconfig === 'flag')) {
    throw new UsageError('--practice excludes --context and --kubeconfig: the practice cluster is in none', {
      code: 'E_FLAGS',
      hint: 'Leave out one of them.',
    });
  }
  const {connect} = await import('../../cluster/connect.ts');
  const opened: Connection[] = [];
  const keep = (connection: Connection) => {
    opened.push(connection);
    return connection;
  };
  if (!flags.practice) {
    return {
      practice: false,
      connect: async () =>
        keep(
          await connect({
            env: io.env,
            ...defined({kubeconfig: flags.kubeconfig, context: flags.context}),
          }),
        ),
      dial: directDial,
      close: async () => {
        for (const connection of opened) connection.close();
      },
    };
  }
  const {startPracticeCluster} = await import('./practice.ts');
  const cluster = await startPracticeCluster({seed}, proberImage);
  return {
    practice: true,
    connect: async () => keep(await connect({env: io.env, kubeconfigText: cluster.kubeconfig})),
    dial: cluster.dial,
    close: async () => {
      for (const connection of opened) connection.close();
      await cluster.stop();
    },
  };
}

/** Connects as kubectl would, with the flags of the call. Rejects with a UsageError for a kubeconfig that cannot be used. */
export async function connectAs({io, flags}: Pick<Invocation, 'io' | 'flags'>): Promise<Connection> {
  const {connect} = await import('../../cluster/connect.ts');
  return await connect({env: io.env, ...defined({kubeconfig: flags.kubeconfig, context: flags.context})});
}
