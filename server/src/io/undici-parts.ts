/**
 * The two modules of undici that are needed: a quarter of the whole, which would take twice as long to load. They are
 * named here only, and this file is loaded when the first request is made.
 */
import request from 'undici/lib/api/api-request.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

export { EnvHttpProxyAgent, request };
