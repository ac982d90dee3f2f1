package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"inlay/internal/frame"
	"inlay/internal/server"
	"inlay/internal/store/storetest"
	"inlay/internal/warehouse"
	"inlay/internal/warehouse/drivers"
)

// patience is how long these tests wait for what takes a second at most.
const patience = 20 * time.Second

// twoServers runs a test on two servers over one database of each kind.
func twoServers(t *testing.T, f func(t *testing.T, w *world, other *neighbour)) {
	t.Run("SQLite", func(t *testing.T) { w := open(t); f(t, w, w.neighbour()) })
	t.Run("PostgreSQL", func(t *testing.T) { w := openOn(t, storetest.PostgresAddress(t)); f(t, w, w.neighbour()) })
}

// neighbour is another server over the same metadata, whose warehouse may be told to take its time.
type neighbour struct {
	*server.Server
	w    *world
	slow atomic.Bool
	runs chan struct{} // one for each query that began while slow
}

func (w *world) neighbour() *neighbour {
	w.t.Helper()
	n := &neighbour{w: w, runs: make(chan struct{}, 100)}
	var err error
	n.Server, err = server.OpenWith(w.t.Context(), w.config, func(ctx context.Context, asked warehouse.Settings) (warehouse.Conn, error) {
		conn, err := drivers.Options{Files: string(w.folder)}.Open(ctx, asked)
		return slowConn{conn, n}, err
	})
	w.ok(err)
	working, stop := context.WithCancel(w.t.Context())
	var work sync.WaitGroup
	work.Go(func() { n.Oversight.Follow(working) })
	work.Go(func() { n.Quotas.Work(working) })
	work.Go(func() { w.Quotas.Work(working) })
	w.t.Cleanup(func() { stop(); work.Wait(); _ = n.Close(context.Background()) }) // its folder goes too
	return n
}

type slowConn struct {
	warehouse.Conn
	n *neighbour
}

func (c slowConn) Query(ctx context.Context, q warehouse.Statement) (frame.Reader, error) {
	if c.n.slow.Load() {
		c.n.runs <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return c.Conn.Query(ctx, q)
}

type said struct {
	code int
	text string
}

func (n *neighbour) ask(credential, path, body string) said {
	code, text, _ := ask(n.Handler(), credential, "POST", path, body)
	return said{code, text}
}

// running begins a query that doesn't end by itself, and gives what its asker will be told.
func (n *neighbour) running(credential, path, body string) <-chan said {
	n.w.t.Helper()
	n.slow.Store(true)
	defer n.slow.Store(false)
	told := make(chan said, 1)
	go func() { told <- n.ask(credential, path, body) }()
	select {
	case <-n.runs:
	case early := <-told:
		n.w.t.Fatalf("a query that should run: %v", early)
	case <-time.After(patience):
		n.w.t.Fatal("a query doesn't begin")
	}
	return told
}

// page opens a page's socket, and gives what it is told.
func (n *neighbour) page(credential string) <-chan string {
	n.w.t.Helper()
	site := httptest.NewServer(n.Handler())
	n.w.t.Cleanup(site.Close)
	conn, _, err := websocket.Dial(n.w.t.Context(), "ws"+strings.TrimPrefix(site.URL, "http")+"/api/v1/inlay/watch", nil)
	n.w.ok(err)
	hello, err := json.Marshal(map[string]string{"authorization": credential})
	n.w.ok(err)
	n.w.ok(conn.Write(n.w.t.Context(), websocket.MessageText, hello))
	told := make(chan string, 1)
	go func() {
		_, text, err := conn.Read(n.w.t.Context())
		told <- fmt.Sprint(string(text), err)
	}()
	return told
}

func await[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("nothing comes")
		panic("unreachable")
	}
}

// until asks again until it holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

const merchants = `{"exploreName":"merchants","dimensions":["merchants_merchant_id"],"metrics":[],"filters":{},"sorts":[],"limit":%d,"tableCalculations":[]}`

