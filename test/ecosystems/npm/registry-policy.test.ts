import { describe, expect, test } from 'vitest';
import type { PolicyOptions } from '../../../server/src/core/ecosystem.ts';
import { PUBLIC_BASE } from '../../../server/src/ecosystems/npm/registry/public-registry.ts';
import { readPolicy } from '../../../server/src/ecosystems/npm/registry/registry-policy.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const PRIVATE = 'https://private.example/npm/';
const OTHER = 'https://other.example/';
const SECRET = 'a-secret-of-the-user';

interface World {
  readonly user?: string;
  readonly workspace?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly trusted?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly mirror?: string;
}

async function policyOf({ user = '', workspace, files = {}, trusted = false, environment = {}, mirror }: World) {
  const memory = memoryFiles({
    '/home/.npmrc': user,
    ...(workspace === undefined ? {} : { '/w/.npmrc': workspace }),
    ...files,
  });
  const configs = ['/w/pnpm-workspace.yaml', '/w/.npmrc', '/w/.yarnrc.yml', '/w/member/.npmrc'];
  const present: string[] = [];
  for (const path of configs) if ((await memory.stat(path)) !== undefined) present.push(path);
  const layout = {
    ecosystem: 'npm',
    root: '/w',
    manifests: [],
    lockfile: undefined,
    registryConfigs: present,
    unread: [],
    installCommand: 'npm install',
  };
  const options: PolicyOptions = {
    trusted,
    userConfigPath: '/home/.npmrc',
    environment: { TOKEN: SECRET, HOST: 'variable.example', ...environment },
    publicRegistryHost: mirror,
  };
  return { ...(await readPolicy(memory, layout, options)), readPaths: memory.readPaths };
}

describe('without any configuration', () => {
  test('every name belongs to the public registry and may be told', async () => {
    const policy = await policyOf({});
    expect(policy.registryOf('a')).toBe(PUBLIC_BASE);
    expect(policy.withheld('@scope/a', undefined)).toBeUndefined();
    expect(policy.mayAsk('a')).toBe(true);
    expect(policy.access(`${PUBLIC_BASE}a`)).toEqual({ headers: {}, connection: undefined });
  });

  test('an entry of the lockfile from another host is withheld, one from an alias of the public registry is not', async () => {
    const policy = await policyOf({});
    expect(policy.withheld('a', 'https://other.example')).toBe(
      'the lockfile took it from other.example, not the public registry',
    );
    const yarnSite = 'yarnpkg.com';
    expect(policy.withheld('a', `https://registry.${yarnSite}`)).toBeUndefined();
    expect(policy.withheld('a', PUBLIC_BASE.slice(0, -1))).toBeUndefined();
    expect(policy.withheld('a', `${PUBLIC_BASE}mirror/`)).toBeDefined();
  });
});

describe("the user's own file", () => {
  test('chooses the registry of a scope, and its names are withheld', async () => {
    const policy = await policyOf({ user: `@acme:registry=${PRIVATE.slice(0, -1)}` });
    expect(policy.registryOf('@acme/a')).toBe(PRIVATE);
    expect(policy.withheld('@acme/a', undefined)).toBe('it comes from private.example, not the public registry');
    expect(policy.withheld('@acme/a', PUBLIC_BASE)).toBeDefined();
    expect(policy.mayAsk('@acme/a')).toBe(true);
    expect(policy.withheld('b', undefined)).toBeUndefined();
  });

  test('chooses the default registry, and every name is withheld', async () => {
    const policy = await policyOf({ user: `registry=${PRIVATE}` });
    expect(policy.registryOf('a')).toBe(PRIVATE);
    expect(policy.withheld('a', undefined)).toBeDefined();
    expect(policy.withheld('@any/a', PUBLIC_BASE)).toBeDefined();
  });

  test('may hold variables, for hosts and for tokens', async () => {
    const policy = await policyOf({
      user: '@acme:registry=https://${HOST}/npm/\n//${HOST}/npm/:_authToken=${TOKEN}',
    });
    expect(policy.registryOf('@acme/a')).toBe('https://variable.example/npm/');
    expect(policy.access('https://variable.example/npm/@acme%2fa').headers).toEqual({
      authorization: `Bearer ${SECRET}`,
    });
  });

  test('with a variable that is not set names a registry that is asked nothing and told nobody', async () => {
    const policy = await policyOf({ user: '@acme:registry=https://${GONE}/' });
    expect(policy.mayAsk('@acme/a')).toBe(false);
    expect(policy.withheld('@acme/a', undefined)).toBeDefined();
    expect(policy.registryOf('@acme/a')).not.toBe(PUBLIC_BASE);
  });
});

