import {access, constants, stat} from 'node:fs/promises';
import {delimiter, isAbsolute, join} from 'node:path';
import type {Clock} from '../../io/clock.ts';
import {createExec, type Exec} from '../../io/exec.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {oneLine} from '../../io/text.ts';
import {execCredentialShape, mismatch} from '../kubeconfig/fields.ts';
import {text} from '../kubeconfig/file.ts';

/** What a plugin hands out: a token, a certificate with its key, or both. */
export interface PluginAnswer {
  token?: string;
  cert?: string;
  key?: string;
}

/** A credential plugin (`exec` of a kubeconfig's user). It is asked once, and again when its answer has ended. */
export interface Plugin {
  answer(): Promise<PluginAnswer>;
  /** Whether the answer that is kept has ended. */
  isOver(): boolean;
  /** Forgets the answer: the API server did not accept it. */
  forget(): void;
  /** Ends the program if it is still running. */
  close(): void;
}

/** Milliseconds in which somebody logs in, in a browser for one. */
const patience = 600_000;

/**
 * A plugin as kubectl runs it: with the environment of this process, its own variables and `info`, without a terminal.
 * A Ctrl-C does not reach it: the undo that follows needs what it hands out.
 */
export function createPlugin(
  exec: JsonObject,
  {clock, env, info}: {clock: Clock; env: Readonly<Record<string, string | undefined>>; info: () => Promise<string>},
  runner: Exec = createExec(),
): Plugin {
  const closing = new AbortController();
  let kept: {answer: PluginAnswer; end?: number} | undefined;
  let asking: Promise<PluginAnswer> | undefined;
  const isOver = () => kept?.end !== undefined && clock.wall().getTime() > kept.end;

  const ask = async (): Promise<PluginAnswer> => {
    const command = await found(exec, env.PATH);
    const argv = [command, ...list(exec.args).map(text)];
    const own = list(exec.env).map((item) => (isJsonObject(item) ? [text(item.name), text(item.value)] : []));
    const variables = {...Object.fromEntries(own), KUBERNETES_EXEC_INFO: await info()};
    const ended = await runner.run(argv, {timeout: patience, signal: closing.signal, env: variables});
    if (ended.exitCode !== 0) {
      const how = ended.timedOut ? 'did not end' : `ended with exit code ${ended.exitCode ?? 'none'}`;
      throw new Error(`its plugin ${how}: ${oneLine(ended.stderr) || 'it said nothing'}`);
    }
    kept = read(ended.stdout, text(exec.apiVersion));
    return kept.answer;
  };
  return {
    isOver,
    answer: async () => {
      if (kept !== undefined && !isOver()) return kept.answer;
      // Several calls wait for one run of it.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return await asking;
    },
    forget: () => {
      kept = undefined;
    },
    close: () => closing.abort(),
  };
}

/** The program itself: a plain name is looked for in PATH of kubedrill, never in one that `env` sets for the plugin. */
async function found(exec: JsonObject, path: string | undefined): Promise<string> {
  const command = text(exec.command);
  const folders = command.includes('/') ? [''] : (path ?? '').split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    const file = join(folder, command);
    const isProgram = await access(file, constants.X_OK).then(
      async () => (await stat(file)).isFile(),
      () => false,
    );
    if (isProgram) return file;
  }
  const hint = oneLine(text(exec.installHint));
  throw new Error(`its plugin ${command} is not installed, or not executable${hint === '' ? '' : `: ${hint}`}`);
}

/** The answer of a plugin, held to what kubectl holds it to. What is wrong is told without what it said. */
function read(stdout: string, version: string): {answer: PluginAnswer; end?: number} {
  const said = parsed(stdout);
  const wrong = said === undefined ? 'is no JSON object' : mismatch(execCredentialShape, said);
  if (said === undefined || wrong !== undefined) throw new Error(`what its plugin answered cannot be used: ${wrong}`);
  if (said.apiVersion !== version || (said.kind ?? 'ExecCredential') !== 'ExecCredential') {
    throw new Error(`its plugin was asked for an ExecCredential of ${version} and answered with something else`);
  }
  const status = isJsonObject(said.status) ? said.status : {};
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) => text(status[name]));
  if (!cert !== !key) throw new Error('its plugin answered with a certificate or a key, but not with both');
  if (!token && !cert) throw new Error('its plugin answered with neither a token nor a certificate');
  const end = text(status.expirationTimestamp);
  if (end !== '' && Number.isNaN(Date.parse(end))) throw new Error('its plugin answered with an end that is no time');
  return {
    answer: {...(token ? {token} : {}), ...(cert && key ? {cert, key} : {})},
    ...(end === '' ? {} : {end: Date.parse(end)}),
  };
}

function parsed(stdout: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
