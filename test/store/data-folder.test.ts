import { expect, it } from 'vitest';
import { userDataFolder } from '../../server/src/store/data-folder.ts';

const linux = { platform: 'linux', home: '/home/ann' };
const windows = { platform: 'win32', home: 'C:\\Users\\Ann' };

it.each([
  [linux, {}, '/home/ann/.local/share/provender'],
  [linux, { XDG_DATA_HOME: '/data' }, '/data/provender'],
  [linux, { XDG_DATA_HOME: 'relative' }, '/home/ann/.local/share/provender'],
  [linux, { XDG_DATA_HOME: '/data', PROVENDER_DATA: '/mine/' }, '/mine/'],
  [linux, { PROVENDER_DATA: '' }, '/home/ann/.local/share/provender'],
  [{ platform: 'darwin', home: '/Users/ann' }, {}, '/Users/ann/Library/Application Support/provender'],
  [windows, { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\provender'],
  [windows, {}, 'C:\\Users\\Ann\\AppData\\Local\\provender'],
  [windows, { PROVENDER_DATA: 'E:\\p' }, 'E:\\p'],
])('of %j with %j is %s', (machine, environment, expected) => {
  expect(userDataFolder({ ...machine, environment })).toBe(expected);
});