describe('precedence', () => {
  test('the environment beats a trusted workspace, which beats the user', async () => {
    const user = 'registry=https://user.example/';
    const workspace = 'registry=https://workspace.example/';
    const environment = { NPM_CONFIG_REGISTRY: 'https://environment.example/' };
    const registries = [{ user }, { user, workspace, trusted: true }, { user, workspace, trusted: true, environment }];
    const policies = await Promise.all(registries.map(policyOf));
    expect(policies.map((policy) => policy.registryOf('a'))).toEqual([
      'https://user.example/',
      'https://workspace.example/',
      'https://environment.example/',
    ]);
  });

  test('the registry of a scope beats a default of higher rank', async () => {
    const policy = await policyOf({ user: `@acme:registry=${PRIVATE}`, environment: { npm_config_registry: OTHER } });
    expect(policy.registryOf('@acme/a')).toBe(PRIVATE);
    expect(policy.registryOf('a')).toBe(OTHER);
  });

  test('pnpm-workspace.yaml beats the .npmrc beside it', async () => {
    const policy = await policyOf({
      trusted: true,
      workspace: '@acme:registry=https://npmrc.example/',
      files: { '/w/pnpm-workspace.yaml': `registries:\n  '@acme': ${PRIVATE}\n` },
    });
    expect(policy.registryOf('@acme/a')).toBe(PRIVATE);
  });
});

/** What the user has configured in every case below. */
const USER = [
  `//private.example/npm/:_authToken=${SECRET}`,
  `//${new URL(PUBLIC_BASE).host}/:_authToken=${SECRET}`,
].join('\n');

/** Everywhere a request could go. */
const ASKED = [PRIVATE, OTHER, 'https://variable.example/', 'https://evil.example/', 'http://127.0.0.1:4873/'];

