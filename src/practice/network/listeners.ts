import type {Client} from '../core.ts';
import {services} from '../kinds.ts';
import {nameOf} from '../registry/registry.ts';
import type {Listener} from './listener.ts';
import {listenAnnotation, type Network} from './network.ts';
import type {Route, ServiceProxy} from './serviceProxy.ts';
import {openTcp} from './tcpListener.ts';
import {openUdp} from './udpListener.ts';

interface Door {
  route: Route;
  /** The port it had before, so that it keeps its number while nothing answers. */
  port: number | undefined;
  listener: Listener | undefined;
  /** Whether the Service says so. */
  announced: boolean;
}

/**
 * Loopback listeners for the Services, for programs that cannot use `dial`: curl, dig, a browser. Their addresses are
 * in an annotation of the Service. A TCP one listens only while a pod behind it listens: otherwise connections are
 * refused, as from a Service without endpoints. What cannot be announced, as the API is down, is when it is back.
 */
export function startListeners(core: Client, network: Network, proxy: ServiceProxy): void {
  const doors = new Map<string, Door>();
  let running: Promise<void> = Promise.resolve();
  const refresh = () => {
    core.scope.run('service listeners', () => {
      running = running.then(() => update(core, {network, proxy, doors}));
      return running;
    });
  };
  proxy.onSync(refresh);
  core.scope.onClose(network.onChange(refresh));
  core.view.onRelist(() => {
    // A restored Service says what was true when the snapshot was made.
    for (const door of doors.values()) door.announced = false;
    refresh();
  });
  core.scope.onClose(async () => {
    await running;
    for (const {listener} of doors.values()) await listener?.close();
  });
}

interface Parts {
  network: Network;
  proxy: ServiceProxy;
  doors: Map<string, Door>;
}

async function update(core: Client, {network, proxy, doors}: Parts): Promise<void> {
  if (core.scope.signal.aborted) return;
  for (const [key, door] of doors) {
    const route = proxy.routes.get(key);
    if (route?.service.metadata.uid === door.route.service.metadata.uid) continue;
    doors.delete(key);
    await door.listener?.close();
  }
  for (const [key, route] of proxy.routes) {
    const door = doors.get(key) ?? {route, port: undefined, listener: undefined, announced: false};
    doors.set(key, door);
    door.route = route;
    const alive = route.backends.some(({ip, port}) => network.socketOf(ip, port, route.protocol));
    if (alive && !door.listener) {
      const open = route.protocol === 'tcp' ? openTcp : openUdp;
      door.listener = await open({network, route: () => door.route, port: door.port ?? 0, scope: core.scope});
      if (door.port !== door.listener.port) door.announced = false;
      door.port = door.listener.port;
    } else if (!alive && door.listener) {
      await door.listener.close();
      door.listener = undefined;
    }
    if (door.port !== undefined && !door.announced && core.view.connected) {
      door.announced = true;
      announce(core, doors, route);
    }
  }
}

function announce(core: Client, doors: ReadonlyMap<string, Door>, {service}: Route): void {
  const own = [...doors.values()].filter((door) => door.route.service.metadata.uid === service.metadata.uid);
  const entries = own.flatMap(({route, port}) =>
    port === undefined ? [] : [[`${route.port}/${route.protocol}`, `127.0.0.1:${port}`]],
  );
  core.registry.change(services, nameOf(service), (draft) => {
    const annotation = JSON.stringify(Object.fromEntries(entries));
    draft.metadata.annotations = {...draft.metadata.annotations, [listenAnnotation]: annotation};
  });
}
