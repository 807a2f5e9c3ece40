#!/usr/bin/env bash
# Lets Elasticsearch download a small PyTorch model, and waits until it is complete.
# Needs ELASTIC_URL, ELASTIC_PASSWORD and MODEL, e.g. .multilingual-e5-small.
set -euo pipefail

ask() {
	curl --fail --silent --show-error --user "elastic:$ELASTIC_PASSWORD" "$@"
}

ask --request PUT --header 'Content-Type: application/json' --output /dev/null \
	--data '{"input":{"field_names":["text_field"]}}' "$ELASTIC_URL/_ml/trained_models/$MODEL"

for _ in $(seq "${TRIES:-120}"); do
	if ask "$ELASTIC_URL/_ml/trained_models/$MODEL?include=definition_status" |
		grep --quiet '"fully_defined" *: *true'; then
		exit 0
	fi
	sleep "${PAUSE:-5}"
done
echo "The model $MODEL was not downloaded in time." >&2
exit 1
