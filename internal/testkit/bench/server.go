package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"inlay/internal/demo"
)

// running is a binary that serves, with a way to ask it.
type running struct {
	process *exec.Cmd
	base    string
	facts   *demo.Facts
	client  *http.Client
}

func factsFile(data string) string { return filepath.Join(data, "demo.json") }

func readFacts(data string) (*demo.Facts, error) {
	text, err := os.ReadFile(factsFile(data))
	if err != nil {
		return nil, err
	}
	facts := &demo.Facts{}
	return facts, json.Unmarshal(text, facts)
}

// prepare makes the demo's data once, without serving it.
func (b *bench) prepare(ctx context.Context, name string, orders int) error {
	data := b.folder(name)
	if _, err := os.Stat(factsFile(data)); err == nil {
		return nil
	}
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	seed := exec.CommandContext(ctx, b.binary, "demo", "--data", data, "--orders", strconv.Itoa(orders), "--json", factsFile(data), "--seed-only")
	return logged(seed, data, seed.Run)
}

// logged does something with a process whose words go to a log file beside the data, named in the error.
func logged(process *exec.Cmd, data string, do func() error) error {
	path := filepath.Join(data, "server.log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the process has its own handle
	process.Stdout, process.Stderr = log, log
	if err := do(); err != nil {
		return fmt.Errorf("%w; see %s", err, path)
	}
	return nil
}

func (b *bench) start(ctx context.Context, name string, flags ...string) (*running, error) {
	data := b.folder(name)
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, b.binary, append([]string{"demo", "--data", data, "--listen", address}, flags...)...)
	if err := logged(process, data, process.Start); err != nil {
		return nil, err
	}
	s := &running{process: process, base: "http://" + address, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if s.facts, err = readFacts(data); err == nil {
		err = s.healthy(10 * time.Second)
	}
	if err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *running) healthy(patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		reply, err := s.client.Get(s.base + "/api/v1/health")
		if err == nil {
			_ = reply.Body.Close() // only the status counts
			if reply.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return fmt.Errorf("the server was not healthy within %s", patience)
}

func (s *running) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may be gone already
	_ = s.process.Wait()
}

// admin is the Authorization of the demo's admin on the native API.
func (s *running) admin() string { return "ApiKey " + s.facts.Fronts.Native.Token }

// call sends a request and reads the whole answer. A body that starts like JSON is sent as such, any other as a form.
func (s *running) call(ctx context.Context, method, path, authorization, body string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	reply, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reply.Body.Close() }() // read to its end below
	answer, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s answered %d: %.300s", method, path, reply.StatusCode, answer)
	}
	return answer, err
}

// native asks the native API as the demo's admin, and reads the answer's results.
func (s *running) native(ctx context.Context, method, path, body string, results any) error {
	answer, err := s.call(ctx, method, path, s.admin(), body)
	if err != nil || results == nil {
		return err
	}
	reply := struct{ Results any }{results}
	return json.Unmarshal(answer, &reply)
}

// project is the path of the demo's project.
func (s *running) project() string { return "/api/v1/projects/" + s.facts.Project }

// memory is the resident memory in MB.
func (s *running) memory() float64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(s.process.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

func (b *bench) coldStarts(ctx context.Context, name string, times int) ([]time.Duration, error) {
	var took []time.Duration
	for range times {
		begin := time.Now()
		s, err := b.start(ctx, name)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(begin))
		s.stop()
	}
	return took, nil
}