describe.each([true, false])('a file of the workspace that is trusted: %s', (trusted) => {
  test.each([
    ['registry=https://evil.example/', 'a'],
    ['@acme:registry=https://evil.example/', '@acme/a'],
    ['registry=https://${TOKEN}.evil.example/', 'a'],
    ['registry=https://evil.example/${TOKEN}/', 'a'],
    ['@acme:registry=https://evil.example/?t=${TOKEN}', '@acme/a'],
    ['@${TOKEN}:registry=https://evil.example/', '@acme/a'],
    ['registry=https://evil.example/\n//evil.example/:_authToken=${TOKEN}', 'a'],
    ['//evil.example/:_auth=${TOKEN}\n@acme:registry=https://evil.example/', '@acme/a'],
    ['registry=https://evil.example/\n//evil.example/:username=u\n//evil.example/:_password=${TOKEN}', 'a'],
  ])('%j sends no secret anywhere else, and withholds the name', async (workspace, name) => {
    const policy = await policyOf({ user: USER, workspace, trusted });
    expect(policy.withheld(name, undefined)).toBeDefined();
    expect(policy.registryOf(name)).not.toContain(SECRET);
    if (!trusted) expect(policy.mayAsk(name)).toBe(false);
    if (workspace.includes('registry=https://${') || workspace.includes('/${')) expect(policy.mayAsk(name)).toBe(false);
    for (const base of ASKED.filter((it) => it !== PRIVATE)) {
      expect(JSON.stringify(policy.access(`${base}a`)), base).not.toContain(SECRET);
    }
    expect(policy.access(`${PRIVATE}a`).headers).toEqual({ authorization: `Bearer ${SECRET}` });
  });

  test('withholds the names of a scope, and leaves the others alone', async () => {
    const policy = await policyOf({ workspace: `@acme:registry=${PRIVATE}`, trusted });
    expect(policy.registryOf('@acme/a')).toBe(trusted ? PRIVATE : PUBLIC_BASE);
    expect(policy.mayAsk('@acme/a')).toBe(trusted);
    expect(policy.withheld('@acme/a', PUBLIC_BASE)).toBeDefined();
    expect([policy.mayAsk('b'), policy.withheld('b', undefined)]).toEqual([true, undefined]);
  });

  test('names the public registry as the default, and nothing is withheld', async () => {
    const policy = await policyOf({ workspace: `registry=${PUBLIC_BASE}`, trusted });
    expect([policy.mayAsk('b'), policy.withheld('b', undefined)]).toEqual([true, undefined]);
  });

  test('in the folder of a member withholds, and never chooses', async () => {
    const policy = await policyOf({ files: { '/w/member/.npmrc': `@acme:registry=${PRIVATE}` }, trusted });
    expect(policy.registryOf('@acme/a')).toBe(PUBLIC_BASE);
    expect(policy.mayAsk('@acme/a')).toBe(false);
    expect(policy.withheld('@acme/a', undefined)).toContain('.npmrc of the workspace');
  });

  test('of yarn withholds, and never chooses', async () => {
    const files = { '/w/.yarnrc.yml': `npmScopes:\n  acme:\n    npmRegistryServer: "${PRIVATE}"\n` };
    const policy = await policyOf({ files, trusted });
    expect([policy.mayAsk('@acme/a'), policy.mayAsk('b')]).toEqual([false, true]);
    const all = await policyOf({ files: { '/w/.yarnrc.yml': `npmRegistryServer: ${PRIVATE}\n` }, trusted });
    expect([all.mayAsk('b'), all.withheld('b', undefined) === undefined]).toEqual([false, false]);
  });

  test('that repeats what the user has configured does not stop the asking', async () => {
    const same = `@acme:registry=${PRIVATE}`;
    const policy = await policyOf({ user: same, workspace: same, trusted });
    expect([policy.registryOf('@acme/a'), policy.mayAsk('@acme/a')]).toEqual([PRIVATE, true]);
  });

  test('that the environment overrules with the public registry still withholds', async () => {
    const environment = { npm_config_registry: PUBLIC_BASE };
    const policy = await policyOf({ workspace: `registry=${PRIVATE}`, trusted, environment });
    expect([policy.mayAsk('a'), policy.withheld('a', undefined) === undefined]).toEqual([false, false]);
  });

  test('decides on proxies and certificates only where it is trusted', async () => {
    const workspace = 'https-proxy=http://proxy.example:8080/\nstrict-ssl=false\ncafile=ca.pem';
    const files = { '/w/ca.pem': '-----BEGIN CERTIFICATE-----' };
    const policy = await policyOf({ workspace, files, trusted });
    expect(policy.access(`${OTHER}a`).connection).toEqual(
      trusted
        ? { ca: '-----BEGIN CERTIFICATE-----', proxy: 'http://proxy.example:8080/', rejectUnauthorized: false }
        : undefined,
    );
    expect(policy.readPaths.includes('/w/ca.pem')).toBe(trusted);
  });
});

