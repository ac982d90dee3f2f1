package tenancy

import (
	"context"
	"net/http"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// CookieName is the cookie of ThoughtSpot sessions.
const CookieName = "JSESSIONID"

// Resolve finds who a request comes from, by any credential of an embedding front. It says false when the request
// carries none of ours, so that others may look. Faults: Unauthenticated, with code TokenExpired, TokenInvalid,
// TokenRevoked or SessionExpired; Forbidden with code RequestedBy when a cookie comes without proof that our own page
// or the customer's script sent it.
func (s *Service) Resolve(r *http.Request) (access.Principal, bool, error) {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
		token = strings.TrimSpace(token)
		switch strings.ToLower(scheme) {
		case "bearer":
			return s.ResolveToken(r.Context(), token)
		case "embed-token":
			p, err := s.ResolveEmbed(r.Context(), token)
			return p, true, err
		}
		return access.Principal{}, false, nil
	}
	cookie, err := r.Cookie(CookieName)
	if err != nil || cookie.Value == "" {
		return access.Principal{}, false, nil
	}
	p, err := s.resolveSession(r.Context(), cookie.Value)
	if err == nil && !deliberate(r) {
		err = fault.Coded(fault.Forbidden, "RequestedBy", "A request that changes something with a cookie needs the header X-Requested-By")
	}
	if err != nil {
		return access.Principal{}, true, err
	}
	return p, true, nil
}

// ResolveToken finds who a bare token belongs to; false when it isn't one of ours.
func (s *Service) ResolveToken(ctx context.Context, token string) (access.Principal, bool, error) {
	var p access.Principal
	var err error
	switch {
	case strings.HasPrefix(token, trustedPrefix):
		p, err = s.resolveTrusted(ctx, token)
	case strings.Count(token, ".") != 2:
		return access.Principal{}, false, nil
	default:
		switch audienceOf(token) {
		case tenantAudience:
			p, err = s.resolveTenant(ctx, token)
		case embedAudience:
			p, err = s.ResolveEmbed(ctx, token)
		case dataAudience:
			p, err = s.resolveData(ctx, token)
		default:
			return access.Principal{}, false, nil
		}
	}
	return p, true, err
}

// deliberate tells whether a request can't be another site's doing: it changes nothing, or a header says so that only
// a script may set, or the browser says that our own page sent it.
func deliberate(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return r.Header.Get("X-Requested-By") != "" || r.Header.Get("Sec-Fetch-Site") == "same-origin"
}
