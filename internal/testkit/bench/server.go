package main

import (
	"bytes"
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
)

// server is a running binary with a way to ask it.
type server struct {
	process *exec.Cmd
	base    string
	key     string // a personal access token of the demo's admin
	project string
	client  *http.Client
}

// facts is what `inlay demo --json` writes, as far as the benchmark needs it.
type facts struct {
	Fronts struct {
		Native struct {
			Token   string `json:"token"`
			Project string `json:"projectUuid"`
		} `json:"native"`
	} `json:"fronts"`
}

func factsFile(data string) string { return filepath.Join(data, "demo.json") }

// prepare makes the demo's data once, without serving it.
func prepare(ctx context.Context, binary, data string) error {
	if _, err := os.Stat(factsFile(data)); err == nil {
		return nil
	}
	seed := exec.CommandContext(ctx, binary, "demo", "--data", data, "--json", factsFile(data), "--seed-only")
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

func start(ctx context.Context, binary, data string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(ctx, binary, "demo", "--data", data, "--listen", address, "--max-limit", "50000")
	if err := logged(process, data, process.Start); err != nil {
		return nil, err
	}
	s := &server{process: process, base: "http://" + address, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if err := s.healthy(10 * time.Second); err != nil {
		s.stop()
		return nil, err
	}
	text, err := os.ReadFile(factsFile(data))
	if err != nil {
		return nil, err
	}
	var f facts
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	s.key, s.project = f.Fronts.Native.Token, f.Fronts.Native.Project
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *server) healthy(patience time.Duration) error {
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

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may be gone already
	_ = s.process.Wait()
}

// post sends a query and reads the whole answer; it returns the number of bytes.
func (s *server) post(ctx context.Context, operation, explore string, body []byte) ([]byte, error) {
	address := s.base + "/api/v1/projects/" + s.project + "/explores/" + explore + "/" + operation
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "ApiKey "+s.key)
	reply, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reply.Body.Close() }() // read to its end below
	answer, err := io.ReadAll(reply.Body)
	if err == nil && reply.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d: %.300s", operation, reply.StatusCode, answer)
	}
	return answer, err
}

// memory is the resident memory in MB.
func (s *server) memory() float64 {
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

// cpu is the processor time that the process has used.
func (s *server) cpu() time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(s.process.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(after)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func coldStarts(ctx context.Context, binary, data string, times int) (string, error) {
	var took []time.Duration
	for range times {
		begin := time.Now()
		s, err := start(ctx, binary, data)
		if err != nil {
			return "", err
		}
		took = append(took, time.Since(begin))
		s.stop()
	}
	return fmt.Sprintf("p50 %s, worst %s", quantile(took, 0.5), quantile(took, 1)), nil
}
