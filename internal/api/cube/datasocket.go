package cube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/fault"
)

// Bounds of sockets.
const (
	mostSockets       = 1000 // of the server
	mostSubscriptions = 50   // of a socket
	atOnce            = 8    // messages of a socket that are worked on
	helloWithin       = 10 * time.Second
	sendWithin        = 10 * time.Second
	pollInterval      = 5 * time.Second // how often a subscription asks again
)

// socket speaks the data API over a WebSocket, as the transport of the original's client does: a message with the token
// first, then messages with a method each.
func (d data) socket(context.Context, access.Principal, struct{}) (api.Raw, error) {
	select {
	case d.sockets <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable, "There are too many sockets; try again later")
	}
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() { <-d.sockets }()
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // any origin may call: no cookie counts
		if err != nil {
			return // Accept has answered
		}
		conn.SetReadLimit(maxBody)
		ctx, stop := context.WithCancel(r.Context())
		s := &socket{data: d, conn: conn, ctx: ctx, slots: make(chan struct{}, atOnce), subscriptions: map[string]context.CancelFunc{}}
		s.serve()
		stop()
		s.working.Wait()
		_ = conn.CloseNow() // the other side may be gone
	}, nil
}

// socket is one open connection.
type socket struct {
	data
	conn          *websocket.Conn
	ctx           context.Context
	token         string
	slots         chan struct{}
	working       sync.WaitGroup
	mu            sync.Mutex
	subscriptions map[string]context.CancelFunc
}

// socketMessage is what clients send.
type socketMessage struct {
	Authorization *string         `json:"authorization"`
	Unsubscribe   *messageID      `json:"unsubscribe"`
	ID            messageID       `json:"messageId"`
	RequestID     string          `json:"requestId"`
	Method        string          `json:"method"`
	Params        json.RawMessage `json:"params"`
}

// messageID is a text or a number, and answered as a text.
type messageID string

func (m *messageID) UnmarshalJSON(text []byte) error {
	id := strings.Trim(string(text), `"`)
	if len(id) > 16 || strings.ContainsAny(id, "{[\\") {
		return errors.New("messageId must be a short text or a number")
	}
	*m = messageID(id)
	return nil
}

type socketAnswer struct {
	ID      messageID `json:"messageId,omitempty"`
	Message any       `json:"message"`
	Status  int       `json:"status"`
}

type processed struct {
	ID messageID `json:"messageProcessedId"`
}

// serve reads until the other side leaves, or says nothing that gives it a right to stay.
func (s *socket) serve() {
	for {
		ctx, cancel := s.ctx, context.CancelFunc(func() {})
		if s.token == "" {
			ctx, cancel = context.WithTimeout(s.ctx, helloWithin)
		}
		_, text, err := s.conn.Read(ctx)
		cancel()
		if err != nil {
			return
		}
		var m socketMessage
		if err := json.Unmarshal(text, &m); err != nil {
			s.send(socketAnswer{Message: dataError{Error: "Invalid message: " + err.Error()}, Status: http.StatusBadRequest})
			continue
		}
		s.take(m)
	}
}

func (s *socket) take(m socketMessage) {
	switch {
	case m.Authorization != nil:
		s.authorize(*m.Authorization)
	case m.Unsubscribe != nil:
		s.unsubscribe(*m.Unsubscribe)
	case s.token == "":
		s.send(socketAnswer{m.ID, dataError{Error: "Not authorized"}, http.StatusForbidden})
	case m.Method == "subscribe":
		s.subscribe(m)
	default:
		select {
		case s.slots <- struct{}{}:
		case <-s.ctx.Done():
			return
		}
		s.working.Go(func() {
			defer func() { <-s.slots }()
			status, body := s.ask(s.ctx, m)
			s.send(socketAnswer{m.ID, body, status})
			s.send(processed{m.ID})
		})
	}
}

