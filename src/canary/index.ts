import {command} from './command.ts';
import type {CanaryDefinition} from './define.ts';
import {http} from './http.ts';
import {kubernetes} from './kubernetes.ts';

/** Every kind of canary, by the name that `uses` takes. */
export const canaries: Readonly<Record<string, CanaryDefinition>> = {kubernetes, http, command};
