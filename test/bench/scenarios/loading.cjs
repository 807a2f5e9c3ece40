// Run in a fresh process: how long it takes to load the package, and what memory that takes.
const path = require('node:path');

const root = path.resolve(__dirname, '../../..');
const { n8n } = require(path.join(root, 'package.json'));

function taken(work) {
	globalThis.gc();
	const heap = process.memoryUsage().heapUsed;
	const start = performance.now();
	work();
	const ms = performance.now() - start;
	globalThis.gc();
	return { ms, bytes: process.memoryUsage().heapUsed - heap };
}

// n8n has loaded it long before it loads a community node.
const workflow = taken(() => require(require.resolve('n8n-workflow', { paths: [root] })));
const own = taken(() => {
	for (const file of [...n8n.nodes, ...n8n.credentials]) {
		const [Type] = Object.values(require(path.join(root, file)));
		new Type();
	}
});
process.stdout.write(JSON.stringify({ workflow, own }));
