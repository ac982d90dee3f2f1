package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// SessionOptions say how a session lives and how its cookie travels. The zero value is a login on our own pages.
type SessionOptions struct {
	CrossSite bool          // for use inside other sites' frames: SameSite=None, Secure, Partitioned
	Idle      time.Duration // how long it lives unused; the server's default unless set
	Transient bool          // the cookie ends with the browser
	IssuedBy  string        // id of the key that issued it
}

// Session is a new session with the token that only its holder knows.
type Session struct {
	ID, Token string
	Expires   time.Time
	row       sessionRow
}

// OpenSession makes a session for a user; only the hash of its token is stored. Faults: NotFound.
func (s *Service) OpenSession(ctx context.Context, user string, o SessionOptions) (Session, error) {
	if o.Idle <= 0 {
		o.Idle = s.config.SessionAge
	}
	now, token := s.now(), secret.Token(32)
	row := sessionRow{
		Hash: secret.Hash(token), ID: newID(), UserID: user, IssuedBy: o.IssuedBy, CrossSite: o.CrossSite,
		Persistent: !o.Transient, IdleSeconds: int64(o.Idle / time.Second), CreatedAt: now, ExpiresAt: now.Add(o.Idle),
	}
	if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return Session{}, err
	}
	return Session{row.ID, token, row.ExpiresAt, row}, nil
}

// SwitchSession opens a session and ends the one that the request came with: a session never outlives a change of who
// it belongs to or what they are, so nobody can be made to use one that somebody else knows. Faults: Forbidden for a
// request from another site.
func (s *Service) SwitchSession(r *http.Request, user string, o SessionOptions) (Session, error) {
	if err := s.sameSite(r); err != nil {
		return Session{}, err
	}
	session, err := s.OpenSession(r.Context(), user, o)
	if err != nil {
		return Session{}, err
	}
	if cookie, err := r.Cookie(s.config.CookieName); err == nil {
		return session, s.CloseSession(r.Context(), cookie.Value)
	}
	return session, nil
}

// SetCookie gives the session to the browser.
func (s *Service) SetCookie(w http.ResponseWriter, session Session) {
	s.setCookie(w, session.Token, session.row)
}

// CloseSession ends a session by its token, on all replicas; one that isn't there is ended already.
func (s *Service) CloseSession(ctx context.Context, token string) error {
	hash := secret.Hash(token)
	s.held.Invalidate("s" + hash)
	return s.dropSessions(ctx, "hash = ?", hash)
}

func (s *Service) dropSessions(ctx context.Context, where string, arg any) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var organizations []string
		err := tx.NewRaw(`SELECT DISTINCT COALESCE(u.organization_id, '') FROM sessions x JOIN users u ON u.id = x.user_id
			WHERE x.`+where, arg).Scan(ctx, &organizations)
		if err != nil && !store.NotFound(err) {
			return err
		}
		if _, err := tx.NewDelete().Model((*sessionRow)(nil)).Where(where, arg).Exec(ctx); err != nil {
			return err
		}
		return touch(ctx, tx, organizations...)
	})
}

// Sweep removes what has expired: sessions, tokens, password resets.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now()
	for _, model := range []any{(*sessionRow)(nil), (*tokenRow)(nil), (*resetRow)(nil)} {
		if _, err := s.db.NewDelete().Model(model).Where("expires_at < ?", now).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// closeAll ends the sessions of somebody who may not come in any more, and passes the reason on.
func (s *Service) closeAll(ctx context.Context, reason error, hash string) error {
	if err := s.dropSessions(ctx, "hash = ?", hash); err != nil {
		return err
	}
	return reason
}

// Rolling resolves the session cookie once per request, keeps used sessions alive, and renews their cookies. It
// belongs around everything that calls Resolve.
func (s *Service) Rolling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(s.config.CookieName)
		if err != nil {
			next.ServeHTTP(w, r)
			return
		}
		h, err := s.bySession(r.Context(), cookie.Value)
		switch {
		case err != nil:
			r = remember(r, access.Principal{}, err)
			if fault.Is(err, fault.Forbidden) {
				s.ClearCookie(w)
			}
		case h.who.Kind != access.Anonymous:
			longer, err := s.prolong(r.Context(), h)
			if err != nil {
				s.config.Log.WarnContext(r.Context(), "a session wasn't prolonged", "error", err)
			} else if longer {
				s.setCookie(w, cookie.Value, h.session)
			}
			r = remember(r, h.who, s.sameSite(r))
		}
		next.ServeHTTP(w, r)
	})
}

func remember(r *http.Request, who access.Principal, err error) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), resolutionKey{}, resolution{who, err}))
}

// prolong moves a session's end, in steps: writing on every request would cost more than it tells.
func (s *Service) prolong(ctx context.Context, h held) (bool, error) {
	idle := time.Duration(h.session.IdleSeconds) * time.Second
	end := s.now().Add(idle)
	if end.Sub(h.session.ExpiresAt) < idle/100 {
		return false, nil
	}
	h.session.ExpiresAt, h.who.Expires = end, end
	if _, err := s.db.NewUpdate().Model(&h.session).Column("expires_at").WherePK().Exec(ctx); err != nil {
		return false, err
	}
	s.held.Set("s"+h.session.Hash, h)
	return true, nil
}

func (s *Service) setCookie(w http.ResponseWriter, token string, session sessionRow) {
	cookie := &http.Cookie{
		Name: s.config.CookieName, Value: token, Path: "/", HttpOnly: true,
		Secure: s.config.SecureCookies, SameSite: http.SameSiteLaxMode,
	}
	if session.Persistent {
		cookie.MaxAge = int(session.IdleSeconds)
	}
	if session.CrossSite {
		cookie.SameSite, cookie.Secure, cookie.Partitioned = http.SameSiteNoneMode, true, true
	}
	s.replaceCookie(w, cookie)
}

// ClearCookie takes the session's cookie back from the browser.
func (s *Service) ClearCookie(w http.ResponseWriter) {
	s.replaceCookie(w, &http.Cookie{Name: s.config.CookieName, Path: "/", MaxAge: -1, HttpOnly: true,
		Secure: s.config.SecureCookies, SameSite: http.SameSiteLaxMode})
}

// replaceCookie sets our cookie and takes back what was set before: a renewal must not follow a logout.
func (s *Service) replaceCookie(w http.ResponseWriter, cookie *http.Cookie) {
	kept := w.Header().Values("Set-Cookie")[:0:0]
	for _, line := range w.Header().Values("Set-Cookie") {
		if set, err := http.ParseSetCookie(line); err != nil || set.Name != cookie.Name {
			kept = append(kept, line)
		}
	}
	w.Header()["Set-Cookie"] = append(kept, cookie.String())
}

// EndSession ends the request's session; there may be none.
func (s *Service) EndSession(r *http.Request) error {
	cookie, err := r.Cookie(s.config.CookieName)
	if err != nil {
		return nil
	}
	return s.CloseSession(r.Context(), cookie.Value)
}

// Address is the caller's network address, as configured.
func (s *Service) Address(r *http.Request) string { return s.config.Address(r) }
