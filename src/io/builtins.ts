import type crypto from 'node:crypto';
import type http from 'node:http';
import type tls from 'node:tls';

/*
 * Modules of Node for programs that must stay small. An `import` of a builtin reads all of its exports, and some of
 * those are made when first read: http.WebSocket loads undici (10 MB in the prober), tls.rootCertificates a list of
 * certificates (6 MB), crypto.webcrypto the Web Crypto API (2 MB). Taken this way nothing is read that is not used.
 */
export const nodeHttp: typeof http = process.getBuiltinModule('node:http');
export const nodeTls = (): typeof tls => process.getBuiltinModule('node:tls');
export const nodeCrypto: typeof crypto = process.getBuiltinModule('node:crypto');
