#!/bin/sh
# Creates the namespace with its retention and registers every search attribute of workflows/attributes.py.
# Safe to run again: what is there stays, a changed retention is applied. TEMPORAL_ADDRESS names the server.
set -eu

: "${TEMPORAL_ADDRESS:?TEMPORAL_ADDRESS is not set; name the Temporal server as host:port.}"
: "${TEMPORAL_NAMESPACE:?TEMPORAL_NAMESPACE is not set; name the namespace of the cases.}"
RETENTION="${RETENTION:-365d}"
export TEMPORAL_ADDRESS TEMPORAL_NAMESPACE

attributes() {
  cat <<'ATTRIBUTES'
CaseStage Keyword
CaseCouncil Keyword
NextDeadline Datetime
NextDeadlineKind Keyword
MustAct Keyword
Breached Bool
Overdue Keyword
Stuck Bool
Demo Bool
CaseEvents Int
ATTRIBUTES
}

# wait_for WHAT COMMAND...: COMMAND until it succeeds, for a minute at most.
wait_for() {
  what="$1"
  shift
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      echo "$what at $TEMPORAL_ADDRESS is not ready after a minute; look at the temporal service's log." >&2
      exit 1
    fi
    sleep 1
  done
}

wait_for "Temporal" temporal operator cluster health

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" >/dev/null
  echo "Namespace $TEMPORAL_NAMESPACE is there; closed cases stay $RETENTION."
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" >/dev/null
  echo "Namespace $TEMPORAL_NAMESPACE is created; closed cases stay $RETENTION."
fi

wait_for "Namespace $TEMPORAL_NAMESPACE" temporal operator search-attribute list
registered="$(temporal operator search-attribute list)"

attributes | while read -r name type; do
  now="$(printf '%s\n' "$registered" | awk -v name="$name" '$1 == name { print $2 }')"
  case "$now" in
    "$type") echo "Search attribute $name ($type) is there." ;;
    "")
      temporal operator search-attribute create --name "$name" --type "$type" >/dev/null
      echo "Search attribute $name ($type) is registered."
      ;;
    *)
      echo "Search attribute $name is a $now and must be a $type; remove it from the namespace and run this again." >&2
      exit 1
      ;;
  esac
done
