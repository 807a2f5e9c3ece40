/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import path from 'node:path';
import ts from 'typescript';

/** An answer, and the type of Elastic's client that it must have. */
export interface Typed {
	client: 8 | 9;
	/** As `estypes` exports it. */
	type: string;
	body: unknown;
}

/** Where an answer is not what its type says. */
export interface Difference {
	/** The type that says it, and the property there. */
	of: string;
	/** The way to it in the body. */
	place: string;
	kind: 'missing' | 'unknown' | 'wrong';
	/** The value, as TypeScript reads it; absent where it is missing. */
	value?: string;
}

export interface Checked {
	/** In the order of the answers. */
	differences: Difference[][];
	/** What the compiler itself says of each answer. */
	compiler: string[][];
}

const ROOT = path.resolve(__dirname, '../../..');
const FILE = path.join(ROOT, 'answers-of-the-embedded-cluster.ts');

/**
 * Assigns answers to the types that Elastic's clients declare, as literals in one file that exists in memory
 * only. The compiler stops at the first unknown property of an object, so the differences are found by a
 * walk over the same literals with the compiler's own types.
 */
export function check(answers: readonly Typed[]): Checked {
	const header = `import type * as client8 from 'elasticsearch-8/lib/api/types';
import type * as client9 from '@elastic/elasticsearch/lib/api/types';
`;
	const lines = answers.map(
		({ client, type, body }, i) =>
			`const answer${i}: client${client}.${type} = ${JSON.stringify(body)};`,
	);
	const program = programOf(header + lines.join('\n'));
	const file = program.getSourceFile(FILE);
	if (!file) throw new Error('the file of the answers was not read');
	const compiler: string[][] = answers.map(() => []);
	for (const { start, messageText } of program.getSemanticDiagnostics(file)) {
		const line =
			file.getLineAndCharacterOfPosition(start ?? 0).line - header.split('\n').length + 1;
		const text = ts.flattenDiagnosticMessageText(messageText, ' ');
		// A client that is not there, or a type that it does not have, would make everything right.
		if (line < 0 || text.includes('has no exported member')) throw new Error(text);
		compiler[line].push(text);
	}
	const walk = new Walk(program.getTypeChecker());
	const declared = file.statements
		.filter(ts.isVariableStatement)
		.map(({ declarationList }) => declarationList.declarations[0]);
	return { differences: declared.map((one) => walk.answer(one)), compiler };
}

function programOf(text: string): ts.Program {
	const options: ts.CompilerOptions = {
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		types: [],
		lib: ['lib.es2021.d.ts'],
		target: ts.ScriptTarget.ES2021,
		module: ts.ModuleKind.CommonJS,
		moduleResolution: ts.ModuleResolutionKind.Node10,
	};
	const host = ts.createCompilerHost(options);
	const { fileExists, readFile, getSourceFile } = host;
	host.fileExists = (name) => name === FILE || fileExists(name);
	host.readFile = (name) => (name === FILE ? text : readFile(name));
	host.getSourceFile = (name, language, ...more) =>
		name === FILE
			? ts.createSourceFile(name, text, language, true)
			: getSourceFile(name, language, ...more);
	return ts.createProgram([FILE], options, host);
}

const NOTHING = ts.TypeFlags.Undefined | ts.TypeFlags.Never;

/** Compares literals with types, property by property. */
class Walk {
	constructor(private readonly checker: ts.TypeChecker) {}

	answer({ type, initializer }: ts.VariableDeclaration): Difference[] {
		if (!type || !initializer) return [];
		const declared = this.checker.getTypeAtLocation(type);
		return this.value(initializer, declared, {
			of: type.getText().replace(/^.*\./, ''),
			place: '',
		});
	}

	private value(
		node: ts.Expression,
		type: ts.Type,
		at: Pick<Difference, 'of' | 'place'>,
	): Difference[] {
		if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
		const all = type.isUnion() ? type.types : [type];
		const wrong: Difference = { ...at, kind: 'wrong', value: shorten(node.getText()) };
		if (ts.isObjectLiteralExpression(node)) {
			const objects = all.filter((each) => isObject(each) && !this.checker.isArrayType(each));
			const open = objects.filter((each) => !this.forbids(each, node));
			return fewest(
				open.length > 0 ? open : objects,
				(each) => this.properties(node, each, at),
				wrong,
			);
		}
		if (ts.isArrayLiteralExpression(node)) {
			return fewest(
				all.filter((each) => this.checker.isArrayType(each)),
				(each) => this.elements(node, each, at),
				wrong,
			);
		}
		return this.checker.isTypeAssignableTo(this.checker.getTypeAtLocation(node), type)
			? []
			: [wrong];
	}

	/** Of a type with exactly one of several keys, each variant rules the other keys out. */
	private forbids(type: ts.Type, node: ts.ObjectLiteralExpression): boolean {
		return keysOf(node).some(([key]) => {
			const property = type.getProperty(key);
			const wanted = property && this.checker.getTypeOfSymbolAtLocation(property, node);
			return wanted !== undefined && (wanted.flags & NOTHING) !== 0;
		});
	}

	private elements(
		node: ts.ArrayLiteralExpression,
		type: ts.Type,
		at: Pick<Difference, 'of' | 'place'>,
	): Difference[] {
		const element = this.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
		if (!element) return [];
		const inside = { ...at, place: `${at.place}[]` };
		return node.elements.flatMap((each) => this.value(each, element, inside));
	}

	private properties(
		node: ts.ObjectLiteralExpression,
		type: ts.Type,
		{ of: owner, place }: Pick<Difference, 'of' | 'place'>,
	): Difference[] {
		const name = (type.aliasSymbol ?? type.symbol)?.name ?? '__type';
		const of = name === '__type' ? owner : name;
		const given = new Map(keysOf(node));
		const others = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
		const known = new Map(type.getApparentProperties().map((each) => [each.name, each]));
		const under = (key: string) => ({ of: `${of}.${key}`, place: `${place}.${key}` });
		const missing = [...known.values()]
			.filter((each) => !(each.flags & ts.SymbolFlags.Optional) && !given.has(each.name))
			.map((each): Difference => ({ ...under(each.name), kind: 'missing' }));
		const rest = [...given].flatMap(([key, value]): Difference[] => {
			const property = known.get(key);
			if (property) {
				const wanted = this.checker.getTypeOfSymbolAtLocation(property, node);
				return this.value(value, wanted, under(key));
			}
			if (others) return this.value(value, others, under('*'));
			return [{ ...under(key), kind: 'unknown', value: shorten(value.getText()) }];
		});
		return [...missing, ...rest];
	}
}

/** Of several types that a value may have, the one that it fits best decides. */
function fewest(
	types: ts.Type[],
	look: (type: ts.Type) => Difference[],
	none: Difference,
): Difference[] {
	const looks = types.map(look).sort((a, b) => a.length - b.length);
	return looks[0] ?? [none];
}

function isObject(type: ts.Type): boolean {
	return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

function keysOf(node: ts.ObjectLiteralExpression): Array<[string, ts.Expression]> {
	return node.properties
		.filter(ts.isPropertyAssignment)
		.map(({ name, initializer }) => [
			ts.isStringLiteral(name) ? name.text : name.getText(),
			initializer,
		]);
}

function shorten(text: string): string {
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
