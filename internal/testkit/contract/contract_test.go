// Package contract_test holds the native API to the reference's API page: its operations all have an endpoint, and
// recorded answers and our own to the recorded requests fit its schemas.
package contract_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"inlay/internal/api"
	"inlay/internal/server"
	"inlay/internal/testkit"
)

// shared is the folder of recordings and specifications; without it there is nothing to hold the API to.
func shared(t *testing.T) string {
	t.Helper()
	folder := testkit.Shared()
	if folder == "" {
		t.Skip("the recordings and the contract are not here: set INLAY_SHARED to the folder that holds conformance/ and spec/")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// contract is the reference's API page.
type contract struct{ *openapi3.T }

func load(t *testing.T, folder string) contract {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join(folder, "spec", "lightdash-contract.json"))
	if err != nil {
		t.Fatal(err)
	}
	return contract{document}
}

// operation finds the documented operation that a request is for; a fixed segment wins over a parameter.
func (c contract) operation(method, address string) *openapi3.Operation {
	asked := strings.Split(strings.Trim(address, "/"), "/")
	var best *openapi3.Operation
	fixed := -1
	for path, item := range c.Paths.Map() {
		segments := strings.Split(strings.Trim(path, "/"), "/")
		if op, n := item.GetOperation(method), matching(segments, asked); op != nil && n > fixed {
			best, fixed = op, n
		}
	}
	return best
}

// matching counts the fixed segments of a path that fits; it is negative when the path doesn't.
func matching(path, asked []string) int {
	if len(path) != len(asked) {
		return -1
	}
	n := 0
	for i, segment := range path {
		switch {
		case segment == asked[i]:
			n++
		case !strings.HasPrefix(segment, "{"):
			return -1
		}
	}
	return n
}

var position = regexp.MustCompile(`^[0-9]+$`)

// departures lists the places where an answer doesn't fit the schema of its operation: "operation place".
func departures(op *openapi3.Operation, code int, body any) []string {
	response := op.Responses.Default()
	if code < 300 {
		for status, r := range op.Responses.Map() {
			if strings.HasPrefix(status, "2") {
				response = r
			}
		}
	}
	if response == nil || response.Value.Content.Get("application/json") == nil {
		return nil
	}
	err := response.Value.Content.Get("application/json").Schema.Value.VisitJSON(body, openapi3.MultiErrors(), openapi3.VisitAsResponse())
	var found []string
	for _, e := range leaves(err) {
		place := e.JSONPointer()
		for i, part := range place {
			if position.MatchString(part) {
				place[i] = "*"
			}
		}
		found = append(found, op.OperationID+" "+strings.Join(place, "."))
	}
	return found
}

func leaves(err error) []*openapi3.SchemaError {
	var several openapi3.MultiError
	if errors.As(err, &several) {
		var all []*openapi3.SchemaError
		for _, e := range several {
			all = append(all, leaves(e)...)
		}
		return all
	}
	var one *openapi3.SchemaError
	if errors.As(err, &one) {
		return []*openapi3.SchemaError{one}
	}
	return nil
}

// sample stands for what a recording leaves open: the kinds are those of its README.
func sample(value any) any {
	switch v := value.(type) {
	case string:
		switch {
		case strings.HasPrefix(v, "{{~int"), strings.HasPrefix(v, "{{~num"):
			return 1.0
		case strings.HasPrefix(v, "{{~time"), strings.HasPrefix(v, "{{~date"):
			return "2024-01-02T03:04:05.000Z"
		case strings.HasPrefix(v, "{{"):
			return "3675b69e-8324-4110-bdca-059031aa8da3"
		}
	case []any:
		for i := range v {
			v[i] = sample(v[i])
		}
	case map[string]any:
		for key := range v {
			if v[key] = sample(v[key]); key == "dashboardVersionId" || key == "validationId" {
				v[key] = 1.0
			}
		}
	}
	return value
}

func TestRecordedAnswersFitTheContract(t *testing.T) {
	folder := shared(t)
	c, known := load(t, folder), listed(t, "testdata/departures.txt")
	for _, s := range scenarios(t, filepath.Join(folder, "conformance")) {
		for _, step := range s.Steps {
			op := c.operation(step.Method, step.Path)
			if op == nil || step.Expect == nil || step.Expect.JSON == nil {
				continue
			}
			for _, d := range departures(op, step.Expect.Status, sample(step.Expect.JSON)) {
				if !known[d] {
					t.Errorf("%s, %s: %s", s.Name, step.Name, d)
				}
			}
		}
	}
}

func TestOurAnswersFitTheContract(t *testing.T) {
	if testing.Short() {
		t.Skip("plays every recorded request")
	}
	folder := shared(t)
	c, known, refused := load(t, folder), listed(t, "testdata/departures.txt"), listed(t, "testdata/refused.txt")
	all := append(scenarios(t, filepath.Join(folder, "conformance")), ours(t))
	p, flags := play(t, folder)
	answered := map[string]bool{}
	for _, s := range all {
		switchFlags(t, flags, s.Flags)
		maps.Copy(p.sessions, s.Sessions)
		for _, step := range s.Steps {
			answer := p.play(step)
			op := c.operation(step.Method, step.Path)
			var body any
			if op == nil || json.Unmarshal(answer.Body.Bytes(), &body) != nil {
				continue
			}
			answered[op.OperationID] = answered[op.OperationID] || answer.Code < 300
			for _, d := range departures(op, answer.Code, body) {
				if !known[d] {
					t.Errorf("%s, %s: %s in %.300s", s.Name, step.Name, d, answer.Body)
				}
			}
			if step.Succeeds && answer.Code >= 300 {
				t.Errorf("%s, %s: %d %.300s", s.Name, step.Name, answer.Code, answer.Body)
			}
		}
	}
	for id := range operations(c.T) {
		if answered[id] == refused[id] {
			t.Errorf("%s was answered %t, listed as always refused %t", id, answered[id], refused[id])
		}
	}
}

// ours are requests for the operations that no recording succeeds with.
func ours(t *testing.T) (s scenario) {
	t.Helper()
	read(t, "testdata/ours.json", &s)
	return s
}

// play starts a server with the recorded fixtures. The recordings name their second project by a path in their folder.
func play(t *testing.T, folder string) (*player, string) {
	t.Helper()
	recordings, flags := filepath.Join(folder, "conformance"), filepath.Join(t.TempDir(), "flags")
	s := fixtures(t, recordings, flags)
	t.Chdir(recordings)
	var known struct {
		Vars     map[string]any
		Sessions map[string]map[string]string
	}
	read(t, "fixtures.json", &known)
	return &player{t: t, handler: s.Handler(), vars: known.Vars, sessions: known.Sessions, cookies: map[string][]*http.Cookie{}}, flags
}

func fixtures(t *testing.T, recordings, flags string) *server.Server {
	t.Helper()
	s, err := testkit.OpenFixtures(t.Context(), testkit.Fixtures{Home: t.TempDir(), Recordings: recordings, Engine: "duckdb",
		SiteURL: "http://localhost:8080", Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) }) // its folder goes too
	return s
}

