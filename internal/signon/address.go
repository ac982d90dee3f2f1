package signon

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// LocalPath is a path of ours to go to after a login, from what a request asked for: a path, or an address at site.
// Whatever could lead elsewhere, or back into a login, becomes "/".
func LocalPath(wanted, site string) string {
	if path, ours := strings.CutPrefix(wanted, site+"/"); ours {
		wanted = "/" + path
	}
	if !strings.HasPrefix(wanted, "/") || strings.ContainsFunc(wanted, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	u, err := url.Parse(wanted)
	if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "/"
	}
	for _, closed := range []string{"/login", "/api"} {
		if u.Path == closed || strings.HasPrefix(u.Path, closed+"/") {
			return "/"
		}
	}
	return (&url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery, Fragment: u.Fragment}).String()
}

// Dial opens a network connection; the server passes one that refuses addresses it must not reach.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

const (
	answerLimit = 1 << 20 // bytes of a provider's answer
	answerTime  = 10 * time.Second
)

// client asks providers: past any proxy of the server's environment, without following redirects, and with bounds.
func (d Dial) client() *http.Client {
	transport := &http.Transport{DialContext: d, ForceAttemptHTTP2: true, TLSHandshakeTimeout: answerTime, IdleConnTimeout: time.Minute}
	return &http.Client{Transport: bounded{transport}, Timeout: answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// bounded cuts answers off at the limit.
type bounded struct{ *http.Transport }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.Transport.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, answerLimit), answer.Body}
	}
	return answer, err
}
