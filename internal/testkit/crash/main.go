// Command crash kills a server in the middle of writes, again and again, and checks after each start that everything it
// acknowledged is there and that nothing is half-written.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"inlay/internal/store"
)

// workers write at the same time.
const workers = 6

// thorough is after how many kills everything is looked at, and not just what was written to since the last one: looking
// takes longer the more there is.
const thorough = 20

func main() {
	binary := flag.String("binary", "bin/inlay", "the server")
	kills := flag.Int("kills", 200, "how often it is killed")
	postgres := flag.String("postgres", "", "address of a PostgreSQL server to keep the metadata on, in a database made for it; a SQLite file unless given")
	flag.Parse()
	if err := run(context.Background(), *binary, *postgres, *kills); err != nil {
		fmt.Fprintln(os.Stderr, "crash: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, postgres string, kills int) error {
	folder, err := os.MkdirTemp("", "inlay-crash-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // of the system's temporary folder
	metadata := filepath.Join(folder, "inlay.db")
	if postgres != "" {
		if metadata, err = database(ctx, postgres, filepath.Base(folder)); err != nil {
			return err
		}
		defer func() { _ = execOn(ctx, postgres, `DROP DATABASE "`+filepath.Base(folder)+`" WITH (FORCE)`) }() // it held nothing else
	}
	home := home{binary, folder, metadata}
	known, err := home.seed(ctx)
	if err != nil {
		return err
	}
	books := make([]*ledger, workers)
	for i := range books {
		books[i] = newLedger(i)
	}
	preview := ""
	for n := range kills + 1 {
		running, err := home.start(ctx, known)
		if err != nil {
			return err
		}
		if preview == "" {
			preview, err = running.preview(ctx)
		}
		if err == nil {
			running.space, err = running.firstSpace(ctx)
		}
		if err == nil {
			err = running.verify(ctx, books, n%thorough == 0 || n == kills)
		}
		if err == nil && n < kills {
			running.write(ctx, books, preview, 1+rand.Int64N(20))
		}
		running.kill()
		if err := errors.Join(err, sound(ctx, metadata)); err != nil {
			return fmt.Errorf("after %d kills: %w", n, err)
		}
	}
	total := counts{}
	for _, book := range books {
		total.add(book.counts)
	}
	fmt.Printf("%d kills; acknowledged and found again: %d created, %d changed, %d promoted, %d uploaded, %d deleted; %d writes were cut off, none by half\n",
		kills, total.created, total.changed, total.promoted, total.uploaded, total.deleted, total.doubtful)
	return nil
}

// facts is what `inlay demo --json` writes, as far as it is needed here.
type facts struct {
	Project    string  `json:"projectUuid"`
	Dashboards []named `json:"dashboards"`
	Fronts     struct {
		Native struct {
			Token string `json:"token"`
		} `json:"native"`
	} `json:"fronts"`
}

// home is what a server is started with, again and again.
type home struct{ binary, folder, metadata string }

// database makes an empty database on a server, and gives its address.
func database(ctx context.Context, server, name string) (string, error) {
	address, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	address.Path = "/" + name
	return address.String(), execOn(ctx, server, `CREATE DATABASE "`+name+`"`)
}

func execOn(ctx context.Context, server, statement string) error {
	db, err := store.Open(ctx, server)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

func (h home) seed(ctx context.Context) (facts, error) {
	file := filepath.Join(h.folder, "crash.json")
	var known facts
	if out, err := exec.CommandContext(ctx, h.binary, "demo", "--data", h.folder, "--metadata", h.metadata, "--orders", "500", "--json", file, "--seed-only").CombinedOutput(); err != nil {
		return known, fmt.Errorf("%w: %s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return known, err
	}
	return known, json.Unmarshal(text, &known)
}

// server is the running binary.
type server struct {
	process *exec.Cmd
	base    string
	space   string // slug of a space to upload into
	facts   facts
	client  *http.Client
}

func (h home) start(ctx context.Context, known facts) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	s := &server{base: "http://" + address, facts: known, client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: workers}}}
	s.process = exec.CommandContext(ctx, h.binary, "demo", "--data", h.folder, "--metadata", h.metadata, "--listen", address)
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for range 300 {
		if _, err := s.call(ctx, "GET", "/api/v1/health", nil, nil); err == nil {
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.kill()
	return nil, errors.New("the server doesn't start")
}

// firstSpace gives the slug of the first space of the demo.
func (s *server) firstSpace(ctx context.Context) (string, error) {
	var code struct {
		Spaces []named `json:"spaces"`
	}
	if _, err := s.call(ctx, "GET", "/api/v1/projects/"+s.facts.Project+"/code/spaces", nil, &code); err != nil {
		return "", err
	}
	if len(code.Spaces) == 0 {
		return "", errors.New("the demo has no space")
	}
	return code.Spaces[0].Slug, nil
}

// kill ends the process without letting it finish anything.
func (s *server) kill() {
	_ = s.process.Process.Kill() // it may have ended by itself
	_ = s.process.Wait()         // it ended by a signal, which is an error here
	s.client.CloseIdleConnections()
}

// write lets the workers write until the server is killed under them: while all of them write, after so many writes were
// acknowledged and a little later. However slow the machine is, each kill then has something to lose.
func (s *server) write(ctx context.Context, books []*ledger, preview string, after int64) {
	var writing sync.WaitGroup
	var acknowledged atomic.Int64
	for _, book := range books {
		writing.Go(func() {
			for s.act(ctx, book, preview) == nil {
				acknowledged.Add(1)
			}
		})
	}
	for range 2000 {
		if acknowledged.Load() >= after {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(rand.N(50 * time.Millisecond))
	_ = s.process.Process.Kill() // verified below: what was acknowledged must be there
	writing.Wait()
}

// sound asks the database itself whether it is whole.
func sound(ctx context.Context, metadata string) error {
	db, err := store.Open(ctx, metadata)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it was only read
	if verdict := "ok"; !db.Postgres() {
		if err := db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			return fmt.Errorf("the database is damaged: %s, %w", verdict, err)
		}
	}
	var lost int
	err = db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM dashboards AS d WHERE NOT EXISTS (SELECT 1 FROM dashboard_versions AS v "+
		"WHERE v.dashboard_uuid = d.uuid AND v.number = d.version)) + (SELECT count(*) FROM charts AS c WHERE NOT EXISTS "+
		"(SELECT 1 FROM chart_versions AS v WHERE v.chart_uuid = c.uuid AND v.number = c.version))").Scan(&lost)
	if err == nil && lost > 0 {
		err = fmt.Errorf("%d charts and dashboards have no current version", lost)
	}
	return err
}
