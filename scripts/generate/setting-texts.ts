import { LEVEL_KEYS, LEVELS, SETTINGS, type SettingKey } from '../../server/src/core/settings.ts';

type Setting = (typeof SETTINGS)[SettingKey];

/**
 * Settings that an untrusted workspace cannot make: those that decide where we connect or what is stored, and those by
 * which it could keep findings from being shown.
 */
export function restrictedSettings(): string[] {
  const hiding: readonly SettingKey[] = [
    'enable',
    'severity',
    'transitive',
    'devDependencies',
    'signatures.enable',
    'health.enable',
    'exclude',
  ];
  return settingEntries()
    .filter(([key, setting]) => setting.scope === 'machine' || hiding.includes(key))
    .map(([key]) => `provender.${key}`);
}

/** The manifest's `contributes.configuration`. */
export function configuration(): object {
  const properties = settingEntries().map(([key, setting], order): [string, object] => [
    `provender.${key}`,
    {
      order,
      ...schemaOf(setting),
      default: setting.default,
      scope: setting.scope,
      markdownDescription: setting.description,
    },
  ]);
  return { title: 'Provender', properties: Object.fromEntries(properties) };
}

export function settingsPage(): string {
  const rows = settingEntries().map(
    ([key, setting]) =>
      `| \`provender.${key}\` | ${valuesOf(setting)} | \`${JSON.stringify(setting.default)}\` | ${setting.scope} | ${setting.description} |`,
  );
  return `<!-- Written by scripts/generate.ts from server/src/core/settings.ts. Do not edit. -->

# Settings

A setting of scope \`resource\` can differ per workspace folder. One of scope \`machine\` is the user's own: a workspace
cannot set it. Editors other than VS Code send the same names, without \`provender.\`, in \`initializationOptions.settings\`
or answer them to \`workspace/configuration\`.

| Setting | Values | Default | Scope | Meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

In a workspace that is not trusted these are taken from the user's settings only: ${restrictedSettings()
    .map((name) => `\`${name}\``)
    .join(', ')}.
`;
}

function settingEntries(): readonly [SettingKey, Setting][] {
  const isKey = (key: string): key is SettingKey => Object.hasOwn(SETTINGS, key);
  return Object.keys(SETTINGS)
    .filter(isKey)
    .map((key) => [key, SETTINGS[key]]);
}

function schemaOf(setting: Setting): object {
  switch (setting.type) {
    case 'boolean':
    case 'string':
      return { type: setting.type };
    case 'number':
      return { type: 'number', minimum: setting.minimum, maximum: setting.maximum };
    case 'enum':
      return { type: 'string', enum: setting.values };
    case 'strings':
      return { type: 'array', items: { type: 'string' } };
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' } };
    case 'levels': {
      const level = { type: 'string', enum: LEVELS };
      const properties = Object.fromEntries(LEVEL_KEYS.map((key) => [key, level]));
      return { type: 'object', properties, additionalProperties: false };
    }
  }
}

function valuesOf(setting: Setting): string {
  switch (setting.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'enum':
      return setting.values.map((value) => `\`${value}\``).join(', ');
    case 'number':
      return `${setting.minimum} to ${setting.maximum}`;
    case 'string':
      return 'a text';
    case 'strings':
      return 'a list of texts';
    case 'map':
    case 'levels':
      return 'texts by name';
  }
}
