package tenancy

import "testing"

// TestH77_the_cookie_of_a_trusted_session has the attributes that browsers need in and outside of other sites' frames.
func TestH77_the_cookie_of_a_trusted_session(t *testing.T) {
	for name, c := range map[string]struct {
		embedding, remember bool
		id, want            string
	}{
		"by itself":            {false, false, "x", "JSESSIONID=x; Path=/; HttpOnly; SameSite=Lax"},
		"remembered":           {false, true, "x", "JSESSIONID=x; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"},
		"in frames":            {true, false, "x", "JSESSIONID=x; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"},
		"remembered in frames": {true, true, "x", "JSESSIONID=x; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=None; Partitioned"},
		"ended":                {false, false, "", "JSESSIONID=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"},
		"ended in frames":      {true, false, "", "JSESSIONID=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=None; Partitioned"},
	} {
		s := &Service{options: Options{Embedding: c.embedding}}
		if got := s.Cookie(c.id, c.remember).String(); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
