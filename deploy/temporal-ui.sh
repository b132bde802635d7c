#!/bin/sh
# Starts Temporal's UI with its sign-in client's secret out of a file; the image itself takes it by environment alone.
set -eu

: "${TEMPORAL_AUTH_CLIENT_SECRET_FILE:?TEMPORAL_AUTH_CLIENT_SECRET_FILE is not set; name the file, which may be empty.}"
TEMPORAL_AUTH_CLIENT_SECRET="$(cat "$TEMPORAL_AUTH_CLIENT_SECRET_FILE")"
export TEMPORAL_AUTH_CLIENT_SECRET
unset TEMPORAL_AUTH_CLIENT_SECRET_FILE

cd "${UI_HOME:-/home/ui-server}"
exec ./start-ui-server.sh