func (s *socket) authorize(token string) {
	if _, err := s.resolve(s.ctx, token); err != nil {
		status, body := dataFault(fault.As(err))
		s.send(socketAnswer{Message: body, Status: status})
		return
	}
	s.token = token
	s.send(map[string]bool{"handshake": true})
}

// ask answers one message as its operation would. The token is looked at each time: it may have been revoked.
func (s *socket) ask(ctx context.Context, m socketMessage) (int, any) {
	who, err := s.resolve(ctx, s.token)
	if err != nil {
		return dataFault(fault.As(err))
	}
	in := requestIn{m.request(ctx)}
	found, err := guarded(func() (any, error) {
		switch m.Method {
		case "load", "subscribe":
			return s.load(ctx, who, in)
		case "sql":
			return s.sql(ctx, who, in)
		case "dry-run":
			return s.dryRun(ctx, who, in)
		case "meta":
			return s.meta(ctx, who, in)
		case "cubesql":
			return nil, notBuilt("SQL over cubes")
		}
		return nil, invalid("Invalid method %q: expected load, sql, dry-run, meta or subscribe", m.Method)
	})
	if err != nil {
		return dataFault(fault.As(err))
	}
	return http.StatusOK, found
}

// request is the message as the operations know requests.
func (m socketMessage) request(ctx context.Context) *http.Request {
	var flags map[string]any
	_ = json.Unmarshal(m.Params, &flags) // the operation says what is wrong with it
	values := url.Values{}
	for _, name := range []string{"extended", "onlyViews"} {
		if flags[name] == true || flags[name] == "true" {
			values.Set(name, "true")
		}
	}
	r := &http.Request{Method: http.MethodPost, URL: &url.URL{RawQuery: values.Encode()}, Header: http.Header{}, Body: readCloser{bytes.NewReader(m.Params)}}
	r.Header.Set("X-Request-Id", m.RequestID)
	return r.WithContext(ctx)
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// subscribe answers now, and again whenever the answer has become another one.
func (s *socket) subscribe(m socketMessage) {
	ctx, stop := context.WithCancel(s.ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.subscriptions) >= mostSubscriptions || s.subscriptions[string(m.ID)] != nil {
		stop()
		s.send(socketAnswer{m.ID, dataError{Error: "The socket has too many subscriptions, or one of this messageId"}, http.StatusBadRequest})
		return
	}
	s.subscriptions[string(m.ID)] = stop
	s.working.Go(func() { s.follow(ctx, m) })
}

func (s *socket) follow(ctx context.Context, m socketMessage) {
	defer s.unsubscribe(m.ID)
	again := time.NewTicker(pollInterval)
	defer again.Stop()
	last := ""
	for {
		status, body := s.ask(ctx, m)
		if ctx.Err() != nil {
			return
		}
		if now := unchanging(body); now != last {
			last = now
			s.send(socketAnswer{m.ID, body, status})
		}
		s.send(processed{m.ID})
		if status == http.StatusForbidden {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

// unchanging spells an answer without the time that it is from.
func unchanging(body any) string {
	switch answer := body.(type) {
	case loaded:
		answer.Refreshed = time.Time{}
		body = answer
	case loadedMany:
		results := make([]loaded, len(answer.Results))
		for i, one := range answer.Results {
			one.Refreshed = time.Time{}
			results[i] = one
		}
		answer.Results = results
		body = answer
	}
	text, err := json.Marshal(body)
	if err != nil {
		return ""
	}
	return string(text)
}

func (s *socket) unsubscribe(id messageID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stop := s.subscriptions[string(id)]; stop != nil {
		stop()
		delete(s.subscriptions, string(id))
	}
}

func (s *socket) send(message any) {
	text, err := json.Marshal(message)
	if err != nil {
		text = []byte(`{"message":{"error":"The answer can't be written"},"status":500}`)
	}
	ctx, cancel := context.WithTimeout(s.ctx, sendWithin)
	defer cancel()
	_ = s.conn.Write(ctx, websocket.MessageText, text) // the reader finds out that the other side is gone
}
