import type { INodePropertyOptions } from 'n8n-workflow';

/**
 * The expression for the words below the node's name, such as "Scale: my_model → 1 (dry run)". The
 * editor evaluates it without any item, and gives it only the fields that the node shows, where a
 * resource locator is its id. A field with an expression that depends on the run (it has a $) is
 * passed over: the editor could not evaluate it, or like $now would do so with another result.
 * @param operations the options of the operation's dropdown
 */
export function subtitleOf(operations: readonly INodePropertyOptions[]): string {
	const names = Object.fromEntries(operations.map(({ name, value }) => [value, name]));
	return `={{ ((names) => {
		const read = (field) =>
			/^=[^]*[$]/.test($rawParameter[field]) ? "" : ($parameter[field] ?? "");
		const operation = read("operation");
		const source = { restore: "from restore", remembered: "from memory" }[read("startFrom")];
		const chosen = read("pattern") || read("deploymentId");
		const what =
			operation !== "start" ? chosen
			: source === undefined ? read("modelId")
			: ["", "*"].includes(chosen) ? source
			: chosen + " " + source;
		const [number, min, max] =
			["numberOfAllocations", "minNumberOfAllocations", "maxNumberOfAllocations"].map(read);
		const rule = { atLeast: "at least ", atMost: "at most " }[read("sizeRule")] ?? "";
		const size =
			number !== "" ? rule + number
			: min !== "" && max !== "" ? min + " to " + max
			: min !== "" ? "at least " + min
			: max !== "" ? "at most " + max
			: "";
		return (names[operation] ?? "")
			+ (what === "" ? "" : ": " + what)
			+ (what === "" || size === "" || operation === "start" ? "" : " → " + size)
			+ (read("dryRun") === true ? " (dry run)" : "");
	})(${JSON.stringify(names)}) }}`;
}
