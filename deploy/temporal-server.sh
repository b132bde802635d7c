#!/bin/sh
# Starts Temporal's server with the database's password out of a file; the image itself takes it by environment alone.
set -eu

: "${POSTGRES_PWD_FILE:?POSTGRES_PWD_FILE is not set; name the file with the password of POSTGRES_USER.}"
POSTGRES_PWD="$(cat "$POSTGRES_PWD_FILE")"
: "${TEMPORAL_BROADCAST_ADDRESS:=$(hostname -i | awk '{ print $1 }')}"
export POSTGRES_PWD TEMPORAL_BROADCAST_ADDRESS
unset POSTGRES_PWD_FILE

[ ! -x "${ENTRYPOINT:=/etc/temporal/entrypoint.sh}" ] || exec "$ENTRYPOINT"
exec temporal-server start
