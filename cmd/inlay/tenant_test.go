package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inlay/internal/demo"
)

// TestTenantsAndKeysAreAdministeredFromTheCommandLine walks from a key to a tenant's end on a demo's metadata.
func TestTenantsAndKeysAreAdministeredFromTheCommandLine(t *testing.T) {
	folder := demo.Folder(filepath.Join(t.TempDir(), "demo"))
	run := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		command := root()
		command.SetOut(&out)
		command.SetErr(&out)
		command.SetArgs(args)
		if err := command.ExecuteContext(t.Context()); err != nil {
			t.Fatalf("%v: %s", args, explain(err))
		}
		return out.String()
	}
	facts := filepath.Join(t.TempDir(), "facts.json")
	run("demo", "--seed-only", "--orders", "100", "--data", string(folder), "--json", facts)
	data, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(data), `"projectUuid": "`)
	project, _, _ := strings.Cut(after, `"`)
	on := func(args ...string) []string {
		return append(args, "--metadata", folder.Metadata(), "--secret-file", filepath.Join(string(folder), "secret"))
	}
	key := strings.Fields(run(on("key", "create", "billing", "--project", project)...))[0]
	made := strings.Fields(run(on("tenant", "create", "Acme", "--key", key, "--filter", "merchant_id=m-0001")...))
	if len(made) != 2 || strings.Count(made[1], ".") != 2 {
		t.Fatalf("a tenant: %q", made)
	}
	run(on("tenant", "rotate", made[0])...)
	run(on("tenant", "suspend", made[0])...)
	if list := run(on("tenant", "list", "--search", "acme")...); !strings.Contains(list, made[0]) || !strings.Contains(list, "true") {
		t.Error(list)
	}
	run(on("tenant", "delete", made[0])...)
	if list := run(on("tenant", "list")...); strings.Contains(list, made[0]) {
		t.Error(list)
	}
	run(on("key", "revoke", key)...)
	if list := run(on("key", "list")...); !strings.Contains(list, "revoked") {
		t.Error(list)
	}
}