func switchFlags(t *testing.T, file string, flags map[string]bool) {
	t.Helper()
	var on []string
	for flag := range maps.Keys(flags) {
		if flags[flag] {
			on = append(on, flag)
		}
	}
	if err := os.WriteFile(file, []byte(strings.Join(on, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// listed reads a file with one entry a line; what follows a # says why.
func listed(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		entry, _, _ := strings.Cut(line, "#")
		if entry = strings.TrimSpace(entry); entry != "" {
			found[entry] = true
		}
	}
	return found
}

func TestEveryDocumentedOperationHasAnEndpoint(t *testing.T) {
	folder := shared(t)
	c, missing := load(t, folder), listed(t, "testdata/missing.txt")
	rows := map[string]api.Operation{}
	for _, group := range fixtures(t, filepath.Join(folder, "conformance"), "").Operations() {
		for _, op := range group.Operations {
			rows[op.Method+" "+parameterless(op.Path)] = op
		}
	}
	for path, item := range c.Paths.Map() {
		for method, documented := range item.Operations() {
			row, ok := rows[method+" "+parameterless(path)]
			switch {
			case !ok:
				t.Errorf("%s %s has no row", method, path)
			case row.ID != documented.OperationID:
				t.Errorf("%s %s is called %s, and %s in the contract", method, path, row.ID, documented.OperationID)
			case (row.Endpoint == nil) != missing[row.ID]:
				t.Errorf("%s: endpoint %v, listed as missing %v", row.ID, row.Endpoint != nil, missing[row.ID])
			}
		}
	}
}

var parameter = regexp.MustCompile(`\{\w+\}`)

func parameterless(path string) string { return parameter.ReplaceAllString(path, "{}") }

func TestOurDocumentIsValidAndTellsEveryDocumentedOperation(t *testing.T) {
	folder := shared(t)
	data, err := json.Marshal(api.Document("Inlay", "dev", fixtures(t, filepath.Join(folder, "conformance"), "").Operations()...))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := ours.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	told := slices.Sorted(maps.Keys(operations(ours)))
	for id := range operations(load(t, folder).T) {
		if _, found := slices.BinarySearch(told, id); !found {
			t.Errorf("our document lacks %s", id)
		}
	}
}

func operations(document *openapi3.T) map[string]bool {
	ids := map[string]bool{}
	for _, item := range document.Paths.Map() {
		for _, op := range item.Operations() {
			ids[op.OperationID] = true
		}
	}
	return ids
}
