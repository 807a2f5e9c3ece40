const { src, dest } = require('gulp');

// Only icons and codex files of what ships: pictures of docs/ must not reach the package.
function assets() {
	return src(['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.assets = assets;
