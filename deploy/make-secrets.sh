#!/bin/sh
# Makes the files that docker-compose.yml mounts as secrets, each for the one account that reads it. Run as root, in the
# folder of docker-compose.yml. What is there stays. The passwords of the two databases are made; the others are empty
# until somebody writes them: `printf %s "$PASSWORD" > secrets/casereview_smtp_password`.
set -eu
umask 077

FOLDER="${1:-secrets}"
POSTGRES=999 TEMPORAL=1000 UI=5000 SERVICE=10001

new() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# keep NAME ACCOUNT TEXT: a file of that account's alone, unless it is there.
keep() {
  [ -e "$FOLDER/$1" ] || printf %s "$3" > "$FOLDER/$1"
  chmod 600 "$FOLDER/$1"
  [ -n "${SAME_ACCOUNT:-}" ] || chown "$2:$2" "$FOLDER/$1"
}

mkdir -p "$FOLDER"
chmod 700 "$FOLDER"
for pair in temporal-db:temporal-server register-db:register-passfile; do
  [ -e "$FOLDER/${pair%:*}" ] || [ ! -e "$FOLDER/${pair#*:}" ] || {
    echo "$FOLDER/${pair#*:} is there without $FOLDER/${pair%:*}; restore both from the backup of your secrets." >&2
    exit 1
  }
done
keep temporal-db "$POSTGRES" "${TEMPORAL_DB_PASSWORD:-$(new)}"
keep temporal-server "$TEMPORAL" "$(cat "$FOLDER/temporal-db")"
keep register-db "$POSTGRES" "${REGISTER_DB_PASSWORD:-$(new)}"
keep register-passfile "$SERVICE" "register-db:5432:casereview:casereview:$(cat "$FOLDER/register-db")"
keep temporal-ui "$UI" ""
for name in smtp_password bounces_password notify_key notify_callback_token oidc_client_secret; do
  keep "casereview_$name" "$SERVICE" ""
done
echo "The secrets are in $FOLDER; put the key ring there as keys.json, of account $SERVICE and mode 600."
