const esbuild = require('esbuild');
const { parallel, src, dest } = require('gulp');
const { n8n } = require('./package.json');

/**
 * One readable file for each node and credential that package.json names: not minified, nothing
 * but n8n-workflow left outside. 80 small files would be a tenth larger to download and slower to
 * load. `tsc` has checked the types before.
 */
function code() {
	return esbuild.build({
		entryPoints: [...n8n.nodes, ...n8n.credentials].map((file) =>
			file.replace(/^dist\/(.*)\.js$/, '$1.ts'),
		),
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		charset: 'utf8',
		external: ['n8n-workflow'],
	});
}

/** Only icons and codex files of what ships: pictures of docs/ must not reach the package. */
function assets() {
	return src(['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.default = parallel(code, assets);