describe('credentials', () => {
  const at = async (user: string, url: string) => (await policyOf({ user })).access(url).headers['authorization'];

  test.each([
    ['//private.example/npm/:_authToken=t', `${PRIVATE}@acme%2fa`, 'Bearer t'],
    ['//private.example/:_authToken=t', `${PRIVATE}a`, 'Bearer t'],
    ['//private.example:_authToken=t', `${PRIVATE}a`, 'Bearer t'],
    ['//private.example/npm/:_auth=dTpw', `${PRIVATE}a`, 'Basic dTpw'],
    ['//private.example/npm/:username=u\n//private.example/npm/:_password=cA==', `${PRIVATE}a`, 'Basic dTpw'],
    ['@acme:registry=https://u:p@private.example/npm/', `${PRIVATE}a`, 'Basic dTpw'],
    ['//private.example/:_authToken=outer\n//private.example/npm/:_authToken=inner', `${PRIVATE}a`, 'Bearer inner'],
    ['//private.example/npm/:_authToken=t', 'https://private.example/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://private.example/npm-other/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://private.example:8443/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://sub.private.example/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://private.example.evil.example/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://evil.example/private.example/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'https://private.example@evil.example/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'file://private.example/npm/a', undefined],
    ['//private.example/npm/:_authToken=t', 'no address', undefined],
    ['_authToken=t', `${PRIVATE}a`, undefined],
    ['//private.example/npm/:_authToken="t\\r\\nx: y"', `${PRIVATE}a`, undefined],
  ])('%j at %s gives %s', async (user, url, header) => {
    expect(await at(user, url)).toBe(header);
  });

  test('a password in the address of a registry is not part of its name', async () => {
    const policy = await policyOf({ user: '@acme:registry=https://u:p@private.example/npm/' });
    expect(policy.registryOf('@acme/a')).toBe(PRIVATE);
  });

  test('a client certificate is read for its registry alone', async () => {
    const user = '//private.example/npm/:certfile=~/c.pem\n//private.example/npm/:keyfile=/home/k.pem';
    const files = { '/home/c.pem': 'CERT', '/home/k.pem': 'KEY' };
    const policy = await policyOf({ user, files, environment: { HOME: '/home' } });
    expect(policy.access(`${PRIVATE}a`).connection).toEqual({ cert: 'CERT', key: 'KEY' });
    expect(policy.access(`${OTHER}a`).connection).toBeUndefined();
  });
});

describe('the connection', () => {
  test.each([
    ['private.example', `${PRIVATE}a`, undefined],
    ['.example', `${PRIVATE}a`, undefined],
    ['vate.example', `${PRIVATE}a`, 'http://proxy.example/'],
    ['', `${PRIVATE}a`, 'http://proxy.example/'],
  ])('goes through the proxy, but for noproxy=%s', async (noproxy, url, proxy) => {
    const policy = await policyOf({ user: `proxy=http://proxy.example/\nnoproxy=${noproxy}` });
    expect(policy.access(url).connection?.proxy).toBe(proxy);
  });

  test('trusts the authorities of the setting ca', async () => {
    const policy = await policyOf({ user: 'ca="-----BEGIN CERTIFICATE-----\\nx"' });
    expect(policy.access(`${PRIVATE}a`).connection).toEqual({ ca: '-----BEGIN CERTIFICATE-----\nx' });
  });
});

describe('a mirror of the public registry', () => {
  test('is asked in its place, without the tokens of the public registry, and its identity stays', async () => {
    const policy = await policyOf({ user: USER, mirror: 'http://127.0.0.1:4873' });
    expect(policy.registryOf('a')).toBe(PUBLIC_BASE);
    expect(policy.withheld('a', undefined)).toBeUndefined();
    expect(policy.requestBase(policy.registryOf('a'))).toBe('http://127.0.0.1:4873/');
    expect(policy.access('http://127.0.0.1:4873/a').headers).toEqual({});
  });

  test('does not stand in for a private one', async () => {
    const policy = await policyOf({ user: `@acme:registry=${PRIVATE}`, mirror: 'http://127.0.0.1:4873/' });
    expect(policy.requestBase(policy.registryOf('@acme/a'))).toBe(PRIVATE);
  });
});
