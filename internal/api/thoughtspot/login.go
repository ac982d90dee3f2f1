package thoughtspot

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/tenancy"
)

// login opens a session with a password.
func (f front) login(ctx context.Context, _ access.Principal, in requestIn) (api.With, error) {
	form := readForm(in.Request)
	username, password, remember := form.required("username"), form.text("password"), form.flag("rememberme")
	if form.err == nil {
		form.err = f.welcome(in.Request)
	}
	if form.err != nil {
		return api.With{}, form.err
	}
	id, err := f.sessions.Login(ctx, username, password, remember, f.sessions.Caller(in.Request))
	if err != nil {
		return api.With{}, err
	}
	return f.opened(id, remember, api.Status{Code: http.StatusNoContent}), nil
}

// welcome refuses a page of another site that would sign its visitors in under a name of its own choice: pages that
// sign in are this server's, or on an allowed origin.
func (f front) welcome(r *http.Request) error {
	origin := r.Header.Get("Origin")
	_, host, _ := strings.Cut(origin, "://")
	if origin == "" || host == r.Host || slices.Contains(f.sessions.Origins(), origin) {
		return nil
	}
	return fault.Coded(fault.Forbidden, "OriginNotAllowed", "The page's origin is not on the list of allowed origins")
}

// opened sets the session's cookie before an answer.
func (f front) opened(id string, remember bool, body any) api.With {
	return api.With{Body: body, Before: func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, f.sessions.Cookie(id, remember))
	}}
}

// authToken answers with a bare token for a user that the secret vouches for.
func (f front) authToken(ctx context.Context, _ access.Principal, in requestIn) (api.Raw, error) {
	request, err := f.readTrusted(in.Request)
	if err != nil {
		return nil, err
	}
	token, err := f.sessions.TrustedToken(ctx, request)
	if err != nil {
		return nil, err
	}
	return f.text(token), nil
}

func (f front) readTrusted(r *http.Request) (tenancy.TrustedRequest, error) {
	form := readForm(r)
	request := tenancy.TrustedRequest{
		Secret: form.required("secret_key"), Username: form.required("username"), Email: form.text("email"),
		DisplayName: form.text("display_name"), Level: form.required("access_level"), Object: form.text("id"),
		Org: form.number("orgid"), Groups: form.texts("groups"), AutoCreate: form.flag("autocreate"), Caller: f.sessions.Caller(r),
	}
	switch request.Level {
	case "", tenancy.FullAccess:
	case tenancy.OneObject:
		parsed, err := uuid.Parse(request.Object)
		if err != nil {
			form.fail("id", "the GUID of a Liveboard or visualization is required with REPORT_BOOK_VIEW")
		}
		request.Object = parsed.String()
	default:
		form.fail("access_level", "expected FULL or REPORT_BOOK_VIEW")
	}
	return request, form.err
}

// text answers with plain text and nothing around it.
func (f front) text(text string) api.Raw {
	return func(w http.ResponseWriter, r *http.Request) {
		f.allow(w, r)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(text)) // the caller may be gone
	}
}

// loginToken opens a session with a trusted token, and sends the browser on. The address is checked before the session
// is opened, and never followed when it isn't on the list.
func (f front) loginToken(ctx context.Context, _ access.Principal, in requestIn) (api.With, error) {
	form := readForm(in.Request)
	username, token := form.required("username"), form.required("auth_token")
	address, stay := form.text("redirect_url"), form.flag("no_url_redirection")
	if form.err == nil {
		form.err = f.welcome(in.Request)
	}
	if form.err != nil {
		return api.With{}, form.err
	}
	if !stay && address != "" && !f.redirectable(address) {
		return api.With{}, fault.New(fault.Invalid, "redirect_url: neither a path of this server nor on an allowed origin")
	}
	id, err := f.sessions.LoginToken(ctx, username, token, f.sessions.Caller(in.Request))
	if err != nil {
		return api.With{}, err
	}
	return f.opened(id, false, f.onward(address, stay)), nil
}

func (f front) onward(address string, stay bool) any {
	if stay {
		return api.Status{Code: http.StatusNoContent}
	}
	return api.Raw(func(w http.ResponseWriter, r *http.Request) {
		f.allow(w, r)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer") // the token may stand in this page's address
		if address != "" {
			w.Header().Set("Location", address)
			w.WriteHeader(http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>Signed in</title><p>You are signed in."))
	})
}

// logout ends the session on the server and clears its cookie.
func (f front) logout(ctx context.Context, who access.Principal, _ requestIn) (api.With, error) {
	if err := f.sessions.Logout(ctx, who); err != nil {
		return api.With{}, err
	}
	return f.opened("", false, api.Status{Code: http.StatusNoContent}), nil
}
