import type {Connection} from '../../cluster/types.ts';
import {type Dial, directDial} from '../../io/dial.ts';
import type {Invocation} from '../define.ts';
import {startPracticeCluster} from './practice.ts';

/** The cluster of one command: connected when first asked for, and let go at the end. */
export interface ClusterAccess {
  practice: boolean;
  connect(): Promise<Connection>;
  dial: Dial;
  close(): Promise<void>;
}

/** Opens the practice cluster (`--practice`), or gets ready to connect as kubectl would. */
export async function openCluster({
  io,
  flags,
}: Pick<Invocation<{practice?: boolean; seed?: number}>, 'io' | 'flags'>): Promise<ClusterAccess> {
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
            ...(flags.kubeconfig === undefined ? {} : {kubeconfig: flags.kubeconfig}),
            ...(flags.context === undefined ? {} : {context: flags.context}),
          }),
        ),
      dial: directDial,
      close: async () => {
        for (const connection of opened) connection.close();
      },
    };
  }
  const cluster = await startPracticeCluster(flags.seed === undefined ? {} : {seed: flags.seed});
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
