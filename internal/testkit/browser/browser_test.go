// Package browser_test looks at the embedded dashboard as a customer does: the built binary, a real Chromium, a frame
// on another origin, two tenants of each front; and holds the numbers on the page to SQL run on the warehouse itself.
package browser_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"
	"go.yaml.in/yaml/v4"
)

const ui = "../../../ui"

func TestEveryFrontShowsEachTenantTheirOwnNumbers(t *testing.T) {
	home := t.TempDir()
	facts, port := serveDemo(t, home)
	pictures := look(t, "embed", facts, "PORT="+port)
	compare(t, filepath.Join(pictures, "numbers.json"), filepath.Join(home, "demo", "warehouse.duckdb"))
}

// TestFramesOnThreeSites opens every front on the pages of two customers and on our own, with cookies of third parties
// allowed and blocked, and ends a session under an open page.
func TestFramesOnThreeSites(t *testing.T) {
	facts, port := serveDemo(t, t.TempDir(), "--embed-cookies")
	look(t, "sites", facts, "PORT="+port)
}

// TestTenantsAreAdministered makes, suspends and deletes tenants on their page.
func TestTenantsAreAdministered(t *testing.T) {
	facts, _ := serveDemo(t, t.TempDir())
	look(t, "tenants", facts)
}

// binary is the built server; tests are skipped without one, or without a browser.
func binary(t *testing.T) string {
	t.Helper()
	built := os.Getenv("INLAY_TEST_BINARY")
	if built == "" || os.Getenv("INLAY_TEST_CHROMIUM") == "" {
		t.Skip("INLAY_TEST_BINARY and INLAY_TEST_CHROMIUM name no built binary and browser; make test-browser sets them")
	}
	return built
}

// look runs a script of ui/e2e in the browser, and gives the folder of its pictures.
func look(t *testing.T, name, argument string, env ...string) string {
	t.Helper()
	pictures := os.Getenv("INLAY_TEST_PICTURES") // kept, to be looked at
	if pictures == "" {
		pictures = t.TempDir()
	}
	pictures = filepath.Join(pictures, name)
	script := exec.Command("node", "e2e/"+name+".mjs", argument, pictures)
	script.Dir = ui
	script.Env = append(append(os.Environ(), "CHROMIUM="+os.Getenv("INLAY_TEST_CHROMIUM")), env...)
	if said, err := script.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return pictures
}

// serveDemo starts the demo; it gives the file of its facts, and a free port for the page that frames it.
func serveDemo(t *testing.T, home string, flags ...string) (facts, port string) {
	t.Helper()
	own, port := freePort(t), freePort(t)
	facts = filepath.Join(home, "facts.json")
	demo := exec.Command(binary(t), append([]string{"demo", "--data", filepath.Join(home, "demo"), "--orders", "50000", "--listen", "localhost:" + own,
		"--json", facts, "--frame-ancestors", "http://localhost:" + port + ",http://127.0.0.1:" + port + ",http://app.customer.test:" + port}, flags...)...)
	demo.Stderr = os.Stderr
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = demo.Process.Signal(syscall.SIGTERM)
		_ = demo.Wait()
	})
	waitFor(t, "http://localhost:"+own)
	return facts, port
}

// waitFor waits until a server answers.
func waitFor(t *testing.T, site string) {
	t.Helper()
	for range 300 {
		if reply, err := http.Get(site + "/api/v1/livez"); err == nil {
			_ = reply.Body.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("the server doesn't answer")
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// seen is what the script read off the pages: by front and tenant.
type seen struct {
	Results map[string]map[string]struct {
		Tiles []struct {
			Title  string
			Number *struct{ Value float64 }
			Table  *struct {
				Columns []string
				Rows    [][]struct {
					Text  string
					Value any
				}
			}
		}
	}
}

func compare(t *testing.T, numbers, warehouse string) {
	t.Helper()
	var shown seen
	read(t, numbers, json.Unmarshal, &shown)
	var wanted map[string]string
	read(t, "testdata/sales.yml", yaml.Unmarshal, &wanted)
	db, err := sql.Open("duckdb", warehouse+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if len(shown.Results) != 4 {
		t.Errorf("%d fronts were visited, not 4", len(shown.Results))
	}
	for front, tenants := range shown.Results {
		for tenant, page := range tenants {
			checked := 0
			for _, tile := range page.Tiles {
				text, ok := wanted[tile.Title]
				if !ok {
					continue
				}
				checked++
				var got [][]any
				if tile.Number != nil {
					got = [][]any{{tile.Number.Value}}
				}
				if tile.Table != nil {
					for _, row := range tile.Table.Rows {
						var cells []any
						for i, cell := range row {
							switch column := tile.Table.Columns[i]; {
							case column == "Row" || column == "Share": // the page's own
							case cell.Value != nil:
								cells = append(cells, cell.Value)
							default:
								cells = append(cells, cell.Text)
							}
						}
						got = append(got, cells)
					}
				}
				if difference := differ(got, query(t, db, text, strings.TrimPrefix(tenant, "Merchant "))); difference != "" {
					t.Errorf("%s, %s, %s: %s", front, tenant, tile.Title, difference)
				}
			}
			if checked != len(wanted) {
				t.Errorf("%s, %s: %d tiles of %d were on the page", front, tenant, checked, len(wanted))
			}
		}
	}
}

func read(t *testing.T, path string, decode func([]byte, any) error, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = decode(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func query(t *testing.T, db *sql.DB, text, merchant string) [][]any {
	t.Helper()
	rows, err := db.Query(text, merchant)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, cells)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return all
}

// differ tells the first difference between rows; numbers may differ by what adding in another order does.
func differ(got, want [][]any) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows on the page, %d in the warehouse", len(got), len(want))
	}
	for i := range want {
		if len(got[i]) != len(want[i]) {
			return fmt.Sprintf("row %d is %v, not %v", i, got[i], want[i])
		}
		for j := range want[i] {
			a, b := fmt.Sprint(got[i][j]), fmt.Sprint(want[i][j])
			if want[i][j] == nil {
				b = ""
			}
			var x, y float64
			_, errA := fmt.Sscan(a, &x)
			_, errB := fmt.Sscan(b, &y)
			if a != b && (errA != nil || errB != nil || math.Abs(x-y) > 1e-9*math.Max(math.Abs(x), math.Abs(y))) {
				return fmt.Sprintf("row %d is %v, not %v", i, got[i], want[i])
			}
		}
	}
	return ""
}
