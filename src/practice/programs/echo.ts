import type {ContainerProgram} from '../program.ts';
import {aborted, serveHttp} from './server.ts';

/**
 * A web server: answers every path with 200 and who it is. Port from the environment variable PORT, else 80.
 * Ends at SIGTERM at once, as nginx does.
 */
export const echo: ContainerProgram = async (ctx) => {
  const port = Number(ctx.env.PORT ?? 80);
  const server = await serveHttp(ctx, port, (request, response) => {
    ctx.print(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'text/plain');
    response.end(`${ctx.pod.name} in ${ctx.pod.namespace} on ${ctx.pod.node}\n`);
  });
  ctx.print(`kubedrill-practice: listening on port ${port}`);
  await aborted(ctx.signal);
  await server.close();
  return 0;
};

/** Does nothing until it is told to stop. */
export const pause: ContainerProgram = async (ctx) => {
  await aborted(ctx.signal);
  return 0;
};