// TestRevokingActsOnEveryLevelAndReplica revokes on one server: on the other the next requests are refused, what runs is
// stopped, and an open page is told to ask again.
//
// That it would see a defect: leave Stop, tell or Forget out of oversight's follow.
func TestRevokingActsOnEveryLevelAndReplica(t *testing.T) {
	twoServers(t, func(t *testing.T, w *world, other *neighbour) {
		viewer := w.facts.Fronts.Native.Viewers[0]
		user, err := w.Identity.UserByEmail(t.Context(), viewer.Email)
		w.ok(err)
		tenant, _ := w.tenant("m-0001")
		var keys []struct{ ID, Front, Kind string }
		w.got(&keys, "GET", "/api/v1/inlay/embedding/keys", "")
		key := keys[slices.IndexFunc(keys, func(k struct{ ID, Front, Kind string }) bool { return k.Front == "upsolve" && k.Kind == "embed" })].ID
		fresh := func() string { _, credential := w.tenant("m-0001"); return credential }
		always := func(credential string) func() string { return func() string { return credential } }
		jwt, personal := fresh(), w.token(viewer.Email)
		embed, embedSession := w.embedToken()
		path, body := "/api/v1/saved/"+w.chart("Revenue")+"/results", `{"invalidateCache":true}`
		for _, c := range []struct {
			name, level, target string
			come                func() string
		}{
			{"a tenant's token", "token", strings.TrimPrefix(jwt, "Bearer "), always(jwt)},
			{"a personal token by its text", "token", personal, always("ApiKey " + personal)},
			{"an embed session by its id", "session", embedSession, always(embed)},
			{"all of a user", "user", user.UUID, always("ApiKey " + w.token(viewer.Email))},
			{"all of a tenant", "tenant", tenant, fresh},
			{"a key", "key", key, fresh}, // the last: nothing is registered without it
		} {
			credential := c.come()
			bystander := other.page(w.admin())
			page := other.page(credential)
			if got := other.ask(credential, path, body); got.code != 200 {
				t.Fatalf("%s, before: %v", c.name, got)
			}
			running := other.running(credential, path, body)
			w.got(nil, "POST", "/api/v1/inlay/revoke", fmt.Sprintf(`{"level":%q,"target":%q}`, c.level, c.target))
			at := time.Now()
			w.refused(401, credential, "POST", path, body)
			until(t, c.name+" is still good on the other server", func() bool { return other.ask(credential, path, body).code == 401 })
			if got := await(t, running); got.code != 401 {
				t.Errorf("%s, a running query: %v", c.name, got)
			}
			if got := await(t, page); !strings.Contains(got, `"again"`) {
				t.Errorf("%s, an open page: %s", c.name, got)
			}
			t.Logf("%s: all within %v", c.name, time.Since(at).Round(time.Millisecond))
			select {
			case got := <-bystander:
				t.Errorf("%s: another page is told %s", c.name, got)
			default:
			}
		}
		w.refused(404, w.admin(), "POST", "/api/v1/inlay/revoke", `{"level":"token","target":"nothing"}`)
		w.refused(422, w.admin(), "POST", "/api/v1/inlay/revoke", `{"level":"organization","target":"x"}`)
	})
}

