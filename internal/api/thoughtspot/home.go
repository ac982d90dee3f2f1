package thoughtspot

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
)

// setHome makes a Liveboard the home of the caller, or of a user that they administer.
func (f front) setHome(ctx context.Context, who access.Principal, in requestIn) (api.Status, error) {
	form := readForm(in.Request)
	id, user := form.required("id"), form.text("userid")
	if form.err != nil {
		return api.Status{}, form.err
	}
	dashboard, err := uuid.Parse(id)
	if err != nil {
		return api.Status{}, fault.New(fault.NotFound, "id: there is no such Liveboard")
	}
	if user == "" {
		user = who.User
	}
	if uuid.Validate(user) != nil {
		return api.Status{}, fault.New(fault.Invalid, "userid: not a GUID")
	}
	if err := f.sessions.SetHome(ctx, who, strings.ToLower(user), dashboard.String()); err != nil {
		return api.Status{}, err
	}
	return api.Status{Code: http.StatusNoContent}, nil
}

// home answers with the bare GUID, or with a JSON string for callers that ask for JSON; nothing when there is none.
func (f front) home(ctx context.Context, who access.Principal, in requestIn) (api.Raw, error) {
	id, err := f.sessions.Home(ctx, who)
	if err != nil {
		return nil, err
	}
	if id != "" && strings.Contains(in.Request.Header.Get("Accept"), "application/json") {
		return func(w http.ResponseWriter, r *http.Request) { f.answer(w, r, http.StatusOK, id, true) }, nil
	}
	return f.text(id), nil
}

func (f front) clearHome(ctx context.Context, who access.Principal, _ requestIn) (api.Empty, error) {
	return api.Empty{}, f.sessions.ClearHome(ctx, who)
}
