package thoughtspot

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

type orgList struct {
	Orgs      []org `json:"orgs"`
	Every     bool  `json:"canAdministerAllOrgs"`
	CurrentID int64 `json:"currentOrgId"`
}

type org struct {
	ID          int64  `json:"orgId"`
	Name        string `json:"orgName"`
	Description string `json:"description"`
	AllGroup    string `json:"allUserGroupId"`
	AdminGroup  string `json:"defaultAdminUserGroupId"`
	Active      bool   `json:"isActive"`
}

// wireOrgs translates. The two groups stand for everybody and for the administrators of an Org; they are no groups of
// ours, so their GUIDs are made from the Org's.
func wireOrgs(from tenancy.Orgs) orgList {
	list := orgList{Orgs: []org{}, Every: from.Every, CurrentID: from.Current}
	for _, o := range from.All {
		description := ""
		if o.Primary {
			description = "Primary Org"
		}
		list.Orgs = append(list.Orgs, org{o.Number, o.Name, description, derived(o.UUID, "all users"), derived(o.UUID, "administrators"), true})
	}
	return list
}

func derived(id, name string) string {
	return uuid.NewSHA1(uuid.Nil, []byte(id+" "+name)).String()
}

// orgs lists the caller's Orgs. Without a batch size all are listed from the offset on.
func (f front) orgs(ctx context.Context, who access.Principal, in requestIn) (orgList, error) {
	form := readForm(in.Request)
	size, offset := form.number("batchsize"), form.number("offset")
	if form.err != nil {
		return orgList{}, form.err
	}
	found, err := f.sessions.OrgsOf(ctx, who, who.User)
	if err != nil {
		return orgList{}, err
	}
	if offset != nil && *offset > 0 {
		found.All = found.All[min(*offset, int64(len(found.All))):]
	}
	if size != nil && *size >= 0 {
		found.All = found.All[:min(*size, int64(len(found.All)))]
	}
	return wireOrgs(found), nil
}

type userOrgsIn struct {
	User    string        `path:"userid"`
	Request *http.Request `http:""`
}

func (f front) userOrgs(ctx context.Context, who access.Principal, in userOrgsIn) (orgList, error) {
	form := readForm(in.Request)
	if scope := form.text("orgScope"); scope != "" && scope != "ALL" {
		form.fail("orgScope", "expected ALL")
	}
	if form.err != nil {
		return orgList{}, form.err
	}
	found, err := f.sessions.OrgsOf(ctx, who, in.User)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Forbidden, "The user isn't one of yours")
	}
	return wireOrgs(found), err
}

// switchOrg moves the session to another Org; the cookie changes with it.
func (f front) switchOrg(ctx context.Context, who access.Principal, in requestIn) (api.With, error) {
	form := readForm(in.Request)
	number := form.number("orgid")
	if form.err == nil && number == nil {
		form.fail("orgid", "required")
	}
	if form.err == nil && *number < tenancy.EveryOrg {
		form.fail("orgid", "not the number of an Org")
	}
	if form.err != nil {
		return api.With{}, form.err
	}
	id, remember, err := f.sessions.SwitchOrg(ctx, who, *number)
	if err != nil {
		return api.With{}, err
	}
	return f.opened(id, remember, api.Status{Code: http.StatusNoContent}), nil
}
