package databricks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"inlay/internal/warehouse"
	"inlay/internal/warehouse/warehousetest"
)

// standIn speaks the statement API for the few statements of the contract. Results come in chunks behind links.
type standIn struct {
	*httptest.Server
	mu        sync.Mutex
	stored    map[string][][]any // chunks by statement
	running   map[string]bool
	cancelled int
	leaked    bool // the access token was sent to the storage
	sent      []string
}

const contractTypes = `SELECT 7 AS i, 1.5 AS f, true AS b, DATE '2024-02-29' AS d, TIMESTAMP '2024-12-31 00:15:30.123' AS ts, 'it\'s' AS s, NULL AS z`

func newStandIn(t *testing.T) *standIn {
	s := &standIn{stored: map[string][][]any{}, running: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/2.0/sql/statements", s.start)
	mux.HandleFunc("GET /api/2.0/sql/statements/{id}", s.status)
	mux.HandleFunc("GET /api/2.0/sql/statements/{id}/result/chunks/{n}", s.chunk)
	mux.HandleFunc("POST /api/2.0/sql/statements/{id}/cancel", s.cancel)
	mux.HandleFunc("GET /storage/{id}/{n}", s.storage)
	s.Server = httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *standIn) answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

func (s *standIn) start(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Statement   string `json:"statement"`
		WarehouseID string `json:"warehouse_id"`
	}
	if r.Header.Get("Authorization") != "Bearer token" {
		http.Error(w, `{"error_code":"403","message":"Invalid access token."}`, http.StatusForbidden)
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.WarehouseID != "abc1" {
		http.Error(w, `{"error_code":"NOT_FOUND","message":"No such warehouse."}`, http.StatusNotFound)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := fmt.Sprint("s", len(s.sent))
	s.sent = append(s.sent, asked.Statement)
	s.running[id] = strings.HasPrefix(asked.Statement, "SLOW") || strings.Contains(asked.Statement, "slow()")
	s.answer(w, map[string]any{"statement_id": id, "status": map[string]any{"state": "PENDING"}})
}

func (s *standIn) status(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	var number int
	fmt.Sscanf(id, "s%d", &number)
	sql, _, _ := strings.Cut(s.sent[number], "\n-- inlay")
	columns, chunks := [][2]string{{"n", "LONG"}}, [][]any{}
	var count int
	switch {
	case s.running[id]:
		s.answer(w, map[string]any{"statement_id": id, "status": map[string]any{"state": "RUNNING"}})
		return
	case strings.Contains(sql, "nope"):
		s.answer(w, map[string]any{"statement_id": id, "status": map[string]any{"state": "FAILED", "error": map[string]any{
			"error_code": "BAD_REQUEST", "message": "[UNRESOLVED_COLUMN] `nope` cannot be resolved. SQLSTATE: 42703; line 2, pos 2"}}})
		return
	case sql == contractTypes:
		columns = [][2]string{{"i", "INT"}, {"f", "DECIMAL"}, {"b", "BOOLEAN"}, {"d", "DATE"}, {"ts", "TIMESTAMP"}, {"s", "STRING"}, {"z", "NULL"}}
		chunks = [][]any{{[]any{"7", "1.5", "true", "2024-02-29", "2024-12-31T00:15:30.123Z", "it's", nil}}}
	case strings.Contains(sql, "information_schema"):
		columns = [][2]string{{"c", "STRING"}, {"s", "STRING"}, {"t", "STRING"}, {"n", "STRING"}, {"d", "STRING"}}
		chunks = [][]any{{[]any{"main", "shop", "orders", "order_id", "bigint"}, []any{"main", "shop", "other", "x", "string"}}}
	default:
		fmt.Sscanf(sql, "SELECT n FROM range(%d)", &count)
		count = min(count, 20000)
		for n := 0; n < count; n += 3000 {
			chunk := []any{}
			for k := n; k < min(n+3000, count); k++ {
				chunk = append(chunk, []any{fmt.Sprint(k + 1)})
			}
			chunks = append(chunks, chunk)
		}
	}
	s.stored[id] = chunks
	described := []any{}
	for _, c := range columns {
		described = append(described, map[string]any{"name": c[0], "type_text": c[1], "type_name": c[1]})
	}
	s.answer(w, map[string]any{"statement_id": id, "status": map[string]any{"state": "SUCCEEDED"},
		"manifest": map[string]any{"schema": map[string]any{"columns": described}}, "result": s.links(id, 0)})
}

func (s *standIn) links(id string, n int) map[string]any {
	if n >= len(s.stored[id]) {
		return map[string]any{}
	}
	link := map[string]any{"external_link": fmt.Sprintf("%s/storage/%s/%d", s.URL, id, n)}
	if n+1 < len(s.stored[id]) {
		link["next_chunk_internal_link"] = fmt.Sprintf("/api/2.0/sql/statements/%s/result/chunks/%d", id, n+1)
	}
	return map[string]any{"external_links": []any{link}}
}

func (s *standIn) chunk(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n int
	fmt.Sscan(r.PathValue("n"), &n)
	s.answer(w, s.links(r.PathValue("id"), n))
}

func (s *standIn) storage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaked = s.leaked || r.Header.Get("Authorization") != ""
	var n int
	fmt.Sscan(r.PathValue("n"), &n)
	s.answer(w, s.stored[r.PathValue("id")][n])
}

func (s *standIn) cancel(http.ResponseWriter, *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancelled++
}

func (s *standIn) open(t *testing.T, token string) *Conn {
	conn, err := Open(warehouse.Settings{"type": "databricks", "serverHostName": strings.TrimPrefix(s.URL, "https://"),
		"httpPath": "/sql/1.0/warehouses/abc1", "personalAccessToken": token, "catalog": "main", "database": "shop"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.client.Transport = s.Client().Transport // which trusts the stand-in's certificate
	return conn
}

func TestContract(t *testing.T) {
	s := newStandIn(t)
	warehousetest.Run(t, s.open(t, "token"), warehousetest.Engine{
		Types: contractTypes, Numbers: "SELECT n FROM range(%d)", Slow: "SELECT slow()",
		Relation: warehouse.Relation{Schema: "shop", Table: "orders"},
		Wrong:    "SELECT\n  nope FROM orders", Line: 2, Char: 3,
		Writes: []string{"INSERT INTO x VALUES (1)", "WITH x AS (SELECT 1) INSERT INTO y SELECT * FROM x", "FROM x INSERT INTO y SELECT *", "OPTIMIZE x"},
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancelled < 2 {
		t.Errorf("%d statements were cancelled", s.cancelled)
	}
	if s.leaked {
		t.Error("the access token was sent to the storage of results")
	}
}

func TestAWrongTokenIsSaid(t *testing.T) {
	err := newStandIn(t).open(t, "other").Ping(t.Context())
	if err == nil || !strings.Contains(err.Error(), "Databricks refused the access token") {
		t.Errorf("got %v", err)
	}
}

func TestATagFollowsTheStatement(t *testing.T) {
	s := newStandIn(t)
	rows, err := s.open(t, "token").Query(t.Context(), warehouse.Statement{SQL: "SELECT n FROM range(1)", Tag: map[string]string{"project": "p1"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = rows.Close()
	if !strings.HasSuffix(s.sent[0], "-- inlay project=p1") {
		t.Errorf("sent %q", s.sent[0])
	}
}

func TestSettingsThatCantBeUsedAreRefused(t *testing.T) {
	for _, s := range []warehouse.Settings{
		{"serverHostName": "x/y", "httpPath": "/sql/1.0/warehouses/a"}, {"serverHostName": "x", "httpPath": "/../x"}, {"httpPath": "/sql/1.0/warehouses/a"},
		{"serverHostName": "x", "httpPath": "/sql/1.0/warehouses/a", "proxy": "y"},
	} {
		if _, err := Open(s, nil); err == nil {
			t.Errorf("%v was taken", s)
		}
	}
}
