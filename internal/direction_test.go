// Package internal_test holds the tree to its map: who may import whom.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers lists the packages from the bottom up; a package imports only from layers below its own, and from those named
// in beside. What stands in docs/ARCHITECTURE.md is this list.
var layers = [][]string{
	{"fault", "secret", "codefiles"},
	{"access", "egress", "frame", "store"},
	{"semantic", "warehouse", "audit", "mail", "signon"},
	{"metric"},
	{"sqlgen"},
	{"query"},
	{"identity", "schedule", "usage"},
	{"tenancy", "project"},
	{"content"},
	{"delivery", "oversight"},
	{"api"},
	{"api/native", "api/thoughtspot", "api/cube", "api/upsolve", "web"},
	{"server", "demo", "testkit"},
}

// beside lists imports within one layer that are meant: an implementation and its port, a contract and its tests.
var beside = map[string][]string{
	"demo":    {"server"},
	"testkit": {"server", "demo"},
}

func TestImportsFollowTheMap(t *testing.T) {
	level := map[string]int{}
	for i, layer := range layers {
		for _, name := range layer {
			level[name] = i
		}
	}
	for _, edge := range imports(t) {
		from, to := owner(level, edge[0]), owner(level, edge[1])
		switch {
		case from == to:
		case from == "":
			t.Errorf("package %s stands in no layer: add it to the map here and in docs/ARCHITECTURE.md", edge[0])
		case level[to] < level[from] || slices.Contains(beside[from], to):
		default:
			t.Errorf("%s imports %s, which is not below it", edge[0], edge[1])
		}
	}
}

// owner is the longest package name of the map that holds the path: warehouse/duckdb belongs to warehouse.
func owner(level map[string]int, path string) string {
	for path != "." {
		if _, ok := level[path]; ok {
			return path
		}
		path = filepath.Dir(path)
	}
	return ""
}

// imports lists every import of one package of the tree by another, tests left out.
func imports(t *testing.T) [][2]string {
	t.Helper()
	var edges [][2]string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if strings.Contains(filepath.Dir(path), "test") {
			return nil // contracts of ports: storetest, warehousetest, testkit
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if to, ours := strings.CutPrefix(name, "inlay/internal/"); ours {
				edges = append(edges, [2]string{filepath.ToSlash(filepath.Dir(path)), to})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return edges
}
