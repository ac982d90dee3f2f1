package native

import (
	"context"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
)

// IntegrationRows are the operations on accounts at chat, spreadsheet and source code services. No such account can be
// connected yet, so each of them answers as for somebody who connected none.
func IntegrationRows() []api.Operation {
	slack := unconnected("SlackInstallationNotFound", "Could not find a Slack installation for this organization")
	github := unconnected("", "Missing Github installation")
	return []api.Operation{
		{ID: "GetSlack", Method: "GET", Path: "/api/v1/slack", Auth: api.Session, Tag: "Integrations", Endpoint: slack},
		{ID: "DeleteSlack", Method: "DELETE", Path: "/api/v1/slack", Auth: api.Session, Tag: "Integrations", Endpoint: slack},
		op("getSlackChannels", slack),
		op("UpdateCustomSettings", slack),
		op("getAccessToken", unconnected("NotExists", "Cannot find user with refresh token")),
		op("getGithubListRepositories", github),
		op("uninstallGithubAppForOrganization", github),
	}
}

// unconnected answers that something isn't there.
func unconnected(code, message string) api.Endpoint {
	return api.Handle(func(context.Context, access.Principal, struct{}) (api.Empty, error) {
		return api.Empty{}, fault.Coded(fault.NotFound, code, "%s", message)
	})
}
