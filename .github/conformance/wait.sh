#!/usr/bin/env bash
# Waits until Elasticsearch answers. Needs ELASTIC_URL and ELASTIC_PASSWORD.
set -euo pipefail

for _ in $(seq "${TRIES:-60}"); do
	if curl --fail --silent --output /dev/null --user "elastic:$ELASTIC_PASSWORD" "$ELASTIC_URL/"; then
		exit 0
	fi
	sleep "${PAUSE:-5}"
done
echo 'Elasticsearch does not answer.' >&2
exit 1
