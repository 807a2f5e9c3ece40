/** A restore object of a deployment of two allocations. */
export function restoreText(id: string): string {
	return JSON.stringify({
		schema: 1,
		cluster: 'abc',
		taken_at: '2026-01-15T11:00:00.000Z',
		model_id: id,
		deployment_id: id,
		threads_per_allocation: 1,
		priority: 'normal',
		queue_capacity: 1024,
		number_of_allocations: 2,
		observed_allocations: 2,
	});
}
