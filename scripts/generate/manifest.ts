import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import { activationEvents } from './ecosystem-texts.ts';
import { configuration, restrictedSettings } from './setting-texts.ts';

const SHARED_FIELDS = ['version', 'license', 'repository'];

/** The extension's manifest with its generated parts made anew, everything else as it was. */
export function withGeneratedParts(manifest: unknown, ecosystems: readonly Ecosystem[]): object {
  const fields = fieldsOf(manifest);
  const capabilities = fieldsOf(fields['capabilities']);
  return {
    ...fields,
    activationEvents: activationEvents(ecosystems),
    capabilities: {
      ...capabilities,
      untrustedWorkspaces: {
        ...fieldsOf(capabilities['untrustedWorkspaces']),
        restrictedConfigurations: restrictedSettings(),
      },
    },
    contributes: { ...fieldsOf(fields['contributes']), configuration: configuration() },
  };
}

/** The server's publish manifest, which has its version and licence from the extension's. */
export function serverManifest(published: unknown, manifest: unknown): object {
  const source = fieldsOf(manifest);
  return { ...fieldsOf(published), ...Object.fromEntries(SHARED_FIELDS.map((name) => [name, source[name]])) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