// TestH63_changed_attributes_groups_and_roles_act_on_what_runs_on_every_server changes what decides a member's rows: the
// query that runs is stopped and the next one, which had been answered before, gives what they may see now.
//
// That it would see a defect: leave recheck out of oversight's Follow.
func TestH63_changed_attributes_groups_and_roles_act_on_what_runs_on_every_server(t *testing.T) {
	twoServers(t, func(t *testing.T, w *world, other *neighbour) {
		viewer := w.facts.Fronts.Native.Viewers[0]
		user, err := w.Identity.UserByEmail(t.Context(), viewer.Email)
		w.ok(err)
		credential := "ApiKey " + w.token(viewer.Email)
		w.got(nil, "PATCH", "/api/v1/org/users/"+user.UUID, `{"role":"interactive_viewer"}`) // who may explore
		var group struct{ UUID string }
		w.got(&group, "POST", "/api/v1/org/groups", `{"name":"Night shift"}`)
		var attributes []struct{ UUID, Name string }
		w.got(&attributes, "GET", "/api/v1/org/attributes", "")
		attribute := attributes[slices.IndexFunc(attributes, func(a struct{ UUID, Name string }) bool { return a.Name == "merchant_id" })].UUID
		path := "/api/v1/projects/" + w.facts.Project + "/explores/merchants/runQuery"
		setTo := func(merchant string) string {
			return fmt.Sprintf(`{"name":"merchant_id","attributeDefault":null,"users":[{"userUuid":%q,"value":%q}],"groups":[]}`, user.UUID, merchant)
		}
		for i, c := range []struct {
			name, method, path, body string
			sees                     string
		}{
			{"an attribute", "PUT", "/api/v1/org/attributes/" + attribute, setTo("m-0137"), "m-0137"},
			{"an attribute again", "PUT", "/api/v1/org/attributes/" + attribute, setTo("m-0042"), "m-0042"},
			{"a group", "PUT", "/api/v1/groups/" + group.UUID + "/members/" + user.UUID, "", "m-0042"},
			{"a role", "PATCH", "/api/v1/org/users/" + user.UUID, `{"role":"member"}`, ""},
		} {
			before := other.ask(credential, path, fmt.Sprintf(merchants, 5000))
			running := other.running(credential, path, fmt.Sprintf(merchants, 300+i))
			w.got(nil, c.method, c.path, c.body)
			after := other.ask(credential, path, fmt.Sprintf(merchants, 5000))
			if c.sees != "" && (strings.Count(after.text, `"raw":"m-`) != 1 || !strings.Contains(after.text, c.sees)) || c.sees == "" && after.code < 400 {
				t.Errorf("%s: %v, and before %v", c.name, after, before)
			}
			if got := await(t, running); got.code != 503 || !strings.Contains(got.text, "RightsChanged") {
				t.Errorf("%s, a running query: %v", c.name, got)
			}
		}
	})
}

// TestAQuotaHoldsForAllServersTogether uses a quota up on one server, and finds it used up on the other; and what runs
// on one takes the place of what would run on the other.
//
// That it would see a defect: leave hear out of usage's share.
func TestAQuotaHoldsForAllServersTogether(t *testing.T) {
	twoServers(t, func(t *testing.T, w *world, other *neighbour) {
		tenant, credential := w.tenant("m-0001")
		_, neighbour := w.tenant("m-0042")
		path, fresh := "/api/v1/saved/"+w.chart("Revenue")+"/results", `{"invalidateCache":true}`
		limit := func(quota string) {
			w.got(nil, "PATCH", "/api/v1/inlay/embedding/tenants/"+tenant, `{"quota":`+quota+`}`)
			time.Sleep(1100 * time.Millisecond) // the other server remembers a tenant for a second
		}
		here := func() int { code, _, _ := ask(w.Handler(), credential, "POST", path, fresh); return code }

		limit(`{"concurrentQueries":1}`)
		running := other.running(credential, path, fresh)
		until(t, "a query on one server doesn't count on the other", func() bool { return here() == 429 })
		w.got(nil, "POST", "/api/v1/inlay/revoke", fmt.Sprintf(`{"level":"tenant","target":%q}`, tenant))
		await(t, running)
		_, credential = w.tenant("m-0001")
		until(t, "a query that ended counts on", func() bool { return here() == 200 })

		limit(`{"rowsPerDay":20}`)
		until(t, "the rows of one server never end", func() bool { return here() == 429 })
		until(t, "rows on one server don't count on the other", func() bool { return other.ask(credential, path, fresh).code == 429 })
		if got := other.ask(neighbour, path, fresh); got.code != 200 {
			t.Errorf("another tenant: %v", got)
		}
	})
}
