#!/bin/sh
# Creates Temporal's two databases or brings their schema to this server version. Safe to run again;
# run it before every server upgrade, with the admin-tools image of the new version.
set -eu

: "${SQL_HOST:?SQL_HOST is not set; name the PostgreSQL server.}"
: "${SQL_USER:?SQL_USER is not set; name the PostgreSQL user.}"
: "${SQL_PASSWORD_FILE:?SQL_PASSWORD_FILE is not set; name the file with the password of SQL_USER.}"
SQL_PASSWORD="$(cat "$SQL_PASSWORD_FILE")"
SQL_PORT="${SQL_PORT:-5432}"
SQL_PLUGIN="${SQL_PLUGIN:-postgres12}"
SCHEMA="${SCHEMA:-/etc/temporal/schema/postgresql/v12}"
export SQL_HOST SQL_PORT SQL_USER SQL_PASSWORD SQL_PLUGIN

bring_up_to_date() {
  temporal-sql-tool --db "$1" create
  temporal-sql-tool --db "$1" setup-schema -v 0.0
  temporal-sql-tool --db "$1" update-schema -d "$SCHEMA/$2/versioned"
  echo "Database $1 has the schema of this server version."
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
