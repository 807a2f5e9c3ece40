const { readFile } = require('node:fs/promises');
const esbuild = require('esbuild');
const { parallel, src, dest } = require('gulp');
const ts = require('typescript');
const { n8n } = require('./package.json');
const { compilerOptions } = require('./tsconfig.json');

/** As tsconfig.json says: tsc takes out all comments, esbuild by itself only most of them. */
const withoutComments = {
	name: 'without-comments',
	setup(build) {
		build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
			const text = await readFile(path, 'utf8');
			const options = { compilerOptions: { ...compilerOptions, module: 'esnext' } };
			return { contents: ts.transpileModule(text, options).outputText };
		});
	},
};

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
		// Shorter expressions and declarations; names, lines and indents stay.
		minifySyntax: true,
		external: ['n8n-workflow'],
		plugins: [withoutComments],
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
