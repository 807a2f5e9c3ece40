const { mkdir, readFile, writeFile } = require('node:fs/promises');
const path = require('node:path');
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

const built = [...n8n.nodes, ...n8n.credentials];

/** What all nodes and the credential are made of. */
const ALL = 'dist/nodes/all.js';

/**
 * One readable file for all nodes and the credential that package.json names: not minified, nothing
 * but n8n-workflow left outside. 80 small files would be a tenth larger to download and slower to
 * load, and a file for each node would hold most of the code again. `tsc` has checked the types
 * before.
 */
async function code() {
	await esbuild.build({
		stdin: {
			contents: built
				.map((file) => `export * from './${file.replace(/^dist\/(.*)\.js$/, '$1')}';`)
				.join('\n'),
			resolveDir: __dirname,
		},
		outfile: ALL,
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
	for (const file of built) {
		await mkdir(path.dirname(file), { recursive: true });
		const all = path.posix.relative(path.posix.dirname(file), ALL);
		await writeFile(
			file,
			`module.exports = require('${all.startsWith('.') ? all : `./${all}`}');\n`,
		);
	}
}

/** Only icons and codex files of what ships: pictures of docs/ must not reach the package. */
function assets() {
	return src(['nodes/**/*.{svg,node.json}', 'credentials/**/*.svg'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.default = parallel(code, assets);
