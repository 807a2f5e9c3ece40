#!/usr/bin/env bash
# Makes an API key with what the run needs, and prints it, encoded. Needs ELASTIC_URL and ELASTIC_PASSWORD.
set -euo pipefail

curl --fail --silent --show-error --user "elastic:$ELASTIC_PASSWORD" \
	--header 'Content-Type: application/json' \
	--data '{"name":"conformance","expiration":"1d","role_descriptors":{"conformance":{"cluster":["manage_ml","monitor"]}}}' \
	"$ELASTIC_URL/_security/api_key" |
	node --print 'JSON.parse(require("fs").readFileSync(0, "utf8")).encoded'
