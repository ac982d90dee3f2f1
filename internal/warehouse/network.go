package warehouse

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Dial opens a network connection; the server passes one that refuses addresses it must not reach. Nil is the network
// itself.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Client makes HTTP requests through the dial: past any proxy of the server's environment, and without following
// redirects, which could carry credentials elsewhere.
func (d Dial) Client() *http.Client {
	transport := &http.Transport{DialContext: d, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: 15 * time.Second}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
