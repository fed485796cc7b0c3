#!/usr/bin/env bash
# A walk through the ten operations of the Projects API, then through the five of the v1 API's page. Prints every request and its answer,
# and stops at the first surprise.
#
#   npm start            in another terminal
#   npx bulkhead demo    once: an organization with people
#   ./tour.sh
#
# URL, ORG and EMAIL choose another server, organization and owner or admin of it; with TOKEN the command line is not asked for one.
set -euo pipefail
cd "$(dirname "$0")"

URL=${URL:-http://127.0.0.1:3000}
ORG=${ORG:-acme-fleet}
EMAIL=${EMAIL:-mara.lindqvist@acme-fleet.example}
TOKEN=${TOKEN:-$(npx bulkhead token create --user "$EMAIL" --org "$ORG" --name tour)}
SLUG=tour-$(date +%s)-$$

say() { printf '\n\n# %s\n' "$1"; }

# call STATUS METHOD PATH [BODY]: sends, prints, leaves the body in ANSWER, and ends the tour unless the status is the expected one.
call() {
  local expected=$1 method=$2 path=$3 said status
  local args=(-sS -X "$method" -w '\n%{http_code}')
  [ -z "${TOKEN:-}" ] || args+=(-H "Authorization: Bearer $TOKEN")
  [ $# -lt 4 ] || args+=(-H 'Content-Type: application/json' --data "$4")
  printf '\n%s %s %s\n' "$method" "$path" "${4:-}"
  said=$(curl "${args[@]}" "$URL$path")
  status=${said##*$'\n'}
  ANSWER=${said%$'\n'*}
  printf '%s %s\n' "$status" "$ANSWER"
  if [ "$status" != "$expected" ]; then
    printf '\nA surprise: %s %s answered %s, not %s.\n' "$method" "$path" "$status" "$expected" >&2
    exit 1
  fi
}

# The first value of a field in ANSWER.
field() { [[ $ANSWER =~ \"$1\":\"([^\"]*)\" ]] && printf '%s' "${BASH_REMATCH[1]}"; }

# Ends the tour unless ANSWER contains this text.
expect() {
  [[ $ANSWER == *"$1"* ]] || { printf '\nA surprise: the answer should contain %s.\n' "$1" >&2; exit 1; }
}

say '1. List the projects that you see'
call 200 GET "/orgs/$ORG/projects"
TOKEN='' call 401 GET "/orgs/$ORG/projects"

say '2. Create a project: you own it, and it has the environment default'
call 201 POST "/orgs/$ORG/projects" "{\"name\":\"Tour\",\"slug\":\"$SLUG\"}"
ID=$(field id)
call 409 POST "/orgs/$ORG/projects" "{\"name\":\"Tour\",\"slug\":\"$SLUG\"}"

say '3. Get it, by slug or by id'
call 200 GET "/orgs/$ORG/projects/$SLUG"
call 200 GET "/orgs/$ORG/projects/$ID"
call 404 GET "/orgs/$ORG/projects/$SLUG-nowhere"

say '4. Update it'
call 200 PUT "/orgs/$ORG/projects/$SLUG" '{"name":"The tour","metadata":{"tier":"gold"}}'
expect '"metadata":{"tier":"gold"}'
call 400 PUT "/orgs/$ORG/projects/$SLUG" '{"name":5}'

say '5. List its members'
call 200 GET "/orgs/$ORG/projects/$SLUG/members"

say '6. Add a person of the organization, in one environment only'
call 200 GET /me
ME=$(field id)
call 200 GET "/orgs/$ORG/members?limit=2"
OTHER=$(field userId)
[ "$OTHER" != "$ME" ] || { ANSWER=${ANSWER#*'},{'} && OTHER=$(field userId); }
[ "$OTHER" != "$ME" ] || { echo "The tour needs a second person in $ORG; see npx bulkhead user create." >&2; exit 1; }
call 201 POST "/orgs/$ORG/projects/$SLUG/members" "{\"userId\":\"$OTHER\",\"role\":\"viewer\",\"envName\":\"default\"}"
call 400 POST "/orgs/$ORG/projects/$SLUG/members" "{\"userId\":\"$OTHER\",\"envName\":\"nowhere\"}"

say '7. Limit the member to cells, and open all cells again'
call 200 PUT "/orgs/$ORG/projects/$SLUG/members/$OTHER/cell-scopes" '{"cellScopes":["eu","us"]}'
expect '"cellScopes":["eu","us"]'
call 200 PUT "/orgs/$ORG/projects/$SLUG/members/$OTHER/cell-scopes" '{"cellScopes":null}'
expect '"cellScopes":null'

say '8. Remove the member'
call 200 DELETE "/orgs/$ORG/projects/$SLUG/members/$OTHER"
call 404 DELETE "/orgs/$ORG/projects/$SLUG/members/$ID"

say '9. Nuke the project, with tokens of its own: a viewer may not, an admin may, and a second time finds nothing'
call 201 POST "/$ORG/$SLUG/entity-types" '{"name":"Cluster","states":["active"],"initialState":"active"}'
call 201 POST "/$ORG/$SLUG/envs/default/entities" '{"entityType":"Cluster","name":"berlin-1"}'
call 201 POST "/$ORG/$SLUG/tokens" '{"name":"viewer","role":"viewer"}'
VIEWER=$(field token)
call 201 POST "/$ORG/$SLUG/tokens" '{"name":"admin","role":"admin"}'
ADMIN=$(field token)
TOKEN=$VIEWER call 403 DELETE "/$ORG/$SLUG/nuke"
TOKEN=$ADMIN call 200 DELETE "/$ORG/$SLUG/nuke"
expect '"entities":1'
TOKEN=$ADMIN call 200 DELETE "/$ORG/$SLUG/nuke"
expect '"entities":0'

say '10. Delete it'
call 200 DELETE "/orgs/$ORG/projects/$SLUG"
call 404 GET "/orgs/$ORG/projects/$SLUG"

say '11. The same through the v1 API: create a project, whose creator you are'
call 201 POST /v1/projects '{"name":"new-project"}'
ID=$(field id)
expect '"roles":["creator"]'

say '12. List the newest of yours, get it, rename it'
call 200 GET '/v1/projects?last=1'
expect "\"id\":\"$ID\""
call 200 GET "/v1/projects/$ID"
expect '"membersCount":1'
call 204 PATCH "/v1/projects/$ID" '{"name":"renamed"}'
call 422 PATCH "/v1/projects/$ID" '{"name":""}'

say '13. It is the same project in the Org API'
call 200 GET "/orgs/$ORG/projects/$ID"
expect '"name":"renamed"'

say '14. Delete it'
call 200 DELETE "/v1/projects/$ID"
expect '"deleted":true'
call 404 GET "/v1/projects/$ID"

printf '\n\nTen operations and five, no surprise.\n'
