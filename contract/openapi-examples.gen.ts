// Made by `npm run test:unit -- test/http/operations.test.ts --update`, which sends each of them. Do not edit.

/** A body of each operation that takes one. */
export const requestExamples: Record<string, unknown> = {
  "catalog.apply": {
    "items": [
      {
        "kind": "Entity",
        "entityType": "server",
        "name": "web-3"
      }
    ],
    "force": false,
    "deletions": [
      {
        "kind": "RelationshipType",
        "name": "unused"
      }
    ],
    "dryRun": false
  },
  "catalogRevisions.apply": {
    "force": true,
    "dryRun": true
  },
  "cells.create": {
    "kind": "Cell",
    "name": "us",
    "displayName": "US",
    "entityType": "server",
    "placementPolicy": "random",
    "constraints": [],
    "parentCells": [
      "eu"
    ],
    "membership": {
      "derivedFrom": {
        "property": "region"
      }
    }
  },
  "cells.replace": {
    "kind": "Cell",
    "displayName": "Europe",
    "entityType": "server",
    "placementPolicy": "random",
    "constraints": [],
    "parentCells": [],
    "membership": {
      "derivedFrom": {
        "property": "region"
      }
    }
  },
  "entities.create": {
    "kind": "Entity",
    "entityType": "server",
    "name": "web-2",
    "state": "active",
    "properties": {
      "region": "eu"
    },
    "labels": {
      "team": "a"
    }
  },
  "entities.pushMetrics": {
    "metrics": {
      "load": 1.5
    }
  },
  "entities.update": {
    "kind": "Entity",
    "state": "failed",
    "properties": {
      "region": "eu"
    },
    "labels": {
      "team": "a"
    }
  },
  "entityTypes.create": {
    "kind": "EntityType",
    "name": "database",
    "states": [
      "active"
    ],
    "initialState": "active",
    "displayName": "Database",
    "properties": [],
    "metrics": [],
    "constraints": []
  },
  "entityTypes.replace": {
    "kind": "EntityType",
    "states": [
      "active"
    ],
    "initialState": "active",
    "displayName": "Spare",
    "properties": [],
    "metrics": [],
    "constraints": []
  },
  "environments.create": {
    "name": "production"
  },
  "factors.confirmTotp": {
    "code": "123456"
  },
  "factors.renamePasskey": {
    "name": "key ring"
  },
  "identities.link": {
    "next": "/"
  },
  "invitations.accept": {
    "name": "New",
    "password": "correct horse battery"
  },
  "invitations.create": {
    "invitations": [
      {
        "email": "payments-new@elsewhere.test",
        "role": "member",
        "projects": [
          {
            "slug": "payments",
            "role": "viewer",
            "envName": "staging",
            "cellScopes": [
              "eu"
            ],
            "expiresAt": "2027-01-31T00:00:00Z"
          }
        ]
      }
    ]
  },
  "me.changePassword": {
    "password": "correct horse battery",
    "newPassword": "tuesday apricot lantern"
  },
  "me.reauthenticate": {
    "password": "correct horse battery"
  },
  "memberChanges.apply": {
    "changes": [
      {
        "action": "add",
        "projectId": "payments",
        "userId": "019b0000-0000-7000-8000-000000000000",
        "role": "viewer"
      }
    ]
  },
  "members.add": {
    "userId": "019b0000-0000-7000-8000-000000000000",
    "role": "viewer",
    "envName": "staging",
    "cellScopes": [
      "eu"
    ],
    "permissions": [
      "read:*"
    ],
    "expiresAt": "2027-01-31T00:00:00Z"
  },
  "members.setCellScopes": {
    "cellScopes": [
      "eu"
    ]
  },
  "members.update": {
    "role": "member",
    "envName": "staging",
    "cellScopes": [
      "eu"
    ],
    "expiresAt": "2027-01-31T00:00:00Z"
  },
  "notices.mark": {
    "read": true
  },
  "nuke.nuke": {
    "confirm": "payments",
    "reason": "Test data"
  },
  "nuke.purgeWipe": {
    "confirm": "payments"
  },
  "nuke.restoreWipe": {
    "reason": "Still needed"
  },
  "orgTokens.create": {
    "name": "ci",
    "role": "viewer",
    "envName": "staging",
    "cellScopes": [
      "eu"
    ],
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.0/8"
    ]
  },
  "orgTokens.rotate": {
    "overlapSeconds": 60
  },
  "orgTokens.update": {
    "name": "cd",
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.0/8"
    ]
  },
  "organizationFile.apply": {
    "file": {
      "version": 1,
      "projects": [
        {
          "slug": "payments",
          "name": "payments",
          "environments": [
            "default",
            "from-a-file"
          ]
        }
      ]
    },
    "revision": "a revision that a plan answered"
  },
  "organizationFile.plan": {
    "file": {
      "version": 1,
      "projects": [
        {
          "slug": "payments",
          "name": "payments",
          "environments": [
            "default",
            "from-a-file"
          ]
        }
      ]
    }
  },
  "organizations.setRole": {
    "role": "viewer"
  },
  "organizations.update": {
    "name": "Acme",
    "maxTokenLifetimeDays": null,
    "shortenTokens": false,
    "requireNukeReason": false
  },
  "passwordResets.request": {
    "email": "guest@acme.test"
  },
  "passwordResets.reset": {
    "password": "tuesday apricot lantern"
  },
  "peopleReview.mark": {
    "fingerprint": "1a5ffbcbad19cf9b4f27b82a90a670da"
  },
  "personalTokens.create": {
    "name": "laptop",
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.1",
      "2001:db8::/32"
    ]
  },
  "personalTokens.update": {
    "name": "desk",
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.1"
    ]
  },
  "projects.create": {
    "name": "New",
    "slug": "payments-new"
  },
  "projects.delete": {
    "reason": "Test data"
  },
  "projects.protect": {
    "protected": true,
    "reason": "Migration"
  },
  "projects.purge": {
    "confirm": "payments-purgeable"
  },
  "projects.restore": {
    "reason": "Still needed"
  },
  "projects.update": {
    "name": "Renamed",
    "metadata": {
      "tier": "gold"
    }
  },
  "relationshipTypes.create": {
    "kind": "RelationshipType",
    "name": "backs-up",
    "displayName": "Backs up",
    "from": "server",
    "to": "server",
    "cardinality": "many-to-one",
    "states": [
      "up"
    ],
    "properties": [
      {
        "name": "share",
        "type": "number"
      }
    ],
    "constraints": [
      {
        "type": "property-sum",
        "property": "share",
        "leq": "{{ to.metrics.load }}"
      }
    ]
  },
  "relationshipTypes.replace": {
    "kind": "RelationshipType",
    "displayName": "Unused",
    "from": "server",
    "to": "server",
    "cardinality": "one-to-one",
    "states": [
      "up"
    ],
    "properties": [],
    "constraints": []
  },
  "relationships.create": {
    "kind": "Relationship",
    "relationshipType": "peers",
    "from": "web-9",
    "to": "web-8",
    "state": "down",
    "properties": {},
    "labels": {
      "team": "a"
    }
  },
  "relationships.setState": {
    "state": "down"
  },
  "relationships.update": {
    "kind": "Relationship",
    "state": "down",
    "properties": {},
    "labels": {
      "team": "a"
    }
  },
  "repoLinks.create": {
    "provider": "gitlab",
    "repository": "acme/infra",
    "branch": "main",
    "path": "/"
  },
  "secrets.create": {
    "kind": "Secret",
    "name": "api-key",
    "description": "For the API"
  },
  "secrets.replace": {
    "kind": "Secret",
    "description": "For the database"
  },
  "secrets.setValue": {
    "value": "correct horse"
  },
  "sessions.secondStep": {
    "recoveryCode": "k7qd-9mxa-3hfe-vw2t"
  },
  "sessions.signIn": {
    "email": "orgowner@acme.test",
    "password": "correct horse battery"
  },
  "tokens.create": {
    "name": "ci",
    "role": "viewer",
    "envName": "staging",
    "cellScopes": [
      "eu"
    ],
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.0/8"
    ]
  },
  "tokens.rotate": {
    "overlapSeconds": 60
  },
  "tokens.update": {
    "name": "cd",
    "expiresAt": "2027-01-31T00:00:00Z",
    "allowedAddresses": [
      "127.0.0.0/8"
    ]
  },
  "viewAs.start": {
    "userId": "019b0000-0000-7000-8000-000000000000"
  },
  "webhooks.create": {
    "url": "https://siem.example.com/bulkhead",
    "description": "SIEM",
    "events": [
      "project.nuked",
      "member.*"
    ],
    "projects": [
      "payments"
    ],
    "enabled": true
  },
  "webhooks.rotateSecret": {
    "overlapSeconds": 3600
  },
  "webhooks.update": {
    "url": "https://siem.example.com/other",
    "description": "",
    "events": null,
    "projects": null,
    "enabled": true
  }
}
