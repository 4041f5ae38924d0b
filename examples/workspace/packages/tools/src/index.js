import { createElement } from 'react';
import { coerce } from 'semver';

export const version = (text) => createElement('span', null, coerce(text)?.version);
