package sqltest

import (
	"os"
	"testing"

	"inlay/internal/semantic"
)

// Explores loads the native models of a folder, by the names of their explores.
func Explores(t testing.TB, dir, dialect string) map[string]*semantic.Explore {
	model, err := semantic.LoadYAML(os.DirFS(dir), nil, semantic.Options{Dialect: dialect})
	if err != nil {
		t.Fatal(err)
	}
	explores := map[string]*semantic.Explore{}
	for _, e := range model.Explores {
		if len(e.Errors) == 0 { // a model may only make sense where another joins it
			explores[e.Name] = e
		}
	}
	return explores
}
