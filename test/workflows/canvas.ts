import type { INode } from 'n8n-workflow';

import { STICKY, type ShippedWorkflow } from './shipped';

/** Where things are on n8n's canvas, in its pixels. A node's name stands below it. */

const NODE = 96;
const LABEL = { width: 192, top: NODE + 8, height: 40 };
/** The button that n8n shows left of a trigger. */
const RUN_BUTTON = 144;

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

type Point = [x: number, y: number];

interface Wire {
	from: string;
	to: string;
	points: Point[];
}

function boxOf(node: INode): Box {
	const { name, type, position, parameters } = node;
	const [left, top] = position;
	if (type === STICKY) {
		const [width, height] = [Number(parameters.width), Number(parameters.height)];
		return { name, left, top, right: left + width, bottom: top + height };
	}
	return { name, left, top, right: left + NODE, bottom: top + NODE };
}

function labelOf({ name, position: [x, y] }: INode): Box {
	const left = x + NODE / 2 - LABEL.width / 2;
	const top = y + LABEL.top;
	return { name, left, top, right: left + LABEL.width, bottom: top + LABEL.height };
}

function around(...boxes: Box[]): Box {
	return {
		name: boxes[0].name,
		left: Math.min(...boxes.map(({ left }) => left)),
		top: Math.min(...boxes.map(({ top }) => top)),
		right: Math.max(...boxes.map(({ right }) => right)),
		bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
	};
}

/** The room that each node takes, with its name and its button, and that of each note. */
export function placesOf({ nodes, connections }: ShippedWorkflow): Box[] {
	const targets = Object.values(connections).flatMap(({ main }) => main.flat());
	return nodes.map((node) => {
		const box = boxOf(node);
		if (node.type === STICKY) return box;
		const isTrigger = !targets.some((target) => target?.node === node.name);
		const button = { ...box, left: box.left - RUN_BUTTON };
		return around(box, labelOf(node), ...(isTrigger ? [button] : []));
	});
}

export function overlap(one: Box, other: Box): boolean {
	return (
		one.left < other.right &&
		other.left < one.right &&
		one.top < other.bottom &&
		other.top < one.bottom
	);
}

/** Where the handle of one of several inputs or outputs is on a node's side. */
function handle(index: number, count: number): number {
	return (NODE * (index + 1)) / (count + 1);
}

function curve([x1, y1]: Point, [x2, y2]: Point): Point[] {
	const middle = (x1 + x2) / 2;
	return Array.from({ length: 101 }, (_, index) => {
		const t = index / 100;
		const [a, b, c, d] = [(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t ** 2, t ** 3];
		return [a * x1 + (b + c) * middle + d * x2, (a + b) * y1 + (c + d) * y2];
	});
}

/** The lines between nodes, as n8n draws those from left to right. */
export function wiresOf({ nodes, connections }: ShippedWorkflow): Wire[] {
	const find = (wanted: string) => {
		const node = nodes.find(({ name }) => name === wanted);
		if (node === undefined) throw new Error(`No node is called '${wanted}'`);
		return node;
	};
	const inputsOf = (name: string) =>
		1 +
		Math.max(
			...Object.values(connections)
				.flatMap(({ main }) => main.flat())
				.map((target) => (target?.node === name ? target.index : 0)),
		);
	return Object.entries(connections).flatMap(([from, { main }]) =>
		main.flatMap((branch, output) =>
			(branch ?? []).map(({ node: to, index }) => {
				const [x1, y1] = find(from).position;
				const [x2, y2] = find(to).position;
				const start: Point = [x1 + NODE, y1 + handle(output, main.length)];
				return { from, to, points: curve(start, [x2, y2 + handle(index, inputsOf(to))]) };
			}),
		),
	);
}

/** The nodes and notes whose name or box a line crosses; its own two nodes' names count too. */
export function crossedBy({ nodes }: ShippedWorkflow, { from, to, points }: Wire): string[] {
	const texts = nodes.filter(({ type }) => type !== STICKY).map(labelOf);
	const boxes = nodes.filter(({ name }) => name !== from && name !== to).map(boxOf);
	return [...texts, ...boxes]
		.filter(({ left, top, right, bottom }) =>
			points.some(([x, y]) => x > left && x < right && y > top && y < bottom),
		)
		.map(({ name }) => name);
}
