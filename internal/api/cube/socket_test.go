package cube_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// dial opens a socket, and gives what sends a message and reads the next one.
func (c *client) dial() func(message string) string {
	server := httptest.NewServer(c.handler)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(server.URL, "http")+"/cubejs-api/v1/ws", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.CloseNow(); server.Close(); cancel() })
	return func(message string) string {
		if message != "" {
			if err := conn.Write(ctx, websocket.MessageText, []byte(message)); err != nil {
				c.t.Fatal(err)
			}
		}
		_, text, err := conn.Read(ctx)
		if err != nil {
			c.t.Fatal(err)
		}
		return string(text)
	}
}

// The messages are those of the specification's table.
func TestASocketSpeaksAsTheTransportExpects(t *testing.T) {
	c := newClient(t)
	say := c.dial()
	const query = `"params":{"query":{"measures":["orders.count"]},"queryType":"multi"}}`
	for _, step := range []struct{ send, want string }{
		{`{"messageId":"1","method":"load",` + query, `{"messageId":"1","message":{"error":"Not authorized"},"status":403}`},
		{`{"authorization":"nonsense"}`, `{"message":{"error":"Invalid token"},"status":403}`},
		{`{"authorization":"` + c.token + `"}`, `{"handshake":true}`},
		{`{"messageId":2,"method":"load",` + query, `{"messageId":"2","message":{"queryType":"regularQuery","results":[{`},
		{"", `{"messageProcessedId":"2"}`},
		{`{"messageId":"3","method":"meta","params":{}}`, `{"messageId":"3","message":{"cubes":[`},
		{"", `{"messageProcessedId":"3"}`},
		{`{"messageId":"4","method":"drop","params":{}}`, `{"messageId":"4","message":{"error":"Invalid method`},
		{"", `{"messageProcessedId":"4"}`},
		{`{"messageId":"6","method":"cubesql","params":{"query":"SELECT 1"}}`, `{"messageId":"6","message":{"error":"SQL over cubes is not built; use /v1/load"},"status":501}`},
		{"", `{"messageProcessedId":"6"}`},
		{`{"messageId":"5","method":"subscribe",` + query, `{"messageId":"5","message":{"queryType":"regularQuery"`},
		{"", `{"messageProcessedId":"5"}`},
		{"", `{"messageProcessedId":"5"}`}, // asked again, and nothing new
		{`not json`, `{"message":{"error":"Invalid message`},
	} {
		if got := say(step.send); !strings.HasPrefix(got, step.want) {
			t.Fatalf("%s\n got %.300s\nwant %s…", step.send, got, step.want)
		}
	}
}

func TestASegmentIsABooleanDimension(t *testing.T) {
	c := newClient(t)
	code, body := c.get("load", `{"measures":["orders.count"],"segments":["orders.gift"]}`, "")
	if code != 200 {
		t.Fatal(code, body)
	}
	rules := c.door.asked.Query.Filters.Dimensions.Rules()
	if len(rules) != 1 || rules[0].Target.FieldID != "orders_gift" || rules[0].Operator != "equals" || rules[0].Values[0] != true {
		t.Errorf("the rows are kept by %+v", rules)
	}
	var note struct {
		Segments map[string]struct{ Title string }
	}
	if err := json.Unmarshal(body["annotation"], &note); err != nil || note.Segments["orders.gift"].Title != "Orders Gift" {
		t.Errorf("the annotation is %s", body["annotation"])
	}
	if code, body := c.get("load", `{"measures":["orders.count"],"segments":["orders.channel"]}`, ""); code != 400 {
		t.Errorf("a text is taken for a segment: %d %s", code, body)
	}
}
