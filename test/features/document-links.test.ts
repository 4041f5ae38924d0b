import { expect, test } from 'vitest';

import { documentLinks } from '../../server/src/features/document-links.ts';
import { npmRegistry } from '../../server/src/ecosystems/npm/registry/registry.ts';
import { projectOf } from '../support/project-of.ts';

test('a name leads to the page of the installed version; private, local and unknown ones lead nowhere', async () => {
  const text = `-- package.json --
{ "dependencies": { "a": "^1.0.0", "@corp/p": "1.0.0", "local": "file:../x", "new": "1.0.0" } }
-- .npmrc --
@corp:registry=https://corp.example/
`;
  const { manifest, project, marked } = await projectOf(text, { installed: { a: '1.2.3', '@corp/p': '1.0.0' } });
  const { lines } = manifest().document;
  const links = documentLinks(manifest(), project, (path) => path).map(({ range, target }) => ({
    text: marked.files['package.json']?.slice(lines.offsetAt(range.start), lines.offsetAt(range.end)),
    target,
  }));
  expect(links).toEqual([{ text: 'a', target: npmRegistry.page('a', '1.2.3') }]);
});
