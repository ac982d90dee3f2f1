package native

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
	"inlay/internal/oversight"
)

// Bounds of open pages.
const (
	mostPages   = 10_000 // of the server
	helloWithin = 10 * time.Second
	pageAlive   = 30 * time.Second // how often a page is asked whether it is still there
)

// PageRows tell open pages when to look at their credential again. A socket, and not a stream: browsers open few
// connections to a server at a time, and a page of the customer's may hold many frames.
func PageRows(s *oversight.Service, resolve func(*http.Request) (access.Principal, error)) []api.Operation {
	p := watcher{s, resolve, make(chan struct{}, mostPages)}
	return []api.Operation{
		{ID: "watchCredential", Method: "GET", Path: "/api/v1/inlay/watch", Auth: api.Public, Embed: true, Tag: "Operation", Endpoint: api.Handle(p.watch)},
	}
}

type watcher struct {
	oversight *oversight.Service
	resolve   func(*http.Request) (access.Principal, error)
	places    chan struct{}
}

func (p watcher) watch(context.Context, access.Principal, struct{}) (api.Raw, error) {
	select {
	case p.places <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable, "There are too many open pages; try again later")
	}
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() { <-p.places }()
		conn, err := websocket.Accept(w, r, nil) // from our own pages only
		if err != nil {
			return // Accept has answered
		}
		defer func() { _ = conn.CloseNow() }() // the other side may be gone
		p.serve(r, conn)
	}, nil
}

// serve reads the page's credential, and says "again" once it may have ended.
func (p watcher) serve(r *http.Request, conn *websocket.Conn) {
	hello, cancel := context.WithTimeout(r.Context(), helloWithin)
	defer cancel()
	_, text, err := conn.Read(hello)
	var said struct{ Authorization string }
	if err != nil || json.Unmarshal(text, &said) != nil {
		return
	}
	as := r.Clone(r.Context())
	if said.Authorization != "" {
		as.Header.Set("Authorization", said.Authorization)
	}
	who, err := p.resolve(as)
	told, leave := p.oversight.Watch(who)
	defer leave()
	if err == nil {
		who, err = p.resolve(as) // it may have ended before the watch began
	}
	if err == nil && who.Kind != access.Anonymous {
		wait(conn.CloseRead(r.Context()), conn, told)
	}
	again, cancel := context.WithTimeout(r.Context(), helloWithin)
	defer cancel()
	if conn.Write(again, websocket.MessageText, []byte(`{"type":"again"}`)) == nil {
		_ = conn.Close(websocket.StatusNormalClosure, "") // it was told all there is
	}
}

// wait waits until the page is to be told, or is gone.
func wait(ctx context.Context, conn *websocket.Conn, told <-chan struct{}) {
	alive := time.NewTicker(pageAlive)
	defer alive.Stop()
	for {
		select {
		case <-told:
			return
		case <-ctx.Done():
			return
		case <-alive.C:
			soon, cancel := context.WithTimeout(ctx, helloWithin)
			err := conn.Ping(soon)
			cancel()
			if err != nil {
				return
			}
		}
	}
}
