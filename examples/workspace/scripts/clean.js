const mkdirp = require('mkdirp');
const { rm } = require('shelljs');

rm('-rf', 'dist');
mkdirp.sync('dist');
