import { expect, test } from 'vitest';

import { isSamePypiFile } from '../../../server/src/evidence/attestations/pypi-file-name.ts';

test.each([
  ['acme_widget-1.0.tar.gz', 'acme_widget-1.0.tar.gz'],
  ['acme_widget-1.0.tar.gz', 'Acme.Widget-1.0.tar.gz'],
  ['acme-widget-1.0.tar.gz', 'acme_widget-1.0.0.tar.gz'],
  ['acme_widget-1.0rc1.tar.gz', 'acme_widget-v1.0.0c01.tar.gz'],
  ['acme_widget-1.0a0.dev0.zip', 'acme_widget-1.0_alpha.dev.zip'],
  ['acme_widget-1!2.0.post1+ubuntu.01.tar.gz', 'acme_widget-01!2.0.0.rev1+Ubuntu_1.tar.gz'],
  ['acme_widget-1.0-py2.py3-none-any.whl', 'Acme_Widget-1.0.0-py3.py2-none-any.whl'],
  ['widget-1.0-1-cp311-cp311-linux_x86_64.whl', 'widget-1.0-1-cp311-cp311-linux_x86_64.whl'],
  [
    'widget-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    'widget-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
  ],
  ['no python file', 'no python file'],
])('%s is %s', (one, other) => {
  expect(isSamePypiFile(one, other)).toBe(true);
});

test.each([
  ['acme_widget-1.0.tar.gz', 'acme_widget-1.0.1.tar.gz'],
  ['acme_widget-1.0.tar.gz', 'acme_gadget-1.0.tar.gz'],
  ['acme_widget-1.0.tar.gz', 'acme_widget-1.0-py3-none-any.whl'],
  ['acme_widget-1.0.tar.gz', 'acme_widget-1.0rc1.tar.gz'],
  ['acme_widget-1.0.tar.gz', 'acme_widget-1.0.post0.tar.gz'],
  ['acme_widget-1.0.tar.gz', 'acme_widget-1!1.0.tar.gz'],
  ['acme_widget-10.tar.gz', 'acme_widget-1.tar.gz'],
  ['widget-1.0-py3-none-any.whl', 'widget-1.0-py2-none-any.whl'],
  ['widget-1.0-1-py3-none-any.whl', 'widget-1.0-2-py3-none-any.whl'],
  ['widget-1.0-1-py3-none-any.whl', 'widget-1.0-py3-none-any.whl'],
  ['widget.exe', 'Widget.exe'],
  ['widget-.tar.gz', 'Widget-.tar.gz'],
  ['', 'widget-1.0.tar.gz'],
])('%s is not %s', (one, other) => {
  expect(isSamePypiFile(one, other)).toBe(false);
});
