#!/bin/sh
# Prints the lines of .env that fix each image to what its tag means today: sh deploy/image-digests.sh >> .env
# A later line of .env stands; run it again for new versions, which .env or the environment names.
set -eu

[ ! -f .env ] || { set -a; . ./.env; set +a; }

# fix VARIABLE IMAGE
fix() {
  digest="$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$2")"
  case "$digest" in
    sha256:*) echo "$1=@$digest" ;;
    *) echo "The registry did not name the digest of $2." >&2; exit 1 ;;
  esac
}

TEMPORAL_VERSION="${TEMPORAL_VERSION:-1.32.0}"
fix POSTGRES_DIGEST "postgres:${POSTGRES_VERSION:-16}"
fix TEMPORAL_SERVER_DIGEST "temporalio/server:$TEMPORAL_VERSION"
fix TEMPORAL_TOOLS_DIGEST "temporalio/admin-tools:$TEMPORAL_VERSION"
fix TEMPORAL_UI_DIGEST "temporalio/ui:${TEMPORAL_UI_VERSION:-2.54.1}"
fix PYTHON_DIGEST "python:3.12-slim"
